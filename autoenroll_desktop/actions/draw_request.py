"""Draw a licence request as a QR code, for a phone's camera."""

from autoenroll_desktop.reports.qr import qr_svg


def draw_request(text: str) -> str:
    """An SVG of the request."""
    return qr_svg(text)

"""QR codes as SVG, drawn by reportlab."""

from reportlab.graphics import renderSVG
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing

_SIDE = 320


def qr_svg(text: str) -> str:
    """A QR code of `text`, 320 points square with its quiet zone, error correction M (15 % may be unreadable)."""
    drawing = Drawing(_SIDE, _SIDE)
    drawing.add(QrCodeWidget(text, barWidth=_SIDE, barHeight=_SIDE, barBorder=4, barLevel="M"))
    return str(renderSVG.drawToString(drawing))

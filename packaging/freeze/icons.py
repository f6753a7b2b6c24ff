"""Makes the icons of every system from the one drawing `resources/icons/autoenroll.svg`."""

import os
import struct
from pathlib import Path

SIZES = (16, 24, 32, 48, 64, 128, 256, 512)


def make_icons(drawing: Path, folder: Path) -> list[Path]:
    """PNGs of every size and the Windows icon in `folder`; the files made come back."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    _application = QGuiApplication.instance() or QGuiApplication([])
    renderer = QSvgRenderer(str(drawing))
    if not renderer.isValid():
        raise SystemExit(f"{drawing} is no drawing")
    folder.mkdir(parents=True, exist_ok=True)
    made: dict[int, bytes] = {}
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")
        made[size] = bytes(data.data())
        (folder / f"autoenroll-{size}.png").write_bytes(made[size])
    (folder / "autoenroll.ico").write_bytes(_ico({size: made[size] for size in SIZES if size <= 256}))
    return sorted(folder.iterdir())


def _ico(pictures: dict[int, bytes]) -> bytes:
    """A Windows icon file holding PNGs, as Windows Vista and later read it."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    place = len(head) + 16 * len(pictures)
    entries, body = b"", b""
    for size, data in pictures.items():
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), place + len(body))
        body += data
    return head + entries + body

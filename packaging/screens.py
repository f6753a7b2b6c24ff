"""Writes a picture of every page in both themes: `python packaging/screens.py FOLDER`."""

import datetime as dt
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from autoenroll_desktop import paths
from autoenroll_desktop.app import build_window
from autoenroll_desktop.ui.main_window import MainWindow
from autoenroll_desktop.ui.style import apply_theme, load_font, wanted_theme

NOW = dt.datetime(2026, 11, 26, 15, 12, tzinfo=dt.UTC)


def finished(window: MainWindow, begin: Callable[[], None]) -> None:
    """Begin something and wait until it has ended, a minute at most."""
    loop = QEventLoop()
    model = window.view_model
    for signal in (model.checked, model.failed, model.stopped):
        signal.connect(loop.quit)
    QTimer.singleShot(0, begin)
    QTimer.singleShot(60_000, loop.quit)
    loop.exec()


def main(folder: Path) -> None:
    """Take every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    load_font(paths.resources() / "fonts")
    with tempfile.TemporaryDirectory() as temporary:
        broken = Path(temporary) / "november.csv"
        broken.write_bytes(b"\x89PNG\r\n\x1a\n no payroll file")
        for theme in ("light", "dark"):
            apply_theme(application, wanted_theme(theme))
            window = build_window(lambda: NOW, theme=theme)
            window.show()

            def take(name: str, window: MainWindow = window, theme: str = theme) -> None:
                application.processEvents()
                window.grab().save(str(folder / f"{name}-{theme}.png"))

            take("check-empty")
            window.page._on_started("checking")  # noqa: SLF001 - the moment in between is too short to catch
            window.page._on_progress("rules", 30, 52)  # noqa: SLF001
            take("check-working")
            finished(window, window.view_model.open_sample)
            take("check-result")
            for _ in range(8):
                window.page.next_place()
            take("check-finding")
            finished(window, lambda window=window: window.page.files_dropped([broken]))  # type: ignore[misc]
            take("check-unreadable")
            window.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""A window killed in the middle of work: `python -m tests.killed_window DATA OUT FILE…`.

It checks the files with the store in DATA, takes every suggestion that is certain, writes the corrected file into OUT,
types a PPSN over, shows PPSNs in full, and is killed once the step is kept. Before that it prints how many steps there
are. Without a keyring the passphrase comes from the environment.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QApplication

from autoenroll_desktop.actions.write_files import Output, offers
from autoenroll_desktop.app import build_window
from tests.driving import LONG, NOW, kept_in

TYPED = "7654321UA"


def wait(condition: Callable[[], bool]) -> None:
    deadline = QDeadlineTimer(LONG)
    while not condition():
        if deadline.hasExpired():
            raise TimeoutError
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def main(data: Path, out: Path, files: list[Path]) -> None:
    """Do it; it never comes back."""
    application = QApplication([])
    window = build_window(lambda: NOW, kept=kept_in(data), choose_save=lambda name, _kinds: out / Path(name).name)
    window.show()
    model, page, left_off = window.view_model, window.page, window.left_off
    page.files_dropped(files)
    wait(lambda: model.result is not None and page.settled)
    model.fixing.fix_certain()
    wait(lambda: bool(model.steps) and page.settled)
    corrected = next(one for one in offers(model.bench) if one.output is Output.CORRECTED)
    written: list[Path] = []
    model.writing.reported.connect(written.append)
    page.writing.write(corrected)
    wait(lambda: bool(written))
    before = len(model.steps)
    model.fixing.edit(0, "ppsn", TYPED)
    wait(lambda: len(model.steps) > before and page.settled)
    wait(lambda: left_off.saved and not window.store.busy)
    page.unmasking.ask()
    wait(lambda: page.unmasking.shown)
    print(len(model.steps), flush=True)
    application.processEvents()
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]])

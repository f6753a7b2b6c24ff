"""Every job ends once, on the UI thread, whatever happens to it."""

import sys
import threading
import weakref
from typing import Any

import pytest
from PySide6.QtCore import QObject, QThread, Signal

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.ui.tasks import Handlers, TaskProgress, TaskRunner


class Log:
    """What was called, and on which thread."""

    def __init__(self) -> None:
        self.said: list[tuple[str, Any]] = []
        self.threads: set[int] = set()

    def handlers(self) -> Handlers:
        def note(name: str):
            def call(*values: Any) -> None:
                self.said.append((name, values[0] if values else None))
                self.threads.add(threading.get_ident())

            return call

        return Handlers(note("done"), note("failed"), note("cancelled"), lambda *_: None)


@pytest.fixture
def runner(qtbot):
    made = TaskRunner()
    yield made
    made.close()


def test_done_on_the_ui_thread(runner: TaskRunner, qtbot) -> None:
    log = Log()
    runner.start(lambda progress: threading.get_ident(), log.handlers())
    qtbot.waitUntil(lambda: bool(log.said))
    assert log.said[0][0] == "done"
    assert log.said[0][1] != threading.get_ident()
    assert log.threads == {threading.get_ident()}
    assert not runner.busy


@pytest.mark.parametrize("error", [AppError("no"), ZeroDivisionError("oops")])
def test_failed(runner: TaskRunner, qtbot, error: Exception) -> None:
    log = Log()

    def job(progress: TaskProgress) -> None:
        raise error

    runner.start(job, log.handlers())
    qtbot.waitUntil(lambda: bool(log.said))
    assert log.said == [("failed", error)]


def test_cancelled_at_once_and_only_once(runner: TaskRunner, qtbot) -> None:
    log, begun, go = Log(), threading.Event(), threading.Event()

    def job(progress: TaskProgress) -> str:
        begun.set()
        go.wait(10)
        progress.step("late")
        return "too late"

    runner.start(job, log.handlers())
    assert begun.wait(10)
    runner.cancel()
    assert log.said == [("cancelled", None)]
    go.set()
    runner.close()
    QThread.msleep(1)
    qtbot.wait(10)
    assert log.said == [("cancelled", None)]


def test_what_was_stopped_before_it_began_is_not_done(runner: TaskRunner, qtbot) -> None:
    go, done = threading.Event(), []
    runner.start(lambda progress: go.wait(10), Log().handlers())
    for number in range(5):
        runner.start(lambda progress, number=number: done.append(number), Log().handlers())
    go.set()
    qtbot.waitUntil(lambda: not runner.busy)
    assert done == [4]


def test_what_a_job_holds_goes_with_it(runner: TaskRunner, qtbot) -> None:
    class Large:
        pass

    large = Large()
    gone = weakref.ref(large)
    runner.start(lambda progress, large=large: large and 1, Log().handlers())
    del large
    qtbot.waitUntil(lambda: not runner.busy)
    qtbot.waitUntil(lambda: gone() is None)


def test_a_new_job_replaces_the_old(runner: TaskRunner, qtbot) -> None:
    first, second = Log(), Log()
    runner.start(lambda progress: 1, first.handlers())
    runner.start(lambda progress: 2, second.handlers())
    qtbot.waitUntil(lambda: bool(second.said))
    assert first.said == [("cancelled", None)]
    assert second.said == [("done", 2)]


def test_emitting_does_not_lose_references_to_true(qtbot) -> None:
    """A binding bug on Python 3.11 loses one at every emit and ends in an abort."""

    class Sender(QObject):
        sent = Signal(bool)

    sender = Sender()
    sender.sent.connect(lambda value: None)
    before = sys.getrefcount(True)
    for _ in range(200):
        sender.sent.emit(True)
    assert sys.getrefcount(True) >= before - 20

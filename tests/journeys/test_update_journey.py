"""A newer version as a clerk meets it in the window: a quiet word, one click, and it starts the next time."""

import datetime as dt
import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from autoenroll_desktop import __version__
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.updates.handover import next_program
from tests.driving import LONG, opened
from tests.releasing import BROKEN, Publisher, served, setup_for

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the small programs are scripts")


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    made = Publisher(tmp_path)
    made.release("9.2.0")
    made.offer("9.2.0", notes={"en": "Faster.", "ga": "Níos tapúla."})
    made.publish()
    return made


def office(window):
    window.go_to("office")
    return window.page_named("office").version


def look(qtbot, window) -> None:
    """What happens by itself once a day."""
    window.office.updating._on_time()
    qtbot.waitUntil(lambda: not window.office.updating.busy, timeout=LONG)


def test_one_click(qtbot, publisher: Publisher, tmp_path: Path) -> None:
    with served(publisher.site) as site:
        setup = setup_for(publisher, site, tmp_path / "home", running=__version__)
        window = opened(qtbot, update=lambda: setup)
        look(qtbot, window)
        assert "Version 9.2.0 is there" in window.notices.text
        window.notices.shown[-1].findChildren(QPushButton)[0].click()
        assert window.rail.buttons["office"].isChecked()
        card = office(window)
        assert "Faster." in card.text.text()
        said = len(window.notices.shown)
        look(qtbot, window)
        assert len(window.notices.shown) == said, "once a day is enough"
        assert not any("tar.xz" in name for name in site.asked), "nothing is fetched before somebody says so"
        card.install_button.click()
        qtbot.waitUntil(lambda: "is ready and starts" in card.text.text(), timeout=LONG)
        assert not card.install_button.isVisible()
        window.choose("language", "ga")
        assert "Níos tapúla." in office(window).text.text()
        window.choose("language", "en")
    program = next_program(setup.versions, __version__, "autoenroll-desktop", counts=False)
    assert program is not None
    assert program.parent.name == "9.2.0"


def test_who_may_not_install_is_only_told(qtbot, publisher: Publisher, tmp_path: Path) -> None:
    with served(publisher.site) as site:
        setup = setup_for(publisher, site, tmp_path / "home", running=__version__, may_install=False)
        window = opened(qtbot, update=lambda: setup)
        look(qtbot, window)
        assert "Whoever looks after this computer installs it" in window.notices.text
        card = office(window)
        assert "Whoever looks after this computer installs it" in card.text.text()
        assert not card.install_button.isVisible()


def test_one_that_does_not_work_here(qtbot, publisher: Publisher, tmp_path: Path) -> None:
    publisher.release("9.3.0", BROKEN)
    publisher.offer("9.3.0")
    publisher.publish()
    with served(publisher.site) as site:
        setup = setup_for(publisher, site, tmp_path / "home", running=__version__)
        window = opened(qtbot, update=lambda: setup)
        card = office(window)
        card.look_button.click()
        qtbot.waitUntil(card.install_button.isVisible, timeout=LONG)
        qtbot.waitUntil(card.install_button.isEnabled, timeout=LONG)
        card.install_button.click()
        qtbot.waitUntil(lambda: "does not work on this computer" in window.notices.text, timeout=LONG)
    assert next_program(setup.versions, __version__, "autoenroll-desktop", counts=False) is None


def test_no_network_is_told_only_to_who_asked(qtbot, publisher: Publisher, tmp_path: Path) -> None:
    with served(publisher.site) as site:
        setup = setup_for(publisher, site, tmp_path / "home", running=__version__)
    window = opened(qtbot, update=lambda: setup)
    look(qtbot, window)
    assert window.notices.text == ""
    office(window).look_button.click()
    qtbot.waitUntil(lambda: bool(window.notices.text), timeout=LONG)


def test_updates_that_are_off(qtbot) -> None:
    def off():
        raise AppError("Updates are off on this computer")

    window = opened(qtbot, update=off, pc_clock=lambda: dt.datetime(2026, 11, 26, tzinfo=dt.UTC))
    card = office(window)
    card.look_button.click()
    qtbot.waitUntil(lambda: "Updates are off" in card.text.text(), timeout=LONG)
    assert window.notices.text == ""

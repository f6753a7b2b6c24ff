"""The first start: two minutes round the sample employer with the keyboard, up to the place for the first file."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from autoenroll_desktop.ui.dialogs.palette import CommandPalette
from autoenroll_desktop.ui.main_window import MainWindow
from autoenroll_desktop.ui.tour import STOPS
from autoenroll_desktop.ui.widgets.coach_card import CoachCard, beside
from tests.driving import LONG, dialog, drop, kept_in, opened, settled

ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape


def card_at(qtbot, window: MainWindow, stop: str) -> CoachCard:
    """The card, once it shows a stop and the keyboard is in it."""

    def there() -> bool:
        card = window.tour.card
        return (
            window.tour.stop == stop
            and card is not None
            and card.isVisible()
            and card.title.text() == window.context.words.say(f"tour.{stop}-title")
            and window.focusWidget() is card.next_button
            and window.page.settled
        )

    qtbot.waitUntil(there, timeout=LONG)
    assert window.tour.card is not None
    return window.tour.card


def press(key: Qt.Key) -> None:
    """A key, where the keyboard is."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key)


def outlined(window: MainWindow, *parts: QWidget) -> bool:
    """Whether the outline is round all of these parts."""
    card = window.tour.card
    assert card is not None
    over = card.parentWidget()
    return card.outline.isVisible() and all(
        card.outline.geometry().contains(QRect(part.mapTo(over, QPoint()), part.size())) for part in parts
    )


def test_the_whole_tour_with_the_keyboard(qtbot, tmp_path: Path) -> None:
    window = opened(qtbot, kept=kept_in(tmp_path))
    window.tour.on_first_start()
    panel = window.page.panel
    card = card_at(qtbot, window, "verdict")
    assert window.view_model.is_sample
    assert card.position.text() == "1 of 7"
    assert not card.back_button.isVisible()
    pointed = {
        "verdict": [panel.banner], "findings": [panel.causes], "line": [panel.inspector],
        "fix": [panel.inspector.suggestion], "write": [panel.write_button], "files": [panel.files],
    }  # fmt: skip
    for stop in STOPS[:-1]:
        card = card_at(qtbot, window, stop)
        qtbot.waitUntil(lambda stop=stop: outlined(window, *pointed[stop]))
        assert card.text.text() in card.next_button.accessibleDescription()
        press(ENTER)
    card = card_at(qtbot, window, "drop")
    assert card.position.text() == "7 of 7"
    assert window.page.drop_zone.isVisible()
    assert not window.view_model.is_sample
    press(ENTER)
    assert window.tour.stop == ""
    assert not card.isVisible()
    assert not card.outline.isVisible()
    assert window.page.drop_zone.open_button.hasFocus()


def test_it_comes_by_itself_only_once(qtbot, tmp_path: Path) -> None:
    window = opened(qtbot, kept=kept_in(tmp_path))
    window.tour.on_first_start()
    card = card_at(qtbot, window, "verdict")
    press(ESC)
    assert window.tour.stop == ""
    assert not card.isVisible()
    assert window.page.drop_zone.isVisible()
    window.close()
    again = opened(qtbot, kept=kept_in(tmp_path))
    again.tour.on_first_start()
    assert again.tour.stop == ""
    assert not again.view_model.is_sample


def test_it_does_not_come_where_something_is_kept_or_nothing_is_remembered(qtbot, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    for options in ({"kept": kept_in(tmp_path)}, {}):
        window = opened(qtbot, **options)
        window.tour.on_first_start()
        assert window.tour.stop == ""


def test_back_and_forth_another_language_and_a_smaller_window(qtbot) -> None:
    window = opened(qtbot)
    window.tour.take()
    card_at(qtbot, window, "verdict")
    window.tour.go_on()
    window.tour.go_back()
    card = card_at(qtbot, window, "verdict")
    window.resize(1100, 700)
    qtbot.waitUntil(lambda: outlined(window, window.page.banner))
    assert card.parentWidget().rect().contains(card.geometry())
    window.choose("language", "ga")
    card = card_at(qtbot, window, "verdict")
    assert card.title.text() == "Ar dtús, an bhreith"
    window.go_to("help")
    qtbot.waitUntil(lambda: not card.isVisible())
    window.go_to("check")
    qtbot.waitUntil(card.isVisible)
    for _ in STOPS[1:]:
        window.tour.go_on()
    card_at(qtbot, window, "drop")
    window.tour.go_back()
    card_at(qtbot, window, "files")
    assert window.view_model.is_sample


def test_what_is_pointed_at_can_be_used(qtbot) -> None:
    window = opened(qtbot)
    window.tour.take()
    card_at(qtbot, window, "verdict")
    for _ in range(3):
        window.tour.go_on()
    card = card_at(qtbot, window, "fix")
    fix = window.page.inspector.fix_button
    qtbot.waitUntil(lambda: fix.isVisible() and outlined(window, fix))
    middle = fix.mapTo(window, fix.rect().center())
    assert window.childAt(middle) is fix, "neither the outline nor the card is in the way"
    with qtbot.waitSignal(window.view_model.checked, timeout=LONG):
        qtbot.mouseClick(fix, Qt.MouseButton.LeftButton)
    settled(qtbot, window)
    assert len(window.view_model.steps) == 1
    assert window.tour.stop == "fix"
    assert card.isVisible()


def test_it_gives_way_to_files(qtbot, sample: Path) -> None:
    window = opened(qtbot)
    window.tour.take()
    card = card_at(qtbot, window, "verdict")
    with qtbot.waitSignal(window.view_model.checked, timeout=LONG):
        drop(window.page, sample / "weekly-2026-11-26.csv")
    settled(qtbot, window)
    assert window.tour.stop == ""
    assert not card.isVisible()
    assert window.page.shows_result
    assert not window.view_model.is_sample


def test_it_is_found_in_the_palette(qtbot) -> None:
    window = opened(qtbot)
    window.show_palette()
    palette = dialog(qtbot, window, CommandPalette)
    palette.search.setText("take tour")
    qtbot.keyClick(palette.search, ENTER)
    card_at(qtbot, window, "verdict")


@pytest.mark.parametrize(("language", "percent"), [("en", "100"), ("ga", "200"), ("ga", "300")])
def test_nothing_on_the_card_is_cut_off(qtbot, percent: str, language: str) -> None:
    window = opened(qtbot, language=language)
    window.choose("text-size", percent)
    window.resize(1440, 900)
    window.tour.take()
    for stop in STOPS:
        card = card_at(qtbot, window, stop)
        assert card.parentWidget().rect().contains(card.geometry()), stop
        for label in (card.title, card.text):
            assert label.height() >= label.heightForWidth(label.width()), stop
        for button in (card.skip_button, card.back_button, card.next_button):
            if button.isVisible():
                assert button.width() >= button.sizeHint().width(), stop
        window.tour.go_on()


@pytest.mark.parametrize(
    "meant",
    [QRect(100, 10, 900, 60), QRect(20, 100, 300, 600), QRect(320, 100, 860, 600), QRect(1000, 500, 190, 190)],
)
def test_the_card_stands_beside_what_is_meant(meant: QRect) -> None:
    room, size = QRect(0, 0, 1200, 800), QSize(280, 160)
    card = beside(meant, size, room)
    assert room.contains(card)
    assert not card.intersects(meant)


def test_the_card_stands_in_the_middle_where_nothing_is_meant() -> None:
    assert beside(QRect(), QSize(200, 100), QRect(0, 0, 1000, 500)) == QRect(400, 200, 200, 100)

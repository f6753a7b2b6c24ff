"""Everybody can use the window: names for screen readers, contrast, keys, large text."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QTextBrowser,
    QWidget,
)

from autoenroll_desktop.ui.theme import DARK, LIGHT, Theme
from tests.driving import every_dialog, go_to, opened, sample, settled

CONTROLS = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QProgressBar, QTextBrowser, QPlainTextEdit)
INK = ("text", "muted", "accent", "error", "warning", "info", "good")
PAPER = ("window", "surface", "raised", "accent_soft")


def ours(widget: QWidget) -> bool:
    """Whether a control was put there by us; those inside Qt's own widgets are named by Qt."""
    inside = widget.parent()
    while inside is not None and not isinstance(inside, QComboBox | QAbstractItemView | QLineEdit):
        inside = inside.parent()
    return inside is None and not widget.objectName().startswith("qt_")


def nameless(top: QWidget) -> list[str]:
    """Controls a screen reader has no name for."""
    return [
        f"{type(control).__name__} in {type(control.parent()).__name__}"
        for control in top.findChildren(QWidget)
        if isinstance(control, CONTROLS)
        and ours(control)
        and control.isVisibleTo(top)
        and not (control.accessibleName() or (isinstance(control, QAbstractButton) and control.text()))
    ]


def test_every_control_has_a_name(qtbot) -> None:
    window = opened(qtbot)
    sample(qtbot, window)
    go_to(window, "contribution-amount/base-basic")
    settled(qtbot, window)
    for name in window.rail.buttons:
        window.go_to(name)
        assert nameless(window) == []
    for shown in every_dialog(qtbot, window):
        assert nameless(shown) == [], type(shown).__name__


def test_a_nameless_control_is_found(qtbot) -> None:
    top = QWidget()
    qtbot.addWidget(top)
    QLineEdit(top)
    assert len(nameless(top)) == 1


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [part / 255 for part in QColor(colour).getRgb()[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_is_read_easily(theme: Theme) -> None:
    pairs = [(ink, paper) for ink in INK for paper in PAPER if (ink, paper) != ("accent", "raised")]
    pairs += [("on_accent", "accent"), *((ink, f"{ink}_soft") for ink in ("error", "warning", "info", "good"))]
    pairs += [("text", f"{ink}_soft") for ink in ("error", "warning", "info", "good")]
    poor = {
        f"{ink} on {paper}": round(found, 2)
        for ink, paper in pairs
        if (found := contrast(getattr(theme, ink), getattr(theme, paper))) < 4.5
    }
    assert poor == {}


def test_contrast_is_as_defined() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def tab_stops(window: QWidget, most: int = 200) -> set[QWidget]:
    """Everything the Tab key comes past, beginning anywhere."""
    first = window.focusWidget()
    assert first is not None
    found, at = {first}, first.nextInFocusChain()
    for _ in range(most * 10):
        if at is first:
            break
        if at.focusPolicy() & Qt.FocusPolicy.TabFocus and at.isVisible() and at.isEnabled():
            found.add(at)
        at = at.nextInFocusChain()
    return found


def arrows_reach(control: QWidget, reached: set[QWidget]) -> bool:
    """Whether the arrow keys come from another button of the same group, as they do among those of which one is on."""
    group = control.group() if isinstance(control, QAbstractButton) else None
    return group is not None and group.exclusive() and any(button in reached for button in group.buttons())


def test_everything_is_reached_with_the_keyboard(qtbot) -> None:
    window = opened(qtbot)
    sample(qtbot, window)
    go_to(window, "contribution-amount/base-basic")
    settled(qtbot, window)
    for name in window.rail.buttons:
        window.go_to(name)
        reached = tab_stops(window)
        left = [
            control.accessibleName() or type(control).__name__
            for control in window.findChildren(QWidget)
            if isinstance(control, QAbstractButton | QComboBox | QLineEdit | QAbstractItemView)
            and control.isVisible()
            and control.isEnabled()
            and ours(control)
            and control not in reached
            and not arrows_reach(control, reached)
        ]
        assert left == [], name


def cut_off(window: QWidget) -> list[str]:
    """Texts of buttons and captions that have less room than they need."""
    return [
        control.text()
        for control in window.findChildren(QWidget)
        if isinstance(control, QAbstractButton | QLabel)
        and control.isVisible()
        and control.text()
        and not (isinstance(control, QLabel) and control.wordWrap())
        and control.width() < control.sizeHint().width() - 1
    ]


@pytest.mark.parametrize("percent", [100, 200, 300])
@pytest.mark.parametrize("language", ["en", "ga"])
def test_no_button_or_caption_is_cut_off(qtbot, language: str, percent: int) -> None:
    window = opened(qtbot, language=language)
    window.choose("text-size", str(percent))
    window.resize(1280 * percent // 100, 800 * percent // 100)
    sample(qtbot, window)
    for name in window.rail.buttons:
        window.go_to(name)
        qtbot.waitUntil(window.page_named(name).isVisible)
        assert cut_off(window) == [], name
    window.choose("text-size", "100")

"""Every word in the window comes from the words, in every language: none is missing, none stands in the code."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QWidget

from autoenroll_desktop import paths
from autoenroll_desktop.app import words_in
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.page import Page
from tests.driving import every_dialog, go_to, opened, sample, settled

ROOT = Path(__file__).resolve().parents[3]
UI = sorted((ROOT / "autoenroll_desktop" / "ui").rglob("*.py"))
FILES = sorted(file.stem for file in (paths.resources() / "words" / "en").glob("*.toml"))
ALIKE = {
    "setting.language-en",
    "setting.language-ga",
    "report.foot",
    "window.fix-this-keys",
}  # fmt: skip
"""What is rightly the same in both languages: their own names, ours, and names of keys."""
SETTERS = {
    "setText", "setWindowTitle", "setToolTip", "setAccessibleName", "setAccessibleDescription", "setPlaceholderText",
    "addItem", "addAction", "setTitle", "setStatusTip", "QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QAction",
    "QListWidgetItem",
}  # fmt: skip
NAMES_OF_OURS = {"AutoEnroll", "AutoEnroll Desktop"}


def phrases(language: str, file: str) -> dict[str, Any]:
    return tomllib.loads((paths.resources() / "words" / language / f"{file}.toml").read_text(encoding="utf-8"))


def flat(tables: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tables.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def placeholders(text: str) -> set[str]:
    return {f"{name}:{form}" for _, name, form, _ in string.Formatter().parse(text) if name}


def words_apart(text: str) -> bool:
    """Whether there are words in a phrase besides its placeholders."""
    return bool(re.search(r"[a-z]{4}", re.sub(r"{[^}]*}", "", text)))


def test_no_file_of_words_is_missing_in_irish() -> None:
    assert sorted(file.stem for file in (paths.resources() / "words" / "ga").glob("*.toml")) == FILES


@pytest.mark.parametrize("file", FILES)
def test_nothing_is_left_in_english(file: str) -> None:
    english, irish = dict(flat(phrases("en", file))), dict(flat(phrases("ga", file)))
    assert english.keys() == irish.keys()
    for key, text in english.items():
        assert placeholders(text) == placeholders(irish[key]), key
    alike = {key for key, text in english.items() if text == irish[key] and words_apart(text)}
    assert alike <= ALIKE


def test_what_is_alike_is_still_alike() -> None:
    english, irish = (
        {key: text for file in FILES for key, text in flat(phrases(language, file)) if key in ALIKE}
        for language in ("en", "ga")
    )
    assert english.keys() == ALIKE
    assert english == irish


def literal_parts(node: ast.expr) -> Iterator[str]:
    """The text that stands in an argument itself; what is looked up or worked out is not."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from (part.value for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.BinOp):
        yield from literal_parts(node.left)
        yield from literal_parts(node.right)
    elif isinstance(node, ast.IfExp):
        yield from literal_parts(node.body)
        yield from literal_parts(node.orelse)


def hard_coded(code: str) -> list[str]:
    """Words given to a control in the code itself."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SETTERS:
                found += [
                    text
                    for argument in node.args[:2]
                    for text in literal_parts(argument)
                    if re.search(r"[A-Za-z]{2}", text)
                ]
    return [text for text in found if text not in NAMES_OF_OURS]


def test_no_word_stands_in_the_code() -> None:
    assert {file.name: words for file in UI if (words := hard_coded(file.read_text(encoding="utf-8")))} == {}


def test_a_word_in_the_code_is_found() -> None:
    assert hard_coded('QPushButton("Close", self)') == ["Close"]
    assert hard_coded('label.setText(f"{count} lines")') == [" lines"]


def test_every_key_in_the_code_has_words() -> None:
    words = words_in("en")
    keys = re.compile(r'\bsay\(\s*"([a-z_-]+\.[A-Za-z0-9_.-]+)"')
    for file in UI:
        for key in keys.findall(file.read_text(encoding="utf-8")):
            group, name = key.split(".", 1)
            assert name in words.group(group), f"{file.name}: {key}"


class Marked(Words):
    """Every phrase in brackets, so that one that did not come from the words stands out."""

    def __init__(self) -> None:
        super().__init__("en", {group: _marked(entries) for group, entries in _everything().items()})


def _everything() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for file in sorted((paths.resources() / "words" / "en").glob("*.toml")):
        for group, entries in tomllib.loads(file.read_text(encoding="utf-8")).items():
            found.setdefault(group, {}).update(entries)
    return found


def _marked(entries: dict[str, Any]) -> dict[str, Any]:
    return {name: _marked(value) if isinstance(value, dict) else f"⟦{value}⟧" for name, value in entries.items()}


def texts(top: QWidget) -> Iterator[str]:
    """Everything a widget and those in it say."""
    for widget in (top, *top.findChildren(QWidget)):
        if widget.objectName().startswith("qt_"):
            continue
        yield widget.accessibleName()
        yield widget.toolTip()
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        elif isinstance(widget, QLineEdit):
            yield widget.placeholderText()
        elif isinstance(widget, QComboBox):
            yield from (widget.itemText(at) for at in range(widget.count()))
    yield from (
        action.text()
        for action in top.findChildren(QAction)
        if action.parent() is not None and not action.isSeparator() and not action.icon().isNull()
    )


def unmarked(top: QWidget, data: set[str]) -> list[str]:
    """Texts with words in them that came neither from the words nor from the files."""
    found = []
    for text in texts(top):
        rest = re.sub(r"⟦.*⟧", "", text, flags=re.DOTALL)
        rest = rest if rest == text or not text.startswith(("<", "⟦")) else ""
        if (
            re.search(r"[A-Za-z]{3}", rest)
            and rest.strip() not in NAMES_OF_OURS
            and not any(one in rest for one in data)
        ):
            found.append(text)
    return found


def test_everything_that_is_shown_comes_from_the_words(qtbot, monkeypatch) -> None:
    from autoenroll_desktop import app

    marked = Marked()
    monkeypatch.setattr(app, "words_in", lambda _language: marked)
    window = opened(qtbot)
    sample(qtbot, window)
    files = {file.name for file in window.view_model.result.files} | {
        file.kind for file in window.view_model.result.files
    }
    go_to(window, "contribution-amount/base-basic")
    settled(qtbot, window)
    window.say("info", marked.say("window.ready-to-check"))
    for name in window.rail.buttons:
        page = window.page_named(name)
        assert isinstance(page, Page)
        window.go_to(name)
    assert unmarked(window, files) == []
    for shown in every_dialog(qtbot, window):
        headings = {column.header for column in window.view_model.result.files[0].columns} | {
            "101",
            "Weekly",
            "26/11",
            "Briain",
        }
        examples = {one for column in window.view_model.result.files[0].columns for one in column.examples}
        assert unmarked(shown, files | headings | examples) == [], type(shown).__name__


def test_standard_buttons_speak_the_language(qtbot, qapp) -> None:
    from PySide6.QtCore import QCoreApplication

    window = opened(qtbot, language="ga")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cealaigh"
    assert QCoreApplication.translate("QPlatformTheme", "&Yes") == "Tá"
    assert QCoreApplication.translate("QFileDialog", "File &name:") == "Ainm comhaid:"
    window.choose("language", "en")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_every_step_of_work_has_words() -> None:
    told = re.compile(r'\bstep\(\s*"([a-z-]+)"(,)?')
    words = words_in("en").group("working")
    for file in sorted((ROOT / "autoenroll_desktop").rglob("*.py")):
        for what, counted in told.findall(file.read_text(encoding="utf-8")):
            assert (f"{what}-of" if counted else what) in words, f"{file.name}: {what}"

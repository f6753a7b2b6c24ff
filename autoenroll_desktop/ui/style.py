"""Colours, spacing and fonts. Fusion with our own palette in light and dark; severity is never colour alone."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

SPACE = 12


@dataclass(frozen=True)
class Theme:
    """One set of colours, as #rrggbb. The `_soft` ones lie behind text."""

    dark: bool
    window: str
    surface: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    error: str
    error_soft: str
    warning: str
    warning_soft: str
    info: str
    info_soft: str
    good: str
    good_soft: str

    def severity(self, word: str) -> tuple[str, str]:
        """Ink and soft background of a severity or verdict word."""
        return {
            "error": (self.error, self.error_soft),
            "gate": (self.error, self.error_soft),
            "not_ready": (self.error, self.error_soft),
            "warning": (self.warning, self.warning_soft),
            "incomplete": (self.warning, self.warning_soft),
            "ready": (self.good, self.good_soft),
        }.get(word, (self.info, self.info_soft))


LIGHT = Theme(
    dark=False, window="#f4f5f7", surface="#ffffff", raised="#eceef1", line="#d9dde3", text="#1b222c", muted="#596372",
    accent="#0b6b66", on_accent="#ffffff", error="#a8231b", error_soft="#fbe7e5", warning="#7d5200",
    warning_soft="#fdf1d8", info="#2a5a94", info_soft="#e6eef8", good="#1a6a3a", good_soft="#e2f3e8",
)  # fmt: skip
DARK = Theme(
    dark=True, window="#171b21", surface="#1f242c", raised="#2a313b", line="#39414d", text="#e8ebef", muted="#a2adbb",
    accent="#4cb8b1", on_accent="#0c1a1a", error="#ff9b92", error_soft="#46211f", warning="#f1c267",
    warning_soft="#40331a", info="#93bdf0", info_soft="#20324a", good="#7fd6a0", good_soft="#1b3a29",
)  # fmt: skip

MARKS = {"error": "✕", "gate": "⛔", "warning": "▲", "info": "ℹ", "ready": "✓", "not_ready": "✕", "incomplete": "◔"}
"""A sign for every severity and verdict, beside its word."""


def load_font(folder: Path) -> None:
    """Make the bundled font known and use it throughout."""
    family = ""
    for file in ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"):
        number = QFontDatabase.addApplicationFont(str(folder / file))
        families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
        family = families[0] if families else family
    if family:
        font = QFont(family, 10)
        QApplication.setFont(font)


def wanted_theme(choice: str) -> Theme:
    """The theme for "light", "dark" or "system"."""
    if choice == "system":
        return DARK if QApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT
    return DARK if choice == "dark" else LIGHT


def apply_theme(application: QApplication, theme: Theme) -> None:
    """Palette for the controls, a short style sheet for cards and spacing."""
    application.setStyle("Fusion")
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, theme.window),
        (roles.WindowText, theme.text),
        (roles.Base, theme.surface),
        (roles.AlternateBase, theme.window),
        (roles.Text, theme.text),
        (roles.Button, theme.raised),
        (roles.ButtonText, theme.text),
        (roles.BrightText, theme.error),
        (roles.Highlight, theme.accent),
        (roles.HighlightedText, theme.on_accent),
        (roles.ToolTipBase, theme.raised),
        (roles.ToolTipText, theme.text),
        (roles.PlaceholderText, theme.muted),
        (roles.Link, theme.accent),
        (roles.Mid, theme.line),
    ):
        palette.setColor(role, QColor(colour))
    for role in (roles.Text, roles.ButtonText, roles.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.muted))
    application.setPalette(palette)
    application.setStyleSheet(_SHEET.format(**{name: getattr(theme, name) for name in Theme.__dataclass_fields__}))


_SHEET = """
QToolTip {{ border: 1px solid {line}; padding: 4px; }}
#card, QTableView, QTreeView {{ background: {surface}; border: 1px solid {line}; border-radius: 6px; }}
QTableView {{ gridline-color: {raised}; selection-background-color: {accent}; selection-color: {on_accent}; }}
QHeaderView::section {{ background: {raised}; color: {muted}; border: none; border-bottom: 1px solid {line};
  border-right: 1px solid {line}; padding: 6px 8px; font-weight: 600; }}
QTreeView::item {{ padding: 5px 2px; }}
#rail {{ background: {raised}; border-right: 1px solid {line}; }}
#rail QToolButton {{ border: none; border-radius: 6px; padding: 10px; text-align: left; }}
#rail QToolButton:checked {{ background: {surface}; color: {accent}; font-weight: 600; }}
#drop {{ background: {surface}; border: 2px dashed {line}; border-radius: 12px; }}
#drop[over="true"] {{ border-color: {accent}; background: {info_soft}; }}
QPushButton {{ background: {surface}; border: 1px solid {line}; border-radius: 6px; padding: 6px 14px; }}
QPushButton:hover, QPushButton:focus {{ border-color: {accent}; }}
QPushButton:disabled {{ color: {muted}; }}
QPushButton[primary="true"] {{ background: {accent}; color: {on_accent}; border-color: {accent}; font-weight: 600; }}
QLineEdit {{ background: {surface}; border: 1px solid {line}; border-radius: 6px; padding: 5px 8px; }}
QLineEdit:focus {{ border-color: {accent}; }}
QProgressBar {{ border: 1px solid {line}; border-radius: 6px; background: {raised}; max-height: 10px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 5px; }}
#muted {{ color: {muted}; }}
#title {{ font-size: 20pt; font-weight: 600; }}
#heading {{ font-weight: 600; }}
QSplitter::handle {{ background: transparent; }}
QTextBrowser {{ background: transparent; border: none; }}
"""

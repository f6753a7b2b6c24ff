"""Font, palette and style sheet: Fusion with our own colours and spacing. Severity is never colour alone."""

from pathlib import Path

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from autoenroll_desktop import paths
from autoenroll_desktop.ui.theme import Theme

FONT_POINTS = 10


def load_font(folder: Path) -> None:
    """Make the bundled font known and use it throughout."""
    family = ""
    for file in ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"):
        number = QFontDatabase.addApplicationFont(str(folder / file))
        families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
        family = families[0] if families else family
    if family:
        QApplication.setFont(QFont(family, FONT_POINTS))


def apply_theme(application: QApplication, theme: Theme, percent: int = 100) -> None:
    """Palette for the controls, a style sheet for cards and spacing, text at `percent` of its size."""
    application.setStyle("Fusion")
    font = application.font()
    font.setPointSizeF(FONT_POINTS * percent / 100)
    application.setFont(font)
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
    application.setStyleSheet(sheet(theme, percent))


def sheet(theme: Theme, percent: int = 100) -> str:
    """The style sheet: `@ptN` are points and `@pxN` pixels of a text at `percent`."""
    text = (paths.resources() / "style" / "window.qss").read_text(encoding="utf-8")
    words: dict[str, str] = {name: str(getattr(theme, name)) for name in Theme.__dataclass_fields__}
    for points in (8, 9, 11, 12, 15, 19, 20):
        words[f"pt{points}"] = f"{points * percent / 100:g}pt"
    for pixels in (12, 14, 15, 16, 18, 24):
        words[f"px{pixels}"] = f"{pixels * percent // 100}px"
    words["arrow"] = (paths.resources() / "style" / f"down-{theme.name}.svg").as_posix()
    words["tick"] = (paths.resources() / "style" / f"tick-{theme.name}.svg").as_posix()
    for name in sorted(words, key=len, reverse=True):
        text = text.replace(f"@{name}", words[name])
    return text

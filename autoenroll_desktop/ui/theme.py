"""The colours, in light and dark. Text on each is read easily (4.5 to 1 or better, which a test holds)."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

SPACE = 12


@dataclass(frozen=True)
class Theme:
    """One set of colours, as #rrggbb. The `_soft` ones lie behind text."""

    name: str
    window: str
    surface: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_soft: str
    error: str
    error_soft: str
    warning: str
    warning_soft: str
    info: str
    info_soft: str
    good: str
    good_soft: str

    @property
    def dark(self) -> bool:
        return self.name == "dark"

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
    name="light", window="#f3f5f6", surface="#ffffff", raised="#e9edef", line="#d5dbe0", text="#17202a",
    muted="#55606e", accent="#0b6b66", on_accent="#ffffff", accent_soft="#ddeeec", error="#a8231b",
    error_soft="#fce9e7", warning="#7a5000", warning_soft="#fdf1d8", info="#285890", info_soft="#e6eef8",
    good="#19683a", good_soft="#e1f3e7",
)  # fmt: skip
DARK = Theme(
    name="dark", window="#14181d", surface="#1c2229", raised="#272f38", line="#38424e", text="#e8ebef",
    muted="#a6b1be", accent="#55c2ba", on_accent="#0b1a19", accent_soft="#1d3a3a", error="#ff9d94",
    error_soft="#43211f", warning="#f1c267", warning_soft="#3d3119", info="#97c0f2", info_soft="#1f3148",
    good="#82d8a3", good_soft="#1a3828",
)  # fmt: skip


def wanted_theme(choice: str) -> Theme:
    """The theme for "light", "dark" or "system"."""
    if choice == "system":
        return DARK if QApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT
    return DARK if choice == "dark" else LIGHT

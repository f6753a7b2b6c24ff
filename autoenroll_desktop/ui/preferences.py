"""What the window remembers about itself: language, theme, size of the text, where it stood, which columns show.

Nothing about anybody's pay, and no name of a file, is kept here.
"""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

LANGUAGES = ("en", "ga")
THEMES = ("system", "light", "dark")
TEXT_SIZES = (100, 125, 150, 200, 300)


class Preferences:
    """Kept in one INI file; without a file they last as long as the window."""

    def __init__(self, file: Path | None = None, *, language: str = "") -> None:
        """`language`: the one to begin with until a person chooses; "" leaves it to the program."""
        self._first_language = language
        self._kept: dict[str, Any] = {}
        self._settings = QSettings(str(file), QSettings.Format.IniFormat) if file else None

    @property
    def language(self) -> str:
        """ "en" or "ga"."""
        return self._one_of("language", (self._first_language, *LANGUAGES) if self._first_language else LANGUAGES)

    @property
    def theme(self) -> str:
        """ "system", "light" or "dark"."""
        return self._one_of("theme", THEMES)

    @property
    def text_size(self) -> int:
        """Percent of the usual size."""
        return int(self._one_of("text-size", tuple(map(str, TEXT_SIZES))))

    def text(self, name: str, default: str = "") -> str:
        """A text kept under a name."""
        value = self._value(name)
        return value if isinstance(value, str) else default

    def state(self, name: str) -> QByteArray | None:
        """The state of a window or a splitter, as Qt saved it."""
        value = self._value(name)
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None

    def keep(self, name: str, value: str | QByteArray) -> None:
        """Keep something under a name."""
        if self._settings is not None:
            self._settings.setValue(name, value)
        else:
            self._kept[name] = value

    def take_out(self, name: str) -> str:
        """A text kept under a name, which is not kept any longer; "" where none was."""
        text = self.text(name)
        self._kept.pop(name, None)
        if self._settings is not None:
            self._settings.remove(name)
        return text

    def _value(self, name: str) -> Any:
        return self._settings.value(name) if self._settings is not None else self._kept.get(name)

    def _one_of(self, name: str, known: tuple[str, ...]) -> str:
        value = self.text(name, known[0])
        return value if value in known else known[0]

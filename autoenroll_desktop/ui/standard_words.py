"""Qt's own words (standard buttons, file dialogs, menus of text fields) in the window's language.

All words of the program stand in `resources/words/LANG/*.toml`, and Qt's stand there too, under `[qt]` with Qt's
English text as the key: one mechanism for the terminal, the reports and the window, in files a translator can read, and
a test that nothing is missing. Qt's translation files were not taken: they need a tool run over the source, they serve
only text that goes through Qt, and Qt itself brings none in Irish.
"""

from PySide6.QtCore import QObject, QTranslator

from autoenroll_desktop.domain.words import Words


class StandardWords(QTranslator):
    """Answers Qt's questions for words from ours."""

    def __init__(self, words: Words, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words.group("qt")

    def isEmpty(self) -> bool:
        return not self._words

    def translate(self, context: str, source_text: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        del context, disambiguation, n
        return self._words.get(source_text.replace("&", "").removesuffix("..."))

"""Files on the Check page: opening, adding, looking at one, saying what its columns are."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.ui.commands import Command
from autoenroll_desktop.ui.folders import OPEN
from autoenroll_desktop.ui.view_models.check import CheckViewModel
from autoenroll_desktop.ui.view_models.latest import Latest

if TYPE_CHECKING:
    from autoenroll_desktop.actions.fix_pay_run import Effect
    from autoenroll_desktop.actions.look_at_columns import ColumnsLook
    from autoenroll_desktop.actions.merge_back import Merged
    from autoenroll_desktop.domain.pay_run import FileRead
    from autoenroll_desktop.ui.pages.check import CheckPage

_MARKED = (".xlsx", ".ods")


class CheckFiles(QObject):
    """What a person does with files on the page."""

    def __init__(self, page: "CheckPage", view_model: CheckViewModel) -> None:
        super().__init__(page)
        self._page, self._model, self._context = page, view_model, page.context
        self._reading = Latest(self)
        self._reading.answered.connect(lambda told: told[0](told[1]))
        self._reading.failed.connect(view_model.work.failed)

    @property
    def looking(self) -> bool:
        """Whether columns are being read."""
        return self._reading.busy

    def close(self) -> None:
        """Stop for good."""
        self._reading.close()

    def commands(self) -> list[Command]:
        """For keys and the palette."""
        return [
            Command("columns", self.columns_in_doubt, "Ctrl+Shift+C", self._has_columns),
            Command("take-back", self.ask_for_edited, "", lambda: self._model.result is not None),
        ]

    def add(self, paths: list[Path]) -> None:
        """Check these files with those already there; an annotated workbook that comes back is taken over instead."""
        if not paths:
            return
        self._context.folders.keep(OPEN, paths[0].parent)
        if self._model.bench is None or len(paths) > 1 or paths[0].suffix.lower() not in _MARKED:
            self._model.add(paths)
            return
        today = self._model.now().date()

        def question() -> "tuple[Callable[[bool], None], bool]":
            from autoenroll_desktop.actions.merge_back import is_marked

            return self._take_or_add(paths[0]), is_marked(paths[0], today)

        self._reading.ask(question)

    def ask_for_edited(self) -> None:
        """Ask for a workbook or an exceptions file that was written here and edited, and take over what changed."""
        words = self._context.words
        folder = self._context.folders.of(OPEN)
        for path in self._context.asking.for_files(words, folder, words.say("window.file-kinds"))[:1]:
            self.take_back(path)

    def take_back(self, path: Path) -> None:
        """Show what an edited file would change, before it does."""
        self._model.fixing.merge(path, partial(self._on_merged, path))

    def _take_or_add(self, path: Path) -> "Callable[[bool], None]":
        return lambda marked: self.take_back(path) if marked else self._model.add([path])

    def _on_merged(self, path: Path, merged: "Merged", effect: "Effect | None") -> None:
        from autoenroll_desktop.ui.dialogs.fix_preview import FixPreview

        say, bench = self._context.words.say, self._model.bench
        for key, what in (
            ("rows-unknown", merged.unknown),
            ("rows-missing", merged.missing),
            ("cells-unread", merged.unread),
        ):
            if what:
                self._page.said.emit("warning", say(f"window.{key}", count=len(what)))
        if effect is None or bench is None:
            self._page.said.emit("info", say("window.nothing-taken", name=path.name))
            return
        title = say("window.take-back", name=path.name)
        dialog = FixPreview(self._context, effect, title, bench.prepared.gathered.run, self._page)
        dialog.accepted.connect(lambda: self._model.fixing.do(effect.step))
        dialog.open()

    def open_files(self) -> None:
        """Ask for files and check them."""
        words = self._context.words
        folder = self._context.folders.of(OPEN)
        self.add(self._context.asking.for_files(words, folder, words.say("window.file-kinds")))

    def check_again(self) -> None:
        """Check the same files once more (they may have been saved again)."""
        if self._model.can_check:
            self._model.check()

    def show_file(self, at: int) -> None:
        """Show everything that was seen in a file."""
        from autoenroll_desktop.ui.dialogs.file_health import FileHealth

        result = self._model.result
        if result is None:
            return
        file = result.files[at]
        removable = Path(file.path) in self._model.paths and len(self._model.paths) > 1
        dialog = FileHealth(self._context, file, removable=removable, parent=self._page)
        dialog.columns_wanted.connect(lambda: self.choose_columns(file))
        dialog.removed.connect(lambda: self._model.take_out(Path(file.path)))
        dialog.open()

    def columns_in_doubt(self) -> None:
        """Ask about the columns of the first file that could not be matched surely, else of the first pay file."""
        from autoenroll_desktop.actions.choose_columns import in_doubt

        result = self._model.result
        if result is None:
            return
        files = [file for file in result.files if not file.left_out and _has_columns(file)]
        doubtful = [file for file in files if in_doubt(file)]
        for file in (doubtful or files)[:1]:
            self.choose_columns(file)

    def choose_columns(self, file: "FileRead") -> None:
        """Ask what the columns of a file are; what is said holds from then on."""
        self._look(file, None, partial(self._ask_about, file))

    def _look(self, file: "FileRead", tables: "dict[str, Any] | None", then: "Callable[[ColumnsLook], None]") -> None:
        """Look at the columns of a file, off the UI thread: with these choices, else with what holds so far."""
        look = self._model.look_at_columns(Path(file.path), tables)
        self._reading.ask(lambda: (then, look()))

    def _ask_about(self, file: "FileRead", look: "ColumnsLook") -> None:
        from autoenroll_desktop.actions.choose_columns import fields_for
        from autoenroll_desktop.ui.dialogs.columns import ColumnsDialog

        if look.settled or not (look.columns or look.rows):
            fixed = self._context.words.say("window.columns-fixed", name=file.name)
            self._page.said.emit("info", look.error or fixed)
            return
        dialog = ColumnsDialog(
            self._context, look, fields_for(file.role), can_remember=self._model.can_remember, parent=self._page
        )
        dialog.other_wanted.connect(lambda tables: self._look(file, tables, dialog.show_look))

        def use() -> None:
            path, remember = Path(file.path), dialog.remember.isChecked()
            try:
                self._model.choose_columns(path, dialog.tables, headers=dialog.headers, remember=remember)
            except AppError as error:
                self._page.said.emit("error", str(error))

        dialog.accepted.connect(use)
        dialog.open()

    def _has_columns(self) -> bool:
        result = self._model.result
        return result is not None and any(_has_columns(file) for file in result.files)


def _has_columns(file: "FileRead") -> bool:
    return bool(file.error) or any(column.because != "standard" for column in file.columns)

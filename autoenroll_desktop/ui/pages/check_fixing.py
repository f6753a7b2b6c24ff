"""Putting right on the Check page: suggestions, previews, history, recipes, confirmations."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.ui.commands import Command
from autoenroll_desktop.ui.view_models.check import CheckViewModel
from autoenroll_desktop.ui.view_models.latest import Latest
from autoenroll_desktop.ui.view_models.sheet import COLUMNS
from autoenroll_desktop.ui.widgets.step_words import title_of

if TYPE_CHECKING:
    from autoenroll_desktop.actions.fix_pay_run import Effect, Workbench
    from autoenroll_desktop.actions.fixing import Entry, Proposal, Recipe
    from autoenroll_desktop.domain.finding import Finding
    from autoenroll_desktop.ui.pages.check import CheckPage


class CheckFixing(QObject):
    """What a person does about a finding."""

    def __init__(self, page: "CheckPage", view_model: CheckViewModel) -> None:
        super().__init__(page)
        self._page, self._model, self._context = page, view_model, page.context
        self._words = page.words
        self._suggesting = Latest(self)
        self._suggesting.answered.connect(self._on_suggested)
        self._suggesting.failed.connect(page.tell)
        view_model.fixing.previewed.connect(self._on_previewed)
        view_model.replayed.connect(self._on_replayed)
        page.lines.typed.connect(self.type_over)
        page.inspector.fix_wanted.connect(self.fix)
        page.inspector.fix_all_wanted.connect(self.preview)
        page.inspector.confirm_wanted.connect(self.confirm)
        page.inspector.edit_wanted.connect(self.edit_cell)
        page.panel.fix_button.clicked.connect(self.fix_certain)
        page.panel.history_button.clicked.connect(self.show_history)

    @property
    def looking(self) -> bool:
        """Whether suggestions are being worked out."""
        return self._suggesting.busy

    def commands(self) -> list[Command]:
        """For keys and the palette."""
        model, inspector = self._model, self._page.inspector
        return [
            Command("fix", inspector.fix_here, "Ctrl+Return", self._free),
            Command("fix-all", inspector.fix_all, "Ctrl+Shift+Return", self._free),
            Command("fix-certain", self.fix_certain, "", self._free),
            Command("edit", self.edit_cell, "", self._free),
            Command("confirm", self.confirm, "", self._free),
            Command("undo", model.fixing.undo, QKeySequence.StandardKey.Undo, lambda: bool(model.steps)),
            Command("redo", model.fixing.redo, "Ctrl+Shift+Z", lambda: bool(model.undone)),
            Command("history", self.show_history, "Ctrl+H", self._free),
            Command("recipe-open", self.open_recipe, "", self._free),
            Command("recipe-save", self.save_recipe, "", lambda: bool(model.steps)),
        ]

    def close(self) -> None:
        """Stop for good."""
        self._suggesting.close()

    def look(self, finding: "Finding", place: int) -> None:
        """Work out what can be done at a place; the inspector offers it."""
        bench = self._model.bench
        if bench is not None:
            self._suggesting.ask(lambda: (finding, place, bench.proposals(finding, place), bench.proposals(finding)))

    def fix(self, proposal: "Proposal") -> None:
        """Take a suggestion."""
        from autoenroll_desktop.actions import fix_pay_run

        if self._model.bench is not None:
            self._model.fixing.do(fix_pay_run.fix(self._model.bench, proposal))

    def preview(self, proposal: "Proposal") -> None:
        """Show what a suggestion would do at all places alike, before it is taken."""
        from autoenroll_desktop.actions import fix_pay_run

        if self._model.bench is not None:
            self._model.fixing.preview(fix_pay_run.fix(self._model.bench, proposal))

    def fix_certain(self) -> None:
        """Take everything that is determined."""
        if self._free():
            self._model.fixing.fix_certain()

    def type_over(self, line: int, field: str, text: str) -> None:
        """A cell was typed over."""
        try:
            self._model.fixing.edit(line, field, text)
        except AppError as error:
            self._page.said.emit("error", str(error))

    def edit_cell(self) -> None:
        """Open the cell that is marked for typing."""
        place, grid = self._page.inspector.place, self._page.grid
        index = grid.fixed.currentIndex()
        if place is not None and place[0].field in COLUMNS:
            index = index.siblingAtColumn(COLUMNS.index(place[0].field))
        if index.isValid():
            table = grid.moving if grid.fixed.isColumnHidden(index.column()) else grid.fixed
            table.setFocus()
            table.scrollTo(index)
            table.edit(index)

    def confirm(self) -> None:
        """Say that a warning was looked at and found right, with a reason."""
        from autoenroll_desktop.actions import fix_pay_run
        from autoenroll_desktop.ui.dialogs.confirm import ConfirmDialog

        place = self._page.inspector.place
        if place is None or place[0].severity.blocks:
            return
        finding, number = place
        dialog = ConfirmDialog(self._context, self._words.title(finding), len(finding), self._page)

        def say_so() -> None:
            if (bench := self._model.bench) is not None:
                where = None if dialog.everywhere or len(finding) == 1 else number
                self._model.fixing.do(fix_pay_run.confirm(bench, finding, dialog.reason, where))

        dialog.accepted.connect(say_so)
        dialog.open()

    def show_history(self) -> None:
        """Show the steps, with a way back."""
        from autoenroll_desktop.ui.dialogs.history import HistoryDialog

        dialog = HistoryDialog(self._context, self._model.steps, self._model.undone, self._page)
        dialog.back_wanted.connect(self._model.fixing.back_to)
        dialog.open()

    def show_steps(self) -> None:
        """Show how many steps there are."""
        done, button = len(self._model.steps), self._page.panel.history_button
        button.setText(self._words.say("window.history-steps" if done else "window.history", steps=done))
        button.setEnabled(bool(done or self._model.undone))
        result = self._model.result
        fixable = result is not None and any(finding.rule.fix for finding in result.findings)
        self._page.panel.fix_button.setEnabled(fixable)

    def open_recipe(self) -> None:
        """Ask for a recipe, and show what it would do here before it does it."""
        from autoenroll_desktop.actions.recipe_file import read_recipe

        files = self._context.asking.for_files(self._words, "", self._words.say("window.recipe-kinds"))
        if not files:
            return
        try:
            recipe = read_recipe(files[0])
        except AppError as error:
            self._page.said.emit("error", str(error))
            return
        self.try_out(recipe)

    def try_out(self, recipe: "Recipe") -> None:
        """Show what a recipe would do here."""
        self._model.fixing.try_recipe(recipe, lambda bench, _fitted, left: self._offer(recipe, bench, left))

    def save_recipe(self) -> None:
        """Keep the steps done so far as a recipe."""
        from autoenroll_desktop.actions import fix_pay_run
        from autoenroll_desktop.actions.recipe_file import write_recipe

        bench = self._model.bench
        suggested = self._words.say("window.recipe-name")
        path = self._context.asking.where_to_save(
            self._words, f"{suggested}.toml", self._words.say("window.recipe-kinds")
        )
        if bench is None or path is None:
            return
        name = Path(path).stem
        self._model.writing.write(
            "recipe-saving", "recipe", lambda now, _progress: write_recipe(fix_pay_run.recipe(now, name), path)
        )

    def _offer(self, recipe: "Recipe", after: "Workbench", left: "tuple[Entry, ...]") -> None:
        from autoenroll_desktop.ui.dialogs.recipe_preview import RecipePreview

        bench = self._model.bench
        if bench is None:
            return
        dialog = RecipePreview(self._context, recipe, left, bench.checked, after.checked, self._page)
        dialog.accepted.connect(lambda: self._model.fixing.take(after))
        dialog.open()

    def _free(self) -> bool:
        return self._model.result is not None and not self._model.work.busy

    def _on_suggested(self, told: tuple[Any, ...]) -> None:
        finding, place, one, alike = told
        shown = self._page.inspector.place
        if shown is not None and shown[0] is finding and shown[1] == place:
            self._page.inspector.suggest(one, alike)

    def _on_previewed(self, effect: "Effect") -> None:
        from autoenroll_desktop.ui.dialogs.fix_preview import FixPreview

        bench = self._model.bench
        if bench is None or effect.before is not bench.checked:
            return
        title = title_of(effect.step.key, self._words)
        dialog = FixPreview(self._context, effect, title, bench.prepared.gathered.run, self._page)
        dialog.accepted.connect(lambda: self._model.fixing.do(effect.step))
        dialog.open()

    def _on_replayed(self, fitted: int, left: tuple[Any, ...]) -> None:
        self._page.said.emit("warning", self._words.say("window.steps-lost", fitted=fitted, left=len(left)))

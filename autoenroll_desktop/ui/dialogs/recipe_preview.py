"""Before a recipe is applied: what it would do here, and which of its steps no longer fit."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.fix_preview import EffectTable
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog
from autoenroll_desktop.ui.icons import icon, severity_icon
from autoenroll_desktop.ui.widgets.step_words import entry_in_words

if TYPE_CHECKING:
    from autoenroll_desktop.actions.fixing import Entry, Recipe
    from autoenroll_desktop.domain.checked_run import CheckedRun


class RecipePreview(SheetDialog):
    """Accepting it means that the steps that fit are to be done."""

    def __init__(
        self,
        context: Context,
        recipe: "Recipe",
        left: "tuple[Entry, ...]",
        before: "CheckedRun",
        after: "CheckedRun",
        parent: QWidget | None = None,
    ) -> None:
        say, fitted = context.words.say, len(recipe) - len(left)
        about = say("window.recipe-about", fitted=fitted, total=len(recipe))
        super().__init__(
            context, say("window.recipe-title", name=recipe.name), about, accept=say("window.do-fix"), parent=parent
        )
        assert self.accept_button is not None
        self.accept_button.setEnabled(fitted > 0)
        self.list = QListWidget(self)
        self.list.setAccessibleName(say("window.recipe-steps"))
        self.list.setWordWrap(True)
        gone = {id(entry) for entry in left}
        for entry in recipe.entries:
            told = entry_in_words(entry, context.words)
            if id(entry) in gone:
                sign = severity_icon("warning", self.theme)
                self.list.addItem(QListWidgetItem(sign, say("window.no-longer-fits", step=told)))
            else:
                self.list.addItem(QListWidgetItem(icon("fix", self.theme.accent), told))
        self.body.addWidget(EffectTable(context, before, after, self))
        self.body.addWidget(self.list, 1)
        self.grow(680, 520)

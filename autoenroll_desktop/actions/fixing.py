"""The words of putting right that the window names: steps, suggestions, recipes. What is done with them stands in
`fix_pay_run`."""

from autoenroll_desktop.fixes.proposal import Proposal
from autoenroll_desktop.fixes.recipe import Entry, Recipe
from autoenroll_desktop.fixes.step import Change, Step, StepKind

__all__ = ["Change", "Entry", "Proposal", "Recipe", "Step", "StepKind"]

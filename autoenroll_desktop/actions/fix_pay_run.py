"""Putting a pay run right: suggestions taken, cells typed over, warnings confirmed, each step checked at once.

The files stay as they are. What a person did is a list of steps over the run as it was read; after each step the whole
run is checked again, which takes a tenth of a second for twenty thousand lines.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from autoenroll_desktop.actions.check_pay_run import Prepared, check_prepared, found_in_files
from autoenroll_desktop.domain.aepn import Status
from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.finding import NOWHERE, Finding, Ints
from autoenroll_desktop.domain.pay_run import PayRun
from autoenroll_desktop.domain.progress import SILENT, Progress
from autoenroll_desktop.fixes.history import History
from autoenroll_desktop.fixes.propose import Known, Proposal, certain, proposals
from autoenroll_desktop.fixes.recipe import Entry, Recipe, recipe_of, step_for
from autoenroll_desktop.fixes.step import Objects, Step, StepKind, Stepped, after_steps, change_of
from autoenroll_desktop.rules.catalogue import TOPICS
from autoenroll_desktop.rules.register import build_register


@dataclass(frozen=True, eq=False)
class Workbench:
    """A pay run being put right: the files as read, the steps done so far, and the check of what came out.

    Every step gives a new workbench; the old one stays as it was.
    """

    prepared: Prepared
    history: History
    stepped: Stepped
    checked: CheckedRun

    @cached_property
    def known(self) -> Known:
        """Who has which number, for suggestions."""
        return Known(self.checked.run.lines, self.prepared.register.current, self.prepared.gathered.history.lines)

    def proposals(self, finding: Finding, place: int | None = None) -> list[Proposal]:
        """What can be done about a finding of the check, at all its places or at one of them."""
        return proposals(finding, self.known, place)


@dataclass(frozen=True)
class Effect:
    """What a step would change: the checks without it and with it; the cells are the step's own."""

    step: Step
    before: CheckedRun
    after: CheckedRun


def start(prepared: Prepared, progress: Progress = SILENT) -> Workbench:
    """Begin with the files as they were read."""
    return _with(prepared, History(), progress)


def do(bench: Workbench, step: Step, progress: Progress = SILENT) -> Workbench:
    """Do a step and check again."""
    return _with(bench.prepared, bench.history.add(step), progress)


def undo(bench: Workbench, progress: Progress = SILENT) -> Workbench:
    """Take the last step back; as it is where there is none."""
    return _with(bench.prepared, bench.history.undo(), progress) if bench.history.done else bench


def redo(bench: Workbench, progress: Progress = SILENT) -> Workbench:
    """Do the step undone last once more; as it is where there is none."""
    return _with(bench.prepared, bench.history.redo(), progress) if bench.history.undone else bench


def back_to(bench: Workbench, size: int, progress: Progress = SILENT) -> Workbench:
    """Undo or redo until `size` steps are done, and check once."""
    return _with(bench.prepared, bench.history.back_to(size), progress)


def preview(bench: Workbench, step: Step, progress: Progress = SILENT) -> Effect:
    """What a step would do to the verdict and the totals, without doing it."""
    return Effect(step, bench.checked, do(bench, step, progress).checked)


def fix(bench: Workbench, proposal: Proposal) -> Step:
    """The step that takes a suggestion."""
    return proposal.step(bench.stepped.origin)


def edit(bench: Workbench, line: int, field: str, value: str | int | None) -> Step | None:
    """The step that types a cell over; None where it holds that already. `line`: as the run stands now."""
    now: Objects = np.array([value], dtype=object)
    change = change_of(bench.checked.run.lines, field, np.array([line], dtype=np.int64), now)
    if not len(change):
        return None
    there = bench.stepped.origin[change.lines]
    return Step(StepKind.EDIT, changes=(replace(change, lines=there),), alike=False)


def fix_certain(bench: Workbench, progress: Progress = SILENT) -> Workbench:
    """Take every suggestion that is determined, topic by topic, because who somebody is decides what is due."""
    for topic in TOPICS:
        every = certain(bench.checked.findings, bench.known, topic)
        if every:
            bench = do(bench, fix(bench, every), progress)
    return bench


def confirm(bench: Workbench, finding: Finding, reason: str, place: int | None = None) -> Step:
    """The step that says a warning was looked at and found right; at one place, or as a whole."""
    lines = finding.lines if place is None else finding.lines[[place]]
    there = bench.stepped.origin[lines[lines != NOWHERE]]
    return Step(StepKind.CONFIRM, finding.key, lines=there, reason=reason.strip(), alike=place is None)


@dataclass(frozen=True)
class Replayed:
    """A recipe done to a run: the workbench after it, and the entries that did not fit."""

    bench: Workbench
    fitted: tuple[Entry, ...]
    left: tuple[Entry, ...]


def replay(bench: Workbench, recipe: Recipe, progress: Progress = SILENT) -> Replayed:
    """Do the steps of a recipe in their order, each on what the one before left; those that fit nothing are told."""
    fitted, left = [], []
    for done, entry in enumerate(recipe.entries):
        progress.step("recipe", done, len(recipe))
        step = step_for(entry, bench.checked.findings, bench.known, bench.stepped.origin)
        if step is None:
            left.append(entry)
        else:
            bench = do(bench, step, progress)
            fitted.append(entry)
    return Replayed(bench, tuple(fitted), tuple(left))


def recipe(bench: Workbench, name: str) -> Recipe:
    """The steps done so far as a recipe."""
    return recipe_of(name, bench.history.done, bench.prepared.gathered.run.lines)


def _with(prepared: Prepared, history: History, progress: Progress) -> Workbench:
    meanings = {step.key: Status(step.choice) for step in history.done if step.kind is StepKind.MEANING}
    understood = prepared
    if meanings:
        understood = replace(prepared, register=build_register(prepared.gathered.aepns, prepared.now, meanings))
    stepped = after_steps(prepared.gathered.run.lines, history.done)
    reading = [*_still_held(found_in_files(prepared.gathered), stepped, len(prepared.gathered.run))]
    checked = check_prepared(understood, PayRun(stepped.lines), progress, reading=reading)
    confirmed = _confirmed(history.done, stepped)
    return Workbench(prepared, history, stepped, replace(checked, confirmed=confirmed))


def _still_held(findings: Iterator[Finding], stepped: Stepped, size: int) -> Iterator[Finding]:
    """What reading brought up, without cells that were typed over and lines left out; lines as they stand now."""
    now = np.full(size, NOWHERE, dtype=np.int64)
    now[stepped.origin] = np.arange(len(stepped.origin))
    edited = {change.field: change.lines for change in stepped.edits}
    for finding in findings:
        on_line = finding.lines != NOWHERE
        gone = on_line & np.isin(finding.lines, stepped.dropped)
        if finding.code == "value-unreadable" and finding.field in edited:
            gone |= on_line & np.isin(finding.lines, edited[finding.field])
        if not on_line.any() or (not len(stepped.dropped) and not gone.any()):
            yield finding
            continue
        kept = np.flatnonzero(~gone)
        lines = np.where(on_line[kept], now[finding.lines[kept]], NOWHERE)
        facts = {name: [column[at] for at in kept.tolist()] for name, column in finding.facts.items()}
        if len(kept):
            yield replace(finding, files=finding.files[kept], rows=finding.rows[kept], lines=lines, facts=facts)


def _confirmed(steps: Sequence[Step], stepped: Stepped) -> dict[str, tuple[Ints, str]]:
    """Warnings that were confirmed: finding key → the lines as they stand now, and the reason given last."""
    found: dict[str, tuple[Ints, str]] = {}
    for step in steps:
        if step.kind is StepKind.CONFIRM:
            before = found[step.key][0] if step.key in found else np.zeros(0, dtype=np.int64)
            found[step.key] = (np.union1d(before, np.flatnonzero(np.isin(stepped.origin, step.lines))), step.reason)
    return found

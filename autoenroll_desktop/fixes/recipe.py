"""What was done to one pay run, written down so that it can be done to the next.

A recipe says what was done in the order it was done, by finding rather than by cell: "all amounts taken off basic pay,
as the AEPN asks". A correction of one cell says whose cell it is, what stood there and what should; it is made again
only where the same stands there again. A recipe therefore holds payroll numbers and PPSNs, and is to be kept like the
payroll file itself.

    format = "autoenroll-recipe"
    version = 1
    name = "Hibernia Foods weekly"

    [[step]]
    do = "fix"
    finding = "contribution-amount/base-basic"
"""

import datetime as dt
import json
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.aepn import Status
from autoenroll_desktop.domain.finding import Finding, Ints
from autoenroll_desktop.domain.pay_run import FIELDS, Kind
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.fixes.proposal import Known, Proposal
from autoenroll_desktop.fixes.propose import ALL, certain, proposals
from autoenroll_desktop.fixes.step import Change, Step, StepKind, change_of, meaning, values_at

FORMAT, VERSION = "autoenroll-recipe", 1
Value = str | int | dt.date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One step of a recipe.

    Attributes:
        do: fix, edit, drop or confirm. finding: the key of what it answers. choice: which suggestion was taken.
        who: whose lines ("101" a works number, "1234567FA/1" a PPSN with employment ID, "101#2" the second line of
            101); none means all alike.
        field, was, now: for an edit, as text; "" is an empty cell. For a meaning, the word and what it means. For a fix
            that gives all lines one value, `now` is that value.
    """

    do: str
    finding: str = ""
    choice: str = ""
    who: tuple[str, ...] = ()
    field: str = ""
    was: str = ""
    now: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Recipe:
    """A named, ordered list of entries."""

    name: str
    entries: tuple[Entry, ...] = ()

    def __len__(self) -> int:
        return len(self.entries)


def recipe_of(name: str, steps: Iterable[Step], lines: pd.DataFrame) -> Recipe:
    """The recipe of steps done to a run. `lines`: the run as it was read."""
    names = names_of(lines)
    return Recipe(name, tuple(entry for step in steps for entry in _entries(step, names)))


def _entries(step: Step, names: Sequence[str]) -> Iterator[Entry]:
    if step.kind is StepKind.EDIT or (step.kind is StepKind.FIX and not step.alike and step.choice in _PICKED):
        for change in step.changes:
            for at, was, now in zip(change.lines.tolist(), change.was, change.now, strict=True):
                yield Entry("edit", who=(names[at],), field=change.field, was=written(was), now=written(now))
        return
    if step.kind is StepKind.MEANING:
        yield Entry("meaning", was=step.key, now=step.choice)
        return
    by_line = step.tidies or step.kind in (StepKind.DROP, StepKind.CONFIRM)
    places = step.lines if by_line else _touched(step)
    who = () if step.alike else tuple(dict.fromkeys(names[at] for at in places.tolist()))
    now = written(step.changes[0].now[0]) if step.key.startswith(_ONE_VALUE) and step.cells else ""
    yield Entry(step.kind.value, step.key, step.choice, who, now=now, reason=step.reason)


_PICKED = (
    "passes",
    "another-name",
    "its-aepn",
    "last-period",
    "as-others",
    "its-tax-year",
    "decimal-comma",
    "look-alikes",
    "figures-only",
    "month-first",
)
"""Suggestions that a person picked for one place: done again only where the same stands there again."""
_ONE_VALUE = "employer-number-"
"""Findings all of whose places get one value; the recipe says which."""


def _puts(proposal: Proposal, now: str) -> bool:
    """Whether a suggestion puts the value a recipe names; any where it names none."""
    return not now or {written(value) for change in proposal.changes for value in change.now} == {now}


def _touched(step: Step) -> Ints:
    return np.unique(np.concatenate([change.lines for change in step.changes] or [np.zeros(0, dtype=np.int64)]))


def names_of(lines: pd.DataFrame) -> list[str]:
    """Whose each line is: the works number, else PPSN and employment ID; "101#2" is the second line of 101."""
    names, seen = [], dict[str, int]()
    for works, ppsn, employment in zip(lines["works_number"], lines["ppsn"], lines["employment_id"], strict=True):
        parts = (one if isinstance(one, str) else "" for one in (ppsn, employment))
        name = works if isinstance(works, str) else "/".join(parts)
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return names


def step_for(
    entry: Entry, findings: Sequence[Finding], known: Known, origin: Ints, names: Sequence[str]
) -> Step | None:
    """The step an entry is on this run as it stands now, or None where it no longer fits.

    Args:
        findings: what is found in the run now. origin: the position each line has in the run as it was read.
        names: whose each line of the run as it was read is (`names_of`).
    """
    named = [names[at] for at in origin.tolist()]
    if entry.do == "edit":
        return _edit(entry, known.lines, origin, named)
    if entry.do == "meaning":
        return meaning(entry.was, entry.now)
    if entry.finding.startswith(ALL):
        every = certain(findings, known, entry.finding.removeprefix(ALL))
        return every.step(origin) if every else None
    finding = next((one for one in findings if one.key == entry.finding), None)
    if finding is None:
        return None
    places = _places(entry, finding, named)
    if entry.do == "confirm":
        lines = finding.lines[places] if entry.who else np.zeros(0, dtype=np.int64)
        lines = origin[lines[lines >= 0]]
        return Step(StepKind.CONFIRM, finding.key, lines=lines, reason=entry.reason, alike=not entry.who)
    if not entry.who:
        found = [one for one in proposals(finding, known) if one.choice == entry.choice and _puts(one, entry.now)]
        return found[0].step(origin) if found else None
    parts = [
        one.step(origin)
        for place in places.tolist()
        for one in proposals(finding, known, place)
        if one.choice == entry.choice
    ]
    return _joined(parts)


def _places(entry: Entry, finding: Finding, named: Sequence[str]) -> Ints:
    if not entry.who:
        return np.arange(len(finding))
    return np.array(
        [at for at, line in enumerate(finding.lines.tolist()) if line >= 0 and named[line] in entry.who],
        dtype=np.int64,
    )


def _joined(parts: list[Step]) -> Step | None:
    """Steps of one finding at several places as one."""
    if not parts:
        return None
    first = parts[0]
    fields = dict.fromkeys(change.field for part in parts for change in part.changes)
    changes = []
    for field in fields:
        same = [change for part in parts for change in part.changes if change.field == field]
        changes.append(
            Change(
                field,
                np.concatenate([change.lines for change in same]),
                np.concatenate([change.was for change in same]),
                np.concatenate([change.now for change in same]),
            )
        )
    lines = np.concatenate([part.lines for part in parts])
    return Step(first.kind, first.key, tuple(changes), lines, first.choice, alike=False)


def _edit(entry: Entry, lines: pd.DataFrame, origin: Ints, named: Sequence[str]) -> Step | None:
    if entry.field not in FIELDS:
        return None
    cells = values_at(lines[entry.field], np.arange(len(lines)))
    same = [line for line, cell in enumerate(cells) if written(cell) == entry.was]
    mine = [line for line in same if named[line] in entry.who]
    if not mine and entry.field == "ppsn":  # the same wrong number, under another works number
        mine = same
    at = np.array(mine, dtype=np.int64)
    if not len(at):
        return None
    now = np.full(len(at), read_value(entry.field, entry.now), dtype=object)
    change = change_of(lines, entry.field, at, now)
    changes = (Change(change.field, origin[change.lines], change.was, change.now),)
    return Step(StepKind.EDIT, changes=changes, alike=False) if len(change) else None


def written(value: Value) -> str:
    """A cell's value as a recipe writes it: text as it is, cents and dates as numbers and ISO text, "" for none."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def read_value(field: str, text: str) -> Value:
    """The value of a field from a recipe's text. Raises ValueError where it is none."""
    if not text:
        return None
    match FIELDS[field]:
        case Kind.MONEY | Kind.WHOLE:
            return int(text)
        case Kind.DATE:
            return dt.date.fromisoformat(text)
    return text


def to_text(recipe: Recipe) -> str:
    """A recipe as the text of its file (TOML)."""
    parts = [f"format = {_quoted(FORMAT)}\nversion = {VERSION}\nname = {_quoted(recipe.name)}\n"]
    for entry in recipe.entries:
        filled = {name: value for name, value in asdict(entry).items() if value}
        parts.append("[[step]]\n" + "".join(f"{name} = {_quoted(value)}\n" for name, value in filled.items()))
    return "\n".join(parts)


def _quoted(value: Any) -> str:
    """A TOML string or list of strings; JSON's way of quoting is one of TOML's."""
    text = json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
    return text.replace("\x7f", "\\u007f")


def from_text(text: str, name: str) -> Recipe:
    """Read a recipe's file back.

    Raises:
        AppError: no recipe, of a later version, or with a step that is none of ours.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AppError(f"{name} is no recipe", str(error), "Choose a recipe this program wrote") from error
    if content.get("format") != FORMAT:
        raise AppError(f"{name} is no recipe", "it does not say so", "Choose a recipe this program wrote")
    if content.get("version") != VERSION:
        raise AppError(f"{name} was written by a later release", "", "Update the program and try again")
    steps = content.get("step", [])
    if not isinstance(steps, list):
        raise AppError(f"{name} is no recipe", "its steps are no list", "Choose a recipe this program wrote")
    return Recipe(str(content.get("name", "")), tuple(_entry(one, at, name) for at, one in enumerate(steps, 1)))


def _entry(step: Any, number: int, name: str) -> Entry:
    fields = {field: step.get(field, "") for field in Entry.__dataclass_fields__} if isinstance(step, dict) else {}
    who = fields.pop("who", "") or ()
    entry = Entry(**fields, who=tuple(who)) if fields and all(isinstance(one, str) for one in fields.values()) else None
    meant = entry is None or entry.do != "meaning" or entry.now in {*Status}
    if entry is None or entry.do not in {*StepKind} or not meant or not all(isinstance(one, str) for one in entry.who):
        raise AppError(f"Step {number} of {name} cannot be used", "it is none this program writes", "Take it out")
    if entry.do == "edit":
        try:
            read_value(entry.field, entry.now)
        except (KeyError, ValueError) as error:
            raise AppError(
                f"Step {number} of {name} cannot be used", f"{entry.field}: {entry.now}", "Take it out"
            ) from error
    return entry

"""Steps and suggestions in words: what would change from what to what, and what was done."""

from typing import TYPE_CHECKING, Any

from autoenroll_desktop.domain.identifiers import mask_ppsn
from autoenroll_desktop.domain.money import euro
from autoenroll_desktop.domain.words import MISSING, Words, absent, as_date
from autoenroll_desktop.ui.view_models.sheet import DATES, MONEY

if TYPE_CHECKING:
    from autoenroll_desktop.actions.fixing import Entry, Proposal, Step
    from autoenroll_desktop.domain.checked_run import CheckedRun

_TOLD = 4
_CERTAIN = "all:"


def value_in_words(field: str, value: Any, *, show_ppsn: bool = False) -> str:
    """A cell as people read it; PPSNs masked unless asked for."""
    if absent(value):
        return MISSING
    if field in MONEY:
        return euro(int(value))
    if field in DATES:
        return f"{as_date(value):%d/%m/%Y}"
    return mask_ppsn(str(value)) if field == "ppsn" and not show_ppsn else str(value)


def change_in_words(proposal: "Proposal", words: Words, *, show_ppsn: bool = False) -> list[str]:
    """What a suggestion for one place would do: "Employee €11.14 → €12.43", a line a cell."""
    if proposal.dropped is not None:
        return [words.say("window.leaves-out", count=len(proposal.dropped))]
    if proposal.tidied is not None:
        return [words.say("window.tidied-cell")]
    told = []
    for change in proposal.changes:
        for was, now in zip(change.was[:_TOLD], change.now[:_TOLD], strict=True):
            sides = (value_in_words(change.field, side, show_ppsn=show_ppsn) for side in (was, now))
            told.append(f"{words.say(f'field.{change.field}')}: {' → '.join(sides)}")
    return told[:_TOLD]


def choice_in_words(proposal: "Proposal", words: Words, *, show_ppsn: bool = False) -> str:
    """A suggestion among several, in a few words."""
    told = change_in_words(proposal, words, show_ppsn=show_ppsn)
    now = told[0].rpartition("→ ")[2]
    return words.say("window.choice", value=now, because=words.say(f"choice.{proposal.choice or 'suggested'}"))


def step_in_words(step: "Step", words: Words, checked: "CheckedRun | None") -> str:
    """What was done, in one line for the history."""
    if step.kind == "edit":
        change = step.changes[0]
        was, now = (value_in_words(change.field, side[0]) for side in (change.was, change.now))
        return words.say("step.edit", field=words.say(f"field.{change.field}"), was=was, now=now)
    if step.kind == "meaning":
        return words.say("step.meaning", word=step.key, status=words.say(f"status.{step.choice}"))
    if step.key.startswith(_CERTAIN):
        topic = words.say(f"topic.{step.key.removeprefix(_CERTAIN)}")
        return words.say("step.certain", topic=topic, count=step.cells)
    title = title_of(step.key, words)
    if step.kind == "drop":
        return words.say("step.drop", title=title, count=len(step.lines))
    if step.kind == "confirm":
        return words.say("step.confirm", title=title, reason=step.reason)
    del checked
    return words.say("step.fix", title=title, count=step.cells)


def entry_in_words(entry: "Entry", words: Words) -> str:
    """A step of a recipe, in one line."""
    if entry.do == "edit":
        sides = ((mask_ppsn(side) if entry.field == "ppsn" else side) or MISSING for side in (entry.was, entry.now))
        was, now = sides
        return words.say("step.edit", field=words.say(f"field.{entry.field}"), was=was, now=now)
    if entry.do == "meaning":
        return words.say("step.meaning", word=entry.was, status=words.say(f"status.{entry.now}"))
    if entry.finding.startswith(_CERTAIN):
        return words.say("step.certain-entry", topic=words.say(f"topic.{entry.finding.removeprefix(_CERTAIN)}"))
    key = {"drop": "step.drop-entry", "confirm": "step.confirm"}.get(entry.do, "step.fix-entry")
    return words.say(key, title=title_of(entry.finding, words), reason=entry.reason)


def title_of(key: str, words: Words) -> str:
    """The headline of a finding from its key."""
    code, _, cause = key.partition("/")
    return words.headline_of(code, cause)

"""What would put a finding right: one suggestion a place where it can be told, or several to choose from.

A suggestion for all places alike is only made where each of them is determined: by the AEPN, by arithmetic, or by a
person of the same name. What a person has to know is left to a person, one place at a time.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np

from autoenroll_desktop.domain.finding import NOWHERE, Finding, Ints
from autoenroll_desktop.domain.words import absent
from autoenroll_desktop.fixes.candidates import CANDIDATES
from autoenroll_desktop.fixes.numbering import LONGEST_ITEM, numbered
from autoenroll_desktop.fixes.ppsn_repairs import Source, ranked, sure
from autoenroll_desktop.fixes.proposal import Known, Proposal, column_of, objects_at
from autoenroll_desktop.fixes.step import Change, change_of

_SHARES = ("employee", "employer")


Propose = Callable[[Finding, Known, Ints], Iterator[Proposal]]
"""Finding, what is known, and which of its places are meant (indices) → proposals, the best first."""


def proposals(finding: Finding, known: Known, place: int | None = None) -> list[Proposal]:
    """What can be done about a finding, the best first; about one of its places where `place` says so.

    Suggestions for all places at once are those that are determined; for one place there may be more to choose from.
    """
    places = np.arange(len(finding)) if place is None else np.array([place], dtype=np.int64)
    places = places[(finding.lines[places] != NOWHERE) | (finding.code in _ON_OTHER_LINES)]
    if not finding.rule.fix or not len(places):
        return []
    propose = _PROPOSE.get(finding.code, _suggested)
    found = [one for one in propose(finding, known, places) if one]
    if place is None:
        return found[:1] if finding.code in _PERSONAL else found
    return [replace(one, alike=False) for one in found]


ALL = "all:"
"""Begins the key of a step that does everything certain in a topic: "all:contributions"."""


def certain(findings: Iterable[Finding], known: Known, topic: str) -> Proposal | None:
    """Everything in a topic whose repair is determined, as one proposal; None where there is nothing of the kind.

    Where two findings speak about one cell the graver one, which comes first, is followed.
    """
    mine = [one for one in findings if one.rule.topic == topic and (one.rule.fix == "auto" or one.code in _PERSONAL)]
    found = [many[0] for one in mine if (many := proposals(one, known)) and many[0].changes]
    found = [one for one in found if one.choice in ("", "same-name", "new-item")]
    if not found:
        return None
    changes = []
    for field in dict.fromkeys(change.field for one in found for change in one.changes):
        same = [change for one in found for change in one.changes if change.field == field]
        lines = np.concatenate([change.lines for change in same])
        at, first = np.unique(lines, return_index=True)
        was, now = (np.concatenate([getattr(change, part) for change in same])[first] for part in ("was", "now"))
        changes.append(Change(field, at, was, now))
    return Proposal(f"{ALL}{topic}", tuple(changes), sum(one.places for one in found), sum(one.left for one in found))


def _suggested(finding: Finding, known: Known, places: Ints) -> Iterator[Proposal]:
    """The rule's own suggestion."""
    values = finding.facts.get("suggestion")
    if values is None or finding.field is None:
        return
    now = objects_at(values, places)
    told = np.array([not absent(value) for value in now], dtype=np.bool_)
    if told.any():
        change = change_of(known.lines, finding.field, finding.lines[places][told], now[told])
        yield Proposal(finding.key, (change,) if len(change) else (), int(told.sum()), int((~told).sum()))


def _shares(finding: Finding, known: Known, places: Ints) -> Iterator[Proposal]:
    """Both shares of a contribution as the AEPN asks for; over the annual limit, under either reading."""
    if "statute_employee" in finding.facts:
        yield _both(finding, known, places, "expected", "operation")
        yield _both(finding, known, places, "statute", "statute")
    else:
        yield _both(finding, known, places, "expected", "")


def _both(finding: Finding, known: Known, places: Ints, prefix: str, choice: str) -> Proposal:
    lines = finding.lines[places]
    changes = []
    for share in _SHARES:
        field = f"ae_{share}"
        now = objects_at(finding.facts[f"{prefix}_{share}"], places)
        if known.lines[field].notna().any():
            missing = known.lines[field].iloc[lines].isna().to_numpy()
            wanted = ~missing | np.array([not absent(value) and int(value) != 0 for value in now], dtype=np.bool_)
            change = change_of(known.lines, field, lines[wanted], now[wanted])
            changes += [change] if len(change) else []
    return Proposal(finding.key, tuple(changes), len(places), 0, choice)


def _ppsns(finding: Finding, known: Known, places: Ints) -> Iterator[Proposal]:
    """Numbers one slip away: for all places those a person of the same name speaks for, for one place all of them."""
    lines = finding.lines[places]
    written = known.lines["ppsn"]
    told = {
        line: ranked(str(written.iloc[line]), known.name(line), known.aepn_names, known.past_names)
        for line in lines.tolist()
        if isinstance(written.iloc[line], str)
    }
    best = {line: repair.number for line, found in told.items() if (repair := sure(found))}
    best |= {
        line: value
        for line, value in zip(lines.tolist(), objects_at(finding.facts.get("suggestion"), places), strict=True)
        if not absent(value)
    }
    if best:
        at = np.array(sorted(best), dtype=np.int64)
        change = change_of(known.lines, "ppsn", at, column_of(best[line] for line in at.tolist()))
        yield Proposal(finding.key, (change,), len(at), len(lines) - len(at), "same-name")
    if len(lines) == 1:
        line = int(lines[0])
        for repair in told.get(line, ()):
            if repair.number != best.get(line):
                change = change_of(known.lines, "ppsn", lines, column_of([repair.number]))
                choice = "another-name" if repair.source is Source.AEPN_OTHER_NAME else "passes"
                yield Proposal(finding.key, (change,), 1, 0, choice)


def _new_items(finding: Finding, known: Known, places: Ints) -> Iterator[Proposal]:
    """A line item ID of its own for each line whose ID is used already: "E7-v1" becomes "E7-v1-2"."""
    lines = finding.lines[places]
    used = set(known.lines["line_item_id"].dropna())
    now = []
    for line in lines.tolist():
        item = numbered(str(known.lines["line_item_id"].iloc[line]), LONGEST_ITEM, used)
        used.add(item)
        now.append(item)
    yield Proposal(
        finding.key, (change_of(known.lines, "line_item_id", lines, column_of(now)),), len(lines), choice="new-item"
    )


def _new_submissions(finding: Finding, known: Known, places: Ints) -> Iterator[Proposal]:
    """A submission ID of its own for every line of a submission that was sent before: "S1" becomes "S1-2"."""
    header = ["employer_registration_number", "tax_year", "payroll_run_reference", "submission_id"]
    groups = known.lines.groupby(header, dropna=False, sort=False).ngroup().to_numpy()
    lines = np.flatnonzero(np.isin(groups, groups[finding.lines[places]]))
    written = known.lines["submission_id"].iloc[lines]
    now = [numbered(text, LONGEST_ITEM, set(known.lines["submission_id"].dropna())) for text in written]
    change = change_of(known.lines, "submission_id", lines, column_of(now))
    yield Proposal(finding.key, (change,), len(places), choice="new-item")


def _left_out(finding: Finding, _known: Known, places: Ints) -> Iterator[Proposal]:
    """The second line of a payment that stands there twice is left out."""
    yield Proposal(finding.key, (), len(places), choice="leave-out", dropped=finding.lines[places])


def _tidied(finding: Finding, _known: Known, places: Ints) -> Iterator[Proposal]:
    """What was tidied while reading, written into the corrected file as it was read."""
    yield Proposal(finding.key, (), len(places), choice="tidied", tidied=finding.lines[places])


_PROPOSE: dict[str, Propose] = {
    **CANDIDATES,
    "value-cleaned": _tidied,
    "ppsn-check-letter": _ppsns,
    "ppsn-format": _ppsns,
    "line-item-duplicate": _new_items,
    "submission-duplicate": _new_submissions,
    "payment-duplicate": _left_out,
    **dict.fromkeys(
        (
            "contribution-missing",
            "contribution-without-aepn",
            "contribution-not-due",
            "contribution-amount",
            "contribution-rounding",
            "contribution-shares-differ",
            "contribution-after-66",
            "contribution-before-effective-date",
            "contribution-over-cap",
        ),
        _shares,
    ),
}
_ON_OTHER_LINES = ("aepn-not-on-payroll",)
"""Codes whose places are no pay lines and which a change of some pay line puts right all the same."""
_PERSONAL = ("ppsn-check-letter", "ppsn-format")
"""Codes whose further suggestions differ from place to place."""

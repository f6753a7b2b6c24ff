"""Where everybody stands, in words: who is not in order and for how much, what NAERSA would refuse, what changed.

The terminal, the JSON result and the PDF report show the same rows.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.finding import NOWHERE
from autoenroll_desktop.domain.identifiers import mask_ppsn
from autoenroll_desktop.domain.money import euro
from autoenroll_desktop.domain.reconciliation import Bucket
from autoenroll_desktop.domain.words import Words, absent


class Standing(NamedTuple):
    """One employment of the reconciliation; amounts are cents, both shares together.

    Attributes:
        place: where its first pay line stands ("weekly.csv:17"), "" without one; file and row are its parts.
    """

    bucket: str
    place: str
    file: int | None
    row: int | None
    name: str
    ppsn: str
    employment_id: str
    why: str
    due: int
    taken: int
    at_stake: int


def standings(checked: CheckedRun, words: Words, *, show_ppsn: bool, settled: bool = False) -> Iterator[Standing]:
    """Employments somebody has to look at (all with `settled`), bucket by bucket in reading order, in file order."""
    table = checked.reconciliation
    for bucket in Bucket:
        if settled or not bucket.settled:
            for one in table[(table["bucket"] == bucket.value).to_numpy(bool)].to_dict("records"):
                yield _standing(one, checked, words, show_ppsn)


def place_of(checked: CheckedRun, line: int) -> str:
    """Where a pay line stands: its file and row, as findings name it; "" for no line."""
    if line == NOWHERE:
        return ""
    row, file = checked.run["row"].iloc[line], checked.files[int(checked.run["file"].iloc[line])]
    return f"{file.name}:{row}"


def _standing(one: dict[Any, Any], checked: CheckedRun, words: Words, show_ppsn: bool) -> Standing:
    names = (one[field] for field in ("first_name", "family_name"))
    ppsn = "" if absent(one["ppsn"]) else str(one["ppsn"])
    return Standing(
        bucket=one["bucket"],
        place=place_of(checked, one["line"]),
        file=int(checked.run["file"].iloc[one["line"]]) if one["line"] != NOWHERE else None,
        row=int(checked.run["row"].iloc[one["line"]]) if one["line"] != NOWHERE else None,
        name=" ".join(str(name) for name in names if not absent(name)),
        ppsn=ppsn if show_ppsn else mask_ppsn(ppsn),
        employment_id="" if absent(one["employment_id"]) else str(one["employment_id"]),
        why=words.say(f"why.{one['reason']}") if one["reason"] else words.say(f"bucket-why.{one['bucket']}"),
        due=int(one["due_employee"] + one["due_employer"]),
        taken=int(one["taken_employee"] + one["taken_employer"]),
        at_stake=int(one["at_stake"]),
    )


def standing_line(one: Standing, words: Words) -> str:
    """An employment in one line."""
    who = " ".join(filter(None, (one.name, one.ppsn and f"({one.ppsn})"))) or "–"
    place = f"{one.place} " if one.place else ""
    key = "check.standing-at-stake" if one.at_stake else "check.standing"
    return words.say(
        key,
        place=place,
        who=who,
        id=one.employment_id or "–",
        why=one.why,
        due=one.due,
        taken=one.taken,
        at_stake=one.at_stake,
    )


def change_lines(checked: CheckedRun, words: Words) -> Iterator[str]:
    """What moved against the last period, by reason, in a line for pay and one for contributions; none without it."""
    for what in ("pay", "share"):
        counted = checked.changes[what].value_counts()
        if len(counted):
            reasons = ", ".join(
                f"{int(number):,} {words.say(f'change.{reason}')}" for reason, number in counted.items()
            )
            yield words.say(f"change.{what}", reasons=reasons)


def aepn_changes(checked: CheckedRun, words: Words, *, show_ppsn: bool) -> list[str]:
    """What the AEPNs say now and said before, a sentence an employment."""
    found = [one for one in checked.findings if one.code == "aepn-changed"]
    return [words.message(one, at, show_ppsn=show_ppsn) for one in found for at in range(len(one))]


def refused_rows(checked: CheckedRun, words: Words) -> Iterator[list[str]]:
    """What NAERSA would refuse: its code, what that means, row, who and our finding; "–" for the whole run."""
    titles = {one.key: words.title(one) for one in checked.findings}
    for one in checked.rejections.to_dict("records"):
        on_line = one["line"] != NOWHERE
        row = place_of(checked, one["line"]) or "–"
        who = checked.run.name(one["line"]) if on_line else "–"
        yield [one["code"], words.say(f"rejection.{one['code']}"), row, who or "–", titles[one["key"]]]


def standing_row(one: Standing, words: Words) -> list[str]:
    """An employment as the cells of a table."""
    stands = words.say(f"bucket-short.{one.bucket}")
    amounts = (euro(amount) for amount in (one.due, one.taken, one.at_stake))
    return [stands, one.place or "–", one.name or "–", one.ppsn or "–", one.why, *amounts]

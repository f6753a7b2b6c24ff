"""AEPN lists as they are kept: each download of a client, what it says of everybody, and what it changed."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from autoenroll_desktop.domain.aepn import Status, status_of
from autoenroll_desktop.domain.words import absent, as_date
from autoenroll_desktop.store import clients, snapshots
from autoenroll_desktop.store.store import Store

__all__ = ["AepnList", "AepnRow", "AepnsSeen", "history_of", "look_at_aepns"]
MOST = 400
"""Downloads looked at for the history of a person: some years of weekly ones."""


@dataclass(frozen=True, slots=True)
class AepnList:
    """One download: its id, when it was downloaded, and how many instructions it holds."""

    id: str
    at: dt.datetime
    rows: int


@dataclass(frozen=True, slots=True)
class AepnRow:
    """An instruction, as the list has it.

    Attributes:
        status: what the word in the list means; raw: that word. start, end: first and last day.
        employee, employer: rates in basis points. Missing is None.
        change: "new", "changed" or "gone" since the download before, "" for neither. before: what stood there then.
    """

    ppsn: str
    employment_id: str
    name: str
    status: Status
    raw: str
    start: dt.date | None
    end: dt.date | None
    employee: int | None
    employer: int | None
    change: str = ""
    before: "AepnRow | None" = None

    @property
    def key(self) -> tuple[str, str]:
        """Whose instruction it is."""
        return self.ppsn, self.employment_id

    @property
    def said(self) -> tuple[Any, ...]:
        """What it instructs."""
        return self.status, self.start, self.end, self.employee, self.employer


@dataclass(frozen=True, slots=True)
class AepnsSeen:
    """The downloads of a client, newest first; one of them with its rows, those that changed first, then by name.

    `previous` is the download it was compared with, None where there is none before it.
    """

    lists: tuple[AepnList, ...]
    shown: AepnList | None
    previous: AepnList | None
    rows: tuple[AepnRow, ...]


def look_at_aepns(store: Store, employer: str, chosen: str = "") -> AepnsSeen:
    """The downloads kept of a client, and what one of them says.

    Args:
        chosen: the id of the download to show; the newest where it is none of them.

    Raises:
        AppError: nothing is kept of the client.
    """
    with store.reading() as connection:
        one = clients.named(connection, employer)
        lists = tuple(AepnList(*row) for row in snapshots.snapshots(connection, one))
        if not lists:
            return AepnsSeen((), None, None, ())
        at = next((at for at, listed in enumerate(lists) if listed.id == chosen), 0)
        previous = lists[at + 1] if at + 1 < len(lists) else None
        frames = [
            snapshots.read_snapshots(connection, one, [listed.id])[0] if listed is not None else None
            for listed in (lists[at], previous)
        ]
    now, before = (_rows(frame) if frame is not None else None for frame in frames)
    assert now is not None
    return AepnsSeen(lists, lists[at], previous, tuple(sorted(_compared(now, before), key=_order)))


def history_of(store: Store, employer: str, key: tuple[str, str]) -> tuple[tuple[dt.datetime, AepnRow | None], ...]:
    """What the downloads said of one employment, oldest first, as often as it changed; None while it is not there.

    Args:
        key: PPSN and employment ID.

    Raises:
        AppError: nothing is kept of the client.
    """
    told: list[tuple[dt.datetime, AepnRow | None]] = []
    with store.reading() as connection:
        one = clients.named(connection, employer)
        for snapshot, at, _ in reversed(snapshots.snapshots(connection, one)[:MOST]):
            frame = snapshots.read_snapshots(connection, one, [snapshot])[0]
            mine = frame[(frame["ppsn"] == key[0]).fillna(value=False).to_numpy(bool)]
            row = next((row for row in reversed(_rows(mine)) if row.key == key), None)
            last = told[-1][1] if told else None
            if (row is None) != (last is None) or (row is not None and last is not None and row.said != last.said):
                told.append((at, row))
    return tuple(told)


def _compared(now: list[AepnRow], before: list[AepnRow] | None) -> list[AepnRow]:
    if before is None:
        return now
    was, there = {row.key: row for row in before}, {row.key for row in now}
    told = []
    for row in now:
        old = was.get(row.key)
        change = "new" if old is None else "changed" if old.said != row.said else ""
        told.append(replace(row, change=change, before=old))
    return told + [replace(row, change="gone", before=row) for row in before if row.key not in there]


def _order(row: AepnRow) -> tuple[bool, str, str]:
    return not row.change, row.name.casefold(), row.employment_id


def _rows(frame: pd.DataFrame) -> list[AepnRow]:
    names = ("ppsn", "employment_id", "first_name", "family_name", "status", "effective_date", "end_date",
             "employee_rate", "employer_rate")  # fmt: skip
    rows = []
    for values in frame[[*names]].astype(object).itertuples(index=False):
        ppsn, employment, first, family, raw, start, end, employee, employer = values
        name = " ".join(part for part in (_text(first), _text(family)) if part)
        rows.append(
            AepnRow(
                _text(ppsn), _text(employment), name, status_of(_text(raw)), _text(raw),
                None if absent(start) else as_date(start), None if absent(end) else as_date(end),
                None if absent(employee) else int(employee), None if absent(employer) else int(employer),
            )
        )  # fmt: skip
    return rows


def _text(value: Any) -> str:
    return "" if absent(value) else str(value)

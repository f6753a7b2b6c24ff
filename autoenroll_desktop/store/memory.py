"""The past as a check asks for it, out of the store: the same answers as from files of earlier periods."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import select

from autoenroll_desktop.domain.finding import NOWHERE
from autoenroll_desktop.domain.memory import Remembered
from autoenroll_desktop.domain.pay_run import FIELDS
from autoenroll_desktop.domain.sent import Sent
from autoenroll_desktop.store.client_settings import all_settings, settings_of
from autoenroll_desktop.store.clients import find, plain_employer
from autoenroll_desktop.store.column_maps import find_map
from autoenroll_desktop.store.ledger import read_sent
from autoenroll_desktop.store.packing import pay_lines
from autoenroll_desktop.store.produced import submissions_produced
from autoenroll_desktop.store.runs import LINES, content
from autoenroll_desktop.store.snapshots import read_snapshots, snapshots
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.store.tables import client, run, run_content, series

LOOK_BACK = dt.timedelta(days=400)
"""A tax year and the 13 weeks before it, with room."""


class StoreMemory:
    """Answers out of an open store (`domain.memory.Memory`)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def columns(self, employer: str, headings: Sequence[str]) -> Remembered | None:
        """See `Memory`."""
        with self._store.reading() as connection:
            return find_map(connection, employer, headings)

    def sent(self, lines: pd.DataFrame) -> Sent:
        """See `Memory`."""
        years = [int(year) for year in lines["tax_year"].dropna().unique()]
        with self._store.reading() as connection:
            return read_sent(connection, _employers(lines), years)

    def produced(self, lines: pd.DataFrame) -> Mapping[str, dt.datetime]:
        """See `Memory`."""
        with self._store.reading() as connection:
            return submissions_produced(connection, _employers(lines))

    def earlier_lines(self, lines: pd.DataFrame) -> pd.DataFrame:
        """See `Memory`. Left out are the run being checked, and payments it holds itself."""
        days = lines["pay_date"].dropna()
        if days.empty:
            return _no_lines(lines)
        first, last = days.min().date() - LOOK_BACK, days.max().date()
        query = (
            select(run.c.id)
            .join(series, series.c.newest == run.c.id)
            .join(client, client.c.id == run.c.client_id)
            .join(run_content, (run_content.c.run_id == run.c.id) & (run_content.c.part == LINES))
            .where(client.c.employer.in_(_employers(lines)))
            .where(run.c.last_pay_date >= first, run.c.first_pay_date <= last)
            .order_by(run.c.last_pay_date, run.c.checked_at)
        )
        columns = (*FIELDS, "row")
        with self._store.reading() as connection:
            ids = [*connection.execute(query).scalars()]
            parts = content(connection, ids, LINES)
        frames = [pay_lines(parts[one, LINES], columns) for one in ids]
        if not frames:
            return _no_lines(lines)
        together = {name: pd.concat([frame[name] for frame in frames], ignore_index=True) for name in columns}
        kept = pd.DataFrame(together).assign(file=NOWHERE)
        others: pd.DataFrame = kept[~_in_the_run(kept, lines)]
        return others.reset_index(drop=True)

    def earlier_aepns(self, aepns: pd.DataFrame) -> pd.DataFrame:
        """See `Memory`. The last snapshot of an earlier day is enough to tell what changed since."""
        frames = []
        column = aepns["employer_registration_number"].astype(object)
        employers = column.where(column.notna(), "").map(plain_employer)
        with self._store.reading() as connection:
            for employer in employers.unique():
                owner = find(connection, employer)
                days = [moment for moment in aepns.loc[employers == employer, "downloaded_at"] if moment is not None]
                if owner is None or not days:
                    continue
                day = min(days).astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
                known = snapshots(connection, owner, before=day)
                same_day = [one for one, moment, _ in known if moment.date() == known[0][1].date()]
                frames += read_snapshots(connection, owner, same_day)
        if not frames:
            return aepns.iloc[:0]
        joined = {name: pd.concat([frame[name] for frame in frames], ignore_index=True) for name in frames[0].columns}
        return pd.DataFrame(joined).assign(file=NOWHERE)

    def thresholds(self, lines: pd.DataFrame) -> Mapping[str, int]:
        """See `Memory`."""
        employers = _employers(lines)
        with self._store.reading() as connection:
            owner = find(connection, employers[0]) if len(employers) == 1 else None
            return settings_of(connection, owner).thresholds.by_name() if owner is not None else {}

    def names(self, lines: pd.DataFrame) -> Mapping[str, str]:
        """See `Memory`."""
        with self._store.reading() as connection:
            owners = [one for employer in _employers(lines) if (one := find(connection, employer)) is not None]
            said = all_settings(connection, [one.id for one in owners])
        return {one.employer: said[one.id].name for one in owners if said[one.id].name}


def _employers(lines: pd.DataFrame) -> list[str]:
    column = lines["employer_registration_number"]
    return [plain_employer(None if pd.isna(one) else one) for one in column.unique()]


def _no_lines(lines: pd.DataFrame) -> pd.DataFrame:
    return lines.iloc[:0][[*FIELDS, "file", "row"]]


def _in_the_run(kept: pd.DataFrame, lines: pd.DataFrame) -> Any:
    """Kept lines of the run that is checked: the same reference and pay date, the same payment, or the same line item
    of the same reference on a pay date that was put right since, by less than a week.
    """
    same = _keys(kept, _PAYMENT).isin(set(_keys(lines, _PAYMENT)))
    referred = kept["payroll_run_reference"].notna()
    of_run = referred & _keys(kept, _RUN).isin(set(_keys(lines, _RUN)))
    items = dict(zip(_keys(lines, _ITEM), lines["pay_date"], strict=True))
    apart = (kept["pay_date"] - pd.to_datetime(_keys(kept, _ITEM).map(items))).abs()
    moved = referred & kept["line_item_id"].notna() & (apart < pd.Timedelta(days=7))
    return same | of_run | moved


_RUN = ("employer_registration_number", "tax_year", "payroll_run_reference", "pay_date")
_ITEM = ("employer_registration_number", "tax_year", "payroll_run_reference", "line_item_id")
_PAYMENT = ("employer_registration_number", "ppsn", "employment_id", "pay_date")


def _keys(lines: pd.DataFrame, parts: tuple[str, ...]) -> "pd.Series[Any]":
    texts = [lines[part].astype(object).where(lines[part].notna(), "").astype(str) for part in parts]
    joined = texts[0]
    for part in texts[1:]:
        joined = joined + "\x1f" + part
    return joined

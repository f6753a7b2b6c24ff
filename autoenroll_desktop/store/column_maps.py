"""Confirmed column maps: what each heading of a client's files means, kept by the set of headings.

A file is found again by its headings whatever their order; one whose headings changed a little is offered the nearest
map.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from autoenroll_desktop.domain.memory import Remembered
from autoenroll_desktop.store import audit, clients
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.tables import client, column_map

_NEAR = 0.75
"""The part of headings two files must share for the map of one to be offered for the other."""


def find_map(connection: Connection, employer: str, headings: Sequence[str]) -> Remembered | None:
    """The map for these plain headings, or the nearest one; None where nothing like it was confirmed."""
    wanted = set(headings)
    best: tuple[float, Remembered] | None = None
    for known, tables, day in maps_of(connection, employer):
        alike = len(known & wanted) / max(1, len(known | wanted))
        if alike >= _NEAR and (best is None or alike > best[0]):
            best = alike, Remembered(tables, day, tuple(sorted(known ^ wanted)))
    return best[1] if best else None


def keep_map(
    connection: Connection,
    employer: str,
    headings: Sequence[str],
    tables: Mapping[str, Any],
    today: dt.date,
    stamp: Stamp,
) -> None:
    """Remember a map, in place of an earlier one for the same headings."""
    owner = clients.ensure(connection, employer, stamp)
    text = json.dumps(sorted(set(headings)), ensure_ascii=False)
    row = {"choices": json.dumps(dict(tables), ensure_ascii=False), "confirmed": today}
    statement = insert(column_map).values(client_id=owner.id, headings=text, **row)
    connection.execute(statement.on_conflict_do_update(index_elements=["client_id", "headings"], set_=row))
    audit.add(connection, stamp, Event("columns-remembered", owner.id, facts={"headings": len(set(headings))}))


def maps_of(connection: Connection, employer: str) -> list[tuple[set[str], dict[str, Any], dt.date]]:
    """Every map of a client: headings, choices, the day they were confirmed."""
    query = (
        select(column_map.c.headings, column_map.c.choices, column_map.c.confirmed)
        .join(client, client.c.id == column_map.c.client_id)
        .where(client.c.employer == clients.plain_employer(employer))
        .order_by(column_map.c.confirmed, column_map.c.headings)
    )
    return [
        (set(json.loads(row.headings)), json.loads(row.choices), row.confirmed) for row in connection.execute(query)
    ]

"""Confirmed column maps: what each heading of a client's files means, kept by the set of headings.

A file is found again by its headings whatever their order; one whose headings changed a little is offered the nearest
map.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select, true
from sqlalchemy.dialects.sqlite import insert

from autoenroll_desktop.domain.memory import Remembered
from autoenroll_desktop.store import audit, clients
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.tables import client, column_map

_NEAR = 0.75
"""The part of headings two files must share for the map of one to be offered for the other."""


def find_map(connection: Connection, employer: str, headings: Sequence[str]) -> Remembered | None:
    """The map for these plain headings, or the nearest one; None where nothing like it was confirmed.

    Whose file it is may not be known before it is read (`employer` ""). Then the maps of all clients count, as long as
    they agree: where one client's heading means another thing than the next one's, somebody has to say.
    """
    if plain := clients.plain_employer(employer):
        return _nearest(maps_of(connection, plain), headings) or _nearest(maps_of(connection, ""), headings)
    return _nearest(maps_of(connection, None), headings, agreed=True)


def _nearest(
    maps: Sequence[tuple[set[str], dict[str, Any], dt.date]], headings: Sequence[str], *, agreed: bool = False
) -> Remembered | None:
    wanted = set(headings)
    alike = [len(known & wanted) / max(1, len(known | wanted)) for known, _, _ in maps]
    best = max(alike, default=0.0)
    if best < _NEAR:
        return None
    known, tables, day = maps[alike.index(best)]
    if agreed and any(other != tables for score, (_, other, _) in zip(alike, maps, strict=True) if score == best):
        return None
    return Remembered(tables, day, tuple(sorted(known ^ wanted)))


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


def maps_of(connection: Connection, employer: str | None) -> list[tuple[set[str], dict[str, Any], dt.date]]:
    """Every map of a client, or with None of all of them: headings, choices, the day they were confirmed."""
    whose = true() if employer is None else client.c.employer == clients.plain_employer(employer)
    query = (
        select(column_map.c.headings, column_map.c.choices, column_map.c.confirmed)
        .join(client, client.c.id == column_map.c.client_id)
        .where(whose)
        .order_by(column_map.c.confirmed, column_map.c.headings)
    )
    return [
        (set(json.loads(row.headings)), json.loads(row.choices), row.confirmed) for row in connection.execute(query)
    ]

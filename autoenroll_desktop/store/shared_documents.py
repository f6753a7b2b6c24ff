"""What there is one of and what changes, as documents of fields: a client's times, recipes, column maps, who is who.

No message is kept for a change: a document is to be sent while it differs from what the office last agreed on, so that
none can be forgotten, and a change back and forth sends nothing.
"""

import datetime as dt
from collections.abc import Iterator, Mapping

import msgspec
from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert

from autoenroll_desktop.domain.shared import NotOurs, SharedDocument, Value
from autoenroll_desktop.store import clients, sharing
from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.clients import EVIDENCE_WITHIN, KEEP_EVIDENCE_YEARS, KEEP_LINES_MONTHS, LINES_WITHIN
from autoenroll_desktop.store.sealing import seal, unseal
from autoenroll_desktop.store.tables import client, column_map, recipe

CLIENT, RECIPE, COLUMNS, SETTINGS = "client", "recipe", "column-map", "settings"
PEOPLE = "people"
_CUT = "\n"


def documents(connection: Connection) -> Iterator[SharedDocument]:
    """Every document as it is here. Raises SealBroken."""
    everyone = clients.everyone(connection)
    names = {one.id: one.employer for one in everyone}
    for one in everyone:
        times = {"keep_lines_months": one.keep_lines_months, "keep_evidence_years": one.keep_evidence_years}
        yield SharedDocument(CLIENT, one.employer, {"employer": one.employer, **times}, one.id)
    for row in connection.execute(select(recipe)).all():
        number = names[row.client_id]
        text = unseal(clients.key_of(connection, row.client_id), row.content, "recipe").decode()
        fields = {"employer": number, "name": row.name, "text": text}
        yield SharedDocument(RECIPE, f"{number}{_CUT}{row.name}", fields, row.client_id)
    for row in connection.execute(select(column_map)).all():
        number = names[row.client_id]
        fields = {"employer": number, "headings": row.headings, "choices": row.choices}
        fields["confirmed"] = row.confirmed.isoformat()
        yield SharedDocument(COLUMNS, f"{number}{_CUT}{row.headings}", fields, row.client_id)
    found = sharing.value(connection, sharing.PEOPLE)
    if found is not None:
        yield SharedDocument(SETTINGS, PEOPLE, msgspec.json.decode(found, type=dict[str, Value]))


def begun_from(kind: str, fields: Mapping[str, Value]) -> Mapping[str, Value]:
    """What a document is taken to have been before anybody changed it: a client has the usual times."""
    if kind != CLIENT:
        return {}
    times = {"keep_lines_months": KEEP_LINES_MONTHS, "keep_evidence_years": KEEP_EVIDENCE_YEARS}
    return {"employer": fields.get("employer"), **times}


def put_document(connection: Connection, kind: str, fields: Mapping[str, Value], stamp: Stamp) -> str:
    """Have a document here as it should be; the id of its client, "" for none. Raises NotOurs."""
    try:
        if kind == SETTINGS:
            sharing.put_value(connection, sharing.PEOPLE, msgspec.json.encode(dict(fields)))
            return ""
        owner = clients.ensure(connection, _text(fields, "employer"), stamp)
        if kind == CLIENT:
            _set_times(connection, owner, fields)
        elif kind == RECIPE:
            content = seal(clients.key_of(connection, owner.id), _text(fields, "text").encode(), "recipe")
            row = {"content": content, "kept_at": stamp.at}
            statement = insert(recipe).values(client_id=owner.id, name=_text(fields, "name"), **row)
            connection.execute(statement.on_conflict_do_update(index_elements=["client_id", "name"], set_=row))
        elif kind == COLUMNS:
            day = dt.date.fromisoformat(_text(fields, "confirmed"))
            choices = {"choices": _text(fields, "choices"), "confirmed": day}
            insertion = insert(column_map).values(client_id=owner.id, headings=_text(fields, "headings"), **choices)
            connection.execute(insertion.on_conflict_do_update(index_elements=["client_id", "headings"], set_=choices))
        else:
            raise NotOurs
    except (KeyError, ValueError, TypeError):
        raise NotOurs from None
    return owner.id


def _text(fields: Mapping[str, Value], name: str) -> str:
    found = fields[name]
    if not isinstance(found, str):
        raise TypeError(name)
    return found


def _set_times(connection: Connection, owner: clients.Client, fields: Mapping[str, Value]) -> None:
    months, years = fields["keep_lines_months"], fields["keep_evidence_years"]
    if months not in LINES_WITHIN or years not in EVIDENCE_WITHIN:
        raise NotOurs
    if (months, years) != (owner.keep_lines_months, owner.keep_evidence_years):
        values = {"keep_lines_months": months, "keep_evidence_years": years}
        connection.execute(update(client).where(client.c.id == owner.id).values(**values))

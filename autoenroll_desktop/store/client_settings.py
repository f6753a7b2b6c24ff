"""What an office says about each client, sealed with the client's own key as its pay is: names and scheme rates."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from autoenroll_desktop.domain.client_settings import PLAIN, ClientSettings
from autoenroll_desktop.store import audit, clients
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.clients import Client
from autoenroll_desktop.store.sealing import fingerprint, seal, unseal
from autoenroll_desktop.store.tables import client_settings

_SEALED_FOR = "client-settings"


def settings_of(connection: Connection, one: Client) -> ClientSettings:
    """What was said of a client; `PLAIN` where nothing was."""
    return all_settings(connection, [one.id])[one.id]


def all_settings(connection: Connection, clients_asked: Iterable[str]) -> dict[str, ClientSettings]:
    """What was said of some clients, by client id."""
    ids = [*clients_asked]
    rows = connection.execute(select(client_settings).where(client_settings.c.client_id.in_(ids))).all()
    keys = clients.keys_of(connection, [row.client_id for row in rows])
    said = {
        row.client_id: msgspec.json.decode(unseal(keys[row.client_id], row.sealed, _SEALED_FOR), type=ClientSettings)
        for row in rows
    }
    return {one: said.get(one, PLAIN) for one in ids}


def keep_settings(connection: Connection, one: Client, settings: ClientSettings, stamp: Stamp) -> None:
    """Keep what was said of a client in place of what was said before; nothing happens where it is the same."""
    before, key = settings_of(connection, one), clients.key_of(connection, one.id)
    if before == settings:
        return
    packed = msgspec.json.encode(settings)
    row = {"sealed": seal(key, packed, _SEALED_FOR), "changed_at": stamp.at}
    statement = insert(client_settings).values(client_id=one.id, **row)
    connection.execute(statement.on_conflict_do_update(index_elements=["client_id"], set_=row))
    was, now = (fingerprint(key, msgspec.json.encode(said)) for said in (before, settings))
    facts = {"two-people": settings.two_people}
    audit.add(connection, stamp, Event("client-settings-changed", one.id, before=was, after=now, facts=facts))

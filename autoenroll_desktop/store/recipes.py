"""Recipes: what was put right in a client's file, to be offered for its next one. Sealed, for they name people."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from autoenroll_desktop.store import audit, clients
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.sealing import fingerprint, seal, unseal
from autoenroll_desktop.store.tables import recipe


@dataclass(frozen=True, slots=True)
class KeptRecipe:
    """A recipe as it was kept. `text` is TOML."""

    name: str
    text: str
    kept_at: dt.datetime


def keep_recipe(connection: Connection, employer: str, name: str, text: str, stamp: Stamp) -> None:
    """Keep a recipe (its TOML text) under a name, in place of an earlier one of that name."""
    owner = clients.ensure(connection, employer, stamp)
    key = clients.key_of(connection, owner.id)
    before = next((one.text for one in recipes_of(connection, owner) if one.name == name), None)
    row = {"content": seal(key, text.encode(), "recipe"), "kept_at": stamp.at}
    statement = insert(recipe).values(client_id=owner.id, name=name, **row)
    connection.execute(statement.on_conflict_do_update(index_elements=["client_id", "name"], set_=row))
    hashes = [fingerprint(key, one.encode()) if one is not None else "" for one in (before, text)]
    audit.add(connection, stamp, Event("recipe-kept", owner.id, before=hashes[0], after=hashes[1]))


def recipes_of(connection: Connection, client: clients.Client) -> list[KeptRecipe]:
    """A client's recipes, the one kept last first."""
    key = clients.key_of(connection, client.id)
    query = select(recipe).where(recipe.c.client_id == client.id).order_by(recipe.c.kept_at.desc(), recipe.c.name)
    return [
        KeptRecipe(row.name, unseal(key, row.content, "recipe").decode(), row.kept_at)
        for row in connection.execute(query)
    ]

"""Recipes: what was done to a client's last run, to be done to the next. They hold PPSNs, and are sealed as pay is."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from autoenroll_desktop.store import audit, clients
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.sealing import fingerprint, seal, unseal
from autoenroll_desktop.store.tables import recipe


def keep_recipe(connection: Connection, employer: str, name: str, text: str, stamp: Stamp) -> None:
    """Keep a recipe (its TOML text) under a name, in place of an earlier one of that name."""
    owner = clients.ensure(connection, employer, stamp)
    key = clients.key_of(connection, owner.id)
    before = recipes_of(connection, owner).get(name)
    row = {"content": seal(key, text.encode(), "recipe"), "kept_at": stamp.at}
    statement = insert(recipe).values(client_id=owner.id, name=name, **row)
    connection.execute(statement.on_conflict_do_update(index_elements=["client_id", "name"], set_=row))
    hashes = [fingerprint(key, one.encode()) if one is not None else "" for one in (before, text)]
    audit.add(connection, stamp, Event("recipe-kept", owner.id, before=hashes[0], after=hashes[1]))


def recipes_of(connection: Connection, client: clients.Client) -> dict[str, str]:
    """A client's recipes: name → TOML text."""
    key = clients.key_of(connection, client.id)
    query = select(recipe.c.name, recipe.c.content).where(recipe.c.client_id == client.id).order_by(recipe.c.name)
    return {row.name: unseal(key, row.content, "recipe").decode() for row in connection.execute(query)}

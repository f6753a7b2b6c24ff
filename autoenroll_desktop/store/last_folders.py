"""The folders files were opened from and written to last: names of folders often tell whose pay is in them."""

import json
from collections.abc import Mapping

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from autoenroll_desktop.store.tables import meta

_NAME = "folders"


def last_folders(connection: Connection) -> dict[str, str]:
    """Folders by what they are for."""
    found = connection.execute(select(meta.c.value).where(meta.c.name == _NAME)).scalar()
    return dict(json.loads(found)) if found is not None else {}


def keep_folders(connection: Connection, folders: Mapping[str, str]) -> None:
    """Keep these in place of those kept before."""
    value = json.dumps(dict(folders), ensure_ascii=False).encode()
    statement = insert(meta).values(name=_NAME, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def forget_folders(connection: Connection) -> None:
    """Forget them."""
    connection.execute(delete(meta).where(meta.c.name == _NAME))

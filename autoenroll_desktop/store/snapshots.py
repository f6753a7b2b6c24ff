"""AEPN snapshots: what NAERSA said on one day for one client. Only ever added to; the same content is kept once."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable

import pandas as pd
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from autoenroll_desktop.store import audit
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.clients import Client, key_of
from autoenroll_desktop.store.columns import pack_frame, unpack_frame
from autoenroll_desktop.store.sealing import seal, unseal
from autoenroll_desktop.store.tables import snapshot


def keep_snapshot(
    connection: Connection, client: Client, rows: pd.DataFrame, at: dt.datetime, stamp: Stamp
) -> str | None:
    """Keep the AEPN rows of one download (`AEPN_FIELDS`, row).

    Args:
        at: when they were downloaded.

    Returns:
        Its id; None where the same content was kept before.
    """
    packed = pack_frame(rows.reset_index(drop=True))
    key = key_of(connection, client.id)
    digest = hashlib.sha256(packed).hexdigest()
    same = select(snapshot.c.id).where(snapshot.c.client_id == client.id, snapshot.c.digest == digest)
    if connection.execute(same).first() is not None:
        return None
    made = str(uuid.uuid4())
    connection.execute(
        insert(snapshot).values(
            id=made,
            client_id=client.id,
            downloaded_at=at,
            kept_at=stamp.at,
            rows=len(rows),
            digest=digest,
            sealed=seal(key, packed, made),
        )
    )
    audit.add(connection, stamp, Event("snapshot-kept", client.id, made, after=digest, facts={"rows": len(rows)}))
    return made


def snapshots(
    connection: Connection, client: Client, before: dt.datetime | None = None
) -> list[tuple[str, dt.datetime, int]]:
    """Id, download time and number of rows of a client's snapshots, newest first."""
    query = select(snapshot.c.id, snapshot.c.downloaded_at, snapshot.c.rows).where(snapshot.c.client_id == client.id)
    if before is not None:
        query = query.where(snapshot.c.downloaded_at < before)
    return [
        (row.id, row.downloaded_at, row.rows)
        for row in connection.execute(query.order_by(snapshot.c.downloaded_at.desc()))
    ]


def read_snapshots(connection: Connection, client: Client, ids: Iterable[str]) -> list[pd.DataFrame]:
    """The rows of some snapshots, one frame each."""
    key = key_of(connection, client.id)
    query = select(snapshot.c.id, snapshot.c.sealed).where(snapshot.c.id.in_([*ids]))
    return [unpack_frame(unseal(key, row.sealed, row.id)) for row in connection.execute(query)]

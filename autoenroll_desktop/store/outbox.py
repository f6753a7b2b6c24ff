"""What is to be sent when there is a network: written in the transaction of the work it tells of, and nowhere else.

A message has a key of its own; putting the same again does nothing, so that nothing is queued twice. Who sends takes
the oldest first and marks it done; what is done stays, so that a crash in between sends again under the same key.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert

from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.tables import outbox


@dataclass(frozen=True, slots=True)
class Message:
    """Something to send: what kind, about what (an id in this store), for which client."""

    number: int
    key: str
    kind: str
    client_id: str
    subject: str


def put(connection: Connection, kind: str, client_id: str, subject: str, stamp: Stamp) -> None:
    """Queue a message about `subject`, once."""
    row = {"key": f"{kind}:{subject}", "kind": kind, "client_id": client_id, "subject": subject, "put_at": stamp.at}
    connection.execute(insert(outbox).on_conflict_do_nothing(index_elements=["key"]), row)


def waiting(connection: Connection, limit: int = 100) -> list[Message]:
    """The oldest messages that were not sent yet."""
    columns = (outbox.c.number, outbox.c.key, outbox.c.kind, outbox.c.client_id, outbox.c.subject)
    query = select(*columns).where(outbox.c.done_at.is_(None)).order_by(outbox.c.number).limit(limit)
    return [Message(*row) for row in connection.execute(query)]


def done(connection: Connection, number: int, stamp: Stamp) -> None:
    """Mark a message as sent; marking it again changes nothing."""
    connection.execute(
        update(outbox).where(outbox.c.number == number, outbox.c.done_at.is_(None)).values(done_at=stamp.at)
    )

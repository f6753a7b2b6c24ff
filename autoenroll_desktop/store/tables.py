"""What is kept, as tables. The migrations make them; this is how the code names them.

What says something about people's pay is sealed with the client's own key on top of the database's encryption
(`run_content`, `snapshot`, the files in the folder `kept`), and so is what the office says of a client
(`client_settings`), so that erasing a client is destroying one key. What lists and searches need is in plain columns of
the encrypted database, and is deleted with the client.
"""

import datetime as dt
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Dialect,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Moment(TypeDecorator[dt.datetime]):
    """A timezone-aware moment, kept as UTC text that sorts by time."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> str | None:
        """Aware moments only: a naive one is a mistake of ours."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a moment without a time zone")
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        """The moment in UTC."""
        del dialect
        return None if value is None else dt.datetime.fromisoformat(value)


metadata = MetaData()

meta = Table("meta", metadata, Column("name", Text, primary_key=True), Column("value", LargeBinary, nullable=False))
"""One value a name: store (its id), signing-key, computer, upkeep, folders, and what `store.sharing` keeps."""

client = Table(
    "client",
    metadata,
    Column("id", Text, primary_key=True),
    Column("employer", Text, nullable=False, unique=True),
    Column("since", Moment, nullable=False),
    Column("keep_lines_months", Integer, nullable=False),
    Column("keep_evidence_years", Integer, nullable=False),
)
client_key = Table(
    "client_key",
    metadata,
    Column("client_id", Text, ForeignKey("client.id"), primary_key=True),
    Column("key", LargeBinary, nullable=False),
)
series = Table(
    "series",
    metadata,
    Column("id", Text, primary_key=True),
    Column("client_id", Text, ForeignKey("client.id"), nullable=False),
    Column("newest", Text, nullable=False),
)
"""One payroll run however often it was checked; `newest` is the version that counts."""

run = Table(
    "run",
    metadata,
    Column("id", Text, primary_key=True),
    Column("client_id", Text, ForeignKey("client.id"), nullable=False),
    Column("series_id", Text, ForeignKey("series.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("checked_at", Moment, nullable=False),
    Column("kept_at", Moment, nullable=False),
    Column("tax_year", Integer),
    Column("reference", Text),
    Column("frequency", Text),
    Column("first_pay_date", Date),
    Column("last_pay_date", Date),
    Column("answer", Text, nullable=False),
    Column("errors", Integer, nullable=False),
    Column("gates", Integer, nullable=False),
    Column("warnings", Integer, nullable=False),
    Column("infos", Integer, nullable=False),
    Column("cut_off", Moment),
    Column("lines", Integer, nullable=False),
    Column("gross", Integer, nullable=False),
    Column("employee", Integer, nullable=False),
    Column("employer", Integer, nullable=False),
    Column("state", Integer, nullable=False),
    Column("rule_book", Text, nullable=False),
    Column("program", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("files", Text, nullable=False),
    UniqueConstraint("series_id", "version"),
)
"""A checked run; money in cents. Never changed: a trigger refuses it."""

run_content = Table(
    "run_content",
    metadata,
    Column("run_id", Text, ForeignKey("run.id"), primary_key=True),
    Column("part", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
kept_file = Table(
    "kept_file",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("kept_at", Moment, nullable=False),
)
file_client = Table(
    "file_client",
    metadata,
    Column("file_id", Text, ForeignKey("kept_file.id"), primary_key=True),
    Column("client_id", Text, ForeignKey("client.id"), primary_key=True),
)
"""Whose pay is in a kept file; a file of several clients opens with all their keys together."""

run_file = Table(
    "run_file",
    metadata,
    Column("run_id", Text, ForeignKey("run.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("file_id", Text, ForeignKey("kept_file.id")),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("sha256", Text, nullable=False),
)
snapshot = Table(
    "snapshot",
    metadata,
    Column("id", Text, primary_key=True),
    Column("client_id", Text, ForeignKey("client.id"), nullable=False),
    Column("downloaded_at", Moment, nullable=False),
    Column("kept_at", Moment, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    UniqueConstraint("client_id", "digest"),
)
column_map = Table(
    "column_map",
    metadata,
    Column("client_id", Text, ForeignKey("client.id"), primary_key=True),
    Column("headings", Text, primary_key=True),
    Column("choices", Text, nullable=False),
    Column("confirmed", Date, nullable=False),
)
recipe = Table(
    "recipe",
    metadata,
    Column("client_id", Text, ForeignKey("client.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("kept_at", Moment, nullable=False),
)
client_settings = Table(
    "client_settings",
    metadata,
    Column("client_id", Text, ForeignKey("client.id"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("changed_at", Moment, nullable=False),
)
sent = Table(
    "sent",
    metadata,
    Column("client_id", Text, ForeignKey("client.id"), primary_key=True),
    Column("tax_year", Integer, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    Column("sent_at", Moment, nullable=False),
)
"""The ledger: submissions, items and files sent to NAERSA. Year 0 where the run does not say its year."""

produced = Table(
    "produced",
    metadata,
    Column("id", Text, primary_key=True),
    Column("client_id", Text, ForeignKey("client.id"), nullable=False),
    Column("run_id", Text, ForeignKey("run.id")),
    Column("kind", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("sha256", Text),
    Column("reference", Text),
    Column("submission_id", Text),
    Column("submission", Text),
    Column("items", LargeBinary, nullable=False),
    Column("produced_at", Moment, nullable=False),
    Column("answer", Text, nullable=False),
    Column("who", Text, nullable=False),
)
"""The ledger of what was written, a row a client and file; `submission` and `items` are fingerprints."""

open_work = Table(
    "open_work",
    metadata,
    Column("id", Text, primary_key=True),
    Column("saved_at", Moment, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
open_work_client = Table(
    "open_work_client",
    metadata,
    Column("work_id", Text, ForeignKey("open_work.id"), primary_key=True),
    Column("client_id", Text, ForeignKey("client.id"), primary_key=True),
)
"""Whose pay a draft is about; a draft of several clients opens with all their keys together."""

outbox = Table(
    "outbox",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("client_id", Text, ForeignKey("client.id"), nullable=False),
    Column("subject", Text, nullable=False),
    Column("put_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("refused", Text, nullable=False, server_default=""),
)
"""`refused`: why the service would not take it the last time it was tried, "" where it was not refused."""

shared = Table(
    "shared",
    metadata,
    Column("thing", Text, primary_key=True),
    Column("what", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("client_id", Text),
    Column("version", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("base", LargeBinary),
    Column("at", Moment, nullable=False),
)
"""Every thing the central service holds for the office, as this PC knows it. `version` is the highest one seen and
`base` what a document said then, sealed with the client's key; `sha256` is of the sealed bytes. States: see
`store.sharing`.
"""

set_aside = Table(
    "set_aside",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("thing", Text, nullable=False),
    Column("client_id", Text),
    Column("field", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)
"""Values that lost where two PCs changed one field of a document; the audit trail tells of each by its number."""

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("client_id", Text),
    Column("subject", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
"""Only ever added to: triggers refuse the rest. It names no person and no employer, so it outlives an erasure."""

erasure = Table(
    "erasure",
    metadata,
    Column("client_id", Text, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("finished", Boolean, nullable=False),
)

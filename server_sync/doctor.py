"""Whether everything the service needs is there, each item with what to do where it is not."""

from dataclasses import dataclass

import sqlalchemy as sa

from server_sync.database.engine import Database
from server_sync.database.migrate import current, newest
from server_sync.settings import Settings

WALLED = sa.text(
    "select count(*) filter (where relrowsecurity and relforcerowsecurity), count(*) from pg_class "
    "where relnamespace = 'public'::regnamespace and relkind = 'r' and exists (select from pg_attribute "
    "where attrelid = pg_class.oid and attname = 'office_id' and not attisdropped) "
    "and relname not like '%\\_directory' and relname <> 'jobs'"
)
ROLE = sa.text(
    "select rolsuper or rolbypassrls as above, current_user as name from pg_roles where rolname = current_user"
)
OWNED = sa.text("select count(*) from pg_tables where schemaname = 'public' and tableowner = current_user")
SEEN = sa.text("select count(*) from reports")
FAILED = sa.text("select count(*) from jobs where failed_at is not null")
RELEASE = sa.text("select current_setting('server_version_num')::int")
DURABLE = sa.text("select current_setting('fsync') = 'on' and current_setting('synchronous_commit') <> 'off'")


@dataclass(frozen=True)
class Finding:
    """One item, and what to do about it where it is not good."""

    good: bool
    item: str
    action: str = ""

    def __str__(self) -> str:
        return f"{'ok  ' if self.good else 'NOT '}{self.item}" + (f" - {self.action}" if not self.good else "")


def examine(settings: Settings, url: str) -> list[Finding]:
    """Check the database, its walls and the queue."""
    database = Database(url, 1, pooler=settings.pooler)
    try:
        with database.transaction() as db:
            revision = current(db)
            fresh = revision == newest()
            findings = [
                Finding(db.execute(RELEASE).scalar_one() >= 140_000, "PostgreSQL 14 or later"),
                Finding(fresh, "the schema is this release's", "run: autoenroll-server migrate"),
                Finding(
                    bool(db.execute(DURABLE).scalar_one()), "commits are durable", "set fsync and synchronous_commit on"
                ),
            ]
            role = db.execute(ROLE).one()
            findings.append(
                Finding(
                    not role.above,
                    f"the role {role.name} is under the walls",
                    "use a role without SUPERUSER and BYPASSRLS",
                )
            )
            findings.append(
                Finding(db.execute(OWNED).scalar_one() == 0, "the role owns no table", "serve under autoenroll_serve")
            )
            if fresh:
                walled, all_of_them = db.execute(WALLED).one()
                findings += [
                    Finding(
                        walled == all_of_them,
                        f"{walled} of {all_of_them} tables of offices have their wall",
                        "migrate again",
                    ),
                    Finding(db.execute(SEEN).scalar_one() == 0, "without an office no row is seen"),
                    Finding(db.execute(FAILED).scalar_one() == 0, "no job failed for good", "look at the table jobs"),
                ]
    finally:
        database.close()
    return findings

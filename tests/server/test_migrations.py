"""Every step of the schema can be gone up with what was kept before, and down again."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command

from server_sync.database import migrate as migrating
from server_sync.database.embedded import MIGRATE, SERVE, SUPERUSER, Running
from server_sync.database.migrate import migrate, newest
from server_sync.settings import Settings
from server_sync.web.application import build
from tests.server.conftest import Clock
from tests.server.desk import Desk, in_process, put_upload

OFFICE, DEVICE, PERSON = (uuid4() for _ in range(3))
BEFORE = """
insert into office_directory (office_id) values (%(office)s);
insert into heads (office_id, uploads, change_seq) values (%(office)s, 1, 1);
insert into offices (office_id, recovery_key, recovery_sealed) values (%(office)s, sha256('r'), 'sealed');
insert into people (office_id, id, role, email_hash, password) values (%(office)s, %(person)s, 'owner', sha256('e'), 'hash');
insert into devices (office_id, id, person_id, state, signing_key, sealing_key) values (%(office)s, %(device)s, %(person)s, 'active', sha256('s'), sha256('k'));
insert into chunks (office_id, sha256, size, bytes) values (%(office)s, sha256('chunk'), 5, 'chunk');
insert into uploads (office_id, id, seq, kind, complete, device_id, size, sha256, chunks)
values (%(office)s, %(upload)s, 1, 'file', true, %(device)s, 5, sha256('chunk'), array[sha256('chunk')])
"""


@pytest.fixture
def empty(postgres: Running) -> Iterator[str]:
    """The name of an empty database."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(postgres.url(SUPERUSER, "postgres"), autocommit=True) as admin:
        admin.execute(f"create database {name} owner {MIGRATE}")
        yield name
        admin.execute(f"drop database {name} with (force)")


def go(url: str, which: str, *, down: bool = False) -> None:
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"), poolclass=sa.NullPool)
    with engine.connect() as connection:
        config = migrating._config()
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, which)
        connection.commit()


def test_what_was_kept_by_an_older_release_is_read_by_this_one(
    postgres: Running, empty: str, settings: Settings, clock: Clock
) -> None:
    owner, upload = postgres.url(MIGRATE, empty), uuid4()
    go(owner, "0002")
    about = {"office": OFFICE, "device": DEVICE, "person": PERSON, "upload": upload}
    with psycopg.connect(postgres.url(SUPERUSER, empty), autocommit=True) as above:
        for statement in BEFORE.split(";\n"):
            above.execute(statement, about)
    assert migrate(owner) == newest()
    app, service = build(settings, postgres.url(SERVE, empty), clock=clock)
    desk = Desk(in_process(app), id=DEVICE, office=OFFICE, token=service.tokens.issue(OFFICE, DEVICE, clock())[0])
    there = desk("upload", upload=upload).json
    assert desk("chunk", upload=upload, sha256=there["chunks"][0]).body == b"chunk"
    assert desk("devices").json["items"][0]["id"] == str(DEVICE)
    put_upload(desk, [b"new"])
    desk.put_report(b"new")
    service.database.close()


def schema(url: str) -> set[tuple[str, ...]]:
    """Tables with their columns and constraints, functions and triggers."""
    asked = (
        (
            "select 'column', c.relname, attname, attnotnull::text from pg_attribute join pg_class c on c.oid = attrelid "
            "where relnamespace = 'public'::regnamespace and attnum > 0 and not attisdropped and relkind = 'r'"
        ),
        (
            "select 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint "
            "where connamespace = 'public'::regnamespace"
        ),
        "select 'function', proname, pg_get_function_arguments(oid) from pg_proc where pronamespace = 'public'::regnamespace",
        "select 'trigger', tgrelid::regclass::text, tgname from pg_trigger where not tgisinternal",
    )
    with psycopg.connect(url) as connection:
        return {row for statement in asked for row in connection.execute(statement).fetchall()}


def test_down_again_leaves_what_was_there(postgres: Running, empty: str) -> None:
    owner = postgres.url(MIGRATE, empty)
    there = {}
    for revision in ("0001", "0002", "0003", "0004", newest()):
        go(owner, revision)
        there[revision] = schema(owner)
    for revision in ("0004", "0003", "0002", "0001"):
        go(owner, revision, down=True)
        assert schema(owner) == there[revision], revision
    assert migrate(owner) == newest()
    assert schema(owner) == there[newest()]

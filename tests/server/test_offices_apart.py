"""Nobody reaches another office: not by any address, not by a handler with a bug."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from server_sync.contract.routes import ROUTES, Route
from tests.server.conftest import Databases
from tests.server.desk import Desk, b64, put_upload
from tests.server.shapes import address, body

WALLED = (
    "heads", "offices", "people", "devices", "device_keys", "invitations", "reports", "documents", "uploads", "chunks",
    "changes", "audit", "idempotency",
)  # fmt: skip


@pytest.fixture(scope="module")
def things(stranger: Desk) -> dict[str, Any]:
    """One of everything, of the other office."""
    upload, document = put_upload(stranger, [b"theirs"]), uuid4()
    stranger("put_document", {"kind": "client", "base_version": 0, "sealed": b64(b"theirs")}, document=document)
    waiting = stranger.colleague(waiting=True)
    stranger.invite("clerk")
    return {
        "upload": upload, "document": document, "report": stranger.put_report(b"theirs"), "person": waiting.person,
        "device": waiting.id, "invitation": stranger("invitations").json["items"][0]["id"],
        "sha256": stranger("upload", upload=upload).json["chunks"][0],
    }  # fmt: skip


def rows_of(url: str, office: UUID | None) -> dict[str, list[Any]]:
    with psycopg.connect(url) as connection:
        tables = [name for name in WALLED if name != "idempotency"]
        return {
            name: connection.execute(
                f"select t::text from {name} t where office_id = %s order by 1", [office]
            ).fetchall()
            for name in tables
        }


@pytest.mark.parametrize("route", [route for route in ROUTES if "{" in route.path], ids=lambda route: route.name)
def test_their_things_are_not_found(
    route: Route, office: Desk, stranger: Desk, things: dict[str, Any], databases: Databases
) -> None:
    before = rows_of(databases.superuser, stranger.office)
    raw, media = body(route)
    headers = {"Authorization": f"Bearer {office.token}", "Idempotency-Key": uuid4().hex} | (
        {"Content-Type": media} if media else {}
    )
    reply = office.send(route.method, address(route, **things), headers, raw)
    if route.name == "put_document":
        assert (reply.slug, reply.json["version"]) == ("version-conflict", 0), "to us there is no such document yet"
    elif route.name == "put_chunk":
        assert reply.slug in ("not-found", "hash-mismatch")
    else:
        assert reply.slug == "not-found", reply.body
    assert b64(b"theirs").encode() not in reply.body
    assert rows_of(databases.superuser, stranger.office) == before


@pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if route.answer and route.method == "GET" and "{" not in route.path],
    ids=lambda route: route.name,
)
def test_lists_show_only_our_own(route: Route, office: Desk, stranger: Desk, things: dict[str, Any]) -> None:
    reply = office.send("GET", route.path, {"Authorization": f"Bearer {office.token}"}, None)
    assert reply.status == 200
    theirs = [str(one) for one in (*things.values(), stranger.office, stranger.id, stranger.person)]
    assert [one for one in theirs if one.encode() in reply.body and one != str(things["document"])] == []


def test_a_report_cannot_name_their_upload(office: Desk, things: dict[str, Any]) -> None:
    new = {"id": str(uuid4()), "kind": "run", "sealed": b64(b"x"), "uploads": [things["upload"]]}
    assert office("put_report", new).slug == "not-found"


@pytest.mark.parametrize("route", [route for route in ROUTES if route.access != "anyone"], ids=lambda route: route.name)
def test_nothing_without_a_token(route: Route, office: Desk) -> None:
    raw, media = body(route)
    headers = {"Idempotency-Key": uuid4().hex} | ({"Content-Type": media} if media else {})
    reply = office.send(route.method, address(route), headers, raw)
    assert (reply.status, reply.slug) == (401, "unauthenticated")


@pytest.mark.parametrize("table", WALLED)
def test_a_statement_that_forgets_the_office_sees_and_makes_nothing(
    table: str, office: Desk, stranger: Desk, things: dict[str, Any], databases: Databases
) -> None:
    with psycopg.connect(databases.superuser) as above:
        assert above.execute(f"select count(*) from {table} where office_id = %s", [stranger.office]).fetchone() != (
            0,
        ), "there is something to see"
    with psycopg.connect(databases.migrate) as owner:
        assert owner.execute(f"select count(*) from {table}").fetchone() == (0,), (
            "the wall holds the owner of the tables too"
        )
    with psycopg.connect(databases.serve) as connection:
        assert connection.execute(f"select count(*) from {table}").fetchone() == (0,), "no office set"
        connection.execute("select set_config('app.office_id', %s, true)", [str(office.office)])
        assert connection.execute(
            f"select count(*) from {table} where office_id <> %s", [office.office]
        ).fetchone() == (0,)
        connection.commit()
        assert connection.execute(f"select count(*) from {table}").fetchone() == (0,), (
            "an office set in another transaction"
        )
    with psycopg.connect(databases.serve) as connection:
        connection.execute("select set_config('app.office_id', %s, true)", [str(office.office)])
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.NoDataFound)):
            connection.execute(f"insert into {table} (office_id) values (%s)", [stranger.office])


def test_the_service_is_neither_owner_nor_above_the_walls(databases: Databases) -> None:
    with psycopg.connect(databases.serve) as connection:
        row = connection.execute(
            "select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user"
        ).fetchone()
        assert row == (False, False, False)
        for statement in (
            "alter table reports disable row level security",
            "drop policy office on reports",
            "set role autoenroll_migrate",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
            connection.rollback()

"""Erasing, exporting, sweeping and the queue."""

import base64
import json
import shutil
import subprocess
import zlib
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest

from server_sync import worker
from server_sync.contract.fields import CHUNK_SIZE
from server_sync.database.binaries import installed
from server_sync.database.queue import TRIES, enqueue, take
from server_sync.web.call import Service
from server_sync.web.limits import SIGN_IN
from tests.server.conftest import Clock, Databases
from tests.server.desk import PASSWORD, Desk, Send, b64, manifest, put_upload


@pytest.fixture
def office(send: Send) -> Desk:
    return Desk(send).make_office()


def run_all(service: Service, clock: Clock) -> int:
    done = 0
    while worker.run_one(service.database, clock()):
        done += 1
    return done


def rows(databases: Databases, table: str, desk: Desk) -> int:
    with psycopg.connect(databases.superuser) as connection:
        return connection.execute(f"select count(*) from {table} where office_id = %s", [desk.office]).fetchone()[0]


def test_an_erased_office_leaves_its_audit_chain_and_nothing_else(
    office: Desk, service: Service, clock: Clock, databases: Databases
) -> None:
    clerk = office.colleague()
    sealed = b"SEALED-BYTES-OF-THE-OFFICE"
    office.put_report(sealed)
    put_upload(office, [sealed])
    office("put_document", {"kind": "client", "base_version": 0, "sealed": b64(sealed)}, document=uuid4())
    body = {"office": str(office.office), "password": PASSWORD}
    assert clerk("erase_office", body).slug == "forbidden"
    assert office("erase_office", {**body, "office": str(uuid4())}).slug == "not-found"
    assert office("erase_office", {**body, "password": "not this one!"}).slug == "sign-in-failed"
    erased = office("erase_office", body)
    assert erased.status == 202
    for desk in (office, clerk):
        assert desk("reports").slug == "unauthenticated"
        assert desk.try_sign().slug == "bad-signature"
    assert run_all(service, clock) >= 1
    left = {
        name: rows(databases, name, office)
        for name in (
            "people",
            "devices",
            "device_keys",
            "invitations",
            "offices",
            "reports",
            "documents",
            "uploads",
            "chunks",
            "changes",
            "idempotency",
            "device_directory",
            "person_directory",
            "invitation_directory",
        )
    }
    assert set(left.values()) == {0}, left
    with psycopg.connect(databases.superuser) as connection:
        last = connection.execute(
            "select seq, encode(hash, 'hex'), action from audit where office_id = %s order by seq desc limit 1",
            [office.office],
        ).fetchone()
    assert last == (erased.json["audit_sequence"], erased.json["audit_hash"], "office-erased")
    assert Desk(office.send)("make_office", Desk(office.send).office_body(office.office)).slug == "exists", (
        "its id is not used again"
    )
    again = Desk(office.send, email=office.email).make_office()
    assert again("reports").status == 200, "its owner may start afresh"


def test_an_export_holds_everything_and_says_that_it_is_whole(office: Desk) -> None:
    sealed, chunks = b"report", [bytes(CHUNK_SIZE), b"rest"]
    which, upload, document = office.put_report(sealed), put_upload(office, chunks), str(uuid4())
    for _ in range(25):
        office.put_report(b"more")
    office("put_document", {"kind": "client", "base_version": 0, "sealed": b64(b"document")}, document=document)
    reply = office("export_office")
    assert reply.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in reply.body.splitlines()]
    assert lines[0]["office"] == str(office.office)
    assert lines[-1] == {"line": "end", "lines": len(lines) - 1}
    by_kind = {
        kind: [one for one in lines if one["line"] == kind]
        for kind in ("report", "document", "upload", "chunk", "audit", "person", "device")
    }
    assert len(by_kind["report"]) == 26
    assert next(one["sealed"] for one in by_kind["report"] if one["id"] == which) == b64(sealed)
    assert [(one["id"], one["sealed"]) for one in by_kind["document"]] == [(document, b64(b"document"))]
    kept = {one["sha256"]: base64.b64decode(one["bytes"]) for one in by_kind["chunk"]}
    assert b"".join(
        kept[name] for name in next(one["chunks"] for one in by_kind["upload"] if one["id"] == upload)
    ) == b"".join(chunks)
    assert [one["action"] for one in by_kind["audit"]] == ["office-made", "exported"]
    assert "password" not in reply.body.decode()


def test_what_has_had_its_time_is_swept(office: Desk, service: Service, clock: Clock, databases: Databases) -> None:
    keep, drop = office.put_report(b"keep"), office.put_report(b"drop")
    shared, alone = b"shared chunk", b"only here"
    put_upload(office, [shared])
    gone = office("delete_report", report=drop).json["sequence"]
    unfinished = manifest([b"never finished"])
    office("manifest", unfinished)
    deleted = put_upload(office, [alone])
    office("delete_upload", upload=deleted)
    with psycopg.connect(databases.superuser, autocommit=True) as connection:
        for table, column in (
            ("idempotency", "created_at"),
            ("chunks", "created_at"),
            ("uploads", "created_at"),
            ("changes", "at"),
        ):
            # The database's own clock stamps rows; they are aged rather than the world.
            connection.execute(
                f"update {table} set {column} = {column} + (%s - now()) - interval '500 days' where office_id = %s",
                [clock(), office.office],
            )
    worker.sweep(service.database, None, clock())
    assert rows(databases, "idempotency", office) == 0
    assert rows(databases, "chunks", office) == 1
    assert rows(databases, "uploads", office) == 1
    assert office("report", report=keep).status == 200
    assert office("changes", query=f"after={gone - 1}").slug == "cursor-too-old"
    assert drop not in {one["id"] for one in office("changes").json["items"]}
    put_upload(office, [alone])
    service.limits.count(SIGN_IN, b"somebody", clock().timestamp(), strict=True)
    slots = "select count(*) from rates"
    with service.database.transaction() as db:
        assert db.exec_driver_sql(slots).scalar_one() > 0
    clock.forward(hours=2)
    worker.sweep(service.database, None, clock())
    with service.database.transaction() as db:
        assert db.exec_driver_sql(slots).scalar_one() == 0
        assert db.exec_driver_sql("select count(*) from used_challenges").scalar_one() == 0


def test_a_job_is_done_once_given_back_and_given_up(service: Service, clock: Clock) -> None:
    run_all(service, clock)
    with service.database.transaction() as db:
        for _ in range(3):
            enqueue(db, "sweep", dedupe="once", run_at=clock())
    with service.database.transaction() as first, service.database.transaction() as second:
        assert take(first, clock()) is not None
        assert take(second, clock()) is None, "a job in another's hands is passed over, not waited for"
    clock.forward(minutes=4)
    assert not worker.run_one(service.database, clock()), "leased"
    clock.forward(minutes=2)
    assert worker.run_one(service.database, clock()), "whoever had it died: it is given back"
    with service.database.transaction() as db:
        enqueue(db, "no such kind", run_at=clock())
    for _ in range(TRIES):
        assert worker.run_one(service.database, clock())
        assert not worker.run_one(service.database, clock()), "later, not at once"
        clock.forward(hours=1)
    assert not worker.run_one(service.database, clock())
    with service.database.transaction() as db:
        kept = db.exec_driver_sql("select kind, error from jobs where failed_at is not null").all()
    assert kept == [("no such kind", "KeyError")]


def test_a_sweep_is_planned_once_an_hour_over_all_workers(service: Service, clock: Clock) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: worker.plan_sweep(service.database, clock()), range(6)))
    with service.database.transaction() as db:
        assert (
            len(db.exec_driver_sql("select 1 from jobs where dedupe like 'sweep/%%' and failed_at is null").all()) == 1
        )


def test_a_dump_holds_no_secret_of_a_person(office: Desk, databases: Databases) -> None:
    """Neither the e-mail address nor the password, in any of the forms a dump may hide them in."""
    tool = shutil.which("pg_dump", path=str(installed() / "bin"))
    assert tool
    dump = subprocess.run([tool, "--dbname", databases.superuser], capture_output=True, check=True).stdout
    assert str(office.office).encode() in dump
    for secret in (office.email, office.email.split("@", maxsplit=1)[0], PASSWORD):
        raw = secret.encode()
        forms = (
            raw,
            secret.encode("utf-16-le"),
            base64.b64encode(raw)[:-4],
            raw.hex().encode(),
            zlib.compress(raw)[2:-4],
        )
        assert [form for form in forms if form in dump] == []

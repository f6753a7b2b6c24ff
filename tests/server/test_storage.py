"""Where sealed chunks are kept: in rows, in a folder, in a bucket; whatever fails or is cut off, none is lost or left over."""

import base64
import datetime as dt
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from server_sync import worker
from server_sync.contract.fields import CHUNK_SIZE
from server_sync.errors import ServiceError
from server_sync.settings import Settings, new_key
from server_sync.storage.choice import choice_from
from server_sync.storage.interface import Storage, StorageFailed
from server_sync.storage.s3 import Bucket
from server_sync.storage.signing import Credentials, signed
from server_sync.uploads.leavings import clear_leavings, plan_clearing, storage_acts
from server_sync.uploads.moving import move_in, move_out
from server_sync.web.application import build
from server_sync.web.call import Service
from tests.s3_server import BUCKET, KEY_ID, REGION, SECRET, S3Server
from tests.server.conftest import Clock, Databases
from tests.server.desk import PASSWORD, Desk, in_process, manifest, put_upload
from tests.server.serving import program

AMAZON = Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")
HOST = "examplebucket.s3.amazonaws.com"


@pytest.mark.parametrize(
    ("method", "path", "query", "headers", "body", "signature"),
    [
        ("GET", "/test.txt", {}, {"Range": "bytes=0-9"}, b"", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        ("PUT", "/test$file.text", {}, {"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"}, b"Welcome to Amazon S3.", "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        ("GET", "/", {"lifecycle": ""}, {}, b"", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ("GET", "/", {"prefix": "J", "max-keys": "2"}, {}, b"", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ],
)  # fmt: skip
def test_requests_are_signed_as_in_amazons_reference(method, path, query, headers, body, signature) -> None:
    now = dt.datetime(2013, 5, 24, tzinfo=dt.UTC)
    made = signed(AMAZON, method, HOST, path, body, now, headers, query)
    assert made["authorization"].endswith(f"Signature={signature}")


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    with S3Server() as server:
        yield server


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, s3: S3Server) -> Storage:
    if request.param == "folder":
        (tmp_path / "blobs").mkdir()
        return choice_from({"BLOB_URL": (tmp_path / "blobs").as_uri()}).open()
    return choice_from(s3.settings).open()


def a_key() -> str:
    return f"{uuid4().hex}/{uuid4().hex}"


def test_what_is_put_is_got_until_it_is_deleted(storage: Storage) -> None:
    key, content = a_key(), os.urandom(70_000)
    assert (storage.get(key), storage.has(key)) == (None, False)
    storage.put(key, content)
    storage.put(key, content)
    assert (storage.get(key), storage.has(key)) == (content, True)
    storage.put(a_key(), b"")
    storage.delete(key)
    storage.delete(key)
    assert (storage.get(key), storage.has(key)) == (None, False)


def test_a_bucket_that_stumbles_is_asked_again_and_one_that_is_gone_is_told(s3: S3Server) -> None:
    bucket, key = choice_from(s3.settings).open(), a_key()
    s3.failing = 2
    bucket.put(key, b"sealed")
    s3.cutting = 2
    assert bucket.get(key) == b"sealed"
    elsewhere = choice_from({**s3.settings, "BLOB_URL": s3.url.replace(BUCKET, "another")}).open()
    wrong = choice_from({**s3.settings, "AWS_SECRET_ACCESS_KEY": "wrong"}).open()
    for one, name in ((elsewhere, "status-404"), (wrong, "status-403")):
        with pytest.raises(StorageFailed, match=name):
            one.get(key)
        with pytest.raises(StorageFailed, match=name):
            one.put(key, b"sealed")
    nobody = Bucket(
        "http://127.0.0.1:9", BUCKET, "", Credentials(KEY_ID, SECRET, REGION), lambda: dt.datetime.now(dt.UTC)
    )
    with pytest.raises(StorageFailed, match="unreachable"):
        nobody.get(key)
    assert SECRET not in repr(choice_from(s3.settings)) + repr(Credentials(KEY_ID, SECRET, REGION))


def test_a_folder_that_is_not_mounted_is_not_an_empty_one(tmp_path: Path) -> None:
    away = choice_from({"BLOB_URL": (tmp_path / "away").as_uri()}).open()
    for ask in (away.get, away.has, lambda key: away.put(key, b"sealed")):
        with pytest.raises(StorageFailed):
            ask(a_key())
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "away").write_text("a file")
    with pytest.raises(StorageFailed):
        away.put(a_key(), b"sealed")


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"BLOB_URL": "ftp://x/y"}, "BLOB_URL cannot be used"),
        ({"BLOB_URL": "file://host/blobs"}, "BLOB_URL cannot be used"),
        ({"BLOB_URL": "s3:///nothing"}, "BLOB_URL cannot be used"),
        ({"BLOB_URL": "s3://bucket?endpoint=host"}, "BLOB_URL cannot be used"),
        ({"BLOB_URL": "s3://bucket"}, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set"),
    ],
)
def test_a_storage_that_cannot_be_used_is_told_at_start(env: dict[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=words):
        choice_from(env)


def test_the_program_tells_it_too(tmp_path: Path) -> None:
    done = program("--data", str(tmp_path), "migrate", BLOB_URL="ftp://x")
    assert (done.returncode, "BLOB_URL cannot be used" in done.stderr) == (1, True)
    done = program("--data", str(tmp_path), "serve", BLOB_URL=(tmp_path / "away").as_uri())
    assert (done.returncode, "folder of BLOB_URL is not there" in done.stderr) == (1, True)


@pytest.fixture
def stored(settings: Settings, databases: Databases, clock: Clock, s3: S3Server) -> Iterator[tuple[Service, Desk]]:
    """The service with its chunks in the bucket."""
    app, service = build(replace(settings, storage=choice_from(s3.settings)), databases.serve, clock=clock)
    with psycopg.connect(databases.superuser) as above:  # of the tests before
        above.execute("delete from chunks")
        above.execute("delete from leavings")
    s3.objects.clear()
    yield service, Desk(in_process(app)).make_office()
    service.database.close()


def clear(service: Service, clock: Clock) -> None:
    """The worker's rounds: the service's own jobs, and clearing away."""
    clock.forward(hours=1)
    acts = storage_acts(service.storage)
    plan_clearing(service.database, clock())
    clock.forward(hours=1)
    while worker.run_one(service.database, clock(), acts):
        pass


def named(databases: Databases) -> set[str]:
    """Keys that rows name."""
    with psycopg.connect(databases.superuser) as connection:
        return {place for (place,) in connection.execute("select place from chunks where place is not null")}


def kept(s3: S3Server) -> set[str]:
    return {"/".join(path.split("/")[-2:]) for path in s3.objects}


def test_an_upload_lives_in_the_bucket(stored, s3: S3Server, databases: Databases, clock: Clock) -> None:
    service, desk = stored
    chunks = [os.urandom(CHUNK_SIZE), b"the last"]
    which = put_upload(desk, chunks)
    again = put_upload(desk, chunks)
    assert sorted(map(len, s3.objects.values())) == [8, CHUNK_SIZE], "the same chunk is kept once"
    assert kept(s3) == named(databases)
    body = manifest(chunks)
    for chunk, name in zip(chunks, body["chunks"], strict=True):
        assert desk("chunk", upload=which, sha256=name).body == chunk
    lines = [json.loads(line) for line in desk("export_office").body.splitlines()]
    assert {base64.b64decode(line["bytes"]) for line in lines if line["line"] == "chunk"} == set(chunks)
    assert lines[-1]["line"] == "end"
    for one in (which, again):
        assert desk("delete_upload", upload=one).status == 200
    clock.forward(days=2)
    worker.sweep(service.database, None, clock())
    clear(service, clock)
    assert s3.objects == {}


def test_an_erased_office_leaves_nothing_in_the_bucket(
    stored, s3: S3Server, databases: Databases, clock: Clock
) -> None:
    service, desk = stored
    neighbour = Desk(desk.send).make_office()
    put_upload(desk, [b"mine"])
    put_upload(neighbour, [b"mine"])
    assert len(s3.objects) == 2, "nothing is shared across offices"
    assert desk("erase_office", {"office": str(desk.office), "password": PASSWORD}).status == 202
    clear(service, clock)
    clear(service, clock)
    assert list(s3.objects.values()) == [b"mine"]
    assert kept(s3) == named(databases)


def test_a_bucket_that_is_away_costs_no_more_than_waiting(
    stored, s3: S3Server, databases: Databases, clock: Clock
) -> None:
    service, desk = stored
    chunks = [b"one", b"two"]
    body = manifest(chunks[:1])
    assert desk("manifest", body).status == 200
    s3.down = True
    try:
        refused = desk("put_chunk", b"one", upload=body["id"], sha256=body["chunks"][0])
        assert (refused.status, refused.slug, refused.headers["retry-after"]) == (503, "busy", "10")
        assert desk.put_report(b"meanwhile")
    finally:
        s3.down = False
    assert desk("manifest", body).json["missing"] == body["chunks"]
    assert desk("put_chunk", b"one", upload=body["id"], sha256=body["chunks"][0]).status == 200
    assert desk("complete", upload=body["id"]).json["state"] == "complete"
    clear(service, clock)
    assert kept(s3) == named(databases)


def test_bytes_that_were_written_and_never_named_are_cleared_a_day_later(
    stored, s3: S3Server, databases: Databases, clock: Clock
) -> None:
    """Killed between the bucket and the commit: the row is not there, the bytes are, and so is the note of them."""
    service, desk = stored
    body = manifest([b"cut off"])
    assert desk("manifest", body).status == 200
    with psycopg.connect(databases.superuser) as above:
        above.execute("alter table chunks add constraint broken check (size <> 7) not valid")
        above.commit()
        assert desk("put_chunk", b"cut off", upload=body["id"], sha256=body["chunks"][0]).status == 500
        above.execute("alter table chunks drop constraint broken")
        above.commit()
        assert list(s3.objects.values()) == [b"cut off"]
        assert clear_leavings(service.database, service.storage, dt.datetime.now(dt.UTC)) == 0, (
            "it may still be under way"
        )
        assert desk("put_chunk", b"cut off", upload=body["id"], sha256=body["chunks"][0]).status == 200
        assert len(s3.objects) == 2
        assert clear_leavings(service.database, service.storage, dt.datetime.now(dt.UTC) + dt.timedelta(days=2)) == 1
    assert kept(s3) == named(databases)
    assert desk("complete", upload=body["id"]).json["state"] == "complete"


def test_a_chunk_the_bucket_lost_is_asked_for_again(stored, s3: S3Server) -> None:
    _, desk = stored
    body = manifest([b"to be lost"])
    desk("manifest", body)
    assert desk("put_chunk", b"to be lost", upload=body["id"], sha256=body["chunks"][0]).status == 200
    s3.objects.clear()
    lost = desk("complete", upload=body["id"])
    assert (lost.slug, lost.json["missing"]) == ("chunks-missing", body["chunks"])
    assert desk("put_chunk", b"to be lost", upload=body["id"], sha256=body["chunks"][0]).status == 200
    assert desk("complete", upload=body["id"]).json["state"] == "complete"


def test_what_stood_in_rows_before_is_still_read(
    office: Desk, stored, databases: Databases, settings: Settings, clock: Clock
) -> None:
    _, beside = stored
    which = put_upload(office, [b"in a row"])
    name = manifest([b"in a row"])["chunks"][0]
    there = Desk(beside.send, id=office.id, token=office.token)
    assert there("chunk", upload=which, sha256=name).body == b"in a row"
    later = put_upload(beside, [b"in the bucket"])
    back = Desk(office.send, id=beside.id, token=beside.token)
    without = back("chunk", upload=later, sha256=manifest([b"in the bucket"])["chunks"][0])
    assert (without.status, without.slug) == (503, "busy"), "the setting was taken away: told, and nothing lost"


def test_kept_chunks_move_out_and_in_again(office: Desk, stored, s3: S3Server, databases: Databases) -> None:
    service, beside = stored
    chunks = [os.urandom(CHUNK_SIZE), b"small"]
    which, names = put_upload(office, chunks), manifest(chunks)["chunks"]
    there = Desk(beside.send, id=office.id, token=office.token)

    def read(desk: Desk) -> list[bytes]:
        return [desk("chunk", upload=which, sha256=name).body for name in names]

    s3.failing = 3
    with pytest.raises(StorageFailed, match="unreachable"):  # three times busy, then it is given up
        move_out(service.database, service.storage)
    assert read(office) == chunks
    assert move_out(service.database, service.storage) == (2, 0)
    assert move_out(service.database, service.storage) == (0, 0)
    assert (read(there), kept(s3)) == (chunks, named(databases))
    assert sorted(map(len, s3.objects.values())) == [5, CHUNK_SIZE]
    spoilt = next(path for path, content in s3.objects.items() if len(content) == 5)
    s3.objects[spoilt] = b"other"
    assert move_in(service.database, service.storage) == (1, 1)
    s3.objects[spoilt] = b"small"
    assert move_in(service.database, service.storage) == (1, 0)
    assert (read(office), named(databases)) == (chunks, set())
    assert clear_leavings(service.database, service.storage, dt.datetime.now(dt.UTC)) == 0, "somebody may be reading"
    clear_leavings(service.database, service.storage, dt.datetime.now(dt.UTC) + dt.timedelta(hours=2))
    assert s3.objects == {}


def test_moving_as_it_is_typed(databases: Databases, s3: S3Server) -> None:
    given = {
        "DATABASE_URL": databases.serve, "MIGRATE_DATABASE_URL": databases.migrate, "AUTOENROLL_SIGNING_KEY": new_key(),
        "AUTOENROLL_SECRET_KEY": new_key(),
    }  # fmt: skip
    without = program("admin", "chunks", "out", **given)
    assert (without.returncode, "BLOB_URL is not set" in without.stderr) == (1, True)
    out, back = (program("admin", "chunks", way, **given, **s3.settings) for way in ("out", "in"))
    assert (out.returncode, back.returncode, out.stdout) == (0, 0, back.stdout), out.stderr + back.stderr
    assert back.stdout.endswith(" chunks were moved.\n")


def test_a_bucket_that_hangs_does_not_hang_the_service(
    settings: Settings, databases: Databases, clock: Clock, s3: S3Server
) -> None:
    """Four places and twelve who wait for the bucket: the others go on meanwhile."""
    app, service = build(replace(settings, storage=choice_from(s3.settings), places=4), databases.serve, clock=clock)
    desk = Desk(in_process(app)).make_office()
    bodies = [manifest([b"chunk %d" % number]) for number in range(12)]
    for body in bodies:
        assert desk("manifest", body).status == 200

    def put(number: int) -> int:
        body = bodies[number]
        return desk("put_chunk", b"chunk %d" % number, upload=body["id"], sha256=body["chunks"][0]).status

    s3.hanging = 0
    s3.answers.clear()
    with ThreadPoolExecutor(12) as pool:
        waiting = [pool.submit(put, number) for number in range(12)]
        try:
            while s3.hanging < 2 or sum(one.done() for one in waiting) < 10:
                assert desk("health").status == 200
                desk.put_report(b"meanwhile")
        finally:
            s3.answers.set()
        assert sorted(one.result(30) for one in waiting) == [200] * 2 + [503] * 10
    assert [put(number) for number in range(12)] == [200] * 12
    service.database.close()

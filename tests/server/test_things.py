"""Reports, documents, uploads and the feed, on the real service."""

import hashlib
import os
from uuid import uuid4

import pytest

from server_sync.contract.fields import CHUNK_SIZE, MAX_SEALED
from tests.server.desk import Desk, b64, manifest, put_upload


def test_a_report_is_kept_once_and_read_back(office: Desk) -> None:
    sealed, which, key = os.urandom(300), str(uuid4()), "report-" + uuid4().hex
    body = {"id": which, "kind": "report", "sealed": b64(sealed)}
    first = office("put_report", body, key=key)
    again = office("put_report", body, key=key)
    without_its_key = office("put_report", body)
    assert first.status == again.status == without_its_key.status == 201
    assert first.json == again.json == without_its_key.json
    read = office("report", report=which).json
    assert (read["sealed"], read["size"], read["sha256"]) == (b64(sealed), 300, hashlib.sha256(sealed).hexdigest())
    assert read["sequence"] == first.json["sequence"]


def test_a_key_is_for_one_request(office: Desk) -> None:
    key, body = uuid4().hex, {"id": str(uuid4()), "kind": "run", "sealed": b64(b"x")}
    assert office("put_report", body, key=key).status == 201
    other = office("put_report", {**body, "id": str(uuid4())}, key=key)
    assert (other.status, other.slug) == (422, "idempotency-key-reused")
    elsewhere = office(
        "put_document", {"kind": "client", "base_version": 0, "sealed": b64(b"x")}, key=key, document=uuid4()
    )
    assert elsewhere.slug == "idempotency-key-reused"


def test_a_taken_id_is_refused_and_a_deleted_one_stays_deleted(office: Desk) -> None:
    which = office.put_report(b"one")
    assert office("put_report", {"id": which, "kind": "run", "sealed": b64(b"two")}).slug == "exists"
    gone = office("delete_report", report=which)
    assert gone.status == 200
    assert office("report", report=which).slug == "not-found"
    assert office("put_report", {"id": which, "kind": "run", "sealed": b64(b"one")}).slug == "deleted"
    last = office("changes", query=f"after={gone.json['sequence'] - 1}").json["items"][0]
    assert (last["id"], last["gone"]) == (which, True)


def test_pages_hold_everything_once(office: Desk) -> None:
    desk = Desk(office.send).make_office()
    made = [desk.put_report(str(number).encode()) for number in range(23)]
    seen, before = [], ""
    while True:
        page = desk("reports", query=f"limit=5{before}").json
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert seen == made[::-1]


def test_the_feed_tells_each_thing_once_and_carries_small_ones(office: Desk) -> None:
    desk = Desk(office.send).make_office()
    start = desk("changes").json["cursor"]
    small, large = desk.put_report(b"small"), desk.put_report(bytes(20_000))
    document = uuid4()
    for version in range(3):
        put = desk(
            "put_document",
            {"kind": "settings", "base_version": version, "sealed": b64(b"v%d" % version)},
            document=document,
        )
        assert put.json["version"] == version + 1
    page = desk("changes", query=f"after={start}&sealed=1").json
    assert [(one["what"], one["id"], one["version"], one["sealed"]) for one in page["items"]] == [
        ("report", small, 0, b64(b"small")),
        ("report", large, 0, None),
        ("document", str(document), 3, b64(b"v2")),
    ]
    assert not page["more"]
    assert desk("changes", query=f"after={page['cursor']}").json == {
        "items": [],
        "cursor": page["cursor"],
        "more": False,
    }
    assert desk("changes", query=f"after={page['cursor'] + 1}").slug == "cursor-ahead"


def test_documents_are_never_overwritten_unseen(office: Desk) -> None:
    other, which = office.colleague(), uuid4()
    first = office("put_document", {"kind": "client", "base_version": 0, "sealed": b64(b"a")}, document=which)
    assert first.json["version"] == 1
    assert (
        other("put_document", {"kind": "client", "base_version": 1, "sealed": b64(b"b")}, document=which).json[
            "version"
        ]
        == 2
    )
    late = office("put_document", {"kind": "client", "base_version": 1, "sealed": b64(b"c")}, document=which)
    assert (late.status, late.slug, late.json["version"]) == (409, "version-conflict", 2)
    assert (
        office("put_document", {"kind": "recipe", "base_version": 2, "sealed": b64(b"c")}, document=which).slug
        == "exists"
    )
    assert office("document", document=which).json["sealed"] == b64(b"b")
    assert which.hex in {one["id"].replace("-", "") for one in office("documents").json["items"]}
    assert office("delete_document", document=which).status == 200
    again = office("put_document", {"kind": "client", "base_version": 0, "sealed": b64(b"a")}, document=which)
    assert (again.status, again.slug) == (410, "deleted")


def test_an_upload_goes_on_where_it_was_cut_off(office: Desk) -> None:
    chunks = [os.urandom(CHUNK_SIZE), os.urandom(CHUNK_SIZE), os.urandom(777)]
    body = manifest(chunks)
    assert office("manifest", body).json["missing"] == body["chunks"]
    assert office("put_chunk", chunks[1], upload=body["id"], sha256=body["chunks"][1]).status == 200
    resumed = office("manifest", body).json
    assert (resumed["state"], resumed["missing"]) == ("partial", [body["chunks"][0], body["chunks"][2]])
    early = office("complete", upload=body["id"])
    assert (early.slug, set(early.json["missing"])) == ("chunks-missing", {body["chunks"][0], body["chunks"][2]})
    for place in (0, 2, 2):
        assert office("put_chunk", chunks[place], upload=body["id"], sha256=body["chunks"][place]).status == 200
    done, again = office("complete", upload=body["id"]), office("complete", upload=body["id"])
    assert done.json == again.json
    assert (done.json["state"], done.json["missing"]) == ("complete", [])
    got = b"".join(office("chunk", upload=body["id"], sha256=name).body for name in body["chunks"])
    assert got == b"".join(chunks)
    assert office("uploads").json["items"][0]["id"] == body["id"]
    report = office("put_report", {"id": str(uuid4()), "kind": "run", "sealed": b64(b"x"), "uploads": [body["id"]]})
    assert report.json["uploads"] == [body["id"]]
    assert (
        office("put_report", {"id": str(uuid4()), "kind": "run", "sealed": b64(b"x"), "uploads": [str(uuid4())]}).slug
        == "not-found"
    )


def test_chunks_are_shared_within_an_office_and_never_across(office: Desk, stranger: Desk) -> None:
    chunk = os.urandom(5000)
    put_upload(office, [chunk])
    assert office.colleague()("manifest", manifest([chunk])).json["missing"] == []
    assert stranger("manifest", manifest([chunk])).json["missing"] == [hashlib.sha256(chunk).hexdigest()]


@pytest.mark.parametrize("damage", ["other bytes", "too short for its place", "a stranger's chunk", "whole"])
def test_wrong_bytes_are_refused(office: Desk, damage: str) -> None:
    chunks = [os.urandom(CHUNK_SIZE), os.urandom(100)]
    body = manifest(chunks)
    if damage == "whole":
        body["sha256"] = "0" * 64
    if damage == "too short for its place":
        short = b"short"
        body["chunks"][0] = hashlib.sha256(short).hexdigest()
        assert office("manifest", body).status == 200
        assert office("put_chunk", short, upload=body["id"], sha256=body["chunks"][0]).slug == "hash-mismatch"
        return
    assert office("manifest", body).status == 200
    if damage == "other bytes":
        assert office("put_chunk", b"x", upload=body["id"], sha256=body["chunks"][0]).slug == "hash-mismatch"
    elif damage == "a stranger's chunk":
        assert office("put_chunk", b"x", upload=body["id"], sha256=hashlib.sha256(b"x").hexdigest()).slug == "not-found"
    else:
        for one, name in zip(chunks, body["chunks"], strict=True):
            office("put_chunk", one, upload=body["id"], sha256=name)
        assert office("complete", upload=body["id"]).slug == "hash-mismatch"


def test_a_manifest_that_does_not_add_up(office: Desk) -> None:
    body = manifest([b"a"])
    assert office("manifest", {**body, "size": CHUNK_SIZE + 1}).slug == "invalid"
    assert office("manifest", body).status == 200
    assert office("manifest", {**body, "kind": "report"}).slug == "exists"
    assert office("delete_upload", upload=body["id"]).status == 200
    assert office("manifest", body).slug == "deleted"


def test_counts_and_sizes(office: Desk) -> None:
    desk = Desk(office.send).make_office()
    desk.put_report(b"12345")
    gone = desk.put_report(b"gone")
    desk("delete_report", report=gone)
    put_upload(desk, [b"123"])
    desk("put_document", {"kind": "client", "base_version": 0, "sealed": b64(b"1234567")}, document=uuid4())
    shown = desk("office").json
    assert [shown[name] for name in ("people", "devices", "reports", "documents", "uploads", "stored_bytes")] == [
        1,
        1,
        1,
        1,
        1,
        15,
    ]


@pytest.mark.parametrize(
    ("name", "body", "slug"),
    [
        ("put_report", {"id": "x"}, "invalid"),
        ("put_report", {"id": str(uuid4()), "kind": "secret word", "sealed": "YQ=="}, "invalid"),
        ("put_report", {"id": str(uuid4()), "kind": "run", "sealed": "no base64"}, "invalid"),
        ("put_report", {"id": str(uuid4()), "kind": "run", "sealed": "YQ==", "name": "Aoife"}, "invalid"),
        ("put_report", {"id": str(uuid4()), "kind": "run", "sealed": b64(bytes(MAX_SEALED + 1))}, "invalid"),
        ("put_report", {"id": str(uuid4()), "kind": "run", "sealed": b64(bytes(400_000))}, "too-large"),
        ("put_report", [], "invalid"),
    ],
)
def test_bad_input_is_told_without_repeating_it(office: Desk, name: str, body: object, slug: str) -> None:
    reply = office(name, body)
    assert reply.slug == slug
    assert b"Aoife" not in reply.body
    assert b"secret word" not in reply.body
    assert reply.json["request_id"] == reply.headers["x-request-id"]

"""The change feed loses nothing when transactions commit in another order than they began; writes are done once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg

from tests.server.conftest import Databases
from tests.server.desk import Desk, Reply, b64

NOTE = "select note_change(%s, 'report', %s, 'run', 0, %s, false, 0, 0)"


def waiting_for_a_lock(connection: psycopg.Connection, over: Callable[[], bool]) -> None:
    """Return once another backend waits for a lock, or once what should wait is over."""
    while (
        not over()
        and not connection.execute(
            "select exists (select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database())"
        ).fetchone()[0]
    ):
        connection.commit()


def test_a_number_is_never_seen_before_a_lower_one(office: Desk, databases: Databases) -> None:
    """The trap: A takes its number, B takes a higher one and commits first; a reader that goes on from B's never sees A."""
    start = office("office").json["change"]
    first = uuid4()
    with (
        psycopg.connect(databases.serve) as slow,
        psycopg.connect(databases.superuser) as watching,
        ThreadPoolExecutor(1) as pool,
    ):
        slow.execute("select set_config('app.office_id', %s, true)", [str(office.office)])
        slow.execute(NOTE, [office.office, first, office.id])
        second = pool.submit(office.put_report)
        waiting_for_a_lock(watching, second.done)
        assert not second.done(), "the second number was given out before the first was decided"
        meanwhile = office("changes", query=f"after={start}").json
        assert (meanwhile["items"], meanwhile["cursor"]) == ([], start), "B is held up, so no reader can go past A"
        slow.commit()
        after = office("changes", query=f"after={start}").json
        last = second.result()
    seen = [one["id"] for one in after["items"]]
    seen += [one["id"] for one in office("changes", query=f"after={after['cursor']}").json["items"]]
    assert seen == [str(first), last]


def test_a_reader_beside_many_writers_gets_everything_once_in_order(office: Desk) -> None:
    desks = [office, *(office.colleague() for _ in range(3))]
    cursor = office("office").json["change"]
    stop, seen = threading.Event(), []

    def read() -> None:
        nonlocal cursor
        while True:
            over = stop.is_set()
            page = office("changes", query=f"after={cursor}&limit=7").json
            cursor = page["cursor"]
            seen.extend((one["sequence"], one["id"]) for one in page["items"])
            if over and not page["items"]:
                return

    with ThreadPoolExecutor(5) as pool:
        reader = pool.submit(read)
        made = list(pool.map(lambda number: desks[number % 4].put_report(b"%d" % number), range(60)))
        stop.set()
        reader.result()
    assert [number for number, _ in seen] == sorted({number for number, _ in seen})
    assert sorted(one for _, one in seen) == sorted(made)


def test_the_same_write_at_once_is_done_once(office: Desk) -> None:
    start = office("office").json["change"]
    for name, body, parts in (
        ("put_report", {"id": str(uuid4()), "kind": "run", "sealed": b64(b"x")}, {}),
        ("put_document", {"kind": "client", "base_version": 0, "sealed": b64(b"x")}, {"document": uuid4()}),
    ):
        key = uuid4().hex
        with ThreadPoolExecutor(6) as pool:
            tries = [pool.submit(office, name, body, key=key, **parts) for _ in range(6)]
            replies: list[Reply] = [one.result() for one in tries]
        assert {reply.status for reply in replies} <= {200, 201}, [reply.body for reply in replies]
        assert len({reply.body for reply in replies}) == 1
    assert len(office("changes", query=f"after={start}").json["items"]) == 2


def test_only_one_of_two_edits_of_a_version_is_taken(office: Desk) -> None:
    which = uuid4()
    office("put_document", {"kind": "client", "base_version": 0, "sealed": b64(b"0")}, document=which)
    with ThreadPoolExecutor(5) as pool:
        edits = [
            pool.submit(
                office, "put_document", {"kind": "client", "base_version": 1, "sealed": b64(b"%d" % n)}, document=which
            )
            for n in range(5)
        ]
        replies = [one.result() for one in edits]
    assert sorted(reply.slug for reply in replies) == ["", *["version-conflict"] * 4]
    assert office("document", document=which).json["version"] == 2

"""What a request costs the database does not grow with what an office keeps: no table is read from end to end.

Counted in pages touched, which no neighbour on the machine changes. `python3 packaging/dev.py campaign service-cost`
goes from a thousand rows to a million and measures times as well.
"""

import os
import statistics
import time
from uuid import uuid4

import psycopg
import pytest

from server_sync.contract.routes import BY_NAME
from server_sync.web.call import Service
from tests.server.conftest import Databases
from tests.server.desk import Desk, b64, manifest, put_upload

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "campaign"
FEW, MANY = 1_000, 1_000_000 if LONG else 8_000
LARGE = (
    "reports",
    "documents",
    "uploads",
    "chunks",
    "changes",
    "audit",
    "idempotency",
    "device_directory",
    "person_directory",
    "invitation_directory",
    "used_challenges",
    "heads",
)

FILL = """
insert into reports (office_id, id, seq, kind, device_id, size, sha256, sealed)
select %(office)s, gen_random_uuid(), n, 'run', %(device)s, 300, sha256(n::text::bytea), repeat('x', 300)::bytea from generate_series(%(first)s::bigint, %(last)s::bigint) n;
insert into changes (office_id, seq, what, id, kind, device_id)
select office_id, seq, 'report', id, kind, device_id from reports where office_id = %(office)s and seq between %(first)s and %(last)s;
insert into documents (office_id, id, seq, kind, version, device_id, size, sha256, sealed)
select office_id, gen_random_uuid(), seq + 10000000, 'client', 1, device_id, 3, sha256, 'abc' from reports where office_id = %(office)s and seq between %(first)s and %(last)s;
insert into uploads (office_id, id, seq, kind, complete, device_id, size, sha256, chunks)
select office_id, gen_random_uuid(), seq, 'file', true, device_id, 3, sha256, array[sha256] from reports where office_id = %(office)s and seq between %(first)s and %(last)s;
insert into chunks (office_id, sha256, size, bytes)
select office_id, sha256, 3, 'abc' from reports where office_id = %(office)s and seq between %(first)s and %(last)s;
insert into idempotency (office_id, key, route, fingerprint, status, answer)
select office_id, 'key-' || seq, 'put_report', sha256, 201, '{}' from reports where office_id = %(office)s and seq between %(first)s and %(last)s;
alter table audit disable trigger audit_link;
insert into audit (office_id, seq, at, action, prev_hash, hash)
select office_id, seq + 100, now(), 'filled', sha256, sha256 from reports where office_id = %(office)s and seq between %(first)s and %(last)s;
alter table audit enable trigger audit_link;
update heads set change_seq = %(last)s where office_id = %(office)s;
"""
ELSEWHERE = """
insert into office_directory (office_id) select gen_random_uuid() from generate_series(1, 3000);
insert into device_directory select gen_random_uuid(), office_id from office_directory;
insert into person_directory select sha256(office_id::text::bytea), office_id, gen_random_uuid() from office_directory on conflict do nothing;
insert into invitation_directory select sha256(office_id::text::bytea), office_id, gen_random_uuid() from office_directory;
insert into heads (office_id) select office_id from office_directory on conflict do nothing;
insert into used_challenges select sha256(office_id::text::bytea), now() from office_directory;
"""


def fill(databases: Databases, desk: Desk, first: int, last: int) -> None:
    with psycopg.connect(databases.superuser, autocommit=True) as connection:
        for statement in FILL.split(";\n"):
            connection.execute(statement, {"office": desk.office, "device": desk.id, "first": first, "last": last})
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")


def pages(databases: Databases, desk: Desk, statement: str) -> int:
    """Pages a statement touches, as the service's role, the second time it is run."""
    roles = "array['owner']"
    with psycopg.connect(databases.serve, autocommit=True) as connection:
        for _ in range(2):
            text = f"explain (analyze, buffers, format json) {statement}".format(
                office=f"'{desk.office}'::uuid", device=f"'{desk.id}'::uuid", roles=roles
            )
            plan = connection.execute(text).fetchone()[0][0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


HOT = {
    "reports": "select body from list_reports({office}, {device}, {roles}, null, 50)",
    "reports, far back": "select body from list_reports({office}, {device}, {roles}, 500, 50)",
    "uploads": "select body from list_uploads({office}, {device}, {roles}, null, 50)",
    "changes": "select body from list_changes({office}, {device}, {roles}, 100, 50, false)",
    "changes with bytes": "select body from list_changes({office}, {device}, {roles}, 100, 50, true)",
    "put_reports": "select string_agg(body, '') from put_reports(array[{office}], array[{device}], {roles}, array[gen_random_uuid()::text], array[sha256('x')], array[gen_random_uuid()], array['run'], array['sealed'::bytea], array['{{}}'])",
    "put_report": "select body from put_report({office}, {device}, {roles}, gen_random_uuid()::text, sha256('x'), gen_random_uuid(), 'run', 'sealed', array[]::uuid[])",
}


@pytest.fixture(scope="module")
def desk(office: Desk, databases: Databases) -> Desk:
    with psycopg.connect(databases.superuser, autocommit=True) as connection:
        for statement in ELSEWHERE.split(";\n"):
            connection.execute(statement)
    fill(databases, office, 1_000, 1_000 + FEW)
    return office


@pytest.fixture(scope="module")
def costs(desk: Desk, databases: Databases) -> dict[str, tuple[int, int]]:
    """Pages with few rows and with many."""
    few = {name: pages(databases, desk, statement) for name, statement in HOT.items()}
    times = seconds(desk)
    last = desk("office").json["change"]
    fill(databases, desk, last + 1, last + MANY)
    many = {name: pages(databases, desk, statement) for name, statement in HOT.items()}
    if LONG:
        later = seconds(desk)
        for name, after in later.items():
            print(f"{name}: {times[name] * 1000:.2f} ms with {FEW} rows, {after * 1000:.2f} ms with {MANY}")
        noise = max(1.0, later["health"] / times["health"])  # what the machine itself became slower by
        slow = {name for name, after in later.items() if after > 2 * noise * times[name]}
        assert not slow, f"slower than {2 * noise:.1f} times"
    return {name: (few[name], many[name]) for name in HOT}


def seconds(desk: Desk) -> dict[str, float]:
    """Median seconds of a request, for a campaign alone."""
    if not LONG:
        return {}
    taken: dict[str, list[float]] = {"health": [], "reports": [], "changes": [], "put_report": []}
    for _ in range(200):
        for name, so_far in taken.items():
            body = {"id": str(uuid4()), "kind": "run", "sealed": b64(b"x" * 2000)} if name == "put_report" else None
            started = time.perf_counter()
            assert desk(name, body).status in (200, 201)
            so_far.append(time.perf_counter() - started)
    return {name: statistics.median(all_of_them) for name, all_of_them in taken.items()}


@pytest.mark.parametrize("name", HOT)
def test_a_request_touches_as_many_pages_among_many_rows(costs: dict[str, tuple[int, int]], name: str) -> None:
    few, many = costs[name]
    assert many < 2 * few + 60, f"{few} pages with {FEW} rows, {many} with {MANY}"


def test_no_route_reads_a_large_table_from_end_to_end(
    costs, desk: Desk, service: Service, databases: Databases
) -> None:
    """Every route once, then PostgreSQL's own count of sequential scans."""
    count = f"select relname, seq_scan from pg_stat_user_tables where relname in {LARGE}"
    with psycopg.connect(databases.superuser, autocommit=True) as connection:
        before = dict(connection.execute(count).fetchall())
    service.database.close()
    upload, document, asked = put_upload(desk, [b"one"]), uuid4(), set()
    clerk = desk.colleague()
    unfinished = manifest([b"never"])
    invitation = desk("invitations").json["items"][0]["id"]
    steps = [
        ("health", None, {}), ("office", None, {}), ("audit", None, {}), ("people", None, {}), ("invitations", None, {}),
        ("devices", None, {}), ("this_device", None, {}), ("device_keys", None, {}), ("recovery", None, {}), ("uploads", None, {}),
        ("upload", None, {"upload": upload}), ("reports", None, {}), ("documents", None, {}), ("changes", None, {}),
        ("report", None, {"report": desk.put_report()}), ("manifest", unfinished, {}), ("delete_upload", None, {"upload": upload}),
        ("put_document", {"kind": "client", "base_version": 0, "sealed": "YQ=="}, {"document": document}), ("document", None, {"document": document}),
        ("delete_document", None, {"document": document}), ("delete_report", None, {"report": desk.put_report()}), ("withdraw", None, {"invitation": invitation}),
        ("set_role", {"role": "clerk"}, {"person": clerk.person}), ("revoke", None, {"device": clerk.id}), ("remove_person", None, {"person": clerk.person}),
        ("licence", None, {}), ("seats", None, {}), ("release_seat", None, {"device": clerk.id}), ("licence_file", {"text": "AER1"}, {}),
        ("offers", None, {}), ("checkout", {"plan": "solo", "interval": "year"}, {}), ("portal", None, {}), ("set_addon", {"addon": "seat", "quantity": 1}, {}),
    ]  # fmt: skip
    for name, body, parts in steps:
        assert desk(name, body, **parts).status < 500, name
        asked.add(name)
    assert asked | {
        "make_office",
        "join",
        "sign_in",
        "challenge",
        "token",
        "approve",
        "invite",
        "put_chunk",
        "complete",
        "put_report",
        "stripe_webhook",
        "licence_thanks",
        "licence_back",
    } >= set(BY_NAME) - {"chunk", "export_office", "erase_office", "rotate_key", "recover", "set_password", "set_codes"}
    service.database.close()  # a backend reports what it counted when it ends
    with psycopg.connect(databases.superuser, autocommit=True) as connection:
        while connection.execute(
            "select count(*) from pg_stat_activity where application_name = 'autoenroll' and datname = current_database()"
        ).fetchone()[0]:
            pass
        after = dict(connection.execute(count).fetchall())
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {}

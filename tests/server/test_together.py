"""Reports that arrive at once are kept in one transaction, and each fares as if it had come alone."""

import random
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from server_sync.contract.problems import Refused
from server_sync.contract.routes import BY_NAME
from server_sync.contract.things import NewReport
from server_sync.reports.reports import put_report, put_reports
from server_sync.settings import Settings
from server_sync.web.application import build
from server_sync.web.call import Call, Service
from server_sync.web.gathering import Gathering
from tests.server.conftest import NOW, Clock, Databases
from tests.server.desk import Desk, b64, in_process


class Kitchen:
    """Does lots by doubling, and is held up in the first until the rest wait."""

    def __init__(self, waiting: int) -> None:
        self.lots: list[list[int]] = []
        self.started, self.go_on = threading.Event(), threading.Event()
        self.gathering = Gathering(self.run, 4)
        self.waiting = waiting

    def run(self, items: Sequence[int]) -> list[int | None]:
        self.lots.append(list(items))
        if len(self.lots) == 1:
            self.started.set()
            assert self.go_on.wait(30)
        if 13 in items:
            raise ValueError("unlucky")
        return [2 * item for item in items]


def test_who_comes_meanwhile_is_done_together() -> None:
    kitchen = Kitchen(9)
    with ThreadPoolExecutor(10) as pool:
        first = pool.submit(kitchen.gathering.ask, 0)
        assert kitchen.started.wait(30)
        rest = {item: pool.submit(kitchen.gathering.ask, item) for item in range(1, 10)}
        while len(kitchen.gathering.waiting) < 9:
            pass
        kitchen.go_on.set()
        assert first.result(30) == 0
        assert {item: one.result(30) for item, one in rest.items()} == {item: 2 * item for item in rest}
    assert [len(lot) for lot in kitchen.lots] == [1, 4, 4, 1]
    assert sorted(item for lot in kitchen.lots for item in lot) == list(range(10))
    assert kitchen.gathering.ask(21) == 42, "and it is free again"


def test_a_lot_that_fails_tells_one_and_leaves_the_others_to_themselves() -> None:
    kitchen = Kitchen(3)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(kitchen.gathering.ask, 0)
        assert kitchen.started.wait(30)
        rest = [pool.submit(kitchen.gathering.ask, item) for item in (13, 14, 15)]
        while len(kitchen.gathering.waiting) < 3:
            pass
        kitchen.go_on.set()
        assert first.result(30) == 0
        errors = [one.exception(30) for one in rest]
        assert [type(one) for one in errors if one is not None] == [ValueError]
        assert [one.result() for one, error in zip(rest, errors, strict=True) if error is None] == [None, None]
    assert kitchen.gathering.ask(21) == 42


def called(service: Service, desk: Desk, office: UUID, key: str, new: NewReport) -> Call:
    call = Call(service, BY_NAME["put_report"], NOW, {})
    call.office, call.device, call.key, call.body = office, desk.id, key, new
    call.fingerprint = service.secrets.fingerprint(b"put_report", msgspec.json.encode(new))
    return call


def told(outcome: object) -> tuple[str, object]:
    """What is comparable of an answer: its number, or the refusal."""
    if isinstance(outcome, Refused):
        return ("refused", outcome.kind.slug)
    return ("kept", msgspec.json.decode(outcome.text)["sequence"])


Offices = list[dict[str, Desk]]


@pytest.fixture(scope="module")
def pairs(office: Desk) -> tuple[Offices, Offices]:
    """Two offices, and two that fare the same."""
    made = [office_with_all(office) for _ in range(4)]
    return made[:2], made[2:]


@pytest.mark.parametrize("seed", range(6))
def test_each_fares_as_if_it_had_come_alone(pairs: tuple[Offices, Offices], service: Service, seed: int) -> None:
    """The same lot at two offices together and at two others one after the other: repeated keys, taken ids, missing
    uploads, a reader, a revoked device and one of another office among them.
    """
    here, there = pairs
    dice = random.Random(seed)
    ids, keys = [uuid4() for _ in range(5)], [uuid4().hex for _ in range(12)]
    plan = [
        (dice.randrange(2), dice.choice(["owner"] * 5 + ["reader", "revoked", "foreign"]), dice.choice(keys),
         NewReport(id=dice.choice([*ids, uuid4()]), kind="run", sealed=dice.choice([b"one", b"two"]), uploads=dice.choice([[], [], [], [uuid4()]])))
        for _ in range(40)
    ]  # fmt: skip
    one_by_one = [None] * len(plan)
    for place, (which, who, key, new) in sorted(
        enumerate(plan), key=lambda one: (there[one[1][0]]["owner"].office, one[0])
    ):
        desks = there[which]
        try:
            one_by_one[place] = told(put_report(called(service, desks[who], desks["owner"].office, key, new)))
        except Refused as refused:
            one_by_one[place] = told(refused)
    lot = [called(service, here[which][who], here[which]["owner"].office, key, new) for which, who, key, new in plan]
    together = [told(outcome) for outcome in put_reports(lot)]
    assert together == one_by_one
    assert {kind for kind, _ in together} == {"kept", "refused"}
    assert [desks["owner"]("office").json["change"] for desks in here] == [
        desks["owner"]("office").json["change"] for desks in there
    ]


def office_with_all(office: Desk) -> dict[str, Desk]:
    owner = Desk(office.send).make_office()
    reader, revoked = owner.colleague("read-only"), owner.colleague()
    assert owner("revoke", device=revoked.id).status == 200
    return {"owner": owner, "reader": reader, "revoked": revoked, "foreign": office}


def test_an_office_that_is_held_up_holds_up_no_other(office: Desk, stranger: Desk, databases: Databases) -> None:
    body = {"id": str(uuid4()), "kind": "run", "sealed": b64(b"held")}
    with psycopg.connect(databases.superuser) as above, ThreadPoolExecutor(1) as pool:
        above.execute("select from heads where office_id = %s for update", (office.office,))
        held = pool.submit(office, "put_report", body)
        while not waits(databases):
            pass
        for _ in range(5):
            stranger.put_report(b"meanwhile")
        assert not held.done()
        above.rollback()
        assert held.result(30).status == 201


def waits(databases: Databases) -> bool:
    with psycopg.connect(databases.superuser) as other:
        count = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
        return bool(other.execute(count).fetchone()[0])


def test_many_at_once_on_two_processes_are_all_kept_and_numbered_without_a_gap(
    office: Desk, settings: Settings, databases: Databases, clock: Clock
) -> None:
    """Lots of two processes lock the same offices, in the same order: none waits for one that waits for it."""
    app, other = build(settings, databases.serve, clock=clock)
    desks = [Desk(office.send).make_office() for _ in range(3)]
    there = {desk.office: Desk(in_process(app), id=desk.id, token=desk.token) for desk in desks}
    begun = [desk("changes").json["cursor"] for desk in desks]
    with ThreadPoolExecutor(24) as pool:
        made = [
            (desk, pool.submit((there[desk.office] if number % 2 else desk).put_report, b"%d" % number))
            for number in range(40)
            for desk in desks
        ]
        kept = {desk.office: {one.result(30) for other, one in made if other is desk} for desk in desks}
    for desk, start in zip(desks, begun, strict=True):
        page = desk("changes", query=f"after={start}&limit=100").json["items"]
        assert [one["sequence"] for one in page] == list(range(start + 1, start + 41))
        assert {one["id"] for one in page} == kept[desk.office]
    other.database.close()
    with psycopg.connect(databases.superuser) as above:
        count = "select deadlocks from pg_stat_database where datname = current_database()"
        assert above.execute(count).fetchone()[0] == 0

"""Nothing the service, or somebody on the way, could do is taken over: each is refused by its name, and the rest goes on."""

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from autoenroll_desktop.actions.join_office import invite, join, leave, look_whether_approved, recover
from autoenroll_desktop.actions.office import look
from autoenroll_desktop.actions.office_devices import approve, change_key, devices, revoke
from autoenroll_desktop.actions.office_service import OfficeTrouble, membership
from autoenroll_desktop.actions.sync_office import pause
from autoenroll_desktop.store import sharing
from autoenroll_desktop.store.recipes import keep_recipe
from autoenroll_desktop.sync.membership import Membership
from autoenroll_desktop.sync.vault.handing import hand_over
from autoenroll_desktop.sync.vault.sealing import OfficeKeys
from server_sync.contract import signing
from tests.server.conftest import Databases
from tests.syncing import WORDS, Between, Pc, contents, response, through

ROWS = [("1234567FA", "Aoife", "Byrne", "700.00")]
EMPLOYER = "8000074DH"


@pytest.fixture
def tamper(databases: Databases, office: tuple[Pc, Pc]) -> Callable[[str], None]:
    """Does something to the service's database, as who runs it could."""

    def do(statement: str) -> None:
        with psycopg.connect(databases.superuser, autocommit=True) as admin:
            done = admin.execute(statement.replace("OFFICE", f"'{membership(office[0].store).office}'"))
            assert done.rowcount

    return do


def named(pc: Pc, act: Callable[[], object]) -> str:
    with pytest.raises(OfficeTrouble) as found:
        act()
    assert found.value.title
    return found.value.slug


def revoked(third: Pc, office: tuple[Pc, Pc]) -> Membership:
    """A third PC of the office that was in it, and was revoked by the first."""
    first, second = office
    first.let_in(third)
    for one in (first, second, third):
        one.sync()
    gone = membership(third.store)
    revoke(first.store, first.service, WORDS, gone.device, first.stamp())
    return gone


class Forger(Between):
    """A service that hands a PC office keys of its own making; `pretend`: and says that the PC is let in."""

    def __init__(self, to: Pc, thief: Ed25519PrivateKey, keys: dict[int, bytes], *, pretend: bool = False) -> None:
        def let_in(path: str, said: Any) -> Any:
            return {**said, "state": "active"} if path in ("/v1/devices/me", "/v1/tokens") else said

        super().__init__(to.service.connect().get_adapter("http://"), let_in if pretend else lambda _path, said: said)
        me = membership(to.store)
        sealed = hand_over(OfficeKeys(keys), me.office, me.public[1])
        newest = max(keys)
        said = signing.approval(me.office, me.device, *me.public, newest, sealed)
        self.item = {
            "generation": newest, "sealed_key": base64.b64encode(sealed).decode(),
            "sealed_by": str(UUID(int=1)), "signature": base64.b64encode(thief.sign(said)).decode(),
        }  # fmt: skip

    def send(self, request: Any, **more: Any) -> Any:
        if request.url.endswith("/v1/devices/me/keys"):
            body = json.dumps({"items": [self.item]}).encode()
            return response(request, 200, {"Content-Type": "application/json"}, body)
        return super().send(request, **more)


def test_tampered_ciphertext_is_refused_and_the_rest_arrives(
    office: tuple[Pc, Pc], tamper: Callable[[str], None], tmp_path: Path
) -> None:
    first, second = office
    spoilt = first.check(tmp_path, "2026-11-26", ROWS)
    first.sync()
    tamper(
        "with bad as (select id, set_byte(sealed, 60, get_byte(sealed, 60) # 1) as bytes from reports where "
        "office_id = OFFICE and kind = 'run') update reports r set sealed = bad.bytes, sha256 = sha256(bad.bytes) "
        "from bad where r.id = bad.id"
    )
    good = first.check(tmp_path, "2026-11-19", ROWS)
    first.sync()
    state = second.sync()
    assert (state.trouble, state.standing, state.refused) == ("tampered", "needs-you", 1)
    assert WORDS.say("sync-trouble.tampered-title") in " ".join(state.lines)
    assert (good in contents(second.store)["runs"], spoilt in contents(second.store)["runs"]) == (True, False)


def test_things_passed_off_as_one_another_are_refused(
    office: tuple[Pc, Pc], tamper: Callable[[str], None], tmp_path: Path
) -> None:
    first, second = office
    for day in ("2026-11-19", "2026-11-26"):
        first.check(tmp_path, day, ROWS)
    first.sync()
    tamper(
        "with other as (select a.id, b.sealed, b.sha256, b.size from reports a join reports b on a.office_id = "
        "b.office_id and a.id <> b.id and a.kind = 'run' and b.kind = 'run' where a.office_id = OFFICE) update reports r "
        "set sealed = other.sealed, sha256 = other.sha256, size = other.size from other where r.id = other.id"
    )
    state = second.sync()
    assert (state.trouble, state.refused, contents(second.store)["runs"]) == ("tampered", 2, {})


def test_an_old_version_passed_off_as_new_is_refused_and_put_right(office: tuple[Pc, Pc], databases: Databases) -> None:
    first, second = office
    mine = (membership(first.store).office,)
    with psycopg.connect(databases.superuser, autocommit=True) as admin:
        for text in ("one\n", "two\n"):
            with first.store.writing() as connection:
                keep_recipe(connection, EMPLOYER, "weekly", text, first.stamp())
            first.sync()
            if text == "one\n":
                there = admin.execute(
                    "select id, sealed, sha256, size from documents where office_id = %s and kind = 'recipe'", mine
                )
                which, sealed, sha256, size = there.fetchone()
        second.sync()
        before = contents(second.store)
        admin.execute("update heads set change_seq = change_seq + 1 where office_id = %s", mine)
        admin.execute(
            "update documents set version = 1, sealed = %s, sha256 = %s, size = %s, seq = h.change_seq from heads h "
            "where h.office_id = documents.office_id and id = %s", (sealed, sha256, size, which),
        )  # fmt: skip
        admin.execute(
            "update changes set version = 1, seq = h.change_seq from heads h where h.office_id = changes.office_id "
            "and changes.office_id = %s and changes.id = %s", (*mine, which),
        )  # fmt: skip
    state = second.sync()
    assert state.trouble == "rolled-back"
    assert contents(second.store)["documents"] == before["documents"]
    assert (second.sync().trouble, first.sync().trouble) == ("", "")
    assert contents(first.store)["documents"] == before["documents"] | contents(first.store)["documents"]


def test_other_bytes_under_a_known_id_are_refused(office: tuple[Pc, Pc], tmp_path: Path) -> None:
    first, second = office
    first.check(tmp_path, "2026-11-26", ROWS)
    first.sync()
    second.sync()
    before = contents(second.store)
    junk = os.urandom(500)

    def replay(path: str, said: Any) -> Any:
        if path == "/v1/changes" and said["items"]:
            for item in said["items"]:
                item["sealed"] = base64.b64encode(junk).decode() if item["what"] == "report" else item["sealed"]
        return said

    with second.store.writing() as connection:
        sharing.put_cursor(connection, 0)
    assert through(second, Between(second.service.connect().get_adapter("http://"), replay)).sync().trouble == ""
    assert contents(second.store) == before


def test_an_old_item_served_again_under_a_newer_ones_id_is_named(
    office: tuple[Pc, Pc], databases: Databases, tmp_path: Path
) -> None:
    """The service itself holds an earlier report's bytes under a later one's id, and tells its feed from the start."""
    first, second = office
    for day in ("2026-11-19", "2026-11-26"):
        first.check(tmp_path, day, ROWS)
        first.sync()
    second.sync()
    before = contents(second.store)
    with psycopg.connect(databases.superuser, autocommit=True) as admin:
        done = admin.execute(
            "with old as (select id, sealed, sha256, size from reports where office_id = %(office)s and kind = 'run' "
            "order by id limit 1) update reports r set sealed = old.sealed, sha256 = old.sha256, size = old.size from old "
            "where r.office_id = %(office)s and r.kind = 'run' and r.id <> old.id",
            {"office": membership(second.store).office},
        )
        assert done.rowcount == 1
    with second.store.writing() as connection:
        sharing.put_cursor(connection, 0)
    state = second.sync()
    assert (state.trouble, state.standing, state.level) == ("replayed", "needs-you", "amber")
    assert WORDS.say("sync-trouble.replayed-title") in " ".join(state.lines)
    assert contents(second.store) == before
    first.check(tmp_path, "2026-12-03", ROWS)
    first.sync()
    assert second.sync().standing == "in-sync", "what comes after it arrives"
    assert contents(second.store)["runs"] == contents(first.store)["runs"]


def test_a_token_of_another_office_is_refused(office: tuple[Pc, Pc]) -> None:
    first, _ = office

    def foreign(path: str, said: Any) -> Any:
        return {**said, "office": str(UUID(int=9))} if path == "/v1/tokens" else said

    state = through(first, Between(first.service.connect().get_adapter("http://"), foreign)).sync()
    assert (state.trouble, state.standing) == ("foreign-office", "needs-you")


def test_a_revoked_device_notices_keeps_everything_and_asks_no_more(office: tuple[Pc, Pc], tmp_path: Path) -> None:
    first, second = office
    first.sync()
    mine = second.check(tmp_path, "2026-11-26", ROWS)
    revoke(first.store, first.service, WORDS, membership(second.store).device, first.stamp())
    assert look(first.store, first.service, WORDS).rotate
    state = second.sync()
    assert (state.standing, state.level, state.waiting) == ("revoked", "stop", 1)
    assert mine in contents(second.store)["runs"]
    watched = Between(second.service.connect().get_adapter("http://"), lambda _path, said: said)
    assert through(second, watched).sync().standing == "revoked"
    assert watched.asked == []
    leave(second.store, second.service, WORDS, second.stamp())
    assert look(second.store, second.service, WORDS).standing == "alone"


def test_after_a_revocation_the_new_key_is_the_others_alone(
    pc: Callable[[str], Pc], office: tuple[Pc, Pc], tmp_path: Path
) -> None:
    first, second = office
    gone = revoked(pc("c"), office)
    code = change_key(first.store, first.service, WORDS, first.stamp())
    assert not look(first.store, first.service, WORDS).rotate
    old, new = "2026-11-19", "2026-11-26"
    second.check(tmp_path, old, ROWS)
    first.check(tmp_path, new, ROWS)
    for one in (first, second, first, second):
        assert one.sync().trouble == ""
    assert contents(first.store) == contents(second.store)
    assert membership(second.store).office_keys.newest == 2
    assert gone.office_keys.newest == 1
    lost = pc("d")
    ticket = invite(first.store, first.service, WORDS)
    join(lost.store, lost.service, WORDS, lost.account, ticket, lost.stamp())
    assert (
        named(lost, lambda: recover(lost.store, lost.service, WORDS, "196D-9ZFR-R5VX-T6TQ-JKK0-B17D-MXT7-RWW0-VAS"))
        == "code-wrong"
    )
    assert code


def test_every_device_lost_and_back_by_the_recovery_code(pc: Callable[[str], Pc], tmp_path: Path) -> None:
    first = pc("a")
    code = first.make_office()
    first.check(tmp_path, "2026-11-26", ROWS)
    first.sync()
    back = pc("b")
    back.email = first.email
    assert join(back.store, back.service, WORDS, back.account, "", back.stamp()) == ""
    approved = next(one for one in devices(first.store, first.service, WORDS) if one.state == "waiting")
    approve(first.store, first.service, WORDS, approved.id, approved.words, first.stamp())
    assert back.sync().trouble == "approval-forged", "without a ticket nobody but the code lets it in"
    lost = pc("c")
    lost.email = first.email
    join(lost.store, lost.service, WORDS, lost.account, "", lost.stamp())
    back = lost
    recover(back.store, back.service, WORDS, code)
    assert back.sync().standing == "in-sync"
    assert contents(back.store)["runs"] == contents(first.store)["runs"]


def test_a_forged_approval_is_refused(pc: Callable[[str], Pc]) -> None:
    first, second = pc("a"), pc("b")
    first.make_office()
    text = invite(first.store, first.service, WORDS)
    join(second.store, second.service, WORDS, second.account, text, second.stamp())
    thief = Ed25519PrivateKey.generate()
    forged = through(second, Forger(second, thief, {1: os.urandom(32)}, pretend=True))
    assert named(forged, lambda: look_whether_approved(forged.store, forged.service, WORDS)) == "approval-forged"
    assert forged.sync().trouble == "approval-forged"
    assert membership(second.store).keys == {}


def test_a_revoked_device_cannot_offer_the_next_key(pc: Callable[[str], Pc], office: tuple[Pc, Pc]) -> None:
    first, second = office
    gone = revoked(pc("c"), office)
    change_key(first.store, first.service, WORDS, first.stamp())
    second.sync()
    keys = membership(second.store).keys
    assert [*keys] == [1, 2]
    offered = {**gone.keys, 2: os.urandom(32), 3: os.urandom(32)}
    forged = through(second, Forger(second, gone.signing_key, offered))
    assert named(forged, lambda: look_whether_approved(forged.store, forged.service, WORDS)) == "approval-forged"
    assert membership(second.store).keys == keys


def test_other_words_let_nobody_in(pc: Callable[[str], Pc]) -> None:
    first, second = pc("a"), pc("b")
    first.make_office()
    text = invite(first.store, first.service, WORDS)
    join(second.store, second.service, WORDS, second.account, text, second.stamp())
    waiting = next(one for one in devices(first.store, first.service, WORDS) if one.state == "waiting")
    other = " ".join(reversed(waiting.words.split()))
    act = lambda: approve(first.store, first.service, WORDS, waiting.id, other, first.stamp())  # noqa: E731
    assert named(first, act) == "words-differ"
    assert second.sync().standing == "waiting"
    assert look(second.store, second.service, WORDS).words == waiting.words


def test_a_device_the_service_slipped_in_gets_no_key(office: tuple[Pc, Pc], tamper: Callable[[str], None]) -> None:
    first, second = office
    first.sync()
    tamper(
        "with new as (insert into devices (office_id, id, person_id, state, signing_key, sealing_key, approved_at) select "
        "office_id, gen_random_uuid(), person_id, 'active', sha256('a'), sha256('b'), now() from devices where "
        "office_id = OFFICE limit 1 returning id) select id from new"
    )
    act = lambda: change_key(first.store, first.service, WORDS, first.stamp())  # noqa: E731
    assert named(first, act) == "device-unknown"
    del second


def test_a_service_restored_from_an_old_backup_gets_everything_again(
    office: tuple[Pc, Pc], tamper: Callable[[str], None], tmp_path: Path
) -> None:
    first, second = office
    first.sync()
    second.sync()
    first.check(tmp_path, "2026-11-26", ROWS)
    for text in ("one\n", "two\n"):
        with first.store.writing() as connection:
            keep_recipe(connection, EMPLOYER, "weekly", text, first.stamp())
        first.sync()
    for statement in (
        "delete from reports where office_id = OFFICE",
        "delete from documents where office_id = OFFICE and kind <> 'settings'",
        "delete from changes where office_id = OFFICE and (what = 'report' or kind in ('recipe', 'client'))",
        "delete from idempotency where office_id = OFFICE",
        "update heads set change_seq = (select max(seq) from changes where office_id = OFFICE) where office_id = OFFICE",
    ):
        tamper(statement)
    for one in (first, second, first, second):
        state = one.sync()
    assert state.standing == "in-sync", state
    assert contents(first.store) == contents(second.store)
    assert len(contents(second.store)["runs"]) == 1


def test_paused_and_forbidden_send_nothing(office: tuple[Pc, Pc], tmp_path: Path) -> None:
    first, _ = office
    first.check(tmp_path, "2026-11-26", ROWS)
    pause(first.store)
    watched = Between(first.service.connect().get_adapter("http://"), lambda _path, said: said)
    assert through(first, watched).sync(asked=False).standing == "paused"
    from dataclasses import replace

    forbidden = replace(first, service=replace(first.service, allowed=False))
    assert named(forbidden, forbidden.sync) == "forbidden-here"
    assert look(forbidden.store, forbidden.service, WORDS).standing == "forbidden"
    assert watched.asked == []


def test_a_record_that_was_changed_is_noticed(
    office: tuple[Pc, Pc], pc: Callable[[str], Pc], databases: Databases
) -> None:
    first, _ = office
    assert first.sync().standing == "in-sync"
    seen = membership(first.store).audit
    assert seen[0] >= 4
    first.let_in(pc("c"))
    with psycopg.connect(databases.superuser, autocommit=True) as admin:
        admin.execute("set session_replication_role = replica")
        done = admin.execute(
            "update audit set action = 'nothing' where office_id = %s and seq = %s",
            (membership(first.store).office, seen[0] + 1),
        )
        assert done.rowcount == 1
    assert [first.sync().trouble for _ in range(2)] == ["audit-broken"] * 2
    assert membership(first.store).audit == seen

"""Offices, people, devices, keys and tokens, on the real service."""

import base64
import datetime as dt
import hashlib
import json
import os
import secrets
from uuid import UUID, uuid4

import jwt
import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from server_sync.auth import Tokens
from server_sync.contract import signing
from server_sync.contract.routes import BY_NAME, ROUTES
from server_sync.operator import fleet
from tests.server.conftest import Clock, Databases
from tests.server.desk import PASSWORD, Desk, Send, b64


@pytest.fixture
def office(send: Send) -> Desk:
    """A fresh office for each test."""
    return Desk(send).make_office()


def sign_in(
    desk: Desk, *, email: str | None = None, password: str = PASSWORD, code: str | None = None
) -> tuple[Desk, object]:
    other = Desk(desk.send)
    body = {"email": email or desk.email, "password": password, "device": other.device()}
    return other, other("sign_in", body | ({"code": code} if code else {}))


def test_making_an_office_is_done_once(send: Send) -> None:
    desk, office, key = Desk(send), uuid4(), uuid4().hex
    body = desk.office_body(office)
    first, again = desk("make_office", body, key=key), desk("make_office", body, key=key)
    assert first.status == again.status == 201
    assert first.json == again.json
    assert again.headers["idempotency-replayed"] == "true"
    assert Desk(send)("make_office", Desk(send).office_body(office)).slug == "exists"
    assert (
        Desk(send, email=desk.email)("make_office", Desk(send, email=desk.email).office_body(uuid4())).slug
        == "email-taken"
    )


def test_a_device_must_hold_its_key(send: Send) -> None:
    desk = Desk(send)
    body = desk.office_body(uuid4())
    body["device"]["signing_key"] = b64(Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    assert desk("make_office", body).slug == "bad-signature"


def test_a_new_device_waits_is_let_in_and_reads_its_key(office: Desk) -> None:
    other, made = sign_in(office, email=office.email.upper())
    assert made.json["state"] == "waiting"
    other.sign()
    for name in ("reports", "changes", "devices", "office", "device_keys"):
        assert other(name).slug == "device-waiting", name
    assert other("this_device").json["state"] == "waiting"
    approval = office.approval(other)
    assert office("approve", approval, device=other.id).json["state"] == "active"
    key = other("device_keys").json["items"][0]
    assert (key["sealed_key"], key["sealed_by"]) == (approval["sealed_key"], str(office.id))
    mine = other("this_device").json
    assert (mine["state"], mine["approved_by"], mine["approval"]) == ("active", str(office.id), approval["signature"])
    assert office("approve", approval, device=other.id).slug == "wrong-state"
    assert [one["what"] for one in office("changes").json["items"]][-1] == "device"


def test_forged_approvals_are_refused(office: Desk, stranger: Desk) -> None:
    other, _ = sign_in(office)
    good = office.approval(other)
    assert office("approve", {**good, "sealed_key": b64(os.urandom(80))}, device=other.id).slug == "bad-signature"
    assert office("approve", office.approval(other, key=other.key), device=other.id).slug == "bad-signature"
    assert office("approve", office.approval(other, generation=2), device=other.id).slug == "generation-conflict"
    assert stranger("approve", stranger.approval(other), device=other.id).slug == "not-found"
    clerk = office.colleague("clerk")
    assert clerk("approve", clerk.approval(other), device=other.id).slug == "forbidden"
    assert other.sign()("approve", office.approval(other), device=other.id).slug == "device-waiting"


def test_a_revoked_device_stops_at_once(office: Desk) -> None:
    clerk = office.colleague()
    assert clerk("reports").status == 200
    assert office("revoke", device=clerk.id).json["state"] == "revoked"
    for name in ("reports", "changes", "this_device"):
        assert (clerk(name).status, clerk(name).slug) == (401, "device-revoked")
    assert clerk("put_report", {"id": str(uuid4()), "kind": "run", "sealed": "YQ=="}).slug == "device-revoked"
    assert clerk.try_sign().slug == "device-revoked"
    assert office("revoke", device=clerk.id).slug == "wrong-state"


def test_one_may_revoke_oneself_and_only_keepers_others(office: Desk) -> None:
    clerk, keeper, waiting = office.colleague(), office.colleague("it"), office.colleague(waiting=True)
    assert clerk("revoke", device=keeper.id).slug == "forbidden"
    assert waiting("revoke", device=clerk.id).slug == "forbidden"
    assert waiting("revoke", device=waiting.id).status == 200
    assert keeper("revoke", device=clerk.id).status == 200
    assert office("revoke", device=uuid4()).slug == "not-found"


def test_the_office_key_moves_on_for_just_the_active_devices(office: Desk) -> None:
    clerk, lost = office.colleague(), office.colleague()
    office("revoke", device=lost.id)
    fresh = Ed25519PrivateKey.generate()
    recovery = {"signing_key": b64(fresh.public_key().public_bytes_raw()), "sealed_key": b64(os.urandom(48))}

    def rotation(*desks: Desk, generation: int = 2) -> dict[str, object]:
        keys = []
        for desk in desks:
            made = office.approval(desk, generation)
            keys.append({"device": str(desk.id), "sealed_key": made["sealed_key"], "signature": made["signature"]})
        return {"generation": generation, "keys": keys, "recovery": recovery}

    assert office("rotate_key", rotation(office)).slug == "generation-conflict"
    assert office("rotate_key", rotation(office, clerk, lost)).slug == "generation-conflict"
    assert office("rotate_key", rotation(office, clerk, generation=3)).slug == "generation-conflict"
    forged = rotation(office, clerk)
    forged["keys"][1]["sealed_key"] = b64(os.urandom(80))
    assert office("rotate_key", forged).slug == "bad-signature"
    assert office("rotate_key", rotation(office, clerk)).status == 200
    assert [one["generation"] for one in clerk("device_keys").json["items"]] == [1, 2]
    assert office("recovery").json["signing_key"] == recovery["signing_key"]
    assert office("office").json["key_generation"] == 2


def test_the_printed_code_lets_a_device_in(office: Desk) -> None:
    other, _ = sign_in(office)
    other.sign()
    other.office = office.office
    kept = other("recovery").json
    assert kept["signing_key"] == b64(office.recovery.public_key().public_bytes_raw())
    assert other("recover", other.approval(other)).slug == "bad-signature"
    assert other("recover", other.approval(other, key=office.recovery)).json["state"] == "active"
    assert other("reports").status == 200
    assert other("recover", other.approval(other, key=office.recovery)).slug == "wrong-state"


def test_a_challenge_counts_once_for_one_device_and_lapses(office: Desk, clock: Clock) -> None:
    text = office("challenge", {"device": str(office.id)}).json["challenge"]
    body = office.token_body(text)
    assert office("token", body).status == 200
    assert office("token", body).slug == "unauthenticated"
    other = office.colleague()
    theirs = other("challenge", {"device": str(other.id)}).json["challenge"]
    assert office("token", office.token_body(theirs)).slug == "unauthenticated"
    late = office.token_body(office("challenge", {"device": str(office.id)}).json["challenge"])
    clock.forward(minutes=3)
    assert office("token", late).slug == "unauthenticated"


def test_unknown_devices_look_like_wrong_signatures(send: Send, office: Desk) -> None:
    nobody, wrong = Desk(send).try_sign(), Desk(send, id=office.id).try_sign()
    assert nobody.status == wrong.status == 422
    assert nobody.slug == wrong.slug == "bad-signature"


def _part(fields: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(fields).encode()).decode().rstrip("=")


def test_tokens_lapse_and_cannot_be_made_up(office: Desk, clock: Clock) -> None:
    assert office.token
    assert office("reports").status == 200
    header, payload, _ = office.token.split(".")
    claims = jwt.decode(office.token, options={"verify_signature": False})
    other = Tokens((os.urandom(32),), "test").issue(UUID(claims["ofc"]), office.id, clock())[0]
    made_up = [
        f"{header}.{payload}.{b64(os.urandom(64))}",
        f"{_part({**jwt.get_unverified_header(office.token), 'alg': 'none'})}.{payload}.",
        jwt.encode(claims, hashlib.sha256(office.public).digest(), algorithm="HS256", headers={"kid": jwt.get_unverified_header(office.token)["kid"]}),
        other, "", "x", "a.b.c",
    ]  # fmt: skip
    for token in made_up:
        desk = Desk(office.send, token=token)
        assert (desk("reports").status, desk("reports").slug) == (401, "unauthenticated"), token
    clock.forward(minutes=11)
    lapsed = office("reports")
    assert (lapsed.slug, lapsed.headers["www-authenticate"]) == ("unauthenticated", "Bearer")
    assert office.sign()("reports").status == 200


def test_a_retired_key_still_verifies_and_a_removed_one_does_not(clock: Clock) -> None:
    old, new = os.urandom(32), os.urandom(32)
    token, _ = Tokens((old,), "a").issue(uuid4(), uuid4(), clock())
    assert Tokens((new, old), "a").check(token, clock())
    for tokens in (Tokens((new,), "a"), Tokens((old,), "b")):
        with pytest.raises(Exception, match="unauthenticated"):
            tokens.check(token, clock())


def test_signing_in_needs_all_that_was_set_up_and_says_nothing(office: Desk, clock: Clock) -> None:
    assert sign_in(office, password="wrong password")[1].slug == "sign-in-failed"
    assert sign_in(office, email="nobody@example.ie")[1].slug == "sign-in-failed"
    secret = secrets.token_bytes(20)

    def code(shift: int = 0) -> str:
        return TOTP(secret, 6, SHA1(), 30).generate(int(clock().timestamp()) + shift).decode()

    body = {"password": PASSWORD, "secret": b64(secret), "code": code()}
    assert office("set_codes", {**body, "code": "000000"}).slug == "sign-in-failed"
    assert office("set_codes", body).json["one_time_codes"] is True
    assert sign_in(office)[1].slug == "sign-in-failed"
    assert sign_in(office, code=code())[1].slug == "sign-in-failed", "the code that set them up is used"
    clock.forward(seconds=30)
    fresh = code()
    assert sign_in(office, code=fresh)[1].status == 201
    assert sign_in(office, code=fresh)[1].slug == "sign-in-failed"
    clock.forward(seconds=30)
    assert office("set_codes", {"password": PASSWORD, "secret": None, "code": code()}).json["one_time_codes"] is False
    assert sign_in(office)[1].status == 201


def test_guessing_passwords_is_slowed(office: Desk, clock: Clock) -> None:
    clock.forward(minutes=16)
    tries = [sign_in(office, password=f"wrong password {number}")[1] for number in range(12)]
    assert [one.slug for one in tries] == ["sign-in-failed"] * 10 + ["too-many-requests"] * 2
    assert 0 < int(tries[-1].headers["retry-after"]) <= 900
    clock.forward(minutes=16)
    assert sign_in(office)[1].status == 201


def test_a_signed_in_device_is_added_once(office: Desk) -> None:
    other, key = Desk(office.send), uuid4().hex
    body = {"email": office.email, "password": PASSWORD, "device": other.device()}
    first, again = other("sign_in", body, key=key), other("sign_in", body, key=key)
    assert (first.status, first.json) == (again.status, again.json) == (201, first.json)
    assert other("sign_in", {**body, "password": "not this one!"}, key=key).slug == "idempotency-key-reused"
    assert other("sign_in", body).slug == "exists"


def test_a_password_is_changed(office: Desk) -> None:
    body = {"password": PASSWORD, "new_password": "another long one"}
    assert office("set_password", {**body, "password": "not this one!"}).slug == "sign-in-failed"
    assert office("set_password", body).status == 200
    assert sign_in(office)[1].slug == "sign-in-failed"
    assert sign_in(office, password="another long one")[1].status == 201


def test_invitations_are_used_once_lapse_and_can_be_withdrawn(office: Desk, clock: Clock) -> None:
    code = office.invite("manager")
    first, second = Desk(office.send), Desk(office.send)
    assert first("join", {"code": code, "person": first.me(), "device": first.device()}).json["role"] == "manager"
    assert (
        second("join", {"code": code, "person": second.me(), "device": second.device()}).slug == "invitation-unusable"
    )
    assert (
        second("join", {"code": "A" * 26, "person": second.me(), "device": second.device()}).slug
        == "invitation-unusable"
    )
    old = office.invite("clerk")
    shown = {one["id"]: one for one in office("invitations").json["items"]}
    used = next(one for one in shown.values() if one["used_by"])
    assert office("withdraw", invitation=used["id"]).slug == "wrong-state"
    unused = next(one for one in shown.values() if not one["used_by"])
    assert office("withdraw", invitation=unused["id"]).status == 200
    assert second("join", {"code": old, "person": second.me(), "device": second.device()}).slug == "invitation-unusable"
    late = office.invite("clerk")
    clock.forward(days=8)
    assert (
        second("join", {"code": late, "person": second.me(), "device": second.device()}).slug == "invitation-unusable"
    )


def test_only_owners_invite_leaders(office: Desk) -> None:
    manager = office.colleague("manager")
    for role, status in (("owner", 403), ("manager", 403), ("clerk", 201)):
        body = {"id": str(uuid4()), "role": role, "code_sha256": hashlib.sha256(os.urandom(9)).hexdigest()}
        assert manager("invite", body).status == status


def test_a_new_role_counts_with_the_next_request_and_an_owner_stays(office: Desk) -> None:
    clerk = office.colleague()
    assert clerk("people").status == 200
    assert office("set_role", {"role": "read-only"}, person=clerk.person).json["role"] == "read-only"
    assert clerk("put_report", {"id": str(uuid4()), "kind": "run", "sealed": "YQ=="}).slug == "forbidden"
    assert clerk("reports").status == 200
    assert office("set_role", {"role": "clerk"}, person=office.person).slug == "last-owner"
    assert office("remove_person", person=office.person).slug == "last-owner"
    assert office("set_role", {"role": "owner"}, person=clerk.person).status == 200
    assert clerk("set_role", {"role": "clerk"}, person=office.person).status == 200
    assert office("set_role", {"role": "owner"}, person=office.person).slug == "forbidden"


def test_a_removed_person_is_out_and_may_come_back(office: Desk) -> None:
    clerk = office.colleague()
    assert office("remove_person", person=clerk.person).status == 200
    assert clerk("reports").slug == "device-revoked"
    assert clerk.try_sign().slug == "device-revoked"
    assert clerk.person not in {UUID(one["id"]) for one in office("people").json["items"]}
    back = Desk(office.send, email=clerk.email)
    assert back("join", {"code": office.invite("clerk"), "person": back.me(), "device": back.device()}).status == 201


def test_who_may_ask_what(office: Desk) -> None:
    """Every route with a role it is not for: refused before anything else is looked at."""
    others = {role: office.colleague(role) for role in ("manager", "clerk", "read-only", "it")} | {"owner": office}
    wrong = []
    for route in ROUTES:
        for role, desk in others.items():
            if route.access == "anyone" or role in route.roles:
                continue
            headers = {"Authorization": f"Bearer {desk.token}", "Idempotency-Key": uuid4().hex}
            reply = desk.send(route.method, *_shape(route, headers))
            if reply.slug != "forbidden":
                wrong.append((route.name, role, reply.slug))
    assert wrong == []


def _shape(route, headers):
    from tests.server.shapes import address, body

    raw, media = body(route)
    return address(route), headers | ({"Content-Type": media} if media else {}), raw


def test_the_audit_chain_holds_and_cannot_be_changed(office: Desk, databases: Databases) -> None:
    office("revoke", device=office.colleague().id)
    entries = office("audit", query="limit=200").json["items"]
    assert [one["action"] for one in entries] == [
        "office-made",
        "invited",
        "joined",
        "device-approved",
        "device-revoked",
    ]
    previous = "0" * 64
    for entry in entries:
        ids = [UUID(entry[name]) if entry[name] else None for name in ("person", "device", "subject")]
        link = signing.audit_link(
            bytes.fromhex(previous),
            office.office,
            entry["sequence"],
            signing.microseconds(entry["at"]),
            ids[0],
            ids[1],
            entry["action"],
            ids[2],
        )
        assert entry["previous"] == previous
        assert link.hex() == entry["hash"]
        previous = entry["hash"]
    for url in (databases.serve, databases.migrate):
        for statement in ("update audit set action = 'x'", "delete from audit", "truncate audit"):
            with psycopg.connect(url) as connection:
                connection.execute("select set_config('app.office_id', %s, false)", [str(office.office)])
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)


def test_it_is_seen_which_version_how_many_devices_run(office: Desk, clock: Clock, databases: Databases) -> None:
    def signed(desk: Desk, agent: str) -> None:
        challenge = desk("challenge", {"device": str(desk.id)}).json["challenge"]
        body, headers = desk.token_body(challenge), {"Content-Type": "application/json", "User-Agent": agent}
        assert desk.send("POST", BY_NAME["token"].path, headers, json.dumps(body).encode()).status == 200

    clerk, silent, away = office.colleague(), office.colleague(), office.colleague()
    before = fleet(databases.serve, clock().date()).splitlines()
    signed(office, "AutoEnroll/9.8.7")
    signed(clerk, "AutoEnroll/9.8.7 (anything)")
    signed(away, "AutoEnroll/9.8.6")
    signed(clerk, "curl/8.0")
    shown = {one["id"]: (one.get("release"), one.get("seen_on")) for one in office("devices").json["items"]}
    today = clock().date().isoformat()
    assert shown == {
        str(office.id): ("9.8.7", today), str(clerk.id): ("9.8.7", today), str(away.id): ("9.8.6", today),
        str(silent.id): (None, today),
    }  # fmt: skip
    assert office("revoke", device=away.id).status == 200
    told = fleet(databases.serve, clock().date()).splitlines()
    assert [line.split() for line in told if "9.8" in line] == [["9.8.7", "2", "1"]]
    assert int(told[-1].split()[-1]) == int(before[-1].split()[-1]) - 1
    assert fleet(databases.serve, clock().date() + dt.timedelta(days=31)).split()[-1] == "0"

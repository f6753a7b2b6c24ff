"""The licence token: every outcome has a frozen file, and no change to a token goes unnoticed."""

import datetime as dt
import tomllib
from base64 import urlsafe_b64encode
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_sync.contract.licence import LONGEST, Checked, Licence, Outcome, check_token, key_id, sign_licence
from server_sync.contract.licence_file import (
    LicenceRequest,
    NotARequest,
    read_file,
    read_request,
    write_file,
    write_request,
)
from tests.licences import KEYS, OFFICE, START, file_licence, licence, private

FROZEN = Path(__file__).parent / "licences"
CASES = tomllib.loads((FROZEN / "outcomes.toml").read_text(encoding="utf-8"))["case"]
TOKEN = sign_licence(licence(), private("one"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_a_frozen_file_has_its_outcome(case: dict[str, str | int]) -> None:
    """Files written once and never again: a release that reads them otherwise strands offices."""
    found = check_token(
        read_file((FROZEN / str(case["file"])).read_bytes()),
        KEYS,
        dt.datetime.fromisoformat(str(case["now"])),
        int(case.get("last_serial", 0)),
        office=str(case.get("office", OFFICE)),
        device=str(case.get("device", "")),
    )
    assert found.outcome == case["outcome"]
    assert (found.licence is not None) == case["told"]


def test_every_outcome_has_a_file() -> None:
    assert {case["outcome"] for case in CASES} == set(Outcome)


def test_what_is_signed_is_what_is_read() -> None:
    assert check_token(TOKEN.encode(), KEYS, START, 7, office=OFFICE) == Checked(Outcome.GOOD, licence())
    other = sign_licence(licence(), private("two"))
    assert check_token(other.encode(), KEYS, START).outcome is Outcome.GOOD
    assert len(TOKEN) < 700


def test_a_retired_key_is_no_longer_trusted() -> None:
    kept = {name: public for name, public in KEYS.items() if name != TOKEN.split(".")[1]}
    assert check_token(TOKEN.encode(), kept, START).outcome is Outcome.UNKNOWN_KEY


def test_a_later_release_may_add_to_a_licence() -> None:
    """A field this release does not know is passed over; one it cannot do without asks for an update."""
    body = msgspec.to_builtins(licence())
    assert _signed(body | {"colour": "green"}).outcome is Outcome.GOOD
    del body["valid_until"]
    assert _signed(body).outcome is Outcome.TOO_NEW


def test_a_moment_without_a_time_zone_is_none() -> None:
    body = msgspec.to_builtins(licence()) | {"valid_until": "2027-01-01T00:00:00"}
    assert _signed(body).outcome is Outcome.TOO_NEW


def test_a_licence_whose_letters_are_none_asks_for_an_update() -> None:
    body = msgspec.json.encode(msgspec.to_builtins(licence()) | {"plan": "PLAN"})
    assert b"PLAN" in body
    assert _signed_bytes(body.replace(b"PLAN", b"\xc9t\xe9")).outcome is Outcome.TOO_NEW


def _signed(body: dict[str, object]) -> Checked:
    return _signed_bytes(msgspec.json.encode(body))


def _signed_bytes(body: bytes) -> Checked:
    key = private("one")
    text = urlsafe_b64encode(body).rstrip(b"=").decode()
    signed = f"AEL1.{key_id(key.public_key().public_bytes_raw())}.{text}"
    signature = urlsafe_b64encode(key.sign(signed.encode())).rstrip(b"=").decode()
    return check_token(f"{signed}.{signature}".encode(), KEYS, START)


@given(st.integers(0, len(TOKEN) - 1), st.integers(0, 255))
def test_no_changed_byte_goes_unnoticed(place: int, byte: int) -> None:
    changed = TOKEN.encode()[:place] + bytes([byte]) + TOKEN.encode()[place + 1 :]
    found = check_token(changed, KEYS, START)
    assert (found.outcome is Outcome.GOOD) == (changed.strip() == TOKEN.encode())


@given(st.binary(max_size=400) | st.binary(max_size=300).map(lambda tail: b"AEL1." + tail))
def test_any_bytes_are_answered(token: bytes) -> None:
    assert check_token(token, KEYS, START).licence is None


def test_a_huge_token_is_refused_unread() -> None:
    assert check_token(TOKEN.encode() + b"A" * LONGEST, KEYS, START).outcome is Outcome.NOT_A_LICENCE


@pytest.mark.parametrize("wrap", ["{}", "{}\r\n", "\ufeff{}", "> {}", "# a note\n\n  {}  \n"])
def test_a_file_survives_its_journey(wrap: str) -> None:
    content = write_file(TOKEN, licence())
    lines = (
        "\n".join(wrap.format(line) for line in content.splitlines()) if wrap.startswith(">") else wrap.format(content)
    )
    assert read_file(lines.encode()) == TOKEN.encode()
    assert read_file(lines.replace("\n", "\r\n").encode()) == TOKEN.encode()
    assert max(map(len, content.splitlines())) <= 78


@given(st.text("abcdef0123456789", min_size=1, max_size=64), st.sampled_from(["", OFFICE]))
def test_a_request_is_read_back(device: str, office: str) -> None:
    asked = LicenceRequest(device=device, office=office, made_at=START, app="1.0.0")
    text = write_request(asked)
    assert read_request(text.lower().encode()) == asked
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.")


def test_a_slip_in_a_request_is_noticed() -> None:
    text = write_request(LicenceRequest(device="d", made_at=START))
    for wrong in (
        text[:-1] + ("0" if text[-1] != "0" else "1"),
        text.replace("AER1", "AER2"),
        text[:20],
        "",
        "AER1..E3B0C4",
    ):
        with pytest.raises(NotARequest):
            read_request(wrong.encode())


def test_a_file_for_a_pc_without_network_runs_its_whole_time() -> None:
    bought: Licence = file_licence()
    assert bought.quiet_until == bought.valid_until + dt.timedelta(days=30)
    assert bought.amber_until == bought.valid_until + dt.timedelta(days=60)

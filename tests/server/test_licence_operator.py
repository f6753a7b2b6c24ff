"""What an operator types about licences, keys and prices, on a real database."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from autoenroll_desktop.licensing.keys import load_keys
from server_sync.app import main
from server_sync.billing.inbox import KINDS, NEEDED
from server_sync.contract.licence import Outcome, check_token
from server_sync.contract.licence_file import LicenceRequest, read_file, write_request
from server_sync.licences.keys import VARIABLE, Signer, new_pair, read_seeds
from server_sync.settings import new_key
from tests.fake_stripe import shapes
from tests.fake_stripe.server import FakeStripe
from tests.licences import START
from tests.server.buying import SECRET_KEY, WEBHOOK_SECRET
from tests.server.conftest import Databases


class Operator:
    """Somebody at the service's terminal."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._said = capsys

    def __call__(self, *words: str, code: int = 0) -> str:
        """Type a command; what it said, on stderr where it failed."""
        assert main(("admin", *words)) == code
        out, err = self._said.readouterr()
        return err if code else out

    def new_office(self, *more: str) -> tuple[UUID, str]:
        said = self("licences", "grant", "new", "--plan", "school", "--until", "2099-08-31", *more)
        return UUID(said.split()[0]), said.split()[-1]


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> str:
    value = new_pair()
    monkeypatch.setenv(VARIABLE, value)
    return value


@pytest.fixture
def operator(
    databases: Databases, keys: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Operator:
    for name in ("STRIPE_SECRET_KEY", "STRIPE_API_BASE", "SMTP_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "DATABASE_URL": databases.serve, "AUTOENROLL_SIGNING_KEY": new_key(), "AUTOENROLL_SECRET_KEY": new_key(),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    return Operator(capsys)


def outcome(content: str, keys: str, tmp_path: Path, **more: str) -> tuple[Outcome, int]:
    path = tmp_path / "keys.toml"
    path.write_text(Signer(read_seeds(keys)).shipped(), encoding="utf-8")
    found = check_token(read_file(content.encode()), load_keys(path), START, **more)  # type: ignore[arg-type]
    return found.outcome, found.licence.serial if found.licence else 0


def test_a_school_without_stripe(operator: Operator, keys: str, tmp_path: Path) -> None:
    office, cause = operator.new_office("--seats", "12")
    assert cause.startswith("operator:")
    listed = next(line for line in operator("licences", "list").splitlines() if str(office) in line)
    assert listed.split()[1:] == ["school", "0/12", "31/08/2099", "good"]
    content = operator("licences", "file", str(office))
    assert outcome(content, keys, tmp_path, office=str(office)) == (Outcome.GOOD, 1)


def test_a_file_for_a_pc_without_a_network(operator: Operator, keys: str, tmp_path: Path) -> None:
    office, _ = operator.new_office("--seats", "1")
    device, second = uuid4(), uuid4()
    for which, name in ((device, "one"), (second, "two")):
        (tmp_path / name).write_text(write_request(LicenceRequest(device=which.hex, made_at=START)))
    operator(
        "licences", "file", str(office), "--request", str(tmp_path / "one"), "--out", str(tmp_path / "a.aelicence")
    )
    assert outcome((tmp_path / "a.aelicence").read_text(), keys, tmp_path, device=device.hex)[0] is Outcome.GOOD
    asked = ("licences", "file", str(office), "--request", str(tmp_path / "two"))
    assert "Every seat" in operator(*asked, code=1)
    operator("licences", "release", str(office), str(device))
    assert outcome(operator(*asked), keys, tmp_path, device=second.hex) == (Outcome.GOOD, 2)
    assert "holds no seat" in operator("licences", "release", str(office), str(device), code=1)


def test_extended_and_taken_back(operator: Operator) -> None:
    office, cause = operator.new_office()
    operator("licences", "extend", str(office), "--until", "2100-08-31")
    assert "31/08/2100" in operator("licences", "list")
    operator("licences", "revoke", str(office), cause)
    exported = [json.loads(line) for line in operator("licences", "export").splitlines()]
    ours = [line for line in exported if line.get("office_id") == str(office)]
    assert [line["line"] for line in ours] == ["licence", "grant", "grant", "ledger", "ledger", "ledger"]
    assert [line["what"] for line in ours[3:]] == ["granted", "granted", "taken-back"]
    assert ours[0]["ended"] == ""  # the extension still runs
    for grant in (line for line in ours if line["line"] == "grant"):
        operator("licences", "revoke", str(office), grant["cause"])
    assert "operator" in next(line for line in operator("licences", "list").splitlines() if str(office) in line)
    assert "no licence that runs" in operator("licences", "file", str(office), code=1)


NOBODY = "0197f3a2-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("grant", NOBODY, "--plan", "solo", "--until", "2099-01-01"), "no such office"),
        (("grant", "new", "--plan", "castle", "--until", "2099-01-01"), "There is no plan castle"),
        (("grant", "new", "--plan", "solo", "--until", "2020-01-01"), "That day is over"),
        (("extend", NOBODY, "--until", "2099-01-01"), "no licence to extend"),
        (("revoke", NOBODY, "stripe:in_1"), "no such grant"),
        (("file", NOBODY), "no licence that runs"),
    ],
)
def test_what_cannot_be_done_is_told(operator: Operator, words: tuple[str, ...], says: str) -> None:
    assert says in operator("licences", *words, code=1)


def test_a_request_that_is_none(operator: Operator, tmp_path: Path) -> None:
    office, _ = operator.new_office()
    (tmp_path / "text").write_text("hello")
    asked = ("licences", "file", str(office), "--request")
    assert "no licence request" in operator(*asked, str(tmp_path / "text"), code=1)
    assert "cannot be read" in operator(*asked, str(tmp_path / "missing"), code=1)


def test_keys(operator: Operator, keys: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = operator("keys", "new")
    fresh = next(line for line in made.splitlines() if line.startswith(VARIABLE)).partition("=")[2]
    assert Signer(read_seeds(fresh)).shipped() in made
    turned = operator("keys", "rotate")
    after = next(line for line in turned.splitlines() if line.startswith(VARIABLE)).partition("=")[2]
    assert after.split(",")[0] == keys.split(",")[1]
    public = operator("keys", "public")
    assert not any(seed in public for seed in keys.split(","))
    monkeypatch.delenv(VARIABLE)
    assert "is not set" in operator("keys", "rotate", code=1)


@pytest.fixture
def fake() -> Iterator[FakeStripe]:
    with FakeStripe(int(START.timestamp())) as fake:
        yield fake


def test_prices_are_pushed_once(operator: Operator, fake: FakeStripe, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "STRIPE_SECRET_KEY": SECRET_KEY, "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET, "STRIPE_API_BASE": fake.url, "PUBLIC_URL": "http://127.0.0.1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    assert operator("plans", "push").count("made") == 10
    assert operator("plans", "push").count("there") == 10
    assert len(list(fake.account.all("price"))) == 10


def test_the_doctor_looks_at_the_shop(
    operator: Operator, fake: FakeStripe, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {
        "STRIPE_SECRET_KEY": SECRET_KEY, "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET, "STRIPE_API_BASE": fake.url, "PUBLIC_URL": "http://127.0.0.1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    main(["doctor"])
    before = capsys.readouterr().out
    for says in (
        "ok  licences are signed with one of two keys",
        "NOT 0 of 10 prices are in Stripe",
        "NOT licence files are mailed",
        "NOT Stripe sends its events to http://127.0.0.1/v1/stripe/webhook - have it send checkout.session.completed",
        "ok  0 events",
    ):
        assert says in before
    assert all(kind.startswith(KINDS) for kind in NEEDED), "asked for and then passed over"
    operator("plans", "push")
    hook = "http://127.0.0.1/v1/stripe/webhook"
    fake.account.add(shapes.webhook_endpoint("we_00000000000001", 0, hook, list(NEEDED), "disabled"))
    fake.account.add(shapes.webhook_endpoint("we_00000000000002", 0, hook + "s", ["*"]))
    fake.account.add(shapes.webhook_endpoint("we_00000000000003", 0, hook, list(NEEDED[1:])))
    main(["doctor"])
    after = capsys.readouterr().out
    assert "ok  10 of 10 prices are in Stripe" in after
    assert f"NOT Stripe sends its events to {hook} - have it send {NEEDED[0]}\n" in after
    fake.account.add(shapes.webhook_endpoint("we_00000000000004", 0, hook, ["*"]))
    main(["doctor"])
    assert f"ok  Stripe sends its events to {hook}\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ({"STRIPE_SECRET_KEY": "pk_test_0123456789"}, "not a secret key"),
        ({"STRIPE_SECRET_KEY": SECRET_KEY}, "STRIPE_WEBHOOK_SECRET is not set"),
        ({"STRIPE_SECRET_KEY": SECRET_KEY, "STRIPE_WEBHOOK_SECRET": "whsec_1"}, "PUBLIC_URL is not set"),
        ({"STRIPE_SECRET_KEY": SECRET_KEY, "STRIPE_WEBHOOK_SECRET": "whsec_1", "PUBLIC_URL": "https://x", "STRIPE_API_BASE": "https://example.ie"}, "is for tests"),
        ({"SMTP_URL": "http://x"}, "SMTP_URL"), ({VARIABLE: "x"}, VARIABLE),
    ],
)  # fmt: skip
def test_settings_that_cannot_be(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, env: dict[str, str], says: str
) -> None:
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    said = operator("licences", "list", code=1)
    assert says in said
    assert SECRET_KEY not in said

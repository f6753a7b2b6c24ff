"""What can come between a PC and the service: each has a name and plain words, nothing is lost, and it goes on by itself."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from requests.adapters import BaseAdapter
from requests.exceptions import ProxyError, SSLError

from autoenroll_desktop.actions.office import look
from autoenroll_desktop.actions.office_service import OfficeTrouble, licence_api, membership, service_here
from autoenroll_desktop.actions.sync_office import is_due, set_limit
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.policy.policies import Policies
from autoenroll_desktop.sync.api import HttpSyncApi
from autoenroll_desktop.sync.caller import MOST, pause
from autoenroll_desktop.sync.trouble import NotReached, Refused
from tests.conftest import ROOT
from tests.making import NOW
from tests.server.conftest import Databases
from tests.syncing import ADDRESS, WORDS, Between, Pc, contents, response, session_over, through

ROWS = [("1234567FA", "Aoife", "Byrne", "700.00")]
HTML, PROBLEM = {"Content-Type": "text/html"}, {"Content-Type": "application/problem+json"}


def problem(slug: str, status: int) -> bytes:
    return f'{{"type":"urn:autoenroll:problem:{slug}","title":"x","status":{status}}}'.encode()


class Answering(BaseAdapter):
    """Answers everything alike, or raises."""

    def __init__(self, what: Any) -> None:
        super().__init__()
        self.what, self.asked = what, 0

    def send(self, request: requests.PreparedRequest, **_more: Any) -> requests.Response:
        self.asked += 1
        if isinstance(self.what, Exception):
            raise self.what
        return response(request, *self.what)

    def close(self) -> None:
        """Nothing is open."""


class Cut(BaseAdapter):
    """The network goes away as soon as something is to be sent."""

    def __init__(self, inner: BaseAdapter) -> None:
        super().__init__()
        self.inner = inner

    def send(self, request: requests.PreparedRequest, **more: Any) -> requests.Response:
        if "/v1/reports" in str(request.url):
            raise requests.ConnectionError
        return self.inner.send(request, **more)

    def close(self) -> None:
        """Nothing is open."""


CASES: dict[str, Any] = {
    "offline": requests.ConnectionError(),
    "slow": requests.Timeout(),
    "proxy": ProxyError(),
    "tls-intercepted": SSLError(),
    "captive-portal": (302, {**HTML, "Location": "http://hotel.example/"}, b""),
    "captive-portal ": (200, HTML, b"<html>Welcome"),
    "proxy ": (407, HTML, b"<html>Sign in to the proxy"),
    "broken": (200, {"Content-Type": "application/json"}, b'{"challenge": "cut'),
    "broken ": (
        200,
        {"Content-Type": "application/json"},
        b'{"challenge": "\xc9t", "expires_at": "2026-11-26T09:00:00Z"}',
    ),
    "busy": (502, HTML, b"<html>Bad gateway"),
    "busy ": (500, PROBLEM, problem("internal", 500)),
    "too-many-requests": (429, {**PROBLEM, "Retry-After": "120"}, problem("too-many-requests", 429)),
}


def test_each_has_its_name_and_words_and_loses_nothing(office: tuple[Pc, Pc], tmp_path: Path) -> None:
    first, _ = office
    first.sync()
    first.check(tmp_path, "2026-11-26", ROWS)
    for name, answer in CASES.items():
        state = through(first, Answering(answer)).sync()
        assert (state.trouble, state.standing, state.level) == (name.strip(), "offline", "quiet")
        assert state.waiting == 1
        assert WORDS.say(f"sync-trouble.{name.strip()}-title") in " ".join(state.lines)
        assert state.next_try is not None
        assert state.next_try > first.clock
        assert not is_due(state, first.clock)
        assert is_due(state, state.next_try)
        if name == "too-many-requests":
            assert state.next_try >= first.clock + dt.timedelta(seconds=120)
        first.clock += dt.timedelta(minutes=10)
    assert first.sync().standing == "in-sync"


REFUSED = {
    "forbidden": 403, "device-waiting": 403, "not-found": 404, "version-conflict": 409, "too-large": 413, "invalid": 422,
    "hash-mismatch": 422, "device-revoked": 401,
}  # fmt: skip


@pytest.mark.parametrize("slug", REFUSED)
def test_a_refusal_keeps_its_name(slug: str) -> None:
    api = HttpSyncApi(ADDRESS, session_over(Answering((REFUSED[slug], PROBLEM, problem(slug, REFUSED[slug]))))())
    with pytest.raises(Refused) as found:
        api.ask("office", token="x")
    assert found.value.slug == slug


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"type":"about:blank","title":"","status":404}', b"[1,2", b"\xff\xfe", b'{"type":"\xc9t"}']
)
def test_a_problem_that_is_none_of_ours_is_no_answer(body: bytes) -> None:
    api = HttpSyncApi(ADDRESS, session_over(Answering((404, PROBLEM, body)))())
    with pytest.raises(NotReached):
        api.ask("office", token="x")


@given(st.integers(1, 60), st.one_of(st.none(), st.floats(0, 3600)), st.integers())
def test_pauses_grow_are_random_and_have_an_end(tries: int, asked: float | None, seed: int) -> None:
    waited = pause(tries, asked, random.Random(seed))
    assert 0 <= waited <= (MOST if asked is None else asked + 1)
    assert asked is None or waited >= asked


def test_a_token_that_lapsed_is_renewed_and_the_clock_does_not_matter(
    office: tuple[Pc, Pc], clock: Any, tmp_path: Path
) -> None:
    first, second = office
    first.check(tmp_path, "2026-11-26", ROWS)
    first.clock = NOW - dt.timedelta(days=400)
    clock.forward(hours=3)
    assert first.sync().standing == "in-sync"
    second.clock = NOW + dt.timedelta(days=4000)
    assert second.sync().standing == "in-sync"
    assert contents(first.store)["runs"] == contents(second.store)["runs"]


def test_a_clock_that_is_off_is_told(office: tuple[Pc, Pc]) -> None:
    first, _ = office

    class Dated(Between):
        def send(self, request: requests.PreparedRequest, **more: Any) -> requests.Response:
            done = super().send(request, **more)
            done.headers["Date"] = "Thu, 26 Nov 2026 12:00:00 GMT"
            return done

    first.clock = dt.datetime(2026, 11, 26, 14, 0, tzinfo=dt.UTC)
    state = through(first, Dated(first.service.connect().get_adapter("http://"), lambda _path, said: said)).sync()
    assert WORDS.say("sync-page.clock", minutes=120) in state.lines


def test_a_service_that_speaks_the_number_before_is_spoken_to(
    office: tuple[Pc, Pc], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = office
    monkeypatch.setattr("autoenroll_desktop.sync.api.PROTOCOL", 2)
    assert first.sync().standing == "in-sync"
    monkeypatch.setattr("autoenroll_desktop.sync.api.PROTOCOL", 1)
    monkeypatch.setattr("autoenroll_desktop.sync.caller.OLDEST", 1)
    way = Answering((400, PROBLEM, problem("protocol-unsupported", 400)))
    state = through(first, way).sync()
    assert (state.trouble, state.standing, way.asked) == ("protocol-unsupported", "needs-you", 1)


def test_a_limit_paces_uploads_and_bytes_are_counted(office: tuple[Pc, Pc], tmp_path: Path) -> None:
    first, _ = office
    first.sync()
    before = look(first.store, first.service, WORDS)
    waited: list[float] = []
    set_limit(first.store, 100_000)
    from autoenroll_desktop.store.keeping import keep_report

    run_id = first.check(tmp_path, "2026-11-26", ROWS)
    keep_report(first.store, run_id, "report.pdf", random.Random(1).randbytes(2_000_000), first.stamp())
    slow = replace(first, service=replace(first.service, wait=lambda seconds: waited.append(seconds) is None))
    state = slow.sync()
    assert state.sent - before.sent >= 2_000_000
    assert sum(waited) >= 20


def test_what_is_larger_than_a_chunk_comes_whole_and_once(office: tuple[Pc, Pc], tmp_path: Path) -> None:
    from autoenroll_desktop.store.keeping import keep_report

    first, second = office
    large = random.Random(2).randbytes(3_500_000)
    for day in ("2026-11-19", "2026-11-26"):
        keep_report(first.store, first.check(tmp_path, day, ROWS), "report.pdf", large, first.stamp())
    watched = Between(first.service.connect().get_adapter("http://"), lambda _path, said: said)
    assert through(first, watched).sync().standing == "in-sync"
    assert sum("/chunks/" in one for one in watched.asked) == 4, "the same file goes up once"
    assert second.sync().standing == "in-sync"
    assert contents(first.store)["runs"] == contents(second.store)["runs"]


def test_the_licence_is_asked_with_this_devices_token(office: tuple[Pc, Pc], pc: Callable[[str], Pc]) -> None:
    first, _ = office
    assert licence_api(first.store, first.service, WORDS).licence().state == "none"
    alone = pc("alone")
    with pytest.raises(OfficeTrouble) as found:
        licence_api(alone.store, alone.service, WORDS)
    assert found.value.slug == "no-office"


def test_the_service_is_the_policys(tmp_path: Path) -> None:
    policies = Policies(service_url="https://sync.example.ie", sync=False, forbid_report_upload=True)
    service = service_here(policies, "https://other.example.ie")
    assert (service.address, service.allowed, service.reports) == ("https://sync.example.ie", False, False)
    assert service_here(Policies(), "https://other.example.ie").address == "https://other.example.ie"
    with pytest.raises(Exception, match="certificates cannot be used"):
        service_here(Policies(extra_ca=str(tmp_path / "none.pem"))).connect()


def test_a_policy_keeps_reports_here(office: tuple[Pc, Pc], tmp_path: Path) -> None:
    from autoenroll_desktop.store.keeping import keep_report

    first, second = office
    run_id = first.check(tmp_path, "2026-11-26", ROWS)
    keep_report(first.store, run_id, "report.pdf", b"%PDF-1.7 for nobody else", first.stamp())
    quiet = replace(first, service=service_here(Policies(service_url=ADDRESS, forbid_report_upload=True)))
    quiet = through(quiet, first.service.connect().get_adapter("http://"))
    state = quiet.sync()
    assert (state.standing, state.waiting) == ("in-sync", 0)
    assert WORDS.say("sync-page.reports-stay") in state.lines
    second.sync()
    assert [file[1] for file in contents(second.store)["runs"][run_id][3]] == ["pay"]


def test_a_report_that_waited_before_the_policy_stays_and_waits_no_more(
    office: tuple[Pc, Pc], databases: Databases, tmp_path: Path
) -> None:
    from autoenroll_desktop.store.keeping import keep_report

    first, second = office
    first.sync()
    run_id = first.check(tmp_path, "2026-11-26", ROWS)
    keep_report(first.store, run_id, "report.pdf", b"%PDF-1.7 for nobody else", first.stamp())
    through(first, Cut(first.service.connect().get_adapter("http://"))).sync()
    assert look(first.store, first.service, WORDS).waiting == 2, "a run and its report are in the outbox"
    quiet = replace(first, service=replace(first.service, reports=False))
    assert look(quiet.store, quiet.service, WORDS).waiting == 1
    state = quiet.sync()
    assert (state.standing, state.waiting, is_due(state, first.clock)) == ("in-sync", 0, False)
    assert kinds_there(databases, first) == ["run"]
    second.sync()
    assert [file[1] for file in contents(second.store)["runs"][run_id][3]] == ["pay"]
    free = first.sync()
    assert (free.standing, free.waiting) == ("in-sync", 0)
    assert WORDS.say("sync-page.reports-stay") not in free.lines
    assert kinds_there(databases, first) == ["report", "run"], "without the policy it goes"
    second.sync()
    assert [file[1] for file in contents(second.store)["runs"][run_id][3]] == ["pay", "report"]


def kinds_there(databases: Databases, pc: Pc) -> list[str]:
    """The kinds of what the service holds of the PC's office."""
    query = "select kind from reports where office_id = %s order by kind"
    with psycopg.connect(databases.superuser) as admin:
        return [kind for (kind,) in admin.execute(query, (membership(pc.store).office,))]


def test_every_trouble_has_words_in_both_languages() -> None:
    from autoenroll_desktop.sync.vault import refusals
    from server_sync.contract.problems import KINDS

    slugs = {name.strip() for name in CASES} | {
        one.slug for one in vars(refusals).values() if isinstance(one, type) and issubclass(one, refusals.VaultRefused)
    }
    slugs |= {
        "rolled-back",
        "replayed",
        "feed-went-back",
        "foreign-office",
        "device-unknown",
        "no-office",
        "forbidden-here",
    }
    slugs -= {"vault"}
    irish = Words.load(ROOT / "resources", "ga")
    for slug in slugs:
        for words in (WORDS, irish):
            assert words.knows(f"sync-trouble.{slug}-title"), slug
        assert WORDS.say(f"sync-trouble.{slug}-title") != irish.say(f"sync-trouble.{slug}-title")
    for slug in KINDS:
        assert str(OfficeTrouble(slug, WORDS)), slug

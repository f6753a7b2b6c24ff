"""PCs of an office for tests: real stores, real keys, and a way to the service in this process or elsewhere."""

import datetime as dt
import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import falcon.testing
import requests
from requests.adapters import BaseAdapter
from sqlalchemy import select

from autoenroll_desktop.actions.check_pay_run import Given
from autoenroll_desktop.actions.join_office import Account, create_office, invite, join
from autoenroll_desktop.actions.office import OfficeState
from autoenroll_desktop.actions.office_devices import approve, devices
from autoenroll_desktop.actions.office_service import Service
from autoenroll_desktop.actions.sync_office import sync_now
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.store import runs
from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.kept_files import read_file
from autoenroll_desktop.store.shared_documents import documents
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.store.tables import client, run, run_file, sent, series, snapshot
from tests.conftest import ROOT
from tests.making import NOW
from tests.storing import keep, new_store, write_week

WORDS = Words.load(ROOT / "resources")
PASSWORD = "correct horse battery"
ADDRESS = "http://service.test"


class InProcess(BaseAdapter):
    """Takes requests to a service in this process, through the same bytes as over the network."""

    def __init__(self, app: Any) -> None:
        super().__init__()
        self._client = falcon.testing.TestClient(app)

    def send(self, request: requests.PreparedRequest, **_more: Any) -> requests.Response:
        where = urlsplit(str(request.url))
        body = request.body.encode() if isinstance(request.body, str) else request.body
        done = self._client.simulate_request(
            request.method, where.path, query_string=where.query, headers=dict(request.headers), body=body
        )
        return response(request, done.status_code, dict(done.headers), done.content)

    def close(self) -> None:
        """Nothing is open."""


def response(
    request: requests.PreparedRequest, status: int, headers: dict[str, str], content: bytes
) -> requests.Response:
    made = requests.Response()
    made.status_code, made.request, made.url = status, request, str(request.url)
    made.headers.update(headers)
    made.raw = io.BytesIO(content)
    made._content = content
    return made


def session_over(adapter: BaseAdapter) -> Callable[[], requests.Session]:
    def connect() -> requests.Session:
        made = requests.Session()
        made.trust_env = False
        made.mount("http://", adapter)
        return made

    return connect


@dataclass
class Pc:
    """A PC: its store, and how it reaches the service. `clock` can be moved."""

    store: Store
    service: Service
    clock: dt.datetime = NOW
    email: str = field(default_factory=lambda: f"{uuid4().hex}@example.ie")

    def stamp(self) -> Stamp:
        return Stamp("clerk", self.clock)

    @property
    def account(self) -> Account:
        return Account(self.email, PASSWORD)

    def make_office(self) -> str:
        return create_office(self.store, self.service, WORDS, self.account, self.stamp(), name="A").recovery_code

    def let_in(self, other: "Pc", role: str = "clerk") -> None:
        """Invite another PC's person, compare words and approve, as two people would."""
        ticket = invite(self.store, self.service, WORDS, role)  # type: ignore[arg-type]
        shown = join(other.store, other.service, WORDS, other.account, ticket, other.stamp())
        waiting = next(one for one in devices(self.store, self.service, WORDS) if one.state == "waiting")
        assert waiting.words == shown
        approve(self.store, self.service, WORDS, waiting.id, shown, self.stamp())

    def sync(self, **more: Any) -> OfficeState:
        return sync_now(self.store, self.service, WORDS, self.stamp, chance=random.Random(1), **more)

    def check(self, folder: Path, day: str, rows: list[tuple[str, str, str, str]], employer: str = "8000074DH") -> str:
        path = write_week(folder / f"{uuid4().hex[:8]} {day}.csv", day, rows, employer)
        return keep(self.store, Given(pay=(path,)), self.clock)[0].id


def new_pc(folder: Path, adapter: BaseAdapter) -> Pc:
    service = Service(ADDRESS, wait=lambda _seconds: True, connect=session_over(adapter))
    return Pc(new_store(folder), service)


def contents(store: Store) -> dict[str, Any]:
    """Everything shared that a store holds, byte for byte, told without what is each store's own."""
    found: dict[str, Any] = {"runs": {}, "newest": {}, "snapshots": set(), "sent": set(), "documents": {}}
    with store.reading() as connection:
        employer = {row.id: row.employer for row in connection.execute(select(client))}
        for row in connection.execute(select(run)).mappings().all():
            parts = {part: data for (_, part), data in runs.content(connection, [row["id"]]).items()}
            files = []
            for one in connection.execute(select(run_file).where(run_file.c.run_id == row["id"])).all():
                data = read_file(connection, store.kept, one.file_id) if one.file_id else None
                files.append((one.name, one.role, one.sha256, data))
            own = ("client_id", "series_id", "version")
            said = {name: value for name, value in row.items() if name not in own}
            found["runs"][row["id"]] = (employer[row["client_id"]], said, parts, sorted(files, key=str))
        found["newest"] = {row.newest for row in connection.execute(select(series))}
        found["snapshots"] = {(employer[row.client_id], row.digest) for row in connection.execute(select(snapshot))}
        found["sent"] = {
            (employer[row.client_id], row.tax_year, row.kind, row.fingerprint)
            for row in connection.execute(select(sent))
        }
        found["documents"] = {(one.kind, one.subject): dict(one.fields) for one in documents(connection)}
    return found


class Between(BaseAdapter):
    """Somebody between the PC and the service (or the service itself) who changes answers: `change(path, json) → json`."""

    def __init__(self, inner: BaseAdapter, change: Callable[[str, Any], Any]) -> None:
        super().__init__()
        self.inner, self.change = inner, change
        self.asked: list[str] = []

    def send(self, request: requests.PreparedRequest, **more: Any) -> requests.Response:
        path = urlsplit(str(request.url)).path
        self.asked.append(f"{request.method} {path}")
        done = self.inner.send(request, **more)
        if done.headers.get("Content-Type", "").startswith("application/json"):
            done._content = json.dumps(self.change(path, json.loads(done.content))).encode()
        return done

    def close(self) -> None:
        """Nothing is open."""


def through(pc: Pc, adapter: BaseAdapter) -> Pc:
    """The same PC reaching the service another way."""
    return replace(pc, service=replace(pc.service, connect=session_over(adapter)))

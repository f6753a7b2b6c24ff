"""A real PostgreSQL for a whole session, a copy of the migrated database for each module, and the service on it."""

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from server_sync.database.embedded import MIGRATE, QUICK, SERVE, SUPERUSER, Embedded, Running
from server_sync.database.migrate import migrate
from server_sync.settings import Settings
from server_sync.web.application import build
from server_sync.web.call import Service
from tests.server.desk import Desk, Send, in_process
from tests.server.serving import Serving

NOW = dt.datetime(2026, 11, 26, 9, 0, tzinfo=dt.UTC)
TEMPLATE = "migrated"


@dataclass
class Clock:
    """A clock a test can move."""

    now: dt.datetime = NOW

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, **more: float) -> None:
        self.now += dt.timedelta(**more)


@dataclass(frozen=True)
class Databases:
    """Addresses of one database under our three roles."""

    serve: str
    migrate: str
    superuser: str

    def forget_rates(self) -> None:
        """Begin every limit anew: the clock of a service in tests stands still, and hundreds of offices are one minute's."""
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            connection.execute("delete from rates")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Running]:
    """One server a session, ended by its own process id; its folder can be entered by the account it runs under."""
    home = Path(tempfile.mkdtemp(prefix="autoenroll-postgres-"))
    home.chmod(0o711)
    server = Embedded(home, QUICK)
    running = server.start()
    try:
        with psycopg.connect(running.url(SUPERUSER, "postgres"), autocommit=True) as admin:
            admin.execute(f"create database {TEMPLATE} owner {MIGRATE}")
        migrate(running.url(MIGRATE, TEMPLATE))
        yield running
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def databases(postgres: Running) -> Iterator[Databases]:
    """A copy of the migrated database for one module."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(postgres.url(SUPERUSER, "postgres"), autocommit=True) as admin:
        admin.execute(f"create database {name} template {TEMPLATE} owner {MIGRATE}")
        yield Databases(postgres.url(SERVE, name), postgres.url(MIGRATE, name), postgres.url(SUPERUSER, name))
        admin.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def settings(databases: Databases) -> Settings:
    return Settings(
        data=Path(os.devnull), database_url=databases.serve, migrate_url=databases.migrate, signing_keys=(os.urandom(32),),
        secret_key=os.urandom(32), audience="test", requests_per_minute=100_000, strangers_per_minute=100_000,
    )  # fmt: skip


@pytest.fixture(scope="module")
def built(settings: Settings, databases: Databases, clock: Clock) -> Iterator[tuple[object, Service]]:
    app, service = build(settings, databases.serve, clock=clock)
    yield app, service
    service.database.close()


@pytest.fixture(scope="module")
def service(built: tuple[object, Service]) -> Service:
    return built[1]


@pytest.fixture(scope="module")
def send(built: tuple[object, Service]) -> Send:
    return in_process(built[0])


@pytest.fixture(scope="module")
def office(send: Send) -> Desk:
    """An office with its owner's device signed in."""
    return Desk(send).make_office()


@pytest.fixture(scope="module")
def stranger(send: Send) -> Desk:
    """The owner of another office."""
    return Desk(send).make_office()


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder for a service, which is ended by its own process ids whatever a test left."""
    with tempfile.TemporaryDirectory(prefix="autoenroll-serve-") as folder:
        Path(folder).chmod(0o711)
        home = Path(folder) / "data"
        yield home
        Embedded(home).stop()


@pytest.fixture
def start(data: Path) -> Iterator[Callable[[], Serving]]:
    """Starts the service on `data`."""
    started: list[Serving] = []

    def again() -> Serving:
        started.append(Serving(data))
        return started[-1]

    yield again
    for one in started:
        if one.process.poll() is None:
            one.stop()

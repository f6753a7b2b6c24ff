"""One command that runs the whole service: its database where none is given, the migration, the worker, the HTTP
server.
"""

import base64
import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server import Server

from server_sync.database.embedded import MIGRATE, SERVE, embedded
from server_sync.database.engine import Database, first_connection, sqlstate
from server_sync.database.migrate import migrate
from server_sync.errors import ServiceError
from server_sync.licences.jobs import licence_acts, plan_licence_jobs
from server_sync.releases.operator import releases_of
from server_sync.settings import Settings
from server_sync.uploads.leavings import plan_clearing, storage_acts
from server_sync.web.application import build, threads
from server_sync.web.watching import set_up_log
from server_sync.worker import plan_sweep, work

log = structlog.get_logger("server_sync")
STARTED_BY = "AUTOENROLL_STARTED_BY"
"""Tells the processes that `serve` starts which process that was."""
HEADERS_WITHIN = 10_000
"""Milliseconds a request's headers may take."""


def now() -> dt.datetime:
    """The clock of a running service."""
    return dt.datetime.now(dt.UTC)


@contextmanager
def database_urls(settings: Settings, *, alone: bool = False) -> Iterator[tuple[str, str]]:
    """The database for the service, and for migrations; the embedded one runs as long as the block.

    `alone`: refuse to go beside another service on the embedded one.

    Raises:
        ServiceError: it cannot be started, or does not answer, or refused something in the block.
    """
    try:
        if settings.database_url:
            first_connection(settings.database_url)
            yield settings.database_url, settings.migrate_url or settings.database_url
        else:
            with embedded(settings.data, alone=alone) as running:
                yield running.url(SERVE), running.url(MIGRATE)
    except sa.exc.DBAPIError as error:  # its text may repeat a row
        raise ServiceError(f"The database refused ({sqlstate(error)})", "Run: autoenroll-server migrate") from error


def serve(settings: Settings, host: str, port: int, workers: int) -> None:
    """Run until told to stop (SIGTERM or Ctrl-C). `port` 0 takes a free one. The address is printed once it answers.

    Raises:
        ServiceError: something it needs is not there.
    """
    set_up_log(as_json=settings.log_json)
    settings.storage.require()
    os.environ[STARTED_BY] = str(os.getpid())
    with database_urls(settings, alone=True) as (url, migrate_url):
        migrate(migrate_url)
        bound = port or _free_port(host)
        if not _is_free(host, bound):
            raise ServiceError(f"Port {bound} is taken", "Choose another with --port")
        over = threading.Event()
        keeper = threading.Thread(target=_keep_worker, args=(_environment(settings, url), over))
        keeper.start()
        threading.Thread(target=_announce, args=(host, bound), daemon=True).start()
        try:
            _run_http(settings, url, host, bound, workers)
        finally:
            over.set()
            keeper.join()


def _environment(settings: Settings, url: str) -> dict[str, str]:
    return {"DATABASE_URL": url, "AUTOENROLL_SERVER_DATA": str(settings.data), **_keys(settings)}


def _keep_worker(environment: dict[str, str], over: threading.Event) -> None:
    """Run the worker in a process of its own, and start it again should it end before its time."""
    command = [sys.executable, "-m", "server_sync.app", "worker"]
    while not over.is_set():
        helper = subprocess.Popen(command, env={**os.environ, **environment})  # noqa: S603 - our own program
        while not over.wait(0.5) and helper.poll() is None:
            pass
    helper.terminate()
    helper.wait()


def run_worker(settings: Settings) -> None:
    """Run the worker until told to stop, or until whoever started it is gone."""
    _end_with_parent()
    set_up_log(as_json=settings.log_json)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with database_urls(settings) as (url, _):
        database = Database(url, 2, pooler=settings.pooler)
        threading.Thread(target=_keep_releases_fresh, args=(settings, stop), daemon=True).start()
        sells, stores = licence_acts(settings.selling), storage_acts(settings.storage.open())
        plans = [plan_sweep, *[plan_licence_jobs] * bool(sells), *[plan_clearing] * bool(stores)]
        work(database, now, stop, more={**sells, **stores}, plan=partial(_plan, plans))
        database.close()


def _keep_releases_fresh(settings: Settings, stop: threading.Event) -> None:
    """Sign the releases' timestamp again before it runs out, for as long as the worker runs."""
    while not stop.is_set():
        try:
            if releases_of(settings).refresh(now()):
                log.info("releases-signed-again")
        except (ServiceError, OSError, ValueError) as error:
            log.error("releases-not-signed", error=type(error).__name__)  # noqa: TRY400 - nothing more to tell
        stop.wait(3600)


def _plan(plans: Sequence[Callable[[Database, dt.datetime], None]], database: Database, moment: dt.datetime) -> None:
    """Everything that is due by itself."""
    for plan in plans:
        plan(database, moment)


def application(settings: Settings, url: str) -> Any:
    """What each HTTP process runs; made in that process."""
    _end_with_parent()
    set_up_log(as_json=settings.log_json)
    return build(settings, url, clock=now)[0]


def _end_with_parent() -> None:
    """Have the system kill this process when its parent is killed outright (Linux), or it would keep the port.

    A parent that was killed before this could be asked for is noticed by this process having another one by now.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        started_by = os.environ.get(STARTED_BY)
        if started_by and int(started_by) != os.getppid():
            sys.exit(1)


def _run_http(settings: Settings, url: str, host: str, port: int, workers: int) -> None:
    server = Server(
        "server_sync.serve:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads(settings),
        backpressure=512,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN),
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        websockets=False,
    )
    server.serve(target_loader=partial(application, settings, url), wrap_loader=False)


def _announce(host: str, port: int) -> None:
    """Say where the service answers, once it does."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    address = f"http://{shown}:{port}"
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2):  # noqa: S310 - our own address
                print(f"The service answers at {address}", flush=True)  # noqa: T201
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)


def _keys(settings: Settings) -> dict[str, str]:
    """The keys as the environment of a child process; never on a command line, which others can read."""
    return {
        "AUTOENROLL_SIGNING_KEY": ",".join(base64.urlsafe_b64encode(one).decode() for one in settings.signing_keys),
        "AUTOENROLL_SECRET_KEY": base64.urlsafe_b64encode(settings.secret_key).decode(),
        **settings.selling.environment(),
    }


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True

"""A PostgreSQL of our own, started on loopback with no set-up and stopped with us.

It listens on a random free port of 127.0.0.1 only, asks for generated SCRAM passwords that stand in a file only we can
read, and has three roles: its superuser, `autoenroll_migrate` (owns the tables) and `autoenroll_serve` (may use them).
A server left over from a process that was killed is taken over; PostgreSQL recovers its own files.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from server_sync.database.binaries import Account, reachable, unprivileged
from server_sync.database.in_use import in_use
from server_sync.database.leftover import clear_after_kill
from server_sync.errors import ServiceError

DATABASE = "autoenroll"
SUPERUSER, MIGRATE, SERVE = "postgres", "autoenroll_migrate", "autoenroll_serve"
SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "password_encryption": "'scram-sha-256'",
    "max_connections": "60",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_error_verbosity": "terse",  # no DETAIL: it repeats the row
    "log_min_error_statement": "panic",  # no statements: they may carry values
    "log_checkpoints": "off",
}
"""Beside PostgreSQL's defaults, which are durable (fsync and synchronous_commit on)."""
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests only: a power cut may lose everything."""
ATTEMPTS = 5


@dataclass(frozen=True)
class Running:
    """A server that answers. URLs carry passwords: never log them."""

    port: int
    passwords: dict[str, str]

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address of a database for one of the roles."""
        return f"postgresql://{role}:{self.passwords[role]}@127.0.0.1:{self.port}/{database}"


class Embedded:
    """PostgreSQL in a folder. Nothing is touched before `start`."""

    def __init__(self, home: Path, settings: dict[str, str] | None = None) -> None:
        self.home = home
        self.settings = SETTINGS | (settings or {})
        self.inside = home / "postgres"
        self.cluster = self.inside / "cluster"
        self.log = self.inside / "server.log"
        self.access = home / "postgres-access.json"

    def start(self) -> Running:
        """Make the cluster where there is none, start it and say where it answers.

        Raises:
            ServiceError: it could not be started; the last lines of its own log are in the message.
        """
        account = self._account()
        try:
            self._folders(account)
            programs = reachable(account, self.home)
            if not (self.cluster / "PG_VERSION").exists():
                self._make(programs, account)
            passwords = json.loads(self.access.read_text(encoding="utf-8"))
        except OSError as error:
            raise ServiceError(f"The database folder {self.home} cannot be used: {error.strerror}") from error
        running = self.attach() or self._begin(programs, account, passwords)
        _roles(running)
        return running

    def _begin(self, programs: Path, account: Account | None, passwords: dict[str, str]) -> Running:
        """Start it where it does not run."""
        clear_after_kill(self.cluster)
        return Running(self._launch(programs, account), passwords)

    def attach(self) -> Running | None:
        """The server as it runs already, or None. It answers with our password, so it is ours."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            running = Running(int(lines[3]), json.loads(self.access.read_text(encoding="utf-8")))
            with psycopg.connect(running.url(SUPERUSER, "postgres"), connect_timeout=2):
                return running
        except (OSError, ValueError, IndexError, psycopg.Error):
            return None

    def stop(self) -> None:
        """Stop it after its transactions are rolled back; nothing is done where none runs."""
        if (self.cluster / "postmaster.pid").exists() and not clear_after_kill(self.cluster):
            account = self._account()
            self._run(
                reachable(account, self.home), account, ["pg_ctl", "stop", "-D", self.cluster, "-m", "fast", "-w"]
            )

    def _account(self) -> Account | None:
        """Who runs it: whoever owns the cluster, so that a folder keeps its account."""
        account = unprivileged()
        if account is not None and self.cluster.exists():
            owner = self.cluster.stat()
            return Account(owner.st_uid, owner.st_gid) if owner.st_uid else account
        return account

    def _folders(self, account: Account | None) -> None:
        self.home.mkdir(parents=True, exist_ok=True, mode=0o711)
        self.inside.mkdir(exist_ok=True, mode=0o700)
        if account is not None:
            os.chown(self.inside, account.uid, account.gid)

    def _make(self, programs: Path, account: Account | None) -> None:
        """Make the cluster. The passwords are on disk first, so that a cut between the two can be repaired."""
        passwords = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, MIGRATE, SERVE)}
        _write_private(self.access, json.dumps(passwords))
        fresh = self.inside / "fresh"
        with tempfile.TemporaryDirectory(dir=self.inside) as folder:
            handed = Path(folder) / "password"
            _write_private(handed, passwords[SUPERUSER])
            if account is not None:
                os.chown(folder, account.uid, account.gid)
                os.chown(handed, account.uid, account.gid)
            _remove(fresh)
            options = ["-U", SUPERUSER, "--pwfile", handed, "--auth", "scram-sha-256", "-E", "UTF8", "--locale", "C"]
            self._run(programs, account, ["initdb", "-D", fresh, *options, "--no-sync"])
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in self.settings.items())
        fresh.rename(self.cluster)

    def _launch(self, programs: Path, account: Account | None) -> int:
        """Start the server on a free port and return the port."""
        said = ""
        for _ in range(ATTEMPTS):
            port = free_port()
            command = ["pg_ctl", "start", "-D", self.cluster, "-l", self.log, "-w", "-t", "60", "-o", f"-p {port}"]
            try:
                self._run(programs, account, command)
            except ServiceError as error:
                said = f"{error}\n{_tail(self.log)}"
                continue
            return port
        raise ServiceError(f"The embedded PostgreSQL did not start: {said}")

    def _run(self, programs: Path, account: Account | None, command: Sequence[Any]) -> None:
        """Run one of PostgreSQL's programs and wait for it."""
        program, *rest = command
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
        if sys.platform == "win32":
            environment |= {name: os.environ[name] for name in ("SystemRoot", "TEMP") if name in os.environ}
        done = subprocess.run(
            [programs / "bin" / program, *map(str, rest)],
            check=False,
            cwd=self.inside,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a pipe would stay open in the server it starts
            stderr=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
            **(account.options() if account else {}),
        )
        if done.returncode:
            raise ServiceError(
                f"{program} failed ({done.returncode}) {(done.stderr or b'').decode(errors='replace').strip()}"
            )


@contextmanager
def embedded(home: Path, settings: dict[str, str] | None = None, *, alone: bool = False) -> Iterator[Running]:
    """The server in `home` for as long as the block runs; beside a service that runs it, that service's server.

    Args:
        home: the folder.
        settings: beside `SETTINGS`.
        alone: refuse to go beside another program.

    Raises:
        ServiceError: it cannot be started, or another program has it.
    """
    server = Embedded(home, settings)
    with in_use(home) as ours:
        running = server.start() if ours else None if alone else server.attach()
        if running is None:
            raise ServiceError(f"Another service runs on {home}", "Stop it, or give this one other data")
        try:
            yield running
        finally:
            if ours:
                server.stop()


def free_port() -> int:
    """A port of 127.0.0.1 nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _roles(running: Running) -> None:
    """Make our roles and the database where they are missing, and set their passwords."""
    with psycopg.connect(running.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        there = {name for (name,) in connection.execute("select rolname from pg_roles")}
        for role in (MIGRATE, SERVE):
            verb = sql.SQL("alter" if role in there else "create")
            name, password = sql.Identifier(role), sql.Literal(running.passwords[role])
            connection.execute(sql.SQL("{} role {} login nosuperuser password {}").format(verb, name, password))
        if connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone() is None:
            make = sql.SQL("create database {} owner {}").format(sql.Identifier(DATABASE), sql.Identifier(MIGRATE))
            connection.execute(make)
            connection.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(DATABASE)))
            connection.execute(
                sql.SQL("grant connect on database {} to {}").format(sql.Identifier(DATABASE), sql.Identifier(SERVE))
            )


def _write_private(path: Path, text: str) -> None:
    """Write a file only its owner may read, whole or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _remove(folder: Path) -> None:
    """Remove what an interrupted start left behind."""
    shutil.rmtree(folder, ignore_errors=True)


def _tail(log: Path) -> str:
    """The last lines of PostgreSQL's own log."""
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:])
    except OSError:
        return ""

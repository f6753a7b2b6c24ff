"""The office's central service as this PC calls it: where it is, what makes this PC a device there, what goes wrong.

service = service_here(policies)                     where the service is and how it is reached, by the policies
licence_api(store, service, words)                   what `actions.buy_licence` asks, with this device's token
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autoenroll_desktop import __version__, paths
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.policy.policies import Policies
from autoenroll_desktop.store import sharing
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.sync.api import HttpSyncApi
from autoenroll_desktop.sync.caller import Caller
from autoenroll_desktop.sync.connection import Session, session
from autoenroll_desktop.sync.licence_api import LicenceApi, NotReached
from autoenroll_desktop.sync.log import SyncLog
from autoenroll_desktop.sync.membership import Membership
from autoenroll_desktop.sync.trouble import SyncTrouble
from autoenroll_desktop.sync.vault.refusals import VaultRefused

QUIET = ("offline", "slow", "busy", "too-many-requests", "broken", "proxy", "captive-portal", "tls-intercepted")
"""Troubles that are waited out; the others need a person."""


class OfficeTrouble(AppError):
    """Something to do with the office or the network did not work. `slug` is its stable name."""

    def __init__(self, slug: str, words: Words) -> None:
        known = slug if words.knows(f"sync-trouble.{slug}-title") else "unexpected"
        super().__init__(*(words.say(f"sync-trouble.{known}-{part}", slug=slug) for part in ("title", "why", "action")))
        self.slug = slug


def _sleep(seconds: float) -> bool:
    time.sleep(seconds)
    return True


@dataclass(frozen=True)
class Service:
    """The central service and how it is reached.

    Attributes:
        address: by policy or by a person, "" for none; else a membership's own counts, or for a new one `built_in`.
        allowed: False where a policy forbids syncing.
        reports: False where a policy forbids sending reports. wait: between tries, False to stop.
        connect: makes a session; tests put their own in.
    """

    address: str
    built_in: str = ""
    allowed: bool = True
    reports: bool = True
    wait: Callable[[float], bool] = _sleep
    connect: Callable[[], Session] = session

    @property
    def for_new(self) -> str:
        """The address a new membership is made at."""
        return self.address or self.built_in


def service_here(policies: Policies, address: str = "") -> Service:
    """The service of this PC by its policies; `address` where a person named one and no policy does.

    Raises:
        AppError: the file of certificates of the policy extra-ca cannot be used.
    """
    extra = Path(policies.extra_ca) if policies.extra_ca else None
    agent = f"AutoEnroll/{__version__}"

    def connect() -> Session:
        try:
            return session(proxy=policies.proxy, extra_ca=extra, agent=agent)
        except OSError as error:
            why = f"{extra}: {error.strerror or error}"
            ask = "Ask whoever looks after your computers"
            raise AppError("The office's certificates cannot be used", why, ask) from None

    return Service(
        policies.service_url or address,
        _built_in(),
        allowed=policies.sync,
        reports=not policies.forbid_report_upload,
        connect=connect,
    )


def _built_in() -> str:
    """The service this build belongs to: the one its updates come from; "" when run from source."""
    file = paths.resources() / "keys" / "update-url.txt"
    if not getattr(sys, "frozen", False) or not file.exists():
        return ""
    return file.read_text(encoding="utf-8").strip().removesuffix("/v1/releases")


def membership(store: Store) -> Membership | None:
    """What makes this PC a device of an office; None where it is in none."""
    with store.reading() as connection:
        found = sharing.value(connection, sharing.MEMBERSHIP)
    return None if found is None else msgspec.msgpack.decode(found, type=Membership)


def sync_log(store: Store) -> SyncLog:
    """How syncing went so far."""
    with store.reading() as connection:
        found = sharing.value(connection, sharing.LOG)
    return SyncLog() if found is None else msgspec.json.decode(found, type=SyncLog)


def put_membership(store: Store, me: Membership | None) -> None:
    """Keep what makes this PC a device of an office."""
    with store.writing() as connection:
        data = None if me is None else msgspec.msgpack.encode(me)
        sharing.put_value(connection, sharing.MEMBERSHIP, data)


def put_log(store: Store, log: SyncLog) -> None:
    """Keep how syncing went."""
    with store.writing() as connection:
        sharing.put_value(connection, sharing.LOG, msgspec.json.encode(log))


@contextmanager
def calling(store: Store, service: Service, me: Membership) -> Iterator[Caller]:
    """A way to the service as this device; what went over the network is counted in the log at the end."""
    counted = [0, 0]

    def count(sent: int, received: int) -> None:
        counted[0] += sent
        counted[1] += received

    http = service.connect()
    caller = Caller(HttpSyncApi(service.address or me.address, http, count), me, service.wait)
    try:
        yield caller
    finally:
        http.close()
        log = sync_log(store)
        put_log(store, msgspec.structs.replace(log, sent=log.sent + counted[0], received=log.received + counted[1]))


@contextmanager
def told(words: Words) -> Iterator[None]:
    """Turn what can go wrong on the way into an `OfficeTrouble`."""
    try:
        yield
    except (SyncTrouble, VaultRefused) as trouble:
        raise OfficeTrouble(trouble.slug, words) from None


def require(store: Store, service: Service, words: Words) -> Membership:
    """This PC's membership. Raises OfficeTrouble: it is in no office, was revoked, or a policy forbids syncing."""
    me = membership(store)
    if not service.allowed:
        raise OfficeTrouble("forbidden-here", words)
    if me is None:
        raise OfficeTrouble("no-office", words)
    if me.state == "revoked":
        raise OfficeTrouble("device-revoked", words)
    return me


def licence_api(store: Store, service: Service, words: Words) -> LicenceApi:
    """The licence routes with this device's token. Raises OfficeTrouble: it is in no office."""
    me = require(store, service, words)
    http = service.connect()
    caller = Caller(HttpSyncApi(service.address or me.address, http), me, service.wait)

    def token() -> str:
        try:
            with told(words):
                return caller.token()
        except OfficeTrouble as trouble:
            if trouble.slug in QUIET:  # whoever waits for a licence waits this out
                raise NotReached(trouble.title, trouble.why, trouble.action) from None
            raise

    return LicenceApi(service.address or me.address, token, http)

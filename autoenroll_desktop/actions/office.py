"""Where this PC stands with its office: for the status bar, the Office page and the terminal. No view, no network here.

    service = service_here(policies)                     where the service is and how it is reached, by the policies
    state = look(store, service, words)             quick: reads the store only; ask it whenever something changed
    state.bar, state.headline, state.lines, state.level  what to say, in the words of the language given
    state.standing                                       forbidden · alone · waiting · in-sync · sending · offline ·
                                                         needs-you · revoked · paused

What goes over the network runs in a task, never on the window's thread; each raises `OfficeTrouble` (an AppError in the
person's words, with `slug`) and leaves everything local as it was:

    actions.sync_office     sync_now(store, service, words, clock) → OfficeState; is_due(state, now)
                            pause(store), resume(store), set_limit(store, bytes_a_second)
    actions.join_office     create_office, invite, ticket, join, look_whether_approved, recover, leave
    actions.office_devices  devices(store, service, words) → DeviceShown with the six words of those that wait;
                            approve(…, device, words) once a person found them equal; revoke; change_key → recovery code
    licence_api(store, service, words)                   what `actions.buy_licence` asks, with this device's token
"""

import datetime as dt
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from autoenroll_desktop import __version__, paths
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.policy.policies import Policies
from autoenroll_desktop.store import parcels, sharing
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.sync.api import HttpSyncApi
from autoenroll_desktop.sync.caller import Caller
from autoenroll_desktop.sync.connection import Session, session
from autoenroll_desktop.sync.joining import words_for
from autoenroll_desktop.sync.licence_api import LicenceApi, NotReached
from autoenroll_desktop.sync.log import SyncLog
from autoenroll_desktop.sync.membership import Membership
from autoenroll_desktop.sync.trouble import SyncTrouble
from autoenroll_desktop.sync.vault.refusals import VaultRefused
from server_sync.contract.routes import WRITERS

Standing = Literal[
    "forbidden", "alone", "waiting", "in-sync", "sending", "offline", "needs-you", "revoked", "paused"
]  # fmt: skip
DUBLIN = ZoneInfo("Europe/Dublin")
QUIET = ("offline", "slow", "busy", "too-many-requests", "broken", "proxy", "captive-portal", "tls-intercepted")
"""Troubles that are waited out; the others need a person."""
SKEW = 600
"""Seconds this PC's clock may be off before it is worth telling."""


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


@dataclass(frozen=True)
class DeviceShown:
    """A device of the office.

    Attributes:
        name: as its person called it, "" where it did not say. mine: this PC itself.
        words: the six words to compare, "" unless it waits.
        release: the version it last came with, "" where it never said. seen_on: the day.
    """

    id: UUID
    name: str
    person: UUID
    state: Literal["waiting", "active", "revoked"]
    since: dt.datetime
    mine: bool
    words: str
    release: str = ""
    seen_on: dt.date | None = None


@dataclass(frozen=True)
class OfficeState:
    """Where this PC stands.

    Attributes:
        bar: one short line. headline, lines: for the Office page. level: quiet, amber or stop.
        waiting: things that are to be sent. since: since when it is offline or needs somebody.
        trouble: its slug, "". words: the six words of this device while it waits for approval.
        sent, received: bytes over the network, as a sceptic may watch. in_sync_at: when all was last sent and read.
        refused: things that came and could not be trusted. set_aside: values that lost where two PCs changed one.
        office, device, role, address: "" and None where it is in no office.
        rotate: a device was revoked and the office key was not changed since.
    """

    standing: Standing
    bar: str
    headline: str
    lines: tuple[str, ...]
    level: Literal["quiet", "amber", "stop"]
    waiting: int = 0
    since: dt.datetime | None = None
    trouble: str = ""
    words: str = ""
    sent: int = 0
    received: int = 0
    in_sync_at: dt.datetime | None = None
    next_try: dt.datetime | None = None
    refused: int = 0
    set_aside: int = 0
    office: UUID | None = None
    device: UUID | None = None
    role: str = ""
    address: str = ""
    rotate: bool = False


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


def look(store: Store, service: Service, words: Words) -> OfficeState:
    """Where this PC stands, out of the store alone. Raises AppError where the store cannot be read."""
    me, log = membership(store), sync_log(store)
    with store.reading() as connection:
        waiting = parcels.waiting_count(connection, reports=service.reports)
        refused = len(sharing.things_in(connection, sharing.REFUSED))
        lost = sharing.set_aside_count(connection)
    standing = _standing(me, log, service, waiting)
    facts = {"count": waiting, "since": _here(log.since), "at": _here(log.in_sync_at), "sent": _size(log.sent)}
    shown = words_for(me.office, me.approver, me) if me is not None and standing == "waiting" and me.approver else ""
    said = [words.say(f"sync-page.{standing}", **facts, words=shown)]
    if log.trouble and standing not in ("alone", "forbidden", "paused"):
        said.append(str(OfficeTrouble(log.trouble, words)))
    if me is not None:
        if not service.reports:
            said.append(words.say("sync-page.reports-stay"))
        said += _more(log, words, refused=refused, lost=lost)
    return OfficeState(
        standing=standing,
        bar=words.say(f"sync-bar.{standing}", **facts),
        headline=words.say(f"sync-state.{standing}", **facts),
        lines=tuple(line for line in said if line),
        level="stop" if standing == "revoked" else "amber" if standing == "needs-you" or log.revoked_since else "quiet",
        waiting=waiting,
        since=log.since,
        trouble=log.trouble,
        words=shown,
        sent=log.sent,
        received=log.received,
        in_sync_at=log.in_sync_at,
        next_try=log.next_try,
        refused=refused,
        set_aside=lost,
        office=me.office if me else None,
        device=me.device if me else None,
        role=me.role if me else "",
        address=(service.address or me.address) if me else service.for_new,
        rotate=log.revoked_since,
    )


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


def _standing(me: Membership | None, log: SyncLog, service: Service, waiting: int) -> Standing:
    if not service.allowed:
        return "forbidden"
    if me is None:
        return "alone"
    if me.state == "revoked":
        return "revoked"
    if log.paused:
        return "paused"
    if log.trouble and log.trouble not in QUIET:
        return "needs-you"
    if me.state == "waiting":
        return "waiting"
    if log.trouble:
        return "offline"
    return "sending" if waiting and me.role in WRITERS else "in-sync"


def _more(log: SyncLog, words: Words, *, refused: int, lost: int) -> list[str]:
    said = [words.say("sync-page.bytes", sent=_size(log.sent), received=_size(log.received))]
    if log.revoked_since:
        said.append(words.say("sync-page.rotate"))
    if refused:
        said.append(words.say("sync-page.refused", count=refused))
    if lost:
        said.append(words.say("sync-page.set-aside", count=lost))
    if abs(log.ahead) > SKEW:
        said.append(words.say("sync-page.clock", minutes=abs(log.ahead) // 60))
    return said


def _here(moment: dt.datetime | None) -> dt.datetime | None:
    return None if moment is None else moment.astimezone(DUBLIN)


def _size(size: int) -> str:
    """Bytes as people read them: "12,345 bytes", "3.4 MB"."""
    if size < 100_000:
        return f"{size:,} B"
    return f"{size / 1_000_000:,.1f} MB"

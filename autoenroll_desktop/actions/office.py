"""Where this PC stands with its office: for the status bar, the Office page and the terminal. No view, no network here.

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
    actions.office_service  service_here(policies): where the service is and how it is reached; licence_api
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from autoenroll_desktop.actions.office_service import QUIET, OfficeTrouble, Service, membership, sync_log
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.store import parcels, sharing
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.sync.joining import words_for
from autoenroll_desktop.sync.log import SyncLog
from autoenroll_desktop.sync.membership import Membership
from server_sync.contract.routes import WRITERS

Standing = Literal[
    "forbidden", "alone", "waiting", "in-sync", "sending", "offline", "needs-you", "revoked", "paused"
]  # fmt: skip
DUBLIN = ZoneInfo("Europe/Dublin")
SKEW = 600
"""Seconds this PC's clock may be off before it is worth telling."""


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

"""Syncing with the office: one round, when it is due or asked for. Offline is the normal state and never an error."""

import datetime as dt
import random
from collections.abc import Callable

import msgspec

from autoenroll_desktop.actions.office import OfficeState, look
from autoenroll_desktop.actions.office_people import roster
from autoenroll_desktop.actions.office_service import (
    OfficeTrouble,
    Service,
    calling,
    membership,
    put_log,
    put_membership,
    sync_log,
)
from autoenroll_desktop.domain.progress import SILENT, Progress
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.shelf import StoreShelf
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.store.turn import my_turn
from autoenroll_desktop.sync import joining
from autoenroll_desktop.sync.caller import Caller
from autoenroll_desktop.sync.chain import follow
from autoenroll_desktop.sync.exchange import Exchange
from autoenroll_desktop.sync.membership import Membership
from autoenroll_desktop.sync.things import Things
from autoenroll_desktop.sync.trouble import NotReached, SyncTrouble
from autoenroll_desktop.sync.vault.refusals import VaultRefused
from autoenroll_desktop.sync.vault.sealing import OfficeKeys
from server_sync.contract.routes import KEEPERS

EVERY = dt.timedelta(minutes=5)
"""How often a round is made while nothing waits."""
TRIES = 5
"""Rounds in which a thing the service refuses is offered by itself; a round asked for offers it again."""


def is_due(state: OfficeState, now: dt.datetime) -> bool:
    """Whether a round should begin by itself: something waits, or none was made for long; never before `next_try`."""
    if state.standing in ("forbidden", "alone", "revoked", "paused"):
        return False
    if state.next_try is not None:
        return now >= state.next_try or now < state.next_try - dt.timedelta(days=1)  # a clock that was set back
    return state.waiting > 0 or state.in_sync_at is None or abs(now - state.in_sync_at) >= EVERY


def sync_now(
    store: Store,
    service: Service,
    words: Words,
    stamp: Callable[[], Stamp],
    progress: Progress = SILENT,
    *,
    asked: bool = True,
    chance: random.Random | None = None,
) -> OfficeState:
    """Make one round and tell where this PC stands then. The network being away is told, not raised; while another
    window of this store syncs, it goes on alone.

    Args:
        stamp: who and when, asked for each thing that is noted. asked: a person asked for it, so that what was refused
            before is offered again. chance: for pauses.

    Raises:
        OfficeTrouble: there is no office, or a policy forbids syncing. Cancelled. AppError: the store cannot be used.
    """
    me = membership(store)
    if not service.allowed:
        raise OfficeTrouble("forbidden-here", words)
    if me is None:
        raise OfficeTrouble("no-office", words)
    if me.state != "revoked" and not (sync_log(store).paused and not asked):
        with my_turn(store.folder, "sync") as mine:
            if mine:
                me = membership(store) or me
                _round(store, service, me, stamp, progress, asked=asked, chance=chance or random.SystemRandom())
    return look(store, service, words)


def pause(store: Store) -> None:
    """Stop syncing by itself on this PC."""
    put_log(store, msgspec.structs.replace(sync_log(store), paused=True))


def resume(store: Store) -> None:
    """Go on syncing."""
    put_log(store, msgspec.structs.replace(sync_log(store), paused=False, next_try=None))


def set_limit(store: Store, limit: int) -> None:
    """Let uploads take at most so many bytes a second; 0 for no limit."""
    put_log(store, msgspec.structs.replace(sync_log(store), limit=max(0, limit)))


def _round(
    store: Store,
    service: Service,
    me: Membership,
    stamp: Callable[[], Stamp],
    progress: Progress,
    *,
    asked: bool,
    chance: random.Random,
) -> None:
    trouble, wait, skew = "", None, None
    with calling(store, service, me) as caller:
        try:
            trouble = _exchanged(store, service, caller, stamp, progress, asked=asked)
        except NotReached as away:
            trouble, wait = away.slug, away.wait
        except (SyncTrouble, VaultRefused) as refused:
            trouble = refused.slug
        skew = caller.skew(stamp().at.timestamp())
    log = sync_log(store)
    if trouble == "device-revoked":
        put_membership(store, msgspec.structs.replace(caller.me, state="revoked"))
    elif caller.me != me:
        put_membership(store, caller.me)
    after = log.went_wrong(trouble, stamp().at, wait, chance) if trouble else log.went_well(stamp().at)
    put_log(store, msgspec.structs.replace(after, ahead=int(skew) if skew is not None else log.ahead))


def _exchanged(
    store: Store, service: Service, caller: Caller, stamp: Callable[[], Stamp], progress: Progress, *, asked: bool
) -> str:
    """One round; the name of what was doubted, "" for nothing. Raises SyncTrouble, VaultRefused."""
    if caller.me.state == "waiting":
        _renewed(store, caller)
        if caller.me.state == "waiting":
            return ""
    limit = sync_log(store).limit

    def throttle(size: int) -> None:
        if limit:
            service.wait(size / limit)

    tries = 1_000_000 if asked else TRIES
    shelf = StoreShelf(store, stamp, reports=service.reports, most_tries=tries)
    things = Things(caller, shelf, caller.me.office_keys, lambda: _renewed(store, caller), throttle)
    exchange = Exchange(caller, shelf, things, progress.step)
    if asked:
        exchange.take_again()
    exchange.run()
    if exchange.restored:
        caller.me = msgspec.structs.replace(caller.me, audit=(0, ""))
    doubted = sync_log(store).trouble == "audit-broken"
    if (exchange.office_changed or doubted) and caller.me.role in KEEPERS:
        caller.me = follow(caller)
    return exchange.doubted[0] if exchange.doubted else ""


def _renewed(store: Store, caller: Caller) -> OfficeKeys:
    """The office keys as they are now, kept; this PC's state with them."""
    before = caller.me
    after = joining.look_whether_approved(caller, roster(store))
    if after != before:
        put_membership(store, after)
        caller.me = after
    return after.office_keys

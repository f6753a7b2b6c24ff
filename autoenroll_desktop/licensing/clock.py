"""The clock a licence goes by: the PC's, but never fooled twice.

A clock set back by more than a day is noticed. Once that is forgiven, as an empty battery is nobody's fault: time goes
on from what the clock shows now. From then on it no longer gains anything: the latest moment seen counts until the
clock has caught up, or until a fresh licence says what time it is. Nothing is ever taken away for it.
"""

import datetime as dt
from enum import StrEnum

import msgspec

from autoenroll_desktop.licensing.kept import Kept

SLACK = dt.timedelta(days=1)
"""How far back a clock may step unnoticed (a wrong time zone, a correction by the network)."""
EARLIEST = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
"""No true clock shows less: this release is younger."""
OFTEN = dt.timedelta(hours=1)
"""How often the latest moment is noted down again."""


class Clock(StrEnum):
    """What was noticed."""

    FINE = "fine"
    FORGIVEN = "forgiven"  # set back for the first time, just now or within the last day
    BEHIND = "behind"  # set back again; the latest moment seen counts


def tell(kept: Kept, now: dt.datetime, issued_at: dt.datetime | None = None) -> tuple[dt.datetime, Kept, Clock]:
    """The moment that counts, what to remember of it, and what was noticed.

    Args:
        kept: what was remembered. now: what the PC's clock shows.
        issued_at: when the licence in use was signed; it cannot be earlier than that.
    """
    floor = max(EARLIEST, issued_at or EARLIEST)
    if now >= kept.seen - SLACK:
        seen = now if now >= kept.seen + OFTEN else kept.seen
        lately = kept.forgiven is not None and now < kept.forgiven + SLACK
        noticed = Clock.FORGIVEN if lately else Clock.FINE
        return max(now, kept.seen, floor), msgspec.structs.replace(kept, seen=seen), noticed
    if kept.forgiven is None:
        start = min(kept.first_start, max(now, EARLIEST))
        forgiven = msgspec.structs.replace(kept, seen=now, forgiven=now, first_start=start)
        return max(now, floor), forgiven, Clock.FORGIVEN
    return max(kept.seen, floor), kept, Clock.BEHIND


def settle(kept: Kept, now: dt.datetime, issued_at: dt.datetime) -> Kept:
    """What to remember when a fresh licence came: its moment of signing is a true one, and everything is forgiven."""
    true = now if now >= issued_at - SLACK else issued_at
    return msgspec.structs.replace(kept, seen=true, forgiven=None)

"""How syncing went so far: what the status bar and the Office page tell, and when to try again."""

import datetime as dt
import random

import msgspec

from autoenroll_desktop.sync.caller import pause


class SyncLog(msgspec.Struct, frozen=True, kw_only=True):
    """How it went.

    Attributes:
        sent, received: bytes over the network since this PC joined, headers included.
        in_sync_at: when everything was last sent and read. trouble: why it did not come so far the last time, or "".
        since: since when that is so. tries: how often in a row. next_try: not before.
        paused: the person turned syncing off here. limit: bytes a second for uploads, 0 for no limit.
        ahead: seconds this PC's clock is ahead of the service's, where it is worth telling.
        revoked_since: a device was revoked and the office key not changed yet.
    """

    sent: int = 0
    received: int = 0
    in_sync_at: dt.datetime | None = None
    trouble: str = ""
    since: dt.datetime | None = None
    tries: int = 0
    next_try: dt.datetime | None = None
    paused: bool = False
    limit: int = 0
    ahead: int = 0
    revoked_since: bool = False

    def went_well(self, now: dt.datetime) -> "SyncLog":
        """After a round that came to its end."""
        return msgspec.structs.replace(self, in_sync_at=now, trouble="", since=None, tries=0, next_try=None)

    def went_wrong(self, trouble: str, now: dt.datetime, wait: float | None, chance: random.Random) -> "SyncLog":
        """After a round that was stopped; `wait` is what the service asked for, in seconds."""
        tries = self.tries + 1
        return msgspec.structs.replace(
            self,
            trouble=trouble,
            since=self.since if self.trouble == trouble else now,
            tries=tries,
            next_try=now + dt.timedelta(seconds=pause(tries + 3, wait, chance)),
        )

"""How long it is until a cut-off, in words."""

import datetime as dt
from zoneinfo import ZoneInfo

from autoenroll_desktop.domain.words import Words

DUBLIN = ZoneInfo("Europe/Dublin")
_HOUR = dt.timedelta(hours=1)


def time_left(cut_off: dt.datetime | None, now: dt.datetime, words: Words) -> str:
    """Days while there are some, then hours and minutes, in the last hour minutes and seconds; "" without a cut-off."""
    if cut_off is None:
        return ""
    left = cut_off - now
    if left < dt.timedelta():
        return words.say("today.passed")
    minutes, seconds = divmod(int(left.total_seconds()), 60)
    if left < _HOUR:
        return words.say("today.minutes", clock=f"{minutes}:{seconds:02d}")
    days = (cut_off.astimezone(DUBLIN).date() - now.astimezone(DUBLIN).date()).days
    if days:
        return words.say("today.day" if days == 1 else "today.days", days=days)
    hours, minutes = divmod(minutes, 60)
    return words.say("today.hours", hours=hours, minutes=minutes)

"""When somebody is paid next, reckoned from the last pay date and how often is paid."""

import calendar
import datetime as dt

_DAYS = {"WEEKLY": 7, "FORTNIGHTLY": 14, "FOUR_WEEKLY": 28, "FOURWEEKLY": 28}
_MONTHS = {"MONTHLY": 1, "QUARTERLY": 3, "BI_ANNUALLY": 6, "ANNUALLY": 12}


def next_pay_date(last: dt.date, frequency: str | None, today: dt.date) -> dt.date | None:
    """The first pay date from today on; None where the frequency is not known (nothing is guessed).

    A month later is the same day of the month, the last day of a month staying the last.

    Example: 30/09/2026 MONTHLY, seen on 01/10/2026, gives 31/10/2026.
    """
    word = _word(frequency)
    if last >= today:
        return last
    if days := _DAYS.get(word):
        return last + dt.timedelta(days=days * -(-(today - last).days // days))
    if months := _MONTHS.get(word):
        times = 1
        while (coming := _months_later(last, months * times)) < today:
            times += 1
        return coming
    return None


def pay_dates_between(anchor: dt.date, frequency: str | None, first: dt.date, last: dt.date) -> list[dt.date]:
    """Every pay date of a calendar from `first` to `last`, both inside; none where the frequency is not known.

    Args:
        anchor: any pay date of the calendar, before, in or after these days.

    Example: 30/09/2026 MONTHLY, from 01/10/2026 to 31/12/2026, gives 31/10, 30/11 and 31/12/2026.
    """
    word = _word(frequency)
    found: list[dt.date] = []
    if days := _DAYS.get(word):
        day = anchor + dt.timedelta(days=days * -(-(first - anchor).days // days))
        while day <= last:
            found.append(day)
            day += dt.timedelta(days=days)
    elif months := _MONTHS.get(word):
        apart = (first.year - anchor.year) * 12 + first.month - anchor.month
        step = apart // months
        while (day := _months_later(anchor, months * step)) <= last:
            if day >= first:
                found.append(day)
            step += 1
    return found


def _word(frequency: str | None) -> str:
    return (frequency or "").upper().replace("-", "_").replace(" ", "_")


def _months_later(day: dt.date, months: int) -> dt.date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    longest = calendar.monthrange(year, month)[1]
    ends = day.day == calendar.monthrange(day.year, day.month)[1]
    return dt.date(year, month, longest if ends else min(day.day, longest))

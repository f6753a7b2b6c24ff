"""Whose opt-out window is open, opens soon or closes soon, as far as an AEPN can tell (s.54(2)).

The window belongs to the person, not to the employer, and only NAERSA knows it. An AEPN gives the day from which
somebody is enrolled; the day on which the employer gave notice, from which the Act counts, stands in no file. So the
statute's window is worked out for a notice given on the day of enrolment, and the words say that it moves with it.
"""

import datetime as dt
from collections.abc import Iterator

import pandas as pd

from autoenroll_desktop.domain.aepn import Status
from autoenroll_desktop.domain.duty_dates import OptOutWindow
from autoenroll_desktop.rules.book import Book
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.duties import window_after_enrolment, windows_after_rate_rises
from autoenroll_desktop.rules.rule import ACT, INFO, Where, rule
from autoenroll_desktop.rules.timing import DUBLIN

_SPANS = ("opens", "closes", "statute_opens", "statute_closes")
_OPTED_IN = r"opt\w*[\s_-]*in"


@rule("opt-out-window", severity=INFO, topic="timing", law="s.54(2)", link=ACT)
def opt_out_window(case: Case) -> Iterator[Where]:
    """AEPNs of enrolled people whose window is opening, open or closing on the day of the check, under both readings.

    People whom the AEPN calls opted in have only the windows after a rise of the rates: the Act names no other.
    """
    today = pd.Timestamp(case.now.astimezone(DUBLIN).date())
    scheme_start = pd.Timestamp(case.book["scheme-start"].dated[0].value)
    if today < scheme_start:
        return
    current = case.register.current
    start = current["effective_date"]
    enrolled = (current["state"] == Status.ENROLLED) & (start >= scheme_start) & (start <= today)
    rows = current[(enrolled & ~(current["end_date"] < today)).to_numpy(bool)]
    spans = _windows(rows, today, case.book)
    near = pd.Timedelta(days=case.book.on(today.date())["opt-out-near"])
    opens = spans[["opens", "statute_opens"]].min(axis=1)
    closes = spans[["closes", "statute_closes"]].max(axis=1)
    names = (rows["first_name"].fillna("") + " " + rows["family_name"].fillna("")).str.strip()
    facts = {"name": names, "ppsn": rows["ppsn"], "enrolled": rows["effective_date"], **spans}
    for cause, stage in (
        ("window-opening", (opens - near <= today) & (today < opens)),
        ("window-open", (opens <= today) & (today <= closes - near)),
        ("window-closing", (opens <= today) & (closes - near < today) & (today <= closes)),
    ):
        at = stage.to_numpy(bool)
        yield Where(
            files=rows["file"].to_numpy("int64")[at],
            rows=rows["row"].to_numpy("int64")[at],
            field="effective_date",
            facts={name: column[at].array for name, column in facts.items()},
            cause=cause,
        )


def _windows(rows: pd.DataFrame, today: pd.Timestamp, book: Book) -> pd.DataFrame:
    """First and last days of each row's window under both readings; missing where there is none.

    Worked out once for each distinct day of enrolment. In the year of a rise of the rates the window after it takes
    the place of the one after enrolment, which is long past for everybody enrolled before.
    """
    codes, days = pd.factorize(rows["effective_date"])
    enrolled = [day.date() for day in days]
    first = pd.DataFrame([_days(window_after_enrolment(day, day, book)) for day in enrolled], columns=list(_SPANS))
    spans = first.astype("datetime64[s]").iloc[codes].set_axis(rows.index)
    spans[rows["status"].fillna("").str.contains(_OPTED_IN, case=False).to_numpy(bool)] = pd.NaT
    for rise in windows_after_rate_rises(book["scheme-start"].dated[0].value, book):
        if rise.refund_from.year == today.year:
            before = (rows["effective_date"] < pd.Timestamp(rise.refund_from)).to_numpy(bool)
            spans.loc[before, list(_SPANS)] = [pd.Timestamp(day) for day in _days(rise)]
    return spans


def _days(window: OptOutWindow) -> tuple[dt.date, ...]:
    return (window.operation.first, window.operation.last, window.statute.first, window.statute.last)

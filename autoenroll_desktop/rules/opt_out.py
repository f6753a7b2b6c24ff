"""Whose opt-out window is open, opens soon or closes soon, as far as an AEPN can tell (s.54(2)).

The window belongs to the person, not to the employer, and only NAERSA knows it. An AEPN gives the day from which
somebody is enrolled; the day on which the employer gave notice, from which the Act counts, stands in no file. So the
statute's window is worked out for a notice given on the day of enrolment, and the words say that it moves with it.
"""

import datetime as dt
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.aepn import Status
from autoenroll_desktop.domain.duty_dates import OptOutWindow
from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.rules.book import Book
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.duties import window_after_enrolment, windows_after_rate_rises
from autoenroll_desktop.rules.history import day_numbers
from autoenroll_desktop.rules.register import Register
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
    start = current["effective_date"].to_numpy("datetime64[s]")
    now = np.datetime64(today, "s")
    enrolled = case.register.says(Status.ENROLLED) & (start >= np.datetime64(scheme_start, "s")) & (start <= now)
    rows = np.flatnonzero(enrolled & ~(current["end_date"].to_numpy("datetime64[s]") < now))
    windows, which = _windows(case.register, rows, today, case.book)
    near = pd.Timedelta(days=case.book.on(today.date())["opt-out-near"])
    opens = windows[["opens", "statute_opens"]].min(axis=1)
    closes = windows[["closes", "statute_closes"]].max(axis=1)
    for cause, stage in (
        ("window-opening", (opens - near <= today) & (today < opens)),
        ("window-open", (opens <= today) & (today <= closes - near)),
        ("window-closing", (opens <= today) & (closes - near < today) & (today <= closes)),
    ):
        told = stage.to_numpy(bool)[which]
        if not told.any():
            continue
        found, spans = current.iloc[rows[told]], windows.iloc[which[told]]
        names = (found["first_name"].fillna("") + " " + found["family_name"].fillna("")).str.strip()
        yield Where(
            files=found["file"].to_numpy("int64"),
            rows=found["row"].to_numpy("int64"),
            field="effective_date",
            facts={
                "name": names.array,
                "ppsn": found["ppsn"].array,
                "enrolled": found["effective_date"].array,
                **{name: spans[name].array for name in _SPANS},
            },
            cause=cause,
        )


def _windows(register: Register, rows: Ints, today: pd.Timestamp, book: Book) -> tuple[pd.DataFrame, Ints]:
    """First and last days of windows under both readings, missing where there is none; and which of them each of these
    rows has.

    One window for each distinct day of enrolment, and for those who opted in apart. In the year of a rise of the rates
    the window after it takes the place of the one after enrolment, which is long past for everybody enrolled before.
    """
    opted_in = register.columns.coded("status").told(lambda word: re.search(_OPTED_IN, word, re.IGNORECASE) is not None)
    enrolled_on = day_numbers(register.columns["effective_date"])[rows]
    which, kinds = pd.factorize(enrolled_on * 2 + opted_in[rows])
    rises = [
        rise
        for rise in windows_after_rate_rises(book["scheme-start"].dated[0].value, book)
        if rise.refund_from.year == today.year
    ]
    spans = []
    for kind in kinds:
        enrolled = pd.Timestamp(int(kind) // 2, unit="D").date()
        windows = [] if kind % 2 else [window_after_enrolment(enrolled, enrolled, book)]
        windows += [rise for rise in rises if enrolled < rise.refund_from]
        spans.append(_days(windows[-1]) if windows else (None,) * len(_SPANS))
    return pd.DataFrame(spans, columns=list(_SPANS)).astype("datetime64[s]"), which.astype(np.int64)


def _days(window: OptOutWindow) -> tuple[dt.date, ...]:
    return (window.operation.first, window.operation.last, window.statute.first, window.statute.last)

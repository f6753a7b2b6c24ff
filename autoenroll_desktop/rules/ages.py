"""Ages in completed years, over columns.

Somebody born on 29 February has the birthday on 1 March in other years: the Act states no convention.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.finding import Ints


class Days(NamedTuple):
    """Days taken apart: calendar year, month x 100 + day, and whether there is a day at all."""

    year: Ints
    month_day: Ints
    known: npt.NDArray[np.bool_]


def taken_apart(dates: "pd.Series[Any]") -> Days:
    """The days of a column of dates."""
    known = dates.notna().to_numpy()
    days = np.where(known, dates.to_numpy("datetime64[D]"), np.datetime64("1970-01-01"))
    months = days.astype("datetime64[M]")
    year = months.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    return Days(year, month * 100 + (days - months).astype(np.int64) + 1, known)


def reached(born: Days, day: Days, years: npt.NDArray[Any] | int) -> npt.NDArray[np.bool_]:
    """Whether the birthday of `years` falls on or before `day`; False where either is missing."""
    age = day.year - born.year - (day.month_day < born.month_day)
    told: npt.NDArray[np.bool_] = born.known & day.known & (age >= years)
    return told


def birthday_reached(
    born: "pd.Series[Any]", day: "pd.Series[Any]", years: npt.NDArray[Any] | int
) -> npt.NDArray[np.bool_]:
    """`reached` over columns of dates."""
    return reached(taken_apart(born), taken_apart(day), years)

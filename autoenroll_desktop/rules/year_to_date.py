"""How much gross pay a person had in the calendar year before a payment, as far as the files given can tell.

The annual limit counts a person's gross pay in all non-exempt employments in the part of the year *before that day*
(s.58(3)): a payment earlier on the same day does not count. One employer's files can prove that somebody is over the
limit, never that they are under it.
"""

from typing import Any

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.finding import Ints


def gross_before(lines: pd.DataFrame, history: pd.DataFrame, counts: "pd.Series[Any]") -> Ints:
    """Cents of gross pay this calendar year before each line's pay date.

    Args:
        lines, history: frames with person, employment (int64 codes), pay_date, gross_pay and ytd_gross; history holds
            earlier periods.
        counts: bool over `lines`: employments that count to the limit (not exempt).

    Returns:
        int64 cents, one a line; 0 where nothing is known.
    """
    before = np.zeros(len(lines), dtype=np.int64)
    now = lines[["person", "employment", "pay_date", "gross_pay", "ytd_gross"]].assign(counted=counts.to_numpy())
    everything = (
        pd.concat([now, history.assign(counted=True)[list(now.columns)]], ignore_index=True) if len(history) else now
    )
    usable = everything["pay_date"].notna() & (everything["person"] >= 0) & everything["counted"]
    paid = everything[usable]
    if not len(paid):
        return before
    day = paid["pay_date"].to_numpy("datetime64[D]").astype(np.int64)
    year = paid["pay_date"].dt.year.to_numpy()
    gross = paid["gross_pay"].fillna(0).to_numpy(np.int64)
    stated = paid["ytd_gross"]
    opening = (stated - (0 if _leaves_out_this_payment(paid) else paid["gross_pay"].fillna(0))).to_numpy(
        np.float64, na_value=np.nan
    )
    frame = pd.DataFrame(
        {
            "person": paid["person"].to_numpy(),
            "employment": paid["employment"].to_numpy(),
            "year": year,
            "day": day,
            "gross": gross,
            "opening": opening,
        }
    )
    days = frame.groupby(["person", "year", "employment", "day"], as_index=False).agg(
        gross=("gross", "sum"), opening=("opening", "min")
    )
    own = days.groupby(["person", "year", "employment"])
    counted = own["gross"].cumsum() - days["gross"]
    start = days["opening"].fillna(counted).to_numpy(np.int64)
    after = pd.Series(start + days["gross"].to_numpy())
    carried = after.groupby([days["person"], days["year"], days["employment"]]).shift(fill_value=0)
    days["unseen"] = np.maximum(start - carried.to_numpy(), 0)
    person = days.groupby(["person", "year", "day"], as_index=False)[["gross", "unseen"]].sum()
    by_year = person.groupby(["person", "year"])
    person["before"] = by_year["unseen"].cumsum() + by_year["gross"].cumsum() - person["gross"]
    total = frame[["person", "year", "day"]].merge(person, on=["person", "year", "day"], how="left")["before"]
    at = np.flatnonzero(usable.to_numpy())
    mine = at < len(lines)
    before[at[mine]] = total.to_numpy(np.int64)[mine]
    return before


def _leaves_out_this_payment(paid: pd.DataFrame) -> bool:
    """Whether the column stands before the payment: proven by any line whose total is below its own pay."""
    less = paid["ytd_gross"] < paid["gross_pay"]
    return bool((less & (paid["gross_pay"] > 0)).fillna(False).any())

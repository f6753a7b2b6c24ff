"""What was taken beside what was expected, as plain int64 arrays that the contribution rules compare."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.rules.expected import Why

SHARES = ("employee", "employer")
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Taken:
    """Contributions taken and expected, one entry a line.

    Attributes:
        known: by share, whether the file gives this amount at all.
        amount, expected, statute: by share, cents; 0 where missing. `expected` follows today's operation of the
            annual limit, `statute` s.58(3).
        any: something was taken. due: something is expected. crossing: the line crosses the annual limit or lies
            above it, so that the two readings differ.
    """

    known: dict[str, Bools]
    amount: dict[str, Ints]
    expected: dict[str, Ints]
    statute: dict[str, Ints]
    any: Bools
    due: Bools
    crossing: Bools

    def facts(self) -> dict[str, Any]:
        """The facts every contribution finding carries."""
        return {
            "employee": pd.arrays.IntegerArray(self.amount["employee"], ~self.known["employee"]),
            "employer": pd.arrays.IntegerArray(self.amount["employer"], ~self.known["employer"]),
            "expected_employee": self.expected["employee"],
            "expected_employer": self.expected["employer"],
            "suggestion": self.expected["employee"],
        }


def compare(lines: pd.DataFrame, expected: pd.DataFrame) -> Taken:
    """Put the run's amounts beside the frame `expected_amounts` made."""
    amount = {share: lines[f"ae_{share}"].fillna(0).to_numpy(np.int64) for share in SHARES}
    wanted = {share: expected[share].fillna(0).to_numpy(np.int64) for share in SHARES}
    due = (expected["why"] == Why.DUE).to_numpy() & ((wanted["employee"] != 0) | (wanted["employer"] != 0))
    bases = expected["base"].fillna(0).to_numpy(np.int64), expected["statute_base"].fillna(0).to_numpy(np.int64)
    return Taken(
        known={share: lines[f"ae_{share}"].notna().to_numpy() for share in SHARES},
        amount=amount,
        expected=wanted,
        statute={share: expected[f"statute_{share}"].fillna(0).to_numpy(np.int64) for share in SHARES},
        any=(amount["employee"] != 0) | (amount["employer"] != 0),
        due=due,
        crossing=(expected["why"] == Why.OVER_LIMIT).to_numpy() | (due & (bases[0] != bases[1])),
    )

"""What was taken beside what was expected, as plain int64 arrays that the contribution rules compare."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.finding import Ints
from autoenroll_desktop.rules.columns import Columns
from autoenroll_desktop.rules.expected import REASONS, Expected, Why

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


def compare(lines: Columns, expected: Expected) -> Taken:
    """Put the run's amounts beside what `expected_amounts` worked out."""
    wanted = Columns(expected.amounts)
    amount = {share: lines.cents(f"ae_{share}") for share in SHARES}
    due = expected.reasons == REASONS.index(Why.DUE)
    due &= (wanted.cents("employee") != 0) | (wanted.cents("employer") != 0)
    over = expected.reasons == REASONS.index(Why.OVER_LIMIT)
    return Taken(
        known={share: lines.there(f"ae_{share}") for share in SHARES},
        amount=amount,
        expected={share: wanted.cents(share) for share in SHARES},
        statute={share: wanted.cents(f"statute_{share}") for share in SHARES},
        any=(amount["employee"] != 0) | (amount["employer"] != 0),
        due=due,
        crossing=over | (due & (wanted.cents("base") != wanted.cents("statute_base"))),
    )

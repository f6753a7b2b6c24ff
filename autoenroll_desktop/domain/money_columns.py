"""Percentages of whole columns of cents."""

from typing import Any

import numpy as np
import numpy.typing as npt

from autoenroll_desktop.domain.money import BASIS_POINTS


def shares(base: npt.NDArray[Any], points: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """`share` over int64 columns. Exact: |base| x points stays below 2**63 for every amount up to `LARGEST`."""
    size = np.abs(base.astype(np.int64)) * points.astype(np.int64)
    rounded: npt.NDArray[np.int64] = np.sign(base).astype(np.int64) * ((2 * size + BASIS_POINTS) // (2 * BASIS_POINTS))
    return rounded

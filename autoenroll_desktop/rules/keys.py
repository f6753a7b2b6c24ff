"""Text keys: what names an employer, a person or an employment, as one text a row."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

SEPARATOR = "\x1f"


def keys(*columns: Any) -> npt.NDArray[np.object_]:
    """One text key a row, missing parts empty."""
    parts = [np.where(pd.isna(column), "", np.asarray(column, dtype=object)) for column in columns]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + SEPARATOR + part
    return joined.astype(object)


def plain_id(column: Any) -> npt.NDArray[np.object_]:
    """Employment IDs without case and leading zeros, so that "e01" and "E1" ... differ only as written."""
    texts = pd.Series(column, dtype=object).fillna("")
    seen = {text: text.casefold().lstrip("0") or ("0" if text else "") for text in texts.unique()}
    return texts.map(seen).to_numpy(object)

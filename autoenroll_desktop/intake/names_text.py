"""Whole names in one column, taken apart."""

import numpy as np
import numpy.typing as npt

_PARTICLES = ("ó", "o", "ní", "ni", "nic", "mac", "mc", "uí", "ui", "de", "van", "von", "la", "le", "st")
"""Words that belong to the family name that follows them."""

Names = npt.NDArray[np.object_]


def split_names(cells: list[str], first_before_family: bool) -> tuple[Names, Names]:
    """First and family names. With a comma the family name stands before it; otherwise order has to be chosen.

    Without a comma and without that choice the whole stands as the family name: nothing is guessed.

    Example: "Ó Briain, Séamus" and, family name last, "Séamus Ó Briain" are both Séamus and Ó Briain.
    """
    first, family = (np.empty(len(cells), dtype=object) for _ in range(2))
    for at, cell in enumerate(cells):
        before, comma, after = (part.strip() for part in cell.partition(","))
        if not comma and first_before_family:
            after, before = _family_last(before)
        first[at], family[at] = after or None, before or None
    return first, family


def _family_last(name: str) -> tuple[str, str]:
    """("Séamus", "Ó Briain") of "Séamus Ó Briain"; a single word is a family name."""
    words = name.split()
    cut = max(len(words) - 1, 0)
    while cut > 1 and words[cut - 1].lower() in _PARTICLES:
        cut -= 1
    return " ".join(words[:cut]), " ".join(words[cut:])

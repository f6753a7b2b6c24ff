"""Printed reports: columns kept apart by spaces, each at the same place in every line."""

import re
from itertools import pairwise

from autoenroll_desktop.intake.headings import known_headings

_LOOK = 400
"""Lines looked at to find where columns begin and end."""
_GAP = re.compile(r"\s{2,}")
Cut = tuple[int, int | None]


def cuts(text: str) -> list[Cut] | None:
    """Where each column begins and ends, or None where the text is not laid out in columns with headings we know.

    Headings are at least two spaces apart. Between two of them the cut goes where every line below is blank too.
    """
    lines = [line.expandtabs() for line in text.splitlines() if line.strip()]
    at = max(range(min(40, len(lines))), key=lambda at: known_headings(_GAP.split(lines[at].strip())), default=None)
    if at is None or known_headings(_GAP.split(lines[at].strip())) < 2:
        return None
    heading = lines[at]
    starts = [found.start() for found in re.finditer(r"\S+(?:\s\S+)*", heading)]
    below = [line for line in lines[at + 1 : at + _LOOK] if len(_GAP.split(line.strip())) * 2 > len(starts)]
    width = max(map(len, [heading, *below]))
    blank = [all(len(line) <= place or line[place] == " " for line in [heading, *below]) for place in range(width)]
    edges = [0]
    for left, right in pairwise(starts):
        end = left + len(_GAP.split(heading[left:], maxsplit=1)[0])
        gap = [place for place in range(end, right) if blank[place]]
        if not gap:
            return None
        edges.append(_longest_run(gap))
    return [*pairwise(edges), (edges[-1], None)]


def _longest_run(places: list[int]) -> int:
    """The first of the longest run of neighbouring places."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return max(runs, key=len)[0]


def cut(line: str, columns: list[Cut]) -> list[str]:
    """A line's cells; a blank line has none."""
    full = line.expandtabs()
    return [full[start:end].strip() for start, end in columns] if full.strip() else []

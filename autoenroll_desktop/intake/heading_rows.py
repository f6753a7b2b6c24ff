"""Finding the row that holds the headings among a file's first rows, and what stands above it."""

from collections.abc import Sequence
from dataclasses import dataclass

from autoenroll_desktop.errors import UnreadableFile
from autoenroll_desktop.intake.choices import Choices
from autoenroll_desktop.intake.headings import column_letter, known_headings, plain_heading
from autoenroll_desktop.intake.headless import looks_like_data, looks_like_headings
from autoenroll_desktop.intake.source import Source
from autoenroll_desktop.intake.table import NoHeadings

LOOK_AHEAD = 40
"""Rows searched for the heading row."""
Row = Sequence[str]


@dataclass(frozen=True)
class Headings:
    """Where the headings are. `rows`: the spreadsheet rows they stand in, none for a file without headings."""

    texts: list[str]
    rows: tuple[int, ...]
    above: list[tuple[int, Row]]

    @property
    def last(self) -> int:
        """The spreadsheet row below which pay lines begin."""
        return max((*self.rows, *(row for row, _ in self.above), 0))


def find_headings(source: Source, rows: list[tuple[int, Row]], choices: Choices) -> Headings:
    """The row with the most headings we know, joined with the row below it where that says more.

    A file whose first rows hold data and no headings gets letters for headings. Raises UnreadableFile where there is
    neither.
    """
    if choices.heading_row is not None:
        return _chosen_headings(source, rows, choices.heading_row)
    own = {plain_heading(heading) for heading in choices.columns}
    scores = [known_headings(cells, own) for _, cells in rows]
    best = max(range(len(rows)), key=lambda at: (scores[at], -at), default=None)
    if best is not None and scores[best] >= 2:
        return _joined(rows, best)
    data = [one for one in rows if any(map(str.strip, one[1]))]
    if len(data) > 1 and looks_like_headings(data[0][1]) and looks_like_data([cells for _, cells in data[1:]]):
        return _chosen_headings(source, rows, data[0][0])
    if data and looks_like_data([cells for _, cells in data]):
        return _without_headings(data)
    raise NoHeadings.of(source.path.name, rows)


def _joined(rows: list[tuple[int, Row]], at: int) -> Headings:
    """The headings of a row, with the row above or below it where both together name more fields."""
    row, cells = rows[at]
    texts = [cell.strip() for cell in cells]
    numbers: tuple[int, ...] = (row,)
    score = known_headings(texts)
    for other in (at + 1, at - 1):
        if not 0 <= other < len(rows) or rows[other][0] != row + other - at:
            continue
        pair = (texts, rows[other][1]) if other > at else (_spread(rows[other][1]), texts)
        if any(character.isdigit() for cell in pair[other > at] for character in cell):
            continue
        both = max((_pairs(*pair), _pairs(_spread(pair[0]), pair[1])), key=known_headings)
        if known_headings(both) > score:
            texts, numbers, score = both, tuple(sorted((row, rows[other][0]))), known_headings(both)
            break
    below = [cells for number, cells in rows if number > max(numbers)]
    return Headings(_as_wide_as_needed(texts, below), numbers, [one for one in rows[:at] if one[0] not in numbers])


def _as_wide_as_needed(texts: list[str], below: list[Row]) -> list[str]:
    """Headings without blank ones at the end, but for those with something below them."""
    width = len(texts)
    while width and not texts[width - 1] and not any(len(row) >= width and row[width - 1].strip() for row in below):
        width -= 1
    return texts[:width]


def _spread(cells: Row) -> list[str]:
    """A row of group headings, each standing for the empty cells right of it, as merged cells do."""
    spread, last = [], ""
    for cell in cells:
        last = cell.strip() or last
        spread.append(last)
    return spread


def _pairs(upper: Row, lower: Row) -> list[str]:
    """Two rows of headings read downwards; a cell that is a heading by itself stays as it is."""
    width = max(len(upper), len(lower))
    over = [*upper, *[""] * (width - len(upper))]
    under = [*lower, *[""] * (width - len(lower))]
    joined = []
    for top, bottom in zip(map(str.strip, over), map(str.strip, under), strict=True):
        whole = f"{top} {bottom}".strip()
        alone = known_headings([bottom]) and not known_headings([whole])
        joined.append(bottom if alone else whole)
    return joined


def _without_headings(rows: list[tuple[int, Row]]) -> Headings:
    width = max(len(cells) for _, cells in rows)
    return Headings([column_letter(at) for at in range(width)], (), [])


def _chosen_headings(source: Source, rows: list[tuple[int, Row]], row: int) -> Headings:
    if row == 0:
        if not rows:
            raise NoHeadings.of(source.path.name, rows)
        return _without_headings(rows)
    found = [cells for number, cells in rows if number == row]
    if not found:
        raise UnreadableFile(f"{source.path.name} has no row {row} for headings", "", "Choose another heading row")
    texts = _as_wide_as_needed([cell.strip() for cell in found[0]], [cells for number, cells in rows if number > row])
    return Headings(texts, (row,), [one for one in rows if one[0] < row])


def stated_above(above: list[tuple[int, Row]]) -> dict[str, str]:
    """What the rows above the headings state: "label: value" pairs, and a row of names over a row of values."""
    stated: dict[str, str] = {}
    for at, (_, cells) in enumerate(above):
        filled = [cell.strip() for cell in cells if cell.strip()]
        if len(filled) == 2:
            stated.setdefault(filled[0].rstrip(":"), filled[1])
        elif len(filled) == 1 and filled[0].count(":") == 1:
            label, _, value = filled[0].partition(":")
            stated.setdefault(label.strip(), value.strip())
        elif len(filled) > 2 and at + 1 < len(above):
            below = above[at + 1][1]
            for label, value in zip(cells, below, strict=False):
                if label.strip() and value.strip():
                    stated.setdefault(label.strip(), value.strip())
    return stated

"""What is to be changed in a file: cells by spreadsheet row and column, and rows left out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as of


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One cell that shall hold another text.

    Attributes:
        row: the spreadsheet's own row number, or the 1-based payslip in a PSR file.
        column: 0-based position of the column in a table; the canonical field in a PSR file.
        text: as it shall stand there; "" empties the cell.
        number: it is an amount or a count, and stands as a number where a workbook has no cell yet.
        keep_formula: the cell's formula stays; only its stored result changes (totals).
    """

    row: int
    column: int | str
    text: str
    number: bool = False
    keep_formula: bool = False


@dataclass(frozen=True)
class Edits:
    """Everything that is to be changed in one file.

    Attributes:
        dropped: rows (or payslips) left out.
        deletes: in a PSR, dropped payslip → the line item ID that Revenue is asked to delete.
        added: rows put in below row `below`, each as its cells (their own row number says nothing).
    """

    cells: tuple[CellEdit, ...] = ()
    dropped: frozenset[int] = frozenset()
    deletes: Mapping[int, str] = of(default_factory=dict)
    added: tuple[tuple[CellEdit, ...], ...] = ()
    below: int = 0

    def __bool__(self) -> bool:
        return bool(self.cells or self.dropped or self.added)

    def by_row(self) -> Mapping[int, Mapping[int | str, CellEdit]]:
        """Row → column → edit, without dropped rows; the last edit of a cell counts."""
        rows: dict[int, dict[int | str, CellEdit]] = {}
        for cell in self.cells:
            if cell.row not in self.dropped:
                rows.setdefault(cell.row, {})[cell.column] = cell
        return rows


def spliced(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """A text with spans (start, end, instead) replaced; spans do not overlap."""
    parts, at = [], 0
    for start, end, instead in sorted(spans):
        parts += [text[at:start], instead]
        at = end
    return "".join([*parts, text[at:]])


def spliced_bytes(data: bytes, spans: Iterable[tuple[int, int, bytes]]) -> bytes:
    """Bytes with spans (start, end, instead) replaced; spans do not overlap."""
    parts, at = [], 0
    for start, end, instead in sorted(spans):
        parts += [data[at:start], instead]
        at = end
    return b"".join([*parts, data[at:]])

"""A column of text cells: as a list of texts, or as spans of the file's own bytes.

A CSV of 100,000 lines has two and a half million cells, and most of them are amounts and dates that never need to be
Python texts. `SpanCells` leaves them where they are in the file and hands out what is asked for: one cell's text, all
texts, or the characters of the whole column as a matrix for arithmetic. The alternative, a list of texts for every
column, takes three times as long and six times the memory.
"""

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.intake.tidy import tidy

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

DASHES = ("", "-", "–", "—", "--")
"""Cells that stand for nothing."""
_NOTHING = frozenset(DASHES)
_MANY = 2000
"""From how many cells on it pays to look at them all before taking them apart."""
_STRETCH = 50_000
"""Cells made texts at a time."""
_LONG = 64
"""Bytes up to which cells are laid side by side."""
_BEYOND_ASCII = 0x80
_DELETE = 0x7F
_SHORT = 8
"""Bytes of a cell that fit into one number."""


class Chars(NamedTuple):
    """The bytes of a column's cells: `matrix` is uint8 of width × rows, 0 beyond a cell's end; `lengths` int64.

    A cell longer than the matrix is wide is cut off; its length tells.
    """

    matrix: npt.NDArray[np.uint8]
    lengths: Ints


class Cells(ABC, Sequence[str]):
    """A column of text cells; "" is an empty one."""

    @abstractmethod
    def texts(self) -> list[str]:
        """Every cell as text."""

    def objects(self) -> npt.NDArray[np.object_]:
        """Every cell as text, in an array of Python objects."""
        column = np.empty(len(self), dtype=object)
        column[:] = self.texts()
        return column

    @abstractmethod
    def chars(self, width: int) -> Chars:
        """The first `width` bytes of every cell in UTF-8."""

    @abstractmethod
    def take(self, positions: Ints) -> "Cells":
        """The cells at these positions, in this order."""

    @abstractmethod
    def coded(self) -> tuple[Ints, list[str]]:
        """A number for each cell, and the distinct texts those numbers are positions in."""

    def blank(self) -> Bools:
        """Which cells hold nothing, or a dash."""
        chars = self.chars(3)
        blank: Bools = chars.lengths == 0
        first = chars.matrix[0]
        dash = (chars.lengths <= 3) & ((first == ord("-")) | (first == 0xE2))
        unsure = np.flatnonzero(~blank & (dash | (first <= 32) | (first == 0xC2)))
        if len(unsure):
            blank[unsure] = [self[at].strip() in DASHES for at in unsure.tolist()]
        return blank

    def empty(self) -> bool:
        """Whether no cell holds anything at all."""
        return False

    def may_hold(self, text: str) -> bool:
        """Whether any cell may be just this text; False is certain."""
        return text in self.texts()

    @abstractmethod
    def untidy(self) -> Ints:
        """Positions of the cells that `tidy` changes."""

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


class ListCells(Cells):
    """Cells that are texts already."""

    __slots__ = ("_blank", "_texts", "_untidy")

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts
        self._blank: Bools | None = None
        self._untidy: Ints | None = None

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, at: int) -> str:  # type: ignore[override]
        return self._texts[at]

    def texts(self) -> list[str]:
        return self._texts

    def empty(self) -> bool:
        return not any(self._texts)

    def take(self, positions: Ints) -> "ListCells":
        return ListCells([self._texts[at] for at in positions.tolist()])

    def coded(self) -> tuple[Ints, list[str]]:
        codes, distinct = pd.factorize(np.array(self._texts, dtype=object))
        return codes.astype(np.int64), distinct.tolist()

    def chars(self, width: int) -> Chars:
        if not self._texts:
            return Chars(np.zeros((width, 0), dtype=np.uint8), np.zeros(0, dtype=np.int64))
        lengths = np.fromiter(map(len, self._texts), np.int64, len(self._texts))
        longest = int(lengths.max())
        if longest == lengths.min() <= width and (line := "".join(self._texts)).isascii():
            matrix = np.zeros((width, len(lengths)), dtype=np.uint8)
            matrix[:longest] = np.frombuffer(line.encode(), dtype=np.uint8).reshape(len(lengths), longest).T
            return Chars(matrix, lengths)
        try:
            fixed = np.array(self._texts, dtype=f"S{width}")
        except UnicodeEncodeError:
            encoded = [text.encode(errors="replace") for text in self._texts]
            lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
            fixed = np.array(encoded, dtype=f"S{width}")
        return Chars(np.ascontiguousarray(fixed.view(np.uint8).reshape(len(fixed), width).T), lengths)

    def blank(self) -> Bools:
        if self._blank is None:
            if _NOTHING.isdisjoint(self._texts):
                self._blank = np.zeros(len(self), dtype=np.bool_)
            else:
                self._blank = np.array([text in _NOTHING for text in self._texts], dtype=np.bool_)
            for at in self.untidy().tolist():
                self._blank[at] = self._texts[at].strip() in _NOTHING
        return self._blank.copy()

    def untidy(self) -> Ints:
        if self._untidy is None:
            untidy = [] if self._all_tidy() else [at for at, text in enumerate(self._texts) if tidy(text) != text]
            self._untidy = np.array(untidy, dtype=np.int64)
        return self._untidy

    def _all_tidy(self) -> bool:
        line = "|".join(self._texts)
        if line.startswith(" ") or line.endswith(" ") or " |" in line or "| " in line:
            return False
        if line.isascii():  # looked at as bytes, which is quicker than letter by letter
            marks = np.frombuffer(line.encode(), dtype=np.uint8)
            return not ((marks < ord(" ")) | (marks == _DELETE)).any()
        return line.isprintable() and unicodedata.is_normalized("NFC", line)


class Page:
    """A buffer of UTF-8 that cells are spans of. `odd`: somewhere it holds marks `tidy` takes out of a text."""

    __slots__ = ("_held", "bytes", "data", "odd", "plain")

    def __init__(self, data: bytes, *, odd: bool) -> None:
        self.data = data
        self.bytes = np.frombuffer(data, dtype=np.uint8)
        self.plain = data.isascii()
        self.odd = odd
        self._held: dict[str, bool] = {}

    def holds(self, text: str) -> bool:
        """Whether a text stands anywhere in the buffer."""
        if text not in self._held:
            self._held[text] = text.encode() in self.data
        return self._held[text]


class SpanCells(Cells):
    """Cells that are spans of a page: cell `at` is `data[before[at] + gap : ends[at]]`.

    In a column that follows another, `before` are the ends of that one, a delimiter away.
    """

    __slots__ = ("_before", "_bytes", "_data", "_ends", "_gap", "_page")

    def __init__(self, page: Page, before: npt.NDArray[np.int32], ends: npt.NDArray[np.int32], *, gap: int = 0) -> None:
        self._page = page
        self._data = page.data
        self._bytes = page.bytes
        self._before = before
        self._ends = ends
        self._gap = gap

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, at: int) -> str:  # type: ignore[override]
        return self._data[self._before[at] + self._gap : self._ends[at]].decode()

    @property
    def _starts(self) -> npt.NDArray[np.int32]:
        return self._before + np.int32(self._gap) if self._gap else self._before

    def texts(self) -> list[str]:
        return self._each() if len(self) < _MANY else self._characters().tolist()

    def may_hold(self, text: str) -> bool:
        return self._page.holds(text)

    def _each(self) -> list[str]:
        pairs = zip(self._starts.tolist(), self._ends.tolist(), strict=True)
        return [self._data[start:end].decode() for start, end in pairs]

    def _characters(self) -> npt.NDArray[np.object_]:
        """The texts made from the matrix of characters, which is six times as fast as decoding each cell.

        A byte is a character wherever it is ASCII; cells with others are decoded by themselves, and long cells too.
        """
        longest = int((self._ends - self._starts).max(initial=1))
        column = np.empty(len(self), dtype=object)
        if longest > _LONG:
            column[:] = self._each()
            return column
        for first in range(0, len(self), _STRETCH):
            part = self.take(np.arange(first, min(first + _STRETCH, len(self))))
            matrix = np.ascontiguousarray(part.chars(longest).matrix.T)
            column[first : first + _STRETCH] = matrix.astype(np.uint32).view(f"U{longest}").ravel()
            if not self._page.plain:
                for at in np.flatnonzero((matrix >= _BEYOND_ASCII).any(axis=1)).tolist():
                    column[first + at] = part[at]
        return column

    def untidy(self) -> Ints:
        full = np.flatnonzero(self._ends > self._starts)
        if not self._page.odd:
            edges = (self._bytes[self._starts[full]], self._bytes[self._ends[full] - 1])
            full = full[(edges[0] <= 32) | (edges[1] <= 32)]
        return full[[tidy(text) != text for text in self.take(full).texts()]] if len(full) else full

    def take(self, positions: Ints) -> "SpanCells":
        size = len(positions)
        if size and positions[-1] - positions[0] == size - 1 and (np.diff(positions) == 1).all():
            run = slice(int(positions[0]), int(positions[-1]) + 1)
            return SpanCells(self._page, self._before[run], self._ends[run], gap=self._gap)
        return SpanCells(self._page, self._before[positions], self._ends[positions], gap=self._gap)

    def coded(self) -> tuple[Ints, list[str]]:
        short = self._short()
        if short is None:
            codes, texts = pd.factorize(self._characters())
            return codes.astype(np.int64), texts.tolist()
        codes, first = short
        return codes, self.take(first).texts()

    def objects(self) -> npt.NDArray[np.object_]:
        short = self._short(few_only=True)
        if short is None:
            return self._characters()
        codes, first = short
        return np.array([*self.take(first).texts(), None], dtype=object)[codes]

    def _short(self, *, few_only: bool = False) -> tuple[Ints, Ints] | None:
        """Cells of up to sixteen bytes by number: a code for each, and where each code stands first.

        None where they are longer, and with `few_only` where most of the first cells differ.
        """
        longest = (self._ends - self._starts).max(initial=0)
        if longest > 2 * _SHORT:
            return None
        if few_only and len(self) > 64:
            head = self.take(np.arange(min(len(self), _MANY))).texts()
            if len(set(head)) * 2 > len(head):
                return None
        matrix = np.ascontiguousarray(self.chars(2 * _SHORT if longest > _SHORT else _SHORT).matrix.T)
        codes = np.zeros(len(self), dtype=np.int64)
        for half in matrix.view(np.uint64).T:
            own, numbers = pd.factorize(half)
            codes, _ = pd.factorize(codes * len(numbers) + own)
        _, first = np.unique(codes, return_index=True)
        return codes.astype(np.int64), first

    def chars(self, width: int) -> Chars:
        lengths = (self._ends - self._starts).astype(np.int64)
        matrix = np.zeros((width, len(lengths)), dtype=np.uint8)
        starts = self._starts
        for place in range(min(width, int(lengths.max(initial=0)))):
            char = self._bytes.take(starts + np.int32(place), mode="clip")
            np.multiply(char, lengths > place, out=matrix[place])
        return Chars(matrix, lengths)

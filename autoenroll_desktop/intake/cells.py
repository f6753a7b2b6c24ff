"""A column of text cells: as a list of texts, or as spans of the file's own bytes.

A CSV of 100,000 lines has two and a half million cells, and most of them are amounts and dates that never need to be
Python texts. `SpanCells` leaves them where they are in the file and hands out what is asked for: one cell's text, all
texts, or the characters of the whole column as a matrix for arithmetic. The alternative, a list of texts for every
column, takes three times as long and six times the memory.
"""

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

    def untidy(self) -> Ints:
        """Positions of the cells that `tidy` changes."""
        return np.array([at for at, text in enumerate(self.texts()) if tidy(text) != text], dtype=np.int64)

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


class ListCells(Cells):
    """Cells that are texts already."""

    __slots__ = ("_texts",)

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, at: int) -> str:  # type: ignore[override]
        return self._texts[at]

    def texts(self) -> list[str]:
        return self._texts

    def take(self, positions: Ints) -> "ListCells":
        return ListCells([self._texts[at] for at in positions.tolist()])

    def coded(self) -> tuple[Ints, list[str]]:
        codes, distinct = pd.factorize(np.array(self._texts, dtype=object))
        return codes.astype(np.int64), distinct.tolist()

    def chars(self, width: int) -> Chars:
        if not self._texts:
            return Chars(np.zeros((width, 0), dtype=np.uint8), np.zeros(0, dtype=np.int64))
        lengths = np.fromiter(map(len, self._texts), np.int64, len(self._texts))
        try:
            fixed = np.array(self._texts, dtype=f"S{width}") if lengths.max() <= width else None
        except UnicodeEncodeError:
            fixed = None
        if fixed is None:
            encoded = [text.encode(errors="replace") for text in self._texts]
            lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
            fixed = np.array(encoded, dtype=f"S{width}")
        return Chars(np.ascontiguousarray(fixed.view(np.uint8).reshape(len(fixed), width).T), lengths)


class SpanCells(Cells):
    """Cells that are spans of a buffer of UTF-8: cell `at` is `data[starts[at]:ends[at]]`.

    `odd` says that the buffer holds marks somewhere that `tidy` takes out of the middle of a text.
    """

    __slots__ = ("_bytes", "_data", "_ends", "_odd", "_starts")

    def __init__(
        self, data: bytes, starts: npt.NDArray[np.int32], ends: npt.NDArray[np.int32], *, odd: bool = False
    ) -> None:
        self._odd = odd
        self._data = data
        self._bytes = np.frombuffer(data, dtype=np.uint8)
        self._starts = starts
        self._ends = ends

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, at: int) -> str:  # type: ignore[override]
        return self._data[self._starts[at] : self._ends[at]].decode()

    def texts(self) -> list[str]:
        data = self._data
        spans = zip(self._starts.tolist(), self._ends.tolist(), strict=True)
        return [data[start:end].decode() for start, end in spans]

    def untidy(self) -> Ints:
        full = np.flatnonzero(self._ends > self._starts)
        if not self._odd:
            edges = (self._bytes[self._starts[full]], self._bytes[self._ends[full] - 1])
            full = full[(edges[0] <= 32) | (edges[1] <= 32)]
        return full[[tidy(text) != text for text in self.take(full).texts()]] if len(full) else full

    def take(self, positions: Ints) -> "SpanCells":
        return SpanCells(self._data, self._starts[positions], self._ends[positions], odd=self._odd)

    def coded(self) -> tuple[Ints, list[str]]:
        codes, numbers = self._short()
        if codes is None:
            codes, texts = pd.factorize(super().objects())
            return codes.astype(np.int64), texts.tolist()
        return codes, [number.tobytes().rstrip(b"\0").decode() for number in numbers]

    def objects(self) -> npt.NDArray[np.object_]:
        codes, numbers = self._short()
        if codes is None or len(numbers) > len(codes) // 8:
            return super().objects()
        texts = [number.tobytes().rstrip(b"\0").decode() for number in numbers]
        return np.array([*texts, None], dtype=object)[codes]

    def _short(self) -> tuple[Ints | None, npt.NDArray[np.uint64]]:
        """Cells of a few bytes as numbers: a code for each, and the distinct ones. None where they are longer."""
        if (self._ends - self._starts).max(initial=0) > _SHORT:
            return None, np.zeros(0, dtype=np.uint64)
        codes, numbers = pd.factorize(np.ascontiguousarray(self.chars(_SHORT).matrix.T).view(np.uint64).reshape(-1))
        return codes.astype(np.int64), numbers

    def chars(self, width: int) -> Chars:
        lengths = (self._ends - self._starts).astype(np.int64)
        matrix = np.zeros((width, len(lengths)), dtype=np.uint8)
        last = len(self._bytes) - 1
        for place in range(min(width, int(lengths.max(initial=0)))):
            char = self._bytes[np.minimum(self._starts + place, last)]
            np.multiply(char, lengths > place, out=matrix[place])
        return Chars(matrix, lengths)

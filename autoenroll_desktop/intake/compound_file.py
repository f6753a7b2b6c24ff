"""Compound files: the little file system that old Excel workbooks (.xls) are kept in. Source: Microsoft, [MS-CFB].

A file is a row of sectors; a table says which sector follows which, so that a stream is a chain of them. A damaged
table may have a chain end in itself or point gigabytes beyond the file, and a reader that believes it never comes back.
"""

import struct
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

_LAST_SECTOR = 0xFFFFFFFA
"""Sector numbers from here on are marks: the end of a chain, a free sector."""
_STREAM, _ROOT = 2, 5
_SHORT_SECTOR = 64


class CompoundFile:
    """A file of sectors that holds streams. Raises struct.error, LookupError or ValueError where it is not whole."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._size = 1 << struct.unpack_from("<H", data, 30)[0]
        if self._size not in (512, 4096):
            raise ValueError(self._size)
        self._sectors = len(data) // self._size + 1
        count, self._folder, _, self._least, self._short_start, self._shorts, more, _ = struct.unpack_from(
            "<8I", data, 44
        )
        listed = np.frombuffer(data, "<u4", 109, 76)
        seen: set[int] = set()
        while more < _LAST_SECTOR and more not in seen:
            seen.add(more)
            part = np.frombuffer(self._sector(more), "<u4")
            listed, more = np.concatenate([listed, part[:-1]]), int(part[-1])
        self._count, self._listed = count, listed[listed < _LAST_SECTOR]
        self._whole = more >= _LAST_SECTOR and self._inside(seen)
        most = self._sectors // (self._size // 4) + 1  # sectors that the numbers of all sectors fill
        table = b"".join(self._sector(int(one)) for one in self._listed[: min(count, most)])
        self._next = np.frombuffer(table, "<u4")
        self._short_next = np.frombuffer(self._chain(self._short_start), "<u4")

    def check(self) -> None:
        """Follow every chain there is. Raises ValueError where one is endless or leaves the file."""
        listed, beyond = self._listed.tolist(), 2 * len(self._data)
        if not self._whole or not self._inside(listed) or len(set(listed)) < len(listed):
            raise ValueError("sectors")
        if max(self._count, self._shorts) * self._size > beyond:
            raise ValueError("counts")
        if any((one + 2) * self._size > len(self._data) for one in _followed(self._next, self._folder, self._sectors)):
            raise ValueError("directory")
        left, shorts_left = 2 * self._sectors, beyond // _SHORT_SECTOR  # no sector is in two chains
        for _, kind, start, size in self._entries():
            if kind not in (_STREAM, _ROOT):
                continue
            if size > len(self._data) + self._size:
                raise ValueError(size)
            if kind == _STREAM and 0 < size < self._least:
                shorts_left -= len(_followed(self._short_next, start, shorts_left))
            elif size:
                left -= len(_followed(self._next, start, left))

    def stream(self, *names: str) -> bytes:
        """The first of these streams that there is. Raises KeyError where there is none."""
        found: dict[str, tuple[int, int]] = {}
        for name, _, start, size in self._entries():
            found.setdefault(name, (start, size))
        start, size = found[next((name for name in names if name in found), names[0])]
        if size >= self._least:
            return self._chain(start)[:size]
        short = self._chain(found[""][0])
        most = len(short) // _SHORT_SECTOR
        parts = [
            short[_SHORT_SECTOR * one : _SHORT_SECTOR * (one + 1)] for one in _followed(self._short_next, start, most)
        ]
        return b"".join(parts)[:size]

    def _entries(self) -> Iterator[tuple[str, int, int, int]]:
        """Name, kind, first sector and bytes of each entry of the directory; the first is the root, named ""."""
        entries = self._chain(self._folder)
        for at in range(0, len(entries) - 127, 128):
            (length,) = struct.unpack_from("<H", entries, at + 64)
            name = entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace") if at else ""
            kind = entries[at + 66] if at else _ROOT
            start, size, beyond = struct.unpack_from("<III", entries, at + 116)
            yield name, kind, start, size + (beyond << 32 if self._size > 512 else 0)

    def _inside(self, sectors: "set[int] | list[int]") -> bool:
        return all(one <= self._sectors for one in sectors)

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        return self._data[at : at + self._size].ljust(self._size, b"\0")

    def _chain(self, start: int) -> bytes:
        return b"".join(map(self._sector, _followed(self._next, start, self._sectors)))


def _followed(following: npt.NDArray[np.uint32], start: int, most: int) -> list[int]:
    """The sectors of a chain in order. Raises ValueError where it is longer than `most`, or leaves the file."""
    chain: list[int] = []
    while start < _LAST_SECTOR:
        if start >= len(following) or len(chain) >= most:
            raise ValueError(start)
        chain.append(start)
        start = int(following[start])
    return chain

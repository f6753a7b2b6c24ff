"""Old workbooks whose sectors do not hang together are refused before their reader follows them for ever."""

import struct
from pathlib import Path

import pytest

from autoenroll_desktop.errors import UnreadableFile
from autoenroll_desktop.intake.compound_file import CompoundFile
from autoenroll_desktop.intake.xls_cells import refuse_far_cells
from tests.desktop.intake.test_corpus import DATA

WHOLE = sorted(path for path in (DATA / "workbooks").glob("*.xls") if path.read_bytes()[:4] == b"\xd0\xcf\x11\xe0")
DIRECTORY, SHORTS, MORE, LISTED = 48, 60, 68, 76
"""Where the header names the first sector of the directory, of the short table, of more of the list, and the list."""


def table(data: bytes) -> int:
    """Where the first sector of the table of sectors begins."""
    return (struct.unpack_from("<I", data, LISTED)[0] + 1) * 512


def entry(data: bytes, at: int) -> int:
    """Where an entry of the directory begins."""
    return (struct.unpack_from("<I", data, DIRECTORY)[0] + 1) * 512 + 128 * at


def changed(data: bytes, *places: tuple[int, int]) -> bytes:
    made = bytearray(data)
    for at, number in places:
        struct.pack_into("<I", made, at, number)
    return bytes(made)


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.name)
def test_what_hangs_together_passes(path: Path) -> None:
    data = path.read_bytes()
    CompoundFile(data).check()
    refuse_far_cells(path.name, data)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: [(DIRECTORY, 7_000_000)], id="a directory gigabytes beyond the file"),
        pytest.param(lambda data: [(LISTED + 4, 7_000_000)], id="a part of the table beyond the file"),
        pytest.param(lambda data: [(LISTED + 4 * at, 0) for at in range(109)], id="one part of the table many times"),
        pytest.param(lambda data: [(MORE, 7_000_000)], id="a list of parts that goes on beyond the file"),
        pytest.param(lambda data: [(44, 2**31)], id="more parts than a file can have"),
        pytest.param(lambda data: [(64, 2**31)], id="more short parts than a file can have"),
        pytest.param(lambda data: [(SHORTS, 7_000_000)], id="a short table beyond the file"),
        pytest.param(lambda data: [(table(data) + 4 * at, at) for at in range(128)], id="every sector follows itself"),
        pytest.param(lambda data: [(entry(data, 1) + 116, 7_000_000)], id="a stream that begins beyond the file"),
        pytest.param(lambda data: [(entry(data, 1) + 120, 2**31)], id="a stream longer than the file"),
        pytest.param(lambda data: [(entry(data, 0) + 120, 2**31)], id="short streams longer than the file"),
    ],
)
def test_what_does_not_is_refused(damage) -> None:
    data = next(path for path in WHOLE if path.name == "from-excel-97.xls").read_bytes()
    with pytest.raises(UnreadableFile, match="do not hang together"):
        refuse_far_cells("old.xls", changed(data, *damage(data)))


def test_a_directory_that_is_cut_off_is_refused() -> None:
    data = next(path for path in WHOLE if path.name == "from-excel-97.xls").read_bytes()
    moved = changed(data, (DIRECTORY, len(data) // 512 - 1), (table(data) + 4 * (len(data) // 512 - 1), 0xFFFFFFFE))
    made = moved + data[entry(data, 0) : entry(data, 0) + 300]
    with pytest.raises(UnreadableFile, match="do not hang together"):
        refuse_far_cells("old.xls", made)

"""What is remembered: joined, never undone, and put aside rather than overwritten."""

import datetime as dt
import multiprocessing
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.licensing.kept import Kept, begin, client_mark, join, keep, load
from tests.licences import START

MOMENTS = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(dt.UTC))
KEPT = st.builds(
    Kept, first_start=MOMENTS, seen=MOMENTS, device=st.just("pc"), token=st.text("abc", max_size=3),
    last_serial=st.integers(0, 4), clients=st.dictionaries(st.sampled_from("abc"), st.dates()),
)  # fmt: skip


def _add(path: Path, name: str) -> None:
    kept = load(path) or begin(START)
    keep(path, msgspec.structs.replace(kept, clients={name: START.date()}))


def test_it_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "licence.json"
    kept = msgspec.structs.replace(begin(START), token="AEL1.x", last_serial=3, forgiven=START)
    assert load(path) is None
    keep(path, kept)
    assert load(path) == kept
    assert [found.name for found in path.parent.iterdir() if found.suffix not in (".json", ".lock")] == []


@given(KEPT, KEPT)
def test_nothing_known_is_undone(there: Kept, new: Kept) -> None:
    both = join(there, new)
    assert both.last_serial == max(there.last_serial, new.last_serial)
    assert both.token == (there if there.last_serial > new.last_serial else new).token
    assert both.first_start == min(there.first_start, new.first_start)
    assert both.clients.keys() == there.clients.keys() | new.clients.keys()
    assert join(both, new) == join(both, join(both, new))


def test_programs_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "licence.json"
    keep(path, begin(START))
    context = multiprocessing.get_context("spawn")
    programs = [context.Process(target=_add, args=(path, f"client {number}")) for number in range(4)]
    for program in programs:
        program.start()
    for program in programs:
        program.join()
    found = load(path)
    assert found is not None
    assert len(found.clients) == 4


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"first_start": "2026-11-25"}', b"\xff" * 40])
def test_a_damaged_file_is_put_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "licence.json"
    path.write_bytes(content)
    keep(path, begin(START))
    assert (tmp_path / "licence.damaged").read_bytes() == content
    assert load(path) is not None


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AppError, match="could not be remembered"):
        keep(tmp_path / "file" / "licence.json", begin(START))


def test_no_employer_number_is_kept() -> None:
    one, two = begin(START), begin(START)
    assert client_mark(one, "8000074DH") == client_mark(one, "8000074DH") != client_mark(two, "8000074DH")
    assert "8000074" not in client_mark(one, "8000074DH")

"""A dump of the service after the sample office synced everything: no PPSN, name, employer, amount or file name in it.

Looked for as they are, in UTF-16, base64 and hex, and in whatever can be decompressed, in the dump and in every value.
"""

import base64
import re
import shutil
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run, check_prepared, prepare
from autoenroll_desktop.actions.export_report import export_report
from autoenroll_desktop.actions.keep_check import keep_check
from autoenroll_desktop.actions.office_service import membership
from autoenroll_desktop.domain.money import plain
from autoenroll_desktop.domain.pay_run import FIELDS, Kind
from autoenroll_desktop.store.column_maps import keep_map
from autoenroll_desktop.store.keeping import keep_report
from autoenroll_desktop.store.ledger import SUBMISSION, add_sent
from autoenroll_desktop.store.recipes import keep_recipe
from server_sync.database.binaries import installed
from tests.making import NOW
from tests.server.conftest import Databases
from tests.syncing import PASSWORD, WORDS, Pc, contents

EMPLOYER = "8041973UH"
FILES = ("weekly-2026-11-26.csv", "monthly-2026-11-27.xlsx")
SHORTEST = 6
"""Letters a text must have: shorter ones stand in random bytes by chance."""


def texts(given: Given) -> set[str]:
    """Everything of the sample nobody else may read."""
    lines = check_pay_run(given, NOW).run.lines
    found = {EMPLOYER, "weekly-2026-11-26", "monthly-2026-11-27", "aepn-2026-11-26", "check-report.pdf", "26-Weekly-48"}
    for field in ("ppsn", "first_name", "family_name"):
        found.update(str(one) for one in lines[field] if not pd.isna(one))
    for field, kind in FIELDS.items():
        if kind is Kind.MONEY:
            found.update(plain(int(one)) for one in lines[field].dropna() if abs(int(one)) >= 10_000)
    return {one for one in found if len(one) >= SHORTEST}


def ways(text: str) -> Iterator[bytes]:
    """How a text could stand somewhere."""
    for raw in (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")):
        yield raw
        yield raw.hex().encode()
        for shift in range(3):
            first, last = -(-shift * 8 // 6), (shift + len(raw)) * 8 // 6  # letters that depend on the text alone
            if last - first >= 8:
                yield base64.b64encode(b"\0" * shift + raw)[first:last]


def unpacked(data: bytes) -> Iterator[bytes]:
    """The data itself, and whatever in it can be decompressed."""
    yield data
    for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08", data):
        for window in (15, 31):
            try:
                yield zlib.decompressobj(window).decompress(data[found.start() :], 10_000_000)
            except zlib.error:
                continue


def found_in(dump: bytes, wanted: set[str]) -> set[str]:
    """Which texts stand in a dump, in its plain text or in any of its values."""
    values = [dump]
    values += [bytes.fromhex(one.decode()) for one in re.findall(rb"\\\\x((?:[0-9a-f]{2}){8,})", dump)]
    values += [
        base64.b64decode(one + b"=" * (-len(one) % 4))
        for one in re.findall(rb"[A-Za-z0-9+/]{40,}", dump)
        if len(one) % 4 != 1
    ]
    pieces = [piece for value in values for piece in unpacked(value)]
    return {text for text in wanted if any(way in piece for way in ways(text) for piece in pieces)}


@pytest.fixture
def synced(office: tuple[Pc, Pc], sample: Path, tmp_path: Path) -> tuple[Pc, Pc]:
    """An office that did a month's work on the sample and shared all of it."""
    first, second = office
    for name in FILES:
        given = Given(pay=(sample / name,), aepn=(sample / "aepn-2026-11-26.json",))
        prepared = prepare(given, NOW)
        checked = check_prepared(prepared, prepared.gathered.run)
        kept = keep_check(first.store, prepared, checked, first.stamp())
        report = export_report(checked, tmp_path / "check-report.pdf", words=WORDS)
        keep_report(first.store, kept[0].id, report.name, report.read_bytes(), first.stamp())
    with first.store.writing() as connection:
        keep_recipe(connection, EMPLOYER, "weekly", 'ppsn = "1234567FA"\n', first.stamp())
        keep_map(connection, EMPLOYER, ["ppsn", "gross"], {"columns": {"a": "ppsn"}}, NOW.date(), first.stamp())
        add_sent(connection, EMPLOYER, 2026, [(SUBMISSION, "abc")], first.stamp())
    for one in (first, second):
        assert one.sync().standing == "in-sync"
    return first, second


def dumped(databases: Databases) -> bytes:
    tool = shutil.which("pg_dump", path=str(installed() / "bin"))
    assert tool is not None
    done = subprocess.run([tool, databases.superuser], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_search_finds_a_text_however_it_is_hidden() -> None:
    secret = {"O'Brien-Ní Bhraonáin"}
    raw = next(iter(secret)).encode()
    wide = next(iter(secret)).encode("utf-16-le")
    hidden = [
        raw,
        wide,
        raw.hex().encode(),
        base64.b64encode(b"x" + raw + b"yz"),
        b"\\\\x" + zlib.compress(raw * 3).hex().encode(),
    ]
    hidden += [b"\\\\x" + (b"12345678" + wide).hex().encode(), base64.b64encode(zlib.compress(raw * 9))]
    for one in hidden:
        assert found_in(b"COPY things FROM stdin;\n" + one + b"\n", secret) == secret, one
    assert found_in(b"COPY things FROM stdin;\nnothing\n", secret) == set()


def test_a_dump_of_the_service_says_nothing(synced: tuple[Pc, Pc], sample: Path, databases: Databases) -> None:
    first, second = synced
    assert contents(second.store)["runs"].keys() == contents(first.store)["runs"].keys()
    wanted = texts(Given(pay=tuple(sample / name for name in FILES), aepn=(sample / "aepn-2026-11-26.json",)))
    assert len(wanted) > 100
    dump = dumped(databases)
    assert str(membership(first.store).office).encode() in dump
    assert len(dump) > 300_000
    assert found_in(dump, wanted | {first.email, second.email, PASSWORD}) == set()

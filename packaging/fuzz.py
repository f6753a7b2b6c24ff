"""Feeds damaged files to one reader, guided by the code they reach: `dev.py campaign fuzz [READER [SECONDS]]` runs it.

Whatever comes in has to end in a table or in an error with words. A traceback, twenty seconds for one file (the code is
instrumented, and several times slower for it) or more than 1.5 GB of memory stops the run; the file that did it stays in
build/fuzz/READER. Begins from the files of tests/data and goes on from what earlier runs found.
"""

import datetime as dt
import io
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data" / "intake"

with atheris.instrument_imports(include=["autoenroll_desktop"]):
    from autoenroll_desktop.actions.how_to_read import HowToRead
    from autoenroll_desktop.actions.read_files import read_files
    from autoenroll_desktop.domain.pay_run import Role
    from autoenroll_desktop.domain.progress import SILENT

HOW = HowToRead(dt.date(2026, 11, 26))
SECONDS = 600
WORDS = (
    *("PPSN", "Surname", "First Name", "Pay Date", "Gross Pay", "Total", "26/11/2026", "1000101WA", "1,234.50", "NULL"),
    *("payslips", "requestBody", "grossPay", "employeeID", "lineItemIDsToDelete", "rpns", "status", "ppsn", "lines"),
    *("autoenroll-contribution", "controlTotals", "Payslip", "GrossPay", "RPN", "Employee", "PayrollSubmissionRequest"),
    *("<row r=", "<c r=", 't=\\"e\\"', "<v>", "<f>", "<table>", "colspan=", "rowspan=", "number-columns-repeated="),
)
"""What files of ours are made of, so that it need not be found by chance."""
RUNS = 10_000
"""Files of one process."""
LONGEST = 20_000
"""Bytes of one made-up file."""


def part_of(workbook: Path, part: str) -> Callable[[bytes], bytes]:
    """Puts bytes into a sound workbook in place of one of its parts, so that they get past the archive's checks."""
    with zipfile.ZipFile(workbook) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    def wrapped(data: bytes) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in {**parts, part: data}.items():
                archive.writestr(name, content)
        return file.getvalue()

    return wrapped


def as_it_is(data: bytes) -> bytes:
    """The bytes themselves."""
    return data


def seeds(endings: tuple[str, ...], part: str = "") -> list[bytes]:
    """The files of tests/data with these endings, or that part of each."""
    files = [path for path in sorted(DATA.rglob("*")) if path.suffix in endings and ".approved" not in path.name]
    if not part:
        return [path.read_bytes() for path in files]
    found = []
    for path in files:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                found += [archive.read(name) for name in archive.namelist() if name == part]
    return found


SHEET, STRINGS, CONTENT = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "content.xml"
BOOKS = DATA / "workbooks"
READERS: dict[str, tuple[Callable[[bytes], bytes], list[bytes]]] = {
    "text": (as_it_is, seeds((".csv", ".txt", ".prn"))),
    "json": (as_it_is, seeds((".json",))),
    "xml": (as_it_is, seeds((".xml",))),
    "html": (as_it_is, seeds((".htm", ".xls"))[:2]),
    "xlsx": (part_of(BOOKS / "formulas-without-results.xlsx", SHEET), seeds((".xlsx",), SHEET)),
    "xlsx-texts": (part_of(BOOKS / "merged-titles.xlsx", STRINGS), seeds((".xlsx",), STRINGS)),
    "ods": (part_of(BOOKS / "error-cells.ods", CONTENT), seeds((".ods",), CONTENT)),
    "xls": (as_it_is, seeds((".xls",))),
    "zip": (as_it_is, seeds((".zip", ".xlsx"))),
}


def main(arguments: list[str]) -> int:
    """Fuzz one reader for some seconds; each of them for `SECONDS` where none is named."""
    if arguments[2:] == ["once"]:
        return stretch(arguments[0], int(arguments[1]))
    if len(arguments) > 2 or (arguments and arguments[0] not in READERS):
        print(f"Name one of {', '.join(READERS)}, and how many seconds", file=sys.stderr)
        return 2
    seconds = int(arguments[1]) if len(arguments) > 1 else SECONDS
    return max(in_stretches(reader, seconds) for reader in arguments[:1] or READERS)


def in_stretches(reader: str, seconds: int) -> int:
    """Fuzz in one process after the other: each ends with its fuzzing, and the fuzzer itself keeps growing."""
    end = time.monotonic() + seconds
    while (left := int(end - time.monotonic())) > 0:
        if code := subprocess.run([sys.executable, __file__, reader, str(left), "once"], check=False).returncode:
            return code
    return 0


def stretch(reader: str, seconds: int) -> int:
    """Fuzz a reader for so many seconds or `RUNS` files, whichever is over first."""
    wrap, first = READERS[reader]
    home = ROOT / "build" / "fuzz" / reader
    corpus = home / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for at, data in enumerate(first):
        (corpus / f"seed-{at}").write_bytes(data)
    path = home / "file"
    words = home / "words"
    words.write_text("".join(f'"{word}"\n' for word in WORDS), encoding="ascii")

    def read(data: bytes) -> None:
        path.write_bytes(wrap(data))
        read_files([(Role.PAY, path)], HOW, SILENT)

    limits = [
        f"-dict={words}",
        f"-max_total_time={seconds}",
        f"-runs={RUNS}",
        "-timeout=20",
        "-rss_limit_mb=1500",
        f"-max_len={LONGEST}",
    ]
    atheris.Setup([sys.argv[0], str(corpus), f"-artifact_prefix={home}/", "-print_final_stats=1", *limits], read)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

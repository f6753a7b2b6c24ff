"""Files nobody wants to get: one clear message with the place, never a traceback, never a wait."""

import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from autoenroll_desktop.errors import EmptyFile, FileTooLarge, UnreadableFile
from autoenroll_desktop.intake.read_table import read_table
from autoenroll_desktop.intake.source import Limits

HEAD = "PPSN,Surname,First Name,Pay Date,Gross Pay\n"
BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "lol">' + "".join(
    f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 12)
) + "]><PayrollSubmissionRequest>&a11;</PayrollSubmissionRequest>"  # fmt: skip


def book(path: Path, cell: str) -> None:
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, HEAD.strip().split(","))
    sheet.write(cell, "far")
    workbook.close()


def zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(1200):
                part.write(b"0" * 1024 * 1024)


def lying_zip(path: Path) -> None:
    """A part that says it holds 10 bytes and holds 64 MB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 64 * 1024 * 1024)
    data = path.read_bytes()
    real = (64 * 1024 * 1024).to_bytes(4, "little")
    path.write_bytes(data.replace(real, (10).to_bytes(4, "little")))


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)


def text(content: str | bytes) -> Callable[[Path], None]:
    return lambda path: void(path.write_bytes(content if isinstance(content, bytes) else content.encode()))


def void(_: object) -> None:
    pass


CASES: dict[str, tuple[Callable[[Path], None], type[UnreadableFile]]] = {
    "empty.csv": (text(b""), EmptyFile),
    "blank.csv": (text(" \n\r\n\t"), EmptyFile),
    "nul.csv": (text(b"\x00" * 5000), EmptyFile),
    "headings-only.csv": (text(HEAD), EmptyFile),
    "prose.csv": (text("Dear all,\nplease find the payroll attached.\n"), UnreadableFile),
    "random.csv": (text(bytes(range(256)) * 40), UnreadableFile),
    "picture.csv": (text(b"\x89PNG\r\n\x1a\n" + bytes(500)), UnreadableFile),
    "report.csv": (text(b"%PDF-1.7 ..."), UnreadableFile),
    "program.csv": (text(b"MZ\x90\x00" + bytes(300)), UnreadableFile),
    "page.xls": (text("<html><body><table><tr><td>PPSN</td></tr></table></body></html>"), UnreadableFile),
    "old.xls": (text(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)), UnreadableFile),
    "quote.csv": (text(HEAD + '1234567FA,"Walsh,Ann,26/11/2026,1\n' * 3 + "x\n"), UnreadableFile),
    "nul-inside.csv": (text(HEAD.encode() + b"1234567FA,Wal\x00sh,Ann,26/11/2026,1\n"), UnreadableFile),
    "sparse.csv": (sparse, FileTooLarge),
    "bomb.xlsx": (zip_bomb, FileTooLarge),
    "liar.xlsx": (lying_zip, UnreadableFile),
    "far-cell.xlsx": (lambda path: book(path, "XFD1048576"), FileTooLarge),
    "archive.xlsx": (lambda path: void(zipfile.ZipFile(path, "w").close()), UnreadableFile),
    "cut.xlsx": (lambda path: (book(path, "A5"), void(path.write_bytes(path.read_bytes()[:2000])))[1], UnreadableFile),
    "entities.xml": (text(BOMB), UnreadableFile),
    "utf16-entities.xml": (text(BOMB.replace("?>", ' encoding="UTF-16"?>', 1).encode("utf-16")), UnreadableFile),
    "other.xml": (text("<Invoice><Line>1</Line></Invoice>"), UnreadableFile),
    "no-payslip.xml": (text("<PayrollSubmissionRequest/>"), EmptyFile),
    "deep.json": (text("[" * 200_000), UnreadableFile),
    "deep-object.json": (text('{"payslips":' * 100_000), UnreadableFile),
    "twins.json": (text('{"payslips": [{"grossPay": 1, "grossPay": 2}]}'), UnreadableFile),
    "number.json": (text("[1, 2, 3]"), UnreadableFile),
    "no-payslips.json": (text('{"payslips": []}'), EmptyFile),
    "odd-payslips.json": (text('{"payslips": 5}'), UnreadableFile),
    "empty-list.json": (text("[]"), EmptyFile),
}


@pytest.mark.parametrize("name", CASES)
def test_refused_with_words(tmp_path: Path, name: str) -> None:
    make, kind = CASES[name]
    path = tmp_path / name
    make(path)
    started = time.monotonic()
    with pytest.raises(UnreadableFile) as error:
        read_table(path)
    assert time.monotonic() - started < 10
    assert isinstance(error.value, kind)
    assert error.value.title
    assert str(error.value).endswith(".")


def test_folder_and_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="folder"):
        read_table(tmp_path)
    with pytest.raises(UnreadableFile, match="not there"):
        read_table(tmp_path / "gone.csv")


@pytest.mark.skipif(os.name == "nt", reason="pipes have no name there")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with pytest.raises(UnreadableFile, match="pipe or a device"):
        read_table(pipe)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.csv"
    path.write_text(HEAD)
    path.chmod(0)
    with pytest.raises(UnreadableFile, match="may not be read"):
        read_table(path)


def test_line_limit(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text(HEAD + "1234567FA,Walsh,Ann,26/11/2026,1.00\n" * 50)
    with pytest.raises(FileTooLarge):
        read_table(path, limits=Limits(lines=49))


def test_the_program_says_it_and_checks_the_others(tmp_path: Path, sample: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"%PDF")
    base = [sys.executable, "-m", "autoenroll_desktop.cli", "check", str(bad)]
    alone = subprocess.run(base, capture_output=True, text=True, check=False, encoding="utf-8")
    assert alone.returncode == 2
    assert "bad.csv" in alone.stdout
    assert "Traceback" not in alone.stdout + alone.stderr
    both = subprocess.run(
        [*base, str(sample / "weekly-2026-11-26.csv")], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert both.returncode == 1
    assert "25 rows kept" in both.stdout
    assert "bad.csv: could not be read" in both.stdout

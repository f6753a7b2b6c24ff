"""Files nobody wants to get: one clear message with the place, never a traceback, never a wait."""

import io
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import xlsxwriter

from autoenroll_desktop.errors import EmptyFile, FileTooLarge, UnreadableFile
from autoenroll_desktop.intake.find_files import find_files
from autoenroll_desktop.intake.limits import Limits
from autoenroll_desktop.intake.read_table import read_table

DATA = Path(__file__).resolve().parents[2] / "data" / "intake"
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


@cache
def bomb() -> bytes:
    """A workbook of a megabyte whose sheet grows to 1,200."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(1200):
                part.write(b"0" * 1024 * 1024)
    return file.getvalue()


def zip_bomb(path: Path) -> None:
    path.write_bytes(bomb())


def lying_zip(path: Path) -> None:
    """A part that says it holds 10 bytes and holds 64 MB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 64 * 1024 * 1024)
    data = path.read_bytes()
    real = (64 * 1024 * 1024).to_bytes(4, "little")
    path.write_bytes(data.replace(real, (10).to_bytes(4, "little")))


def part(path: Path, name: str, content: bytes, like: str) -> None:
    """A workbook like one of tests/data, with one part put in place of its own."""
    with zipfile.ZipFile(DATA / "workbooks" / like) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, own in {**parts, name: content}.items():
            archive.writestr(one, own)


def sheet(cells: str) -> Callable[[Path], None]:
    """A workbook whose sheet has these rows."""
    text = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
    return lambda path: part(path, "xl/worksheets/sheet1.xml", text.encode(), "formulas-without-results.xlsx")


def shared_text(path: Path) -> None:
    """One long text that every cell shares: the reader would copy it for each."""
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 40_000))
    sheet(cells)(path)
    text = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{"x" * 32_000}</t></si></sst>'
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", text)


END = "</table:table></office:spreadsheet></office:body></office:document-content>"


def libreoffice(rows: str, end: str = END) -> Callable[[Path], None]:
    """A workbook of LibreOffice with these rows."""
    names = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in ("office", "table", "text")
    )
    start = f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="Sheet1">'
    return lambda path: part(path, "content.xml", f"{start}{rows}{end}".encode(), "error-cells.ods")


def packed(*names: str, size: int = 10) -> Callable[[Path], None]:
    """An archive with files of these names."""

    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                archive.writestr(name, b"0" * size)

    return make


CELL = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
WIDE = CELL.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="15000"')


def repeated(times: int, cells: str) -> Callable[[Path], None]:
    """A workbook of LibreOffice in which one row stands for many."""
    return libreoffice(f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>')


FORMULA = '<table:table-cell table:formula="of:=[.A1]"/>'
"""A formula of LibreOffice without a result."""


def far_formula(path: Path) -> None:
    """A formula far down and far to the right, behind cells that stand for nothing."""
    above = '<table:table-row table:number-rows-repeated="900000"><table:table-cell/></table:table-row>'
    left = '<table:table-cell table:number-columns-repeated="15000"/>'
    libreoffice(f"<table:table-row>{CELL}</table:table-row>{above}<table:table-row>{left}{FORMULA}</table:table-row>")(
        path
    )


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
    "binary.xlsb": (packed("xl/workbook.bin", "xl/worksheets/sheet1.bin"), UnreadableFile),
    "nowhere.xlsx": (sheet('<row r="1"><c r="DgrossPay4"><v>1</v></c></row>'), UnreadableFile),
    "no-such-row.xlsx": (sheet('<row r="4000000000"><c><v>1</v></c></row>'), UnreadableFile),
    "odd-place.xlsx": (sheet("<row r='1'><c r='ZZZZZZ1'><v>1</v></c></row>"), UnreadableFile),
    "far-down.xlsx": (sheet('<row r="1"><c r="A1"><v>1</v></c><c r="E1048576"><v>1</v></c></row>'), FileTooLarge),
    "shared-text.xlsx": (shared_text, FileTooLarge),
    "repeated.ods": (repeated(15_000, WIDE), FileTooLarge),
    "repeated-rows.ods": (repeated(1_000_000, CELL), FileTooLarge),
    "far-formula.ods": (far_formula, FileTooLarge),
    "endless.ods": (libreoffice(f"<table:table-row>{CELL}</table:table-row>", "</table:tabl!>"), UnreadableFile),
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
    with pytest.raises(UnreadableFile) as error:
        read_table(path)
    assert isinstance(error.value, kind)
    assert error.value.title
    assert str(error.value).endswith(".")


BOMBS = ["bomb.xlsx", "liar.xlsx", "far-cell.xlsx", "far-down.xlsx", "nowhere.xlsx", "shared-text.xlsx", "repeated.ods",
         "repeated-rows.ods", "far-formula.ods", "entities.xml", "utf16-entities.xml", "deep.json", "sparse.csv"]  # fmt: skip
REFUSED = """
import sys, time
from pathlib import Path
from autoenroll_desktop.errors import UnreadableFile
from autoenroll_desktop.intake.read_table import read_table

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

before, spent = peak(), 0.0
for name in sys.argv[1:]:
    started = time.process_time()
    try:
        read_table(Path(name))
        print(name, "was read")
    except UnreadableFile:
        pass
    spent = max(spent, time.process_time() - started)
print(before, peak(), spent)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_bombs_are_refused_without_being_unpacked(tmp_path: Path) -> None:
    """Thirteen bombs in one process: within 100 MB, and each quicker than merely unpacking the largest of them."""
    for name in BOMBS:
        CASES[name][0](tmp_path / name)
    command = [sys.executable, "-c", REFUSED, *(str(tmp_path / name) for name in BOMBS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    *read, last = done.stdout.splitlines()
    before, peak, slowest = map(float, last.split())
    started = time.process_time()
    with zipfile.ZipFile(tmp_path / "bomb.xlsx") as archive, archive.open("xl/worksheets/sheet1.xml") as file:
        while file.read(1024 * 1024):
            pass
    unpacking = time.process_time() - started
    print(f"bombs: {peak - before:.0f} MB, the slowest {slowest:.2f} s; unpacking one {unpacking:.2f} s")
    assert read == []
    assert peak - before < 100
    assert slowest < unpacking


ARCHIVES: dict[str, Callable[[Path], None]] = {
    "too large": packed(*(f"{at}.csv" for at in range(4)), size=50 * 1024 * 1024),
    "refused": packed("../../secret.csv"),
    "outside": packed("/etc/secret.csv"),
    "too many": packed(*(f"{at}.csv" for at in range(11))),
}


@pytest.mark.parametrize("what", ARCHIVES)
def test_archives_that_are_refused_whole(tmp_path: Path, what: str) -> None:
    path = tmp_path / "files.zip"
    ARCHIVES[what](path)
    found = [*find_files([path], Limits(unpacked=150 * 1024 * 1024, files=10))]
    assert len(found) == 1
    assert found[0].error is not None
    assert what in str(found[0].error)


def test_a_file_that_grows_too_much_and_one_without_a_name(tmp_path: Path) -> None:
    path = tmp_path / "files.zip"
    packed("week 48.csv", "?nameless", size=50 * 1024 * 1024)(path)
    path.write_bytes(path.read_bytes().replace(b"?nameless", b"\x00nameless"))
    assert [one.path.name for one in find_files([path], Limits())] == ["week 48.csv"]
    with pytest.raises(FileTooLarge, match="would grow to 50 MB"):
        read_table(path / "week 48.csv")


@pytest.mark.parametrize(
    ("above", "first"),
    [(HEAD.strip() + "\r", 2), ("\r" + HEAD, 3), ("Week 48\rpaid\r\n" + HEAD, 4), ('"Week\n48"\n' + HEAD, 3)],
)
def test_lines_above_the_first_that_end_otherwise_drop_nobody(tmp_path: Path, above: str, first: int) -> None:
    path = tmp_path / "week.csv"
    path.write_bytes((above + "".join(",".join([*LINE[:4], f"{at}.00"]) + "\n" for at in range(3))).encode())
    table = read_table(path)
    assert table.columns[4].texts() == ["0.00", "1.00", "2.00"]
    assert table.rows.tolist() == [first, first + 1, first + 2]


HEADINGS = HEAD.strip().split(",")
LINE = ["1234567FA", "Walsh", "Ann", "2026-11-26", "1.00"]


def formula_below_and_beyond(path: Path) -> None:
    """In Excel: below the one line a row of formulas without results, and one right of everything."""
    rows = [HEADINGS, [*LINE, "=Z9"], [f"=P!{letter}3" for letter in "ABCDE"]]
    cells = [
        "".join(
            f'<c r="{letter}{row}"><f>{cell[1:]}</f></c>'
            if cell.startswith("=")
            else f'<c r="{letter}{row}" t="inlineStr"><is><t>{cell}</t></is></c>'
            for letter, cell in zip("ABCDEF", texts, strict=False)
        )
        for row, texts in enumerate(rows, 1)
    ]
    sheet("".join(f'<row r="{row}">{one}</row>' for row, one in enumerate(cells, 1)))(path)


def formula_below_and_beyond_in_libreoffice(path: Path) -> None:
    rows = ["".join(CELL.replace(">x<", f">{cell}<") for cell in texts) for texts in (HEADINGS, LINE)]
    table = [rows[0], rows[1] + FORMULA, FORMULA * 5]
    libreoffice("".join(f"<table:table-row>{cells}</table:table-row>" for cells in table))(path)


@pytest.mark.parametrize("make", [formula_below_and_beyond, formula_below_and_beyond_in_libreoffice])
def test_formulas_without_results_at_the_edge_of_a_sheet_are_not_dropped(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "week"
    make(path)
    table = read_table(path)
    assert table.rows.tolist() == [2, 3]
    below = [column.texts()[1] for column in table.columns]
    assert all(text.startswith("=") for text in below[:5])
    assert [column.texts()[0] for column in table.columns[:5]] == LINE
    assert table.columns[5].texts()[0].startswith("=")


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

"""The report as it is read: text, fonts, page numbers, hashes; and that it is written whole or not at all."""

import dataclasses
from pathlib import Path

import pytest
from pypdf import PdfReader

from autoenroll_desktop import paths
from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run
from autoenroll_desktop.actions.export_report import export_report
from autoenroll_desktop.actions.open_sample import sample as open_sample
from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError

WORDS = Words.load(paths.resources())


@pytest.fixture(scope="module")
def checked() -> CheckedRun:
    return check_pay_run(*open_sample())


def text_of(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def test_what_it_says(checked: CheckedRun, tmp_path: Path) -> None:
    path = export_report(checked, tmp_path / "r.pdf", words=WORDS)
    text = text_of(path)
    for part in ("NOT READY", "Séamus Ó Briain", "€12.43", "s.57(1)", "Page 1 of", "second opinion", "17,372.90"):
        assert part in text, part
    flat = text.replace("\n", "")
    assert all(file.sha256 in flat for file in checked.files)
    fonts = {font for page in PdfReader(path).pages for font in page["/Resources"]["/Font"].values()}
    names = {font.get_object()["/BaseFont"] for font in fonts}
    assert any("NotoSans" in name for name in names)
    full = {ppsn for ppsn in checked.run["ppsn"].dropna() if ppsn in text}
    assert full == set()


def test_ppsns_in_full_when_asked(checked: CheckedRun, tmp_path: Path) -> None:
    text = text_of(export_report(checked, tmp_path / "r.pdf", words=WORDS, show_ppsn=True))
    assert checked.run["ppsn"][0] in text


def test_same_result_same_bytes(checked: CheckedRun, tmp_path: Path) -> None:
    first, second = (export_report(checked, tmp_path / name, words=WORDS).read_bytes() for name in ("a.pdf", "b.pdf"))
    assert first == second


def test_markup_in_names_is_text(tmp_path: Path) -> None:
    pay = tmp_path / "<b>&x.csv"
    pay.write_text(
        "PPSN,Surname,First Name,Pay Date,Gross Pay\n123,<b>&O'Toole</para>,<i>,26/11/2026,1.00\n", encoding="utf-8"
    )
    given, now = Given(pay=(pay,)), open_sample()[1]
    text = text_of(export_report(check_pay_run(given, now), tmp_path / "r.pdf", words=WORDS))
    assert "<b>&O'Toole</para>" in text.replace("\n", "")


def test_an_input_is_never_overwritten(checked: CheckedRun, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("mine")
    file = dataclasses.replace(checked.files[0], path=str(own))
    with pytest.raises(AppError, match="checked"):
        export_report(dataclasses.replace(checked, files=(file,)), own, words=WORDS)
    assert own.read_text() == "mine"


def test_nowhere_to_write(checked: CheckedRun, tmp_path: Path) -> None:
    with pytest.raises(AppError, match="cannot be written"):
        export_report(checked, tmp_path / "no" / "r.pdf", words=WORDS)
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_say(tmp_path: Path) -> None:
    empty = check_pay_run(Given(), open_sample()[1])
    assert "Nothing was found" in text_of(export_report(empty, tmp_path / "r.pdf", words=WORDS))

"""`autoenroll columns`: what a clerk without the window writes a mapping from."""

from pathlib import Path

import pytest

from autoenroll_desktop.cli import main

ROWS = "PPSN,Surname,First Name,Pay Date,Amount,emp_id\n1234567FA,Walsh,Ann,26/11/2026,800.00,1\n1234567OB,Burke,Joe,26/11/2026,9.00,2\n1234567T,Keane,Una,26/11/2026,7.00,3\n"


def test_columns_are_told_with_what_else_they_could_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pay.csv"
    path.write_text(ROWS, encoding="utf-8")
    assert main(["columns", str(path)]) == 0
    told = capsys.readouterr().out
    assert "“Amount” → not used; could be gross_pay: 800.00 | 9.00 | 7.00" in told
    assert "“PPSN” → ppsn (100 %, by its heading): •••••67FA | •••••67OB | •••••67T" in told
    assert "No column was found for: gross_pay" in told
    assert "In doubt: “emp_id”, used as works_number (works number or employment ID)" in told
    assert main(["columns", str(path), "--lang", "ga"]) == 0
    assert "Ní bhfuarthas colún dóibh seo: gross_pay" in capsys.readouterr().out
    mapping = tmp_path / "map.toml"
    mapping.write_text('[columns]\nAmount = "gross_pay"\nemp_id = "employment_id"\n', encoding="utf-8")
    assert main(["columns", str(path), "--mapping", str(mapping)]) == 0
    told = capsys.readouterr().out
    assert "“Amount” → gross_pay (100 %, you chose it)" in told
    assert "doubt" not in told


def test_the_first_rows_are_shown_where_no_headings_are_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pay.csv"
    path.write_text("Who;Sum\nAnn;twelve\n", encoding="utf-8")
    assert main(["columns", str(path)]) == 2
    assert "row 2: Ann | twelve" in capsys.readouterr().out
    assert main(["columns", str(tmp_path / "none.csv")]) == 2

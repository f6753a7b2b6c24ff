"""`autoenroll fix` and `check --out`, as a person types them."""

import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from autoenroll_desktop import paths
from autoenroll_desktop.cli import main

SAMPLE = paths.resources() / "sample"
NOW = ("--now", "2026-11-26T15:12", "--no-store")


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    for name in ("weekly-2026-11-26.csv", "aepn-2026-11-26.json"):
        shutil.copy(SAMPLE / name, tmp_path)
    return [str(tmp_path / "weekly-2026-11-26.csv"), "--aepn", str(tmp_path / "aepn-2026-11-26.json")]


RECIPE = """format = "autoenroll-recipe"
version = 1
name = "Weekly"
[[step]]
do = "fix"
finding = "all:identity"
[[step]]
do = "fix"
finding = "aepn-employment-id-mismatch"
[[step]]
do = "edit"
field = "ppsn"
was = "9999999ZA"
now = "1234567FA"
who = ["999"]
[[step]]
do = "fix"
finding = "all:contributions"
"""


def test_a_recipe_makes_a_run_ready(files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = tmp_path / "weekly.toml"
    recipe.write_text(RECIPE)
    out = tmp_path / "corrected.csv"
    assert main(["fix", *files, *NOW, "--recipe", str(recipe), "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "3 of 4 steps fitted" in told
    assert "no longer fits: PPSN: •" in told
    assert "9999999" not in told
    assert "Before: NOT READY" in told
    assert "After: READY" in told
    assert main(["check", str(out), *files[1:], *NOW]) == 0
    capsys.readouterr()
    assert main(["fix", *files, *NOW, "--recipe", str(recipe), "--out", str(out)]) == 2
    assert "there already" in capsys.readouterr().err
    assert main(["fix", *files, *NOW, "--recipe", str(recipe), "--out", files[0], "--replace"]) == 2
    assert "never changed" in capsys.readouterr().err
    assert Path(files[0]).read_bytes() == (SAMPLE / "weekly-2026-11-26.csv").read_bytes()


def test_certain_steps_are_saved_as_a_recipe_that_does_the_same(files: list[str], tmp_path: Path) -> None:
    recipe, first, second = (tmp_path / name for name in ("r.toml", "first.csv", "second.csv"))
    code = main(["fix", *files, *NOW, "--certain", "--save-recipe", str(recipe), "--out", str(first)])
    assert main(["fix", *files, *NOW, "--recipe", str(recipe), "--out", str(second)]) == code == 1
    assert first.read_bytes() == second.read_bytes()


def test_everything_into_a_folder_and_back(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["check", *files, *NOW, "--out", str(out), "--client", "Hibernia Foods"]) == 1
    names = {path.name for path in out.iterdir()}
    stem = "2026-11-26 Hibernia Foods weekly 48"
    assert names == {
        "check-report.pdf",
        "check.json",
        *(f"{stem} {one}" for one in ("exceptions.csv", "annotated.xlsx", "control.txt")),
    }
    assert json.loads((out / "check.json").read_text(encoding="utf-8"))["verdict"] == "not_ready"
    path = out / f"{stem} annotated.xlsx"
    book = openpyxl.load_workbook(path)
    column = next(cell.column for cell in book["Pay lines"][1] if cell.value == "employment_id")
    book["Pay lines"].cell(3, column).value = "1A"
    book.save(path)
    edited = path.read_bytes()
    capsys.readouterr()
    assert main(["check", *files, *NOW, "--out", str(out), "--client", "Hibernia Foods"]) == 1
    assert "annotated.xlsx is there already and was kept" in capsys.readouterr().err
    assert path.read_bytes() == edited
    corrected = tmp_path / "c.csv"
    assert main(["fix", *files, *NOW, "--merge", str(path), "--out", str(corrected)]) == 1
    assert "1 cells taken over" in capsys.readouterr().out
    before, after = (Path(one).read_text(encoding="utf-8").splitlines() for one in (files[0], corrected))
    assert [new for old, new in zip(before, after, strict=True) if old != new] == [
        before[1].replace(",9899819MA,1,", ",9899819MA,1A,")
    ]


@pytest.mark.parametrize(("arguments", "said"), [
    ((), "Nothing was said to be done"),
    (("--recipe", "{folder}/none.toml"), "cannot be read"),
    (("--recipe", "{folder}/weekly-2026-11-26.csv"), "is no recipe"),
    (("--merge", "{folder}/weekly-2026-11-26.csv", "--out", "{folder}/no/where.csv"), "Nothing was changed"),
    (("--merge", "{folder}/aepn-2026-11-26.json"), "cannot be taken back"),
])  # fmt: skip
def test_what_cannot_be_done_is_said(
    files: list[str], arguments: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["fix", *files, *NOW, *(one.format(folder=tmp_path) for one in arguments)])
    assert code in (1, 2)
    assert said in capsys.readouterr().err

"""The verbs `store` and `audit` as typed, and what `check` says about keeping."""

import datetime as dt
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autoenroll_desktop import paths
from autoenroll_desktop.actions.open_store import open_store
from autoenroll_desktop.cli import main

WORDS = "a few plain words"
ERN = "8041973UH"
NOW = ("--now", "2026-11-26T15:12:00+00:00")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, opened by a passphrase from the environment."""
    monkeypatch.setenv("AUTOENROLL_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AUTOENROLL_PASSPHRASE", WORDS)
    return tmp_path


@pytest.fixture(scope="module")
def one_check(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Path:
    """The data folder after one check, made once."""
    folder = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOENROLL_DATA", str(folder / "data"))
        patch.setenv("AUTOENROLL_PASSPHRASE", WORDS)
        main(["check", str(sample / "weekly-2026-11-26.csv"), "--aepn", str(sample / "aepn-2026-11-26.json"), *NOW])
    return folder / "data"


@pytest.fixture
def kept(home: Path, one_check: Path) -> Path:
    shutil.copytree(one_check, home / "data")
    return home


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(arguments) == code, capsys.readouterr()
    return capsys.readouterr().out


def test_without_keyring_and_passphrase_a_check_says_that_nothing_is_kept(
    home: Path, sample: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUTOENROLL_PASSPHRASE")
    assert main(["check", str(sample / "weekly-2026-11-26.csv"), *NOW]) in (1, 3)
    out, err = capsys.readouterr()
    assert "NOT READY" in out or "INCOMPLETE" in out
    assert "Nothing is kept of this check. This computer has no keyring" in err
    assert not paths.store().exists()


def test_a_store_that_cannot_be_opened_stops_no_check(
    kept: Path, sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = paths.store() / "store.db"
    database.write_bytes(b"rubbish" * 2000)
    code = main(["check", str(sample / "weekly-2026-11-26.csv"), "--aepn", str(sample / "aepn-2026-11-26.json"), *NOW])
    out, err = capsys.readouterr()
    assert code == 1
    assert "NOT READY" in out
    assert "Nothing is kept of this check. The store is damaged" in err
    assert database.read_bytes() == b"rubbish" * 2000


def test_history_that_cannot_be_read_stops_no_check(
    kept: Path, sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = open_store(paths.store(), dt.datetime.now(dt.UTC), passphrase=lambda: WORDS)
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE run_content SET sealed = zeroblob(100)")
    store.close()
    monthly = str(sample / "monthly-2026-11-27.xlsx")
    assert main(["check", monthly, "--aepn", str(sample / "aepn-2026-11-26.json"), *NOW]) == 1
    out, err = capsys.readouterr()
    assert out.count("NOT READY") == 1
    assert "Nothing kept before is used" in err
    assert "seal is broken" in err


@pytest.mark.parametrize("verb", [["check", "FILE", "--no-store"], ["sample"]])
def test_no_store_and_the_sample_touch_nothing(home: Path, sample: Path, verb: list[str]) -> None:
    arguments = [str(sample / "weekly-2026-11-26.csv") if one == "FILE" else one for one in verb]
    code = (
        "import sys\nfrom autoenroll_desktop.cli import main\nmain(sys.argv[1:])\n"
        "sys.exit(', '.join({'sqlalchemy', 'keyring', 'sqlcipher3', 'alembic'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not paths.store().exists()


def test_looking(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = json.loads(told(capsys, "store", "status", "--format", "json"))
    assert (status["runs"], status["clients"], status["opened_by"]) == (1, 1, "a passphrase")
    assert "Opened by" in told(capsys, "store", "status")
    assert ERN in told(capsys, "store", "clients", "--on", "2026-11-26")
    listed = json.loads(told(capsys, "store", "runs", "--find", "weekly", "--client", ERN.lower(), "--format", "json"))
    assert [one["answer"] for one in listed] == ["not_ready"]
    assert told(capsys, "store", "runs", "--find", "monthly") == ""
    assert "26-Weekly-48" in told(capsys, "store", "runs")
    number = listed[0]["id"][:8]
    assert "NOT READY" in told(capsys, "store", "open", number)
    masked = json.loads(told(capsys, "store", "open", number, "--format", "json"))
    full = json.loads(told(capsys, "store", "open", number, "--format", "json", "--show-ppsn"))
    assert masked["findings"][0]["code"] == full["findings"][0]["code"]
    assert "ppsns-shown" in told(capsys, "audit", "list")
    assert main(["store", "open", "zzz"]) == 2
    assert "no one run" in capsys.readouterr().err


def test_checking_shows_again_what_was_kept(kept: Path, sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check = ["check", str(sample / "weekly-2026-11-26.csv"), "--aepn", str(sample / "aepn-2026-11-26.json"), *NOW]
    assert main([*check, "--format", "json", "--lines", "--out", str(kept / "out")]) == 1
    first, err = capsys.readouterr()
    assert "unchanged" in err
    number = json.loads(told(capsys, "store", "runs", "--format", "json"))[0]["id"]
    again = json.loads(told(capsys, "store", "open", number, "--format", "json"))
    assert again == json.loads(first)
    assert "report-kept" in told(capsys, "audit", "list")


def test_backup_erase_restore(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "opened again and found whole" in told(capsys, "store", "backup", str(kept / "b.backup"))
    code = told(capsys, "store", "recovery-code").split("\n    ")[1].split("\n")[0]
    assert main(["store", "erase-client", ERN]) == 2
    assert "Nobody is here to ask" in capsys.readouterr().err
    erased = told(capsys, "store", "erase-client", ERN, "--yes")
    assert ": 0 found" in erased
    assert "Backups made elsewhere (1)" in erased
    assert told(capsys, "store", "runs") == ""
    assert main(["store", "restore", str(kept / "b.backup")]) == 2
    assert "--replace" in capsys.readouterr().err
    assert "erased again" in told(capsys, "store", "restore", str(kept / "b.backup"), "--replace")
    assert told(capsys, "store", "runs") == ""
    assert main(["store", "recover", code]) == 2
    assert "no recovery code" in capsys.readouterr().err
    assert "ok   audit" in told(capsys, "store", "verify")


def test_export(kept: Path, sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "store", "export", ERN, "--out", str(kept / "out"))
    names = {path.name for path in (kept / "out").rglob("*")}
    assert {"columns.json", "audit.json", "check.json", "lines.csv", "pay-weekly-2026-11-26.csv"} <= names
    original = next((kept / "out").rglob("pay-weekly-2026-11-26.csv"))
    assert original.read_bytes() == (sample / "weekly-2026-11-26.csv").read_bytes()
    assert "none changed" in told(capsys, "audit", "verify", str(kept / "out" / "audit.json"))
    for where, why in ((str(kept / "out"), "not an empty folder"), (str(kept / "new"), "Nothing is kept for")):
        assert main(["store", "export", ERN if why.startswith("not") else "1234567FA", "--out", where]) == 2
        assert why in capsys.readouterr().err


def test_retention_upkeep_passphrase(
    kept: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "13 months, evidence 6 years" in told(capsys, "store", "retention")
    assert "24 months" in told(capsys, "store", "retention", "--client", ERN, "--lines", "24")
    assert main(["store", "retention", "--lines", "24"]) == 2
    assert main(["store", "retention", "--client", ERN, "--lines", "2"]) == 2
    capsys.readouterr()
    assert "Nothing was over its time" in told(capsys, "store", "upkeep")  # the check made the day's copy
    assert "clock is far" in told(capsys, "store", "upkeep", "--now", "2038-01-01T00:00:00+00:00")
    assert main(["store", "passphrase", "--remove"]) == 2
    assert "no keyring" in capsys.readouterr().err
    assert "locked by the passphrase" in told(capsys, "store", "passphrase")
    monkeypatch.setenv("AUTOENROLL_PASSPHRASE", "not the right words")
    assert main(["store", "status"]) == 2
    assert "passphrase is wrong" in capsys.readouterr().err


def test_audit(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "none changed or left out" in told(capsys, "audit", "verify")
    assert "signed" in told(capsys, "audit", "export", "--out", str(kept / "all.json"))
    assert "none changed" in told(capsys, "audit", "verify", str(kept / "all.json"))
    data = json.loads((kept / "all.json").read_text())
    data["entries"][0]["who"] = "somebody"
    (kept / "all.json").write_text(json.dumps(data))
    assert "signature does not fit" in told(capsys, "audit", "verify", str(kept / "all.json"), code=1)
    assert main(["audit", "verify", str(kept / "none.json")]) == 2
    assert "cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("verb", [["status"], ["verify"], ["runs"], ["backup", "x"], ["recover", "x"], ["upkeep"]])
def test_without_a_store(home: Path, capsys: pytest.CaptureFixture[str], verb: list[str]) -> None:
    assert main(["store", *verb]) == 2
    assert "There is no store yet" in capsys.readouterr().err
    assert not paths.store().exists()


def test_create(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "recovery code" in told(capsys, "store", "create")
    assert "Runs                   0" in told(capsys, "store", "status")


def test_sent_twice(kept: Path, sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(sample / "weekly-2026-11-26.csv")
    assert "noted as sent" in told(capsys, "sent", path)
    main(["check", path, *NOW, "--format", "json"])
    assert "duplicate-file" in {one["code"] for one in json.loads(capsys.readouterr().out)["findings"]}


def test_what_was_written_is_listed(kept: Path, sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(sample / "weekly-2026-11-26.csv"), "--aepn", str(sample / "aepn-2026-11-26.json"), *NOW]
    out = kept / "out"
    main(["check", *files, "--out", str(out)])
    recipe, fixed = kept / "r.toml", kept / "fixed.csv"
    main(["fix", *files, "--certain", "--save-recipe", str(recipe), "--out", str(fixed)])
    capsys.readouterr()
    listed = json.loads(told(capsys, "store", "produced", "--client", ERN, "--format", "json"))
    assert {Path(one["path"]) for one in listed} == {*out.iterdir(), recipe, fixed}
    assert {one["file"] for one in listed} == {"there"}
    assert all(one["run_id"] and one["employer"] == ERN for one in listed)
    assert {one["kind"] for one in listed} >= {"report", "result", "exceptions", "annotated", "recipe", "corrected"}
    fixed.write_text("")
    recipe.unlink()
    told_text = told(capsys, "store", "produced", "--limit", "2").splitlines()
    assert len(told_text) == 2
    assert any("changed" in line and str(fixed) in line for line in told_text)
    assert any("gone" in line and str(recipe) in line for line in told_text)
    main(["check", *files, "--no-store", "--out", str(kept / "unlisted")])
    capsys.readouterr()
    assert "unlisted" not in told(capsys, "store", "produced", "--limit", "99")
    assert main(["store", "produced", "--client", "1234567FA"]) == 2
    assert "Nothing is kept for" in capsys.readouterr().err


def test_remembering_columns(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "map.toml").write_text('[columns]\n"Brutto" = "gross_pay"\n')
    (home / "pay.csv").write_text("PPSN,Surname,First Name,Pay Date,Brutto\n1234567FA,Walsh,Ann,26/11/2026,1.00\n")
    main(["check", str(home / "pay.csv"), "--mapping", str(home / "map.toml"), "--remember", *NOW])
    assert "Columns remembered" in capsys.readouterr().err
    main(["check", str(home / "pay.csv"), *NOW, "--format", "json"])
    assert json.loads(capsys.readouterr().out)["runs"][0]["gross"] == "1.00"
    monkeypatch.delenv("AUTOENROLL_PASSPHRASE")
    assert main(["check", str(home / "pay.csv"), "--mapping", str(home / "map.toml"), "--remember", *NOW]) == 2
    assert "Nothing can be remembered" in capsys.readouterr().err


def test_ppsns_in_full_are_noted_or_stay_masked(
    kept: Path, sample: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["check", str(sample / "weekly-2026-11-26.csv"), "--aepn", str(sample / "aepn-2026-11-26.json"), *NOW]

    def shown() -> tuple[bool, str]:
        assert main([*command, "--format", "json", "--lines", "--show-ppsn"]) == 1
        out, err = capsys.readouterr()
        return "9899819MA" in out, err

    def noted() -> int:
        return told(capsys, "audit", "list").count("ppsns-shown")

    assert main([*command, "--format", "json", "--lines"]) == 1
    assert "9899819MA" not in capsys.readouterr().out
    assert (shown()[0], noted()) == (True, 1)
    monkeypatch.delenv("AUTOENROLL_PASSPHRASE")
    masked, why = shown()
    assert not masked
    assert "PPSNs stay masked, for it cannot be noted" in why
    assert main([*command, "--format", "json", "--lines", "--show-ppsn", "--no-store"]) == 1
    assert "9899819MA" in capsys.readouterr().out


def test_steps_are_kept_for_the_employers_next_run(
    home: Path, sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(sample / "weekly-2026-11-26.csv"), "--aepn", str(sample / "aepn-2026-11-26.json"), *NOW]
    assert main(["fix", *files, "--kept"]) == 2
    assert "No recipe is kept for this employer" in capsys.readouterr().err
    assert main(["fix", *files, "--certain", "--out", str(tmp_path / "corrected.csv")]) == 1
    assert "fix --kept does them again" in capsys.readouterr().err
    done = told(capsys, "fix", *files, "--kept", code=1)
    assert "Recipe “WEEKLY”" in done
    last = ["fix", str(sample / "monthly-2026-11-27.xlsx"), *files[1:], "--kept"]
    assert "Recipe “WEEKLY”" in told(capsys, *last, code=1), "the only one kept of this employer"

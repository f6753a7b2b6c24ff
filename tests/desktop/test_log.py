"""The log and the diagnostics bundle hold nothing about anybody, whatever is thrown at them."""

import json
import logging
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop import cli, log
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.policy import sources
from autoenroll_desktop.policy.sources import in_force

NAMES = st.sampled_from(["Ní Bhriain", "O'Brien", "Murphy", "Seán", "Müller-Łuczak"])
PPSNS = st.from_regex(r"[0-9]{7}[A-Wa-w]{1,2}", fullmatch=True)
AMOUNTS = st.from_regex(r"€?[0-9]{1,3}(,[0-9]{3})*\.[0-9]{2}", fullmatch=True)


@pytest.fixture
def handler(tmp_path: Path):
    made = log.set_up(tmp_path / "logs")
    assert made is not None
    yield made
    logging.getLogger().removeHandler(made)
    made.close()


def text(handler: logging.Handler) -> str:
    return Path(handler.baseFilename).read_text(encoding="utf-8")


def formatted(record: logging.LogRecord) -> str:
    return log.Guarded().format(record)


def a_record(logger: str, message: str, *arguments: object, **facts: object) -> logging.LogRecord:
    record = logging.LogRecord(logger, logging.INFO, "/home/mary/app.py", 7, message, arguments, None)
    record.facts = facts
    return record


def test_what_happened_is_there(handler: logging.Handler) -> None:
    log.note("checked", lines=214, verdict="not_ready", version="0.1.0", whole=True)
    assert "autoenroll checked lines=214 verdict=not_ready version=0.1.0 whole=true" in text(handler)


@given(
    st.one_of(NAMES, PPSNS, AMOUNTS, st.floats(1, 10**6), st.integers(10**6, 10**9), st.dates(), st.binary(max_size=9))
)
def test_no_fact_about_a_person_passes(value: object) -> None:
    line = formatted(a_record("autoenroll", "checked", who=value))
    assert line.endswith("who=…")
    assert formatted(a_record("autoenroll", str(value))).endswith("…")


@given(PPSNS)
def test_a_ppsn_inside_a_code_does_not_pass(ppsn: str) -> None:
    for value in (ppsn.lower(), f"line-{ppsn.lower()}", f"e{ppsn.lower()}"):
        assert log.passes(value) == "…"


@given(NAMES, PPSNS, AMOUNTS)
def test_other_libraries_lose_their_text(name: str, ppsn: str, amount: str) -> None:
    line = formatted(a_record("sqlalchemy.engine", "INSERT %s %s", name, amount, who=ppsn))
    for secret in (name, ppsn, amount, "mary", "INSERT"):
        assert secret not in line
    assert "sqlalchemy.engine at app:7" in line


def test_a_mistake_tells_its_kind_and_place_only(handler: logging.Handler) -> None:
    def mistake() -> None:
        raise ValueError("Mary Murphy 1234567FA earns 2,000.00")

    try:
        mistake()
    except ValueError as error:
        log.note_mistake(error)
    told = text(handler)
    assert re.search(r"ValueError test_log\.py:\d+ test_log\.py:\d+", told)
    assert not re.search("Mary|Murphy|1234567|2,000", told)


def test_old_logs_are_few(handler: logging.Handler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "maxBytes", 2000)
    for number in range(200):
        log.note("checked", number=number)
    files = list(Path(handler.baseFilename).parent.iterdir())
    assert 2 <= len(files) <= 4


def test_no_log_where_none_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert log.set_up(tmp_path / "file") is None


def test_the_bundle_helps_and_tells_of_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample: Path, handler: logging.Handler
) -> None:
    home = tmp_path / "Mary Murphy"
    monkeypatch.setenv("AUTOENROLL_DATA", str(home))
    monkeypatch.setattr("autoenroll_desktop.paths.logs", lambda: Path(handler.baseFilename).parent)
    policies = tmp_path / "policies.json"
    order = {
        "proxy": "http://mary:secret@proxy.example.ie",
        "data-folder": str(home),
        "update-lane": "announce",
        "x": 1,
    }
    policies.write_text(json.dumps(order), encoding="utf-8")
    monkeypatch.setattr(sources, "files", lambda: (policies,))
    in_force.cache_clear()
    weekly = sample / "weekly-2026-11-26.csv"
    monkeypatch.setenv("AUTOENROLL_PASSPHRASE", "a passphrase of this test")
    assert cli.main(["sent", str(weekly)]) == 0
    logging.getLogger("urllib3").warning("GET http://mary:secret@proxy.example.ie")
    log.note("checked", lines=25, employer="8000074DH")
    assert cli.main(["diagnostics", "--out", str(tmp_path / "bundle.zip")]) == 0
    in_force.cache_clear()
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        parts = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert {"versions.json", "policies.json", "selftest.txt", "logs/autoenroll.log"} <= set(parts)
    assert json.loads(parts["policies.json"])["set"] == {
        "data-folder": "set",
        "proxy": "set",
        "update-lane": "announce",
    }
    assert "FAIL" not in parts["selftest.txt"]
    assert "lines=25" in parts["logs/autoenroll.log"]
    everything = "\n".join(parts.values())
    people = [cell for line in weekly.read_text(encoding="utf-8-sig").splitlines()[1:] for cell in line.split(",")]
    secrets = {cell for cell in people if re.fullmatch(r"\d{7}[A-W]{1,2}", cell)} | {
        "Murphy",
        "mary",
        "secret",
        "8000074DH",
    }
    assert len(secrets) > 20
    assert [secret for secret in secrets if secret in everything] == []


def test_a_bundle_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["diagnostics", "--out", str(tmp_path / "none" / "bundle.zip")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_broken_policies_do_not_stop_the_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from autoenroll_desktop.actions import write_diagnostics

    def broken() -> None:
        raise AppError("The policy file cannot be read", "Mary's file")

    monkeypatch.setattr(write_diagnostics, "in_force", broken)
    assert json.dumps(write_diagnostics._policies()) == '{"cannot be used": "The policy file cannot be read"}'

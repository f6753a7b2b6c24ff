"""Policies: the same keys in every place, the strongest place first, and a clear word for what cannot be used."""

import json
import plistlib
import sys
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop import cli, paths
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.policy import sources
from autoenroll_desktop.policy.policies import KEYS, Policies, refuse_plain_export, schema
from autoenroll_desktop.policy.sources import in_force, read, typed

ALL = {
    "service-url": "https://office.example.ie",
    "sync": False,
    "proxy": "http://proxy.example.ie:3128",
    "extra-ca": "/etc/ssl/office.pem",
    "update-lane": "announce",
    "update-channel": "pilot",
    "licence-file": "/srv/licence.txt",
    "data-folder": "~/work",
    "retention-days": 400,
    "forbid-report-upload": True,
    "forbid-plain-exports": True,
    "language": "ga",
    "auto-lock-minutes": 10,
}


@pytest.fixture
def policy_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """This computer's policy file, for a program that looks for it here."""
    path = tmp_path / "policies.json"
    monkeypatch.setattr(sources, "files", lambda: (path,))
    in_force.cache_clear()
    yield path
    in_force.cache_clear()


def written(path: Path, values: object) -> Path:
    path.write_text(json.dumps(values), encoding="utf-8")
    return path


def test_every_key_can_be_set(tmp_path: Path) -> None:
    found = read((written(tmp_path / "policies.json", ALL),))
    assert {key: getattr(found.policies, key.replace("-", "_")) for key in KEYS} == ALL
    assert set(found.set_by) == set(KEYS)


def test_nothing_set_is_the_default(tmp_path: Path) -> None:
    assert read((tmp_path / "none.json",)).policies == Policies()


def test_the_first_place_decides(tmp_path: Path) -> None:
    strong = tmp_path / "managed.plist"
    strong.write_bytes(plistlib.dumps({"language": "ga", "auto-lock-minutes": 5}))
    weak = written(tmp_path / "policies.json", {"language": "en", "sync": False})
    found = read((strong, weak))
    assert (found.policies.language, found.policies.sync, found.policies.auto_lock_minutes) == ("ga", False, 5)
    assert found.set_by == {"language": str(strong), "auto-lock-minutes": str(strong), "sync": str(weak)}


def test_a_newer_versions_keys_are_left_alone(tmp_path: Path) -> None:
    found = read((written(tmp_path / "policies.json", {"forbid-something-new": True, "sync": False}),))
    assert found.unknown == ("forbid-something-new",)
    assert found.policies.sync is False


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"update-lane": "sometimes"}, "update-lane"),
        ({"forbid-plain-exports": "yes"}, "forbid-plain-exports"),
        ({"auto-lock-minutes": -1}, "auto-lock-minutes"),
        ({"auto-lock-minutes": 5.5}, "auto-lock-minutes"),
        ({"service-url": "http://office.example.ie"}, "service-url"),
        ({"service-url": "ftp://x"}, "service-url"),
        ([], "one object"),
        ("language", "one object"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_place(tmp_path: Path, values: object, told: str) -> None:
    path = written(tmp_path / "policies.json", values)
    with pytest.raises(AppError) as error:
        read((path,))
    assert told in str(error.value)
    assert path.name in str(error.value)


@given(st.binary(max_size=80))
def test_any_bytes_are_policies_or_an_error_for_people(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name in ("policies.json", "managed.plist"):
        (folder / name).write_bytes(data)
        try:
            read((folder / name,))
        except AppError as error:
            assert name in str(error)  # noqa: PT017


def test_the_registrys_numbers_are_yes_and_no() -> None:
    assert [typed("sync", 0), typed("sync", 1), typed("retention-days", 1), typed("sync", 2)] == [False, True, 1, 2]


def test_the_shipped_schema_is_the_programs(root: Path) -> None:
    shipped = json.loads((root / "resources" / "policies" / "policies.schema.json").read_text(encoding="utf-8"))
    assert shipped == schema()
    jsonschema.validate(ALL, shipped)
    for values in ({"sync": "no"}, {"update-lane": "x"}, {"retention-days": -1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(values, shipped)


def test_full_ppsns_can_be_forbidden(
    policy_file: Path, sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(policy_file, {"forbid-plain-exports": True})
    command = ["check", str(sample / "weekly-2026-11-26.csv"), "--no-store", "--format", "json", "--lines"]
    assert cli.main([*command, "--show-ppsn", "--out", str(tmp_path / "out")]) == 2
    shown = capsys.readouterr()
    assert "policy" in shown.err
    assert shown.out == ""
    assert not (tmp_path / "out").exists()
    assert cli.main(command) in (0, 1, 3)
    refuse_plain_export(in_force().policies, show_ppsn=False)


def test_the_data_folder_can_be_ordered(policy_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOENROLL_DATA", str(tmp_path / "mine"))
    assert paths.user_data() == tmp_path / "mine"
    in_force.cache_clear()
    written(policy_file, {"data-folder": str(tmp_path / "ordered")})
    assert paths.user_data() == tmp_path / "ordered"
    in_force.cache_clear()
    written(policy_file, {"data-folder": "~/ordered"})
    assert paths.user_data() == Path.home() / "ordered"


def test_updates_can_be_off_or_only_announced(policy_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(policy_file, {"update-lane": "off"})
    assert cli.main(["update"]) == 2
    assert "Updates are off" in capsys.readouterr().err


def test_a_broken_policy_stops_with_words(policy_file: Path, sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy_file.write_text("{", encoding="utf-8")
    assert cli.main(["check", str(sample / "weekly-2026-11-26.csv")]) == 2
    assert "policy file cannot be read" in capsys.readouterr().err


def test_policies_are_told(policy_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(policy_file, {"update-lane": "announce", "newer": 1})
    assert cli.main(["policies"]) == 0
    shown = capsys.readouterr()
    assert f'update-lane = "announce"   ({policy_file})' in shown.out
    assert "newer" in shown.err
    assert cli.main(["policies", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["set_by"] == {"update-lane": str(policy_file)}


@pytest.mark.skipif(sys.platform == "win32", reason="the file's place there is ProgramData")
def test_only_places_an_administrator_writes_to() -> None:
    assert all(path.parts[1] in ("etc", "Library") for path in sources.files())

"""The keys licences are signed with: made, kept, rotated, shipped, and never shown by accident."""

import os
import stat
from pathlib import Path

import pytest

from autoenroll_desktop.licensing.keys import load_keys
from server_sync.contract.licence import Outcome, check_token, sign_licence
from server_sync.errors import ServiceError
from server_sync.licences.keys import VARIABLE, Signer, load_seeds, new_pair, read_seeds, rotated
from tests.licences import START, licence


def shipped(signer: Signer, path: Path) -> dict[str, bytes]:
    path.write_text(signer.shipped(), encoding="utf-8")
    return load_keys(path)


def test_what_is_signed_here_is_read_there_before_and_after_a_rotation(tmp_path: Path) -> None:
    value = new_pair()
    before = Signer(read_seeds(value))
    after = Signer(read_seeds(rotated(value)))
    old_release = shipped(before, tmp_path / "old.toml")
    for signer in (before, after):
        token = sign_licence(licence(), signer.private)
        assert check_token(token.encode(), old_release, START).outcome is Outcome.GOOD
    new_release = shipped(after, tmp_path / "new.toml")
    token = sign_licence(licence(), before.private)
    assert check_token(token.encode(), new_release, START).outcome is Outcome.UNKNOWN_KEY
    assert after.names[0] == before.names[1]


def test_a_pair_is_made_once_and_only_we_can_read_it(tmp_path: Path) -> None:
    value = load_seeds({}, tmp_path / "data", embedded=True)
    assert load_seeds({}, tmp_path / "data", embedded=True) == value
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "data" / "licence-keys").stat().st_mode) == 0o600
    assert list(load_keys(tmp_path / "data" / "licence-keys.toml")) == list(Signer(read_seeds(value)).names)


def test_where_they_come_from(tmp_path: Path) -> None:
    value = new_pair()
    assert load_seeds({VARIABLE: value}, tmp_path, embedded=True) == value
    assert load_seeds({}, tmp_path, embedded=False) == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", ["x", "AAAA", ",", f"{'A' * 43}=,AAAA"])
def test_what_is_no_key(value: str) -> None:
    with pytest.raises(ServiceError, match=VARIABLE):
        read_seeds(value)


def test_one_key_cannot_be_rotated() -> None:
    with pytest.raises(ServiceError, match="no second"):
        rotated(new_pair().split(",")[0])


def test_no_key_is_shown() -> None:
    value = new_pair()
    for seed in value.split(","):
        assert seed not in repr(Signer(read_seeds(value)))

"""The ways to the key: keyring, passphrase, recovery code; and that none of them leaves it lying about."""

import subprocess
import sys
from pathlib import Path

import keyring
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keyring.backend import KeyringBackend

from autoenroll_desktop.actions.lock_store import lock_store, new_recovery_code, unlock_for_keyring
from autoenroll_desktop.actions.open_store import open_store, recover
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store import keys
from autoenroll_desktop.store.keys import KeyMissing, read_key_file
from autoenroll_desktop.store.os_keyring import NoKeyring
from autoenroll_desktop.store.recovery_code import new_code, secret_of
from tests.making import NOW

WORDS = "a few plain words"


class InMemory(KeyringBackend):
    """A keyring as an operating system has one."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> InMemory:
    before, backend = keyring.get_keyring(), InMemory()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


def said() -> str:
    return WORDS


def test_with_a_keyring_nobody_is_asked(tmp_path: Path, ring: InMemory) -> None:
    store = open_store(tmp_path / "s", NOW)
    again = open_store(tmp_path / "s", NOW)
    assert again.key == store.key
    assert store.key.hex() not in (tmp_path / "s" / "store.keys").read_text()
    assert [*ring.kept.values()] == [store.key.hex()]


def test_without_a_keyring_a_passphrase_is_asked_for_and_said(tmp_path: Path) -> None:
    with pytest.raises(NoKeyring, match="no keyring"):
        open_store(tmp_path / "s", NOW)
    assert not (tmp_path / "s").exists()
    store = open_store(tmp_path / "s", NOW, passphrase=said)
    assert open_store(tmp_path / "s", NOW, passphrase=said).key == store.key
    with pytest.raises(AppError, match="passphrase is wrong"):
        open_store(tmp_path / "s", NOW, passphrase=lambda: WORDS + "!")
    with pytest.raises(KeyMissing, match="locked by a passphrase"):
        open_store(tmp_path / "s", NOW)
    assert WORDS not in (tmp_path / "s" / "store.keys").read_text()


def test_short_passphrases_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AppError, match="too short"):
        open_store(tmp_path / "s", NOW, passphrase=lambda: "short")
    assert not (tmp_path / "s").exists()


def test_an_app_lock_takes_the_key_out_of_the_keyring_and_back(tmp_path: Path, ring: InMemory) -> None:
    store = open_store(tmp_path / "s", NOW)
    lock_store(store, WORDS, NOW)
    assert not ring.kept
    with pytest.raises(KeyMissing):
        open_store(tmp_path / "s", NOW)
    again = open_store(tmp_path / "s", NOW, passphrase=said)
    unlock_for_keyring(again, NOW)
    assert open_store(tmp_path / "s", NOW).key == store.key


def test_a_lost_keyring_and_the_recovery_code(tmp_path: Path, ring: InMemory) -> None:
    store = open_store(tmp_path / "s", NOW)
    void = new_recovery_code(store, NOW)
    code = new_recovery_code(store, NOW)
    ring.kept.clear()
    with pytest.raises(KeyMissing, match="not in this computer's keyring"):
        open_store(tmp_path / "s", NOW)
    with pytest.raises(AppError, match="another store's"):
        recover(tmp_path / "s", void, NOW)
    assert recover(tmp_path / "s", f" {code.lower().replace('-', ' ')}", NOW).key == store.key
    assert open_store(tmp_path / "s", NOW).key == store.key
    assert code.replace("-", "") not in (tmp_path / "s" / "store.keys").read_text().replace("-", "")


def test_a_lost_keyring_on_a_computer_that_has_none(tmp_path: Path, ring: InMemory) -> None:
    store = open_store(tmp_path / "s", NOW)
    code = new_recovery_code(store, NOW)
    keyring.set_keyring(keyring.backends.fail.Keyring())
    with pytest.raises(NoKeyring):
        recover(tmp_path / "s", code, NOW)
    assert recover(tmp_path / "s", code, NOW, passphrase=said).key == store.key
    assert open_store(tmp_path / "s", NOW, passphrase=said).key == store.key


def test_a_forgotten_passphrase_and_the_recovery_code(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s", NOW, passphrase=said)
    code = new_recovery_code(store, NOW)
    recover(tmp_path / "s", code, NOW, passphrase=lambda: "other plain words").close()
    with pytest.raises(AppError, match="wrong"):
        open_store(tmp_path / "s", NOW, passphrase=said)
    assert open_store(tmp_path / "s", NOW, passphrase=lambda: "other plain words").key == store.key


def test_another_stores_key_in_the_keyring_is_told(tmp_path: Path, ring: InMemory) -> None:
    open_store(tmp_path / "s", NOW).close()
    for name in ring.kept:
        ring.kept[name] = "00" * 32
    with pytest.raises(KeyMissing, match="not this store's"):
        open_store(tmp_path / "s", NOW)


@pytest.mark.parametrize("backend", ["keyring.backends.null", "keyrings.alt.file"])
def test_a_keyring_that_keeps_nothing_or_keeps_it_open_is_none(tmp_path: Path, backend: str, ring: InMemory) -> None:
    type(ring).__module__, before = backend, type(ring).__module__
    try:
        with pytest.raises(NoKeyring, match="does not protect"):
            open_store(tmp_path / "s", NOW)
    finally:
        type(ring).__module__ = before


def test_a_keyring_that_forgets_is_none(tmp_path: Path, ring: InMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(InMemory, "set_password", lambda *_: None)
    with pytest.raises(NoKeyring, match="does not keep"):
        open_store(tmp_path / "s", NOW)


def test_a_keyring_that_fails_is_none(tmp_path: Path, ring: InMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    def dismissed(*_: object) -> None:
        raise RuntimeError("Prompt dismissed: secret")

    monkeypatch.setattr(InMemory, "set_password", dismissed)
    with pytest.raises(NoKeyring, match="no keyring") as told:
        open_store(tmp_path / "s", NOW)
    assert "RuntimeError" in str(told.value)
    assert "secret" not in str(told.value).replace("keeps secrets", "")


@pytest.mark.parametrize(
    "text", ["", "{", "{}", '{"format": "other", "version": 1, "store": "a", "proof": "b"}', "[1]"]
)
def test_a_damaged_key_file_is_told_and_kept(tmp_path: Path, text: str) -> None:
    (tmp_path / "store.keys").write_text(text)
    with pytest.raises(AppError, match="key file"):
        open_store(tmp_path, NOW, passphrase=said)
    assert (tmp_path / "store.keys").read_text() == text


def test_a_newer_key_file_is_told(tmp_path: Path) -> None:
    open_store(tmp_path, NOW, passphrase=said).close()
    file = read_key_file(tmp_path)
    keys.write_key_file(tmp_path, keys.KeyFile(version=2, store=file.store, proof=file.proof))
    with pytest.raises(AppError, match="newer version"):
        open_store(tmp_path, NOW, passphrase=said)


def test_halves_of_a_store_are_told(tmp_path: Path) -> None:
    open_store(tmp_path, NOW, passphrase=said).close()
    (tmp_path / "store.keys").rename(tmp_path / "away")
    with pytest.raises(AppError, match="key file is missing"):
        open_store(tmp_path, NOW, passphrase=said)
    (tmp_path / "away").rename(tmp_path / "store.keys")
    (tmp_path / "store.db").unlink()
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "daily-1.db").write_bytes(b"x")
    with pytest.raises(AppError, match="database is gone"):
        open_store(tmp_path, NOW, passphrase=said)


@settings(max_examples=40)
@given(st.integers(0, 34), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_a_slip_of_the_pen_is_noticed(at: int, letter: str) -> None:
    code = new_code().replace("-", "")
    wrong = code[:at] + letter + code[at + 1 :]
    if wrong == code:
        assert secret_of(wrong) == secret_of(code)
        return
    with pytest.raises(AppError, match="slip"):
        secret_of(wrong)


@pytest.mark.parametrize("code", ["", "8F2K", "U" * 35, "é" * 35])
def test_what_is_no_code(code: str) -> None:
    with pytest.raises(AppError, match="not a recovery code"):
        secret_of(code)


def test_the_letters_people_mistake_are_read_right() -> None:
    while not set("01") <= set(code := new_code()):
        pass
    assert secret_of(code.replace("0", "o").replace("1", "l")) == secret_of(code)


def test_two_workers_may_open_a_store_at_once(tmp_path: Path) -> None:
    code = (
        "import sys, threading\nfrom pathlib import Path\n"
        "from autoenroll_desktop.store.keys import read_key_file, unlock\n"
        "file = read_key_file(Path(sys.argv[1]))\n"
        "def work():\n    for _ in range(4): unlock(file, lambda: 'a few plain words')\n"
        "workers = [threading.Thread(target=work) for _ in range(3)]\n"
        "[one.start() for one in workers]; [one.join() for one in workers]"
    )
    keys.create(tmp_path, lambda: WORDS)
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, timeout=60)  # it hung in the first second

"""Seals: what was changed, cut short, reordered or put in another's place does not open."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.store import sealing
from autoenroll_desktop.store.sealing import SealBroken, Sealer, Unsealer, derived, new_key, seal, unseal

KEY = new_key()


@given(st.binary(max_size=200))
def test_opens_for_its_key_and_purpose_only(data: bytes) -> None:
    sealed = seal(KEY, data, "a")
    assert unseal(KEY, sealed, "a") == data
    for key, purpose in ((new_key(), "a"), (KEY, "b")):
        with pytest.raises(SealBroken):
            unseal(key, sealed, purpose)


@given(st.binary(max_size=50), st.integers(0, 10**6), st.integers(0, 7))
def test_every_bit_counts(data: bytes, at: int, bit: int) -> None:
    sealed = bytearray(seal(KEY, data, "a"))
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises(SealBroken):
        unseal(KEY, bytes(sealed), "a")


def stream(data: bytes, monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr(sealing, "CHUNK", 64)
    file = io.BytesIO()
    sealer = Sealer(KEY, file, "p")
    for at in range(0, len(data), 37):
        sealer.write(data[at : at + 37])
    sealer.finish()
    return file.getvalue()


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 128, 1000])
def test_streams_come_back(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytes(at % 251 for at in range(size))
    sealed = stream(data, monkeypatch)
    assert Unsealer(KEY, io.BytesIO(sealed), "p").read() == data
    reader = Unsealer(KEY, io.BytesIO(sealed), "p")
    parts = []
    while part := reader.read(50):
        parts.append(part)
    assert b"".join(parts) == data


@given(st.data())
def test_streams_changed_anywhere_are_refused(data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        sealed = bytearray(stream(bytes(300), patch))
        what = data.draw(st.sampled_from(["flip", "cut", "add", "swap"]))
        at = data.draw(st.integers(0, len(sealed) - 1))
        if what == "flip":
            sealed[at] ^= 1 << data.draw(st.integers(0, 7))
        elif what == "cut":
            sealed = sealed[:at]
        elif what == "add":
            sealed += b"\x00"
        else:
            length = 5 + 64 + 16
            sealed[:length], sealed[length : 2 * length] = sealed[length : 2 * length], sealed[:length]
        with pytest.raises(SealBroken):
            Unsealer(KEY, io.BytesIO(bytes(sealed)), "p").read()


def test_keys_for_other_purposes_are_other_keys() -> None:
    assert len({derived(KEY, "a"), derived(KEY, "b"), derived(KEY, "a", b"salt"), KEY}) == 4

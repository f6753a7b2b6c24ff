"""The vault: everything opens again, and nothing that was changed does."""

import contextlib
import os
import uuid
from uuid import UUID

import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.sync.vault import handing, names, sealing, ticket, words
from autoenroll_desktop.sync.vault.refusals import (
    ApprovalForged,
    CodeWrong,
    KeyUnknown,
    NotATicket,
    NotSealed,
    Tampered,
    VaultRefused,
    WordsDiffer,
)  # fmt: skip
from autoenroll_desktop.sync.vault.sealing import OfficeKeys
from server_sync.contract import signing
from server_sync.contract.fields import CHUNK_SIZE

OFFICE, OTHER = UUID(int=1), UUID(int=2)
KEYS = OfficeKeys({1: bytes(range(32))})
THING = signing.associated_data(OFFICE, "report", "run", UUID(int=3), 0)
CONTENT = st.binary(max_size=3000)


def sealed_in_all() -> list[bytes]:
    return sealing.seal_in_chunks(KEYS, THING, os.urandom(3 * CHUNK_SIZE))


CHUNKS = sealed_in_all()


@given(CONTENT)
def test_what_was_sealed_opens_and_is_the_same_bytes_each_time(content: bytes) -> None:
    sealed = sealing.seal(KEYS, THING, content)
    assert sealing.unseal(KEYS, THING, sealed) == content
    assert sealing.seal(KEYS, THING, content) == sealed
    assert content not in sealed or len(content) < 4


@given(CONTENT, CONTENT)
def test_other_content_or_another_thing_has_another_key(one: bytes, two: bytes) -> None:
    other = signing.associated_data(OFFICE, "report", "run", UUID(int=4), 0)
    first = sealing.seal(KEYS, THING, one)
    assert (sealing.seal(KEYS, THING, two)[5:37] == first[5:37]) == (one == two)
    assert sealing.seal(KEYS, other, one)[5:37] != first[5:37]


@given(CONTENT, st.data())
def test_a_changed_byte_is_refused(content: bytes, data: st.DataObject) -> None:
    sealed = bytearray(sealing.seal(KEYS, THING, content))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises((Tampered, NotSealed, KeyUnknown)):
        sealing.unseal(KEYS, THING, bytes(sealed))


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_by_a_name(junk: bytes) -> None:
    with pytest.raises(VaultRefused):
        sealing.unseal(KEYS, THING, junk)
    with pytest.raises(VaultRefused):
        handing.take_over(X25519PrivateKey.generate(), OFFICE, junk)


@pytest.mark.parametrize(
    "thing",
    [
        signing.associated_data(OTHER, "report", "run", UUID(int=3), 0),
        signing.associated_data(OFFICE, "document", "run", UUID(int=3), 0),
        signing.associated_data(OFFICE, "report", "ledger", UUID(int=3), 0),
        signing.associated_data(OFFICE, "report", "run", UUID(int=4), 0),
        signing.associated_data(OFFICE, "report", "run", UUID(int=3), 1),
    ],
    ids=["office", "sort", "kind", "id", "version"],
)
def test_nothing_passes_for_another_thing(thing: bytes) -> None:
    with pytest.raises(Tampered):
        sealing.unseal(KEYS, thing, sealing.seal(KEYS, THING, b"pay"))


def test_chunks_are_those_of_the_wire_and_open_together_only() -> None:
    assert [len(one) for one in CHUNKS[:-1]] == [CHUNK_SIZE] * (len(CHUNKS) - 1)
    assert 0 < len(CHUNKS[-1]) <= CHUNK_SIZE
    assert len(sealing.unseal_chunks(KEYS, THING, CHUNKS)) == 3 * CHUNK_SIZE


@pytest.mark.parametrize(
    "order", [[0, 1, 2], [0, 1, 3], [0, 2, 1, 3], [0, 1, 2, 3, 3], [0, 1, 1, 3], [1, 0, 2, 3], [3]], ids=str
)
def test_chunks_cut_moved_or_doubled_are_refused(order: list[int]) -> None:
    with pytest.raises((Tampered, NotSealed, KeyUnknown)):
        sealing.unseal_chunks(KEYS, THING, [CHUNKS[at] for at in order])


@given(st.integers(0, 10_000_000))
def test_padding_costs_an_eighth_at_most(size: int) -> None:
    padded = sealing.padded_size(size)
    assert size <= padded <= max(sealing.SMALLEST, size * 1.125)
    assert sealing.padded_size(padded) == padded


def test_a_new_generation_seals_and_the_old_one_still_opens() -> None:
    newer = KEYS.with_key(2, sealing.new_office_key())
    old, new = sealing.seal(KEYS, THING, b"old"), sealing.seal(newer, THING, b"new")
    assert sealing.unseal(newer, THING, old) == b"old"
    assert sealing.unseal(newer, THING, new) == b"new"
    with pytest.raises(KeyUnknown):
        sealing.unseal(KEYS, THING, new)
    assert newer.naming == KEYS.naming
    assert bytes(range(32)).hex() not in repr(newer)


def test_ids_are_the_same_on_every_pc_and_say_nothing_without_the_key() -> None:
    one = names.thing_id(KEYS.naming, "document", "client", "8000074DH")
    assert one == names.thing_id(KEYS.naming, "document", "client", "8000074DH")
    assert one.version == 4
    others = [
        names.thing_id(os.urandom(32), "document", "client", "8000074DH"),
        names.thing_id(KEYS.naming, "document", "client", "8000074DH", 1),
        names.thing_id(KEYS.naming, "document", "recipe", "8000074DH"),
    ]
    assert one not in others


# RFC 9180, appendix A.1.1 and A.2.1: base mode, first message, with the associated data "Count-0".
VECTORS = {
    AEAD.AES_128_GCM: (
        "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8",
        "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431",
        "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a",
    ),
    AEAD.CHACHA20_POLY1305: (
        "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb",
        "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a",
        "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28",
    ),
}


@pytest.mark.parametrize("aead", VECTORS, ids=str)
def test_hpke_gives_what_the_rfc_says(aead: AEAD) -> None:
    secret, enc, sealed = (bytes.fromhex(part) for part in VECTORS[aead])
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, aead)
    private = X25519PrivateKey.from_private_bytes(secret)
    opened = openssl.hpke._decrypt_with_aad(suite, enc + sealed, private, b"Ode on a Grecian Urn", b"Count-0")
    assert opened == b"Beauty is truth, truth beauty"


@given(st.dictionaries(st.integers(1, 9), st.binary(min_size=32, max_size=32), min_size=1))
def test_office_keys_open_for_the_device_they_are_meant_for(keys: dict[int, bytes]) -> None:
    mine, other = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    sealed = handing.hand_over(OfficeKeys(keys), OFFICE, mine.public_key().public_bytes_raw())
    assert handing.take_over(mine, OFFICE, sealed).by_generation == keys
    for private, office in ((other, OFFICE), (mine, OTHER)):
        with pytest.raises(Tampered):
            handing.take_over(private, office, sealed)


def test_many_generations_still_fit_the_wire() -> None:
    mine = X25519PrivateKey.generate()
    keys = OfficeKeys({number: os.urandom(32) for number in range(1, 301)})
    sealed = handing.hand_over(keys, OFFICE, mine.public_key().public_bytes_raw())
    opened = handing.take_over(mine, OFFICE, sealed)
    assert len(sealed) <= 4096
    assert (opened.newest, opened.naming) == (300, keys.naming)


def test_something_else_sealed_to_me_is_no_office_key() -> None:
    mine = X25519PrivateKey.generate()
    public = mine.public_key().public_bytes_raw()
    info = b"autoenroll/office-key/1\0" + OFFICE.bytes + public
    for content in (b"", b"\xc1", b"\x80", b"\x81\x01\xc4\x01x"):
        sealed = handing.SUITE.encrypt(content, X25519PublicKey.from_public_bytes(public), info)
        with pytest.raises(Tampered):
            handing.take_over(mine, OFFICE, sealed)


def test_the_recovery_code_opens_and_a_wrong_one_does_not() -> None:
    secret = os.urandom(20)
    signer, opener = handing.recovery_keys(secret)
    sealed = handing.hand_over(KEYS, OFFICE, opener.public_key().public_bytes_raw())
    public = signer.public_key().public_bytes_raw()
    assert handing.take_over_by_code(secret, OFFICE, public, sealed).by_generation == KEYS.by_generation
    with pytest.raises(CodeWrong):
        handing.take_over_by_code(os.urandom(20), OFFICE, public, sealed)


def test_an_approval_counts_for_these_keys_by_this_approver_only() -> None:
    approver, device = Ed25519PrivateKey.generate(), uuid.uuid4()
    public = approver.public_key().public_bytes_raw()
    own, sealed = (b"s" * 32, b"x" * 32), os.urandom(80)
    signature = approver.sign(signing.approval(OFFICE, device, *own, 1, sealed))
    handing.check_approval(public, OFFICE, device, own, (1, sealed, signature))
    forged = [
        (os.urandom(32), OFFICE, device, own, (1, sealed, signature)),
        (public, OTHER, device, own, (1, sealed, signature)),
        (public, OFFICE, uuid.uuid4(), own, (1, sealed, signature)),
        (public, OFFICE, device, (b"s" * 32, b"y" * 32), (1, sealed, signature)),
        (public, OFFICE, device, own, (2, sealed, signature)),
        (public, OFFICE, device, own, (1, os.urandom(80), signature)),
        (public, OFFICE, device, own, (1, sealed, os.urandom(64))),
    ]
    for one in forged:
        with pytest.raises(ApprovalForged):
            handing.check_approval(*one)


def test_six_words_cover_every_key_and_are_compared_as_people_say_them() -> None:
    parts = [OFFICE, b"a" * 32, b"s" * 32, b"x" * 32]
    said = words.six_words(*parts)
    assert len(said.split()) == 6
    for at, other in enumerate([OTHER, b"b" * 32, b"t" * 32, b"y" * 32]):
        assert words.six_words(*parts[:at], other, *parts[at + 1 :]) != said
    words.require_same(said, "  ".join(said.upper().split()))
    words.require_same(said, ", ".join(said.split()))
    with pytest.raises(WordsDiffer):
        words.require_same(said, " ".join(reversed(said.split())))


def test_the_words_are_different_enough() -> None:
    assert len(words.LIST) == len(set(words.LIST)) == 256
    assert all(word.isascii() and word.islower() and 3 <= len(word) <= 9 for word in words.LIST)


@given(st.uuids(), st.binary(min_size=32, max_size=32), st.booleans(), st.data())
def test_a_ticket_is_read_as_it_was_written_and_a_slip_is_noticed(
    office: UUID, key: bytes, invited: bool, data: st.DataObject
) -> None:
    made = ticket.Ticket(office, key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if invited else "")
    text = ticket.write_ticket(made)
    assert ticket.read_ticket(text) == made
    assert ticket.read_ticket(text.lower().replace("-", "\n")) == made
    at = data.draw(st.sampled_from([at for at, letter in enumerate(text) if letter != "-" and at > 5]))
    letter = data.draw(st.sampled_from([one for one in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if one != text[at]]))
    changed = text[:at] + letter + text[at + 1 :]
    with contextlib.suppress(NotATicket):
        assert ticket.read_ticket(changed) == made, "the letter's last bits may be unused"


@given(st.text(max_size=300))
def test_any_text_is_no_ticket(text: str) -> None:
    with pytest.raises(NotATicket):
        ticket.read_ticket(text)

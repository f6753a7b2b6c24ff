"""What makes this PC a device of an office: its ids, its private keys, the office keys it was given.

Kept in the encrypted store, whose own key lies in the OS keyring or under a passphrase (`store.keys`): one place to
lock, to back up and to lose, where secrets beside it in the keyring would be a second one. Never logged or shown.
"""

from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from autoenroll_desktop.sync.vault.sealing import OfficeKeys
from server_sync.contract import signing
from server_sync.contract.fields import DeviceState, Role
from server_sync.contract.identity import NewDevice


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """This PC in its office.

    Attributes:
        address: of the service. state: waiting until it is approved.
        signing, sealing: the private keys, 32 bytes each.
        approver: the public signing key of the device whose words were compared; empty for the office's first device.
        keys: generation → office key; empty while waiting.
        audit: sequence and hash of the last entry of the office's audit chain that was checked.
    """

    address: str
    office: UUID
    person: UUID
    device: UUID
    role: Role
    state: DeviceState
    signing: bytes
    sealing: bytes
    approver: bytes = b""
    keys: dict[int, bytes] = msgspec.field(default_factory=dict)
    audit: tuple[int, str] = (0, "")

    def __repr__(self) -> str:
        """Never the keys."""
        return f"Membership(device={self.device}, state={self.state})"

    @property
    def office_keys(self) -> OfficeKeys:
        """The office keys; the state must be active."""
        return OfficeKeys(self.keys)

    @property
    def signing_key(self) -> Ed25519PrivateKey:
        """The device's private signing key."""
        return Ed25519PrivateKey.from_private_bytes(self.signing)

    @property
    def sealing_key(self) -> X25519PrivateKey:
        """The device's private sealing key."""
        return X25519PrivateKey.from_private_bytes(self.sealing)

    @property
    def public(self) -> tuple[bytes, bytes]:
        """The public signing and sealing keys."""
        return self.signing_key.public_key().public_bytes_raw(), self.sealing_key.public_key().public_bytes_raw()

    def as_new_device(self) -> NewDevice:
        """How this device registers, with the proof that it holds its key."""
        proof = self.signing_key.sign(signing.registration(self.device, *self.public))
        return NewDevice(id=self.device, signing_key=self.public[0], sealing_key=self.public[1], proof=proof)


def new_membership(address: str, office: UUID) -> Membership:
    """A device that does not exist anywhere else yet, with fresh keys and ids."""
    return Membership(
        address=address,
        office=office,
        person=uuid4(),
        device=uuid4(),
        role="owner",
        state="waiting",
        signing=Ed25519PrivateKey.generate().private_bytes_raw(),
        sealing=X25519PrivateKey.generate().private_bytes_raw(),
    )

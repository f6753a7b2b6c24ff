"""Who is who in the office: each device's public keys and name, in one sealed document the PCs share.

Only who holds the office key can write it, so it is what says which devices somebody compared words with
(`sync.joining.Roster`), and the service cannot slip one in.
"""

from base64 import b64decode, b64encode
from uuid import UUID

import msgspec

from autoenroll_desktop.domain.shared import Value
from autoenroll_desktop.store import sharing
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.sync.joining import Roster

_KEYS, _NAME = "keys ", "name "


def people(store: Store) -> dict[str, Value]:
    """The fields of the document as this PC has it."""
    with store.reading() as connection:
        found = sharing.value(connection, sharing.PEOPLE)
    return {} if found is None else msgspec.json.decode(found, type=dict[str, Value])


def roster(store: Store) -> Roster:
    """Every device whose words were compared: id → public signing and sealing key."""
    found = {}
    for field, said in people(store).items():
        if field.startswith(_KEYS) and said:
            raw = b64decode(str(said))
            found[UUID(field.removeprefix(_KEYS))] = raw[:32], raw[32:]
    return found


def name_of(store: Store, device: UUID) -> str:
    """What a device is called, "" where nobody said."""
    return str(people(store).get(f"{_NAME}{device}") or "")


def add_device(store: Store, device: UUID, keys: tuple[bytes, bytes]) -> None:
    """Note a device whose words were compared."""
    _put(store, f"{_KEYS}{device}", b64encode(keys[0] + keys[1]).decode())


def name_device(store: Store, device: UUID, name: str) -> None:
    """Call a device something the others will see."""
    _put(store, f"{_NAME}{device}", name[:60])


def _put(store: Store, field: str, said: str) -> None:
    with store.writing() as connection:
        found = sharing.value(connection, sharing.PEOPLE)
        fields = {} if found is None else msgspec.json.decode(found)
        sharing.put_value(connection, sharing.PEOPLE, msgspec.json.encode({**fields, field: said}))

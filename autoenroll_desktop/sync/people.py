"""The people of an office over the network: who they are to the service, their roles, and removing one."""

from uuid import UUID, uuid4

from autoenroll_desktop.sync.caller import Caller
from server_sync.contract.fields import Role
from server_sync.contract.identity import NewRole, Person


def people(caller: Caller) -> list[Person]:
    """Every person of the office. Raises NotReached, Refused."""
    found: list[Person] = []
    after = None
    while True:
        page = caller.ask("people", query={"limit": 200} | ({"after": str(after)} if after else {}))
        found += page.items
        after = page.next
        if after is None:
            return found


def set_role(caller: Caller, person: UUID, role: Role) -> Person:
    """Give a person another role; it counts with their next request. Raises NotReached, Refused (last-owner …)."""
    changed: Person = caller.ask("set_role", NewRole(role=role), key=uuid4().hex, person=person)
    return changed


def remove(caller: Caller, person: UUID) -> None:
    """Remove a person; their devices are revoked at once. Raises NotReached, Refused (last-owner …)."""
    caller.ask("remove_person", key=uuid4().hex, person=person)

"""Who may ask what: the device's state and its person's role against the route's."""

from server_sync.contract.problems import Refused
from server_sync.contract.routes import Route


def allow(route: Route, state: str | None, role: str | None) -> None:
    """Whether a device in this state, of a person in this role, may ask this.

    Raises:
        Refused: unauthenticated, device-revoked, device-waiting, forbidden.
    """
    if state is None:
        raise Refused("unauthenticated", "the device is not known any more")
    if state == "revoked":
        raise Refused("device-revoked")
    if state == "waiting" and route.access == "active":
        raise Refused("device-waiting")
    if role not in route.roles:
        raise Refused("forbidden")

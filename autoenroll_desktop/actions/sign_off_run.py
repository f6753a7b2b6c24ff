"""Signs a kept run off: by one person, or by two where the office asks for it."""

from autoenroll_desktop.store import signing
from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.signing import SignOff
from autoenroll_desktop.store.store import Store


def sign_off_run(store: Store, run_id: str, by: str, stamp: Stamp) -> tuple[SignOff, ...]:
    """Note in the trail that `by` (a name or initials) signs a run off; everybody who has signed it now.

    Raises:
        AppError: no name, the same person twice, signed by all it takes already, a run that is not READY or not kept.
    """
    with store.writing() as connection:
        signing.sign_off(connection, run_id, by, stamp)
        return signing.sign_offs(connection, [run_id])[run_id]

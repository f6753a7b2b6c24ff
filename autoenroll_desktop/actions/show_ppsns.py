"""PPSNs are masked until somebody asks for them; that they asked is noted."""

from collections.abc import Iterable

from autoenroll_desktop.store.audit import Event, Stamp, add
from autoenroll_desktop.store.runs import client_of
from autoenroll_desktop.store.store import Store


def note_ppsns_shown(store: Store, runs: Iterable[str], stamp: Stamp) -> None:
    """Note in the trail that PPSNs of some kept runs, or of one that is not kept, are shown in full.

    Raises:
        AppError: it cannot be noted; then they must not be shown.
    """
    with store.writing() as connection:
        about = [Event("ppsns-shown", client_of(connection, run_id), run_id) for run_id in runs]
        for event in about or [Event("ppsns-shown")]:
            add(connection, stamp, event)

"""Adds a client, and keeps what an office says of one."""

from autoenroll_desktop.domain.client_settings import FREQUENCIES, ClientSettings
from autoenroll_desktop.domain.identifiers import Check, explain
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store import clients
from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.client_settings import keep_settings
from autoenroll_desktop.store.store import Store

LONGEST_NAME = 100
_ALL, _LARGEST = 10_000, 100_000_000_00


def add_client(store: Store, employer: str, settings: ClientSettings, stamp: Stamp) -> str:
    """Add a client before anything of it is checked; returns its employer number as it is kept.

    Raises:
        AppError: it is no employer number, the client is there already, or the settings cannot be (`change_client`).
    """
    told = explain(employer)
    if told.check is not Check.GOOD:
        why = f"its check letter would be {told.expected}" if told.expected else "seven digits and one or two letters"
        raise AppError(f"{employer.strip() or 'Nothing'} is no employer number", why, "It stands on Revenue’s letters")
    _refuse(settings)
    with store.writing() as connection:
        if clients.find(connection, told.number) is not None:
            raise AppError(f"{told.number} is among the clients already", "", "Look for it in the list")
        keep_settings(connection, clients.ensure(connection, told.number, stamp), settings, stamp)
    return told.number


def change_client(
    store: Store, employer: str, settings: ClientSettings, stamp: Stamp, *, keep_for: tuple[int, int] | None = None
) -> None:
    """Keep what the office says of a client.

    Args:
        keep_for: months of pay lines and years of evidence; None leaves them as they are.

    Raises:
        AppError: nothing is kept of it, a name, share or amount is none, or nothing may be kept for that time.
    """
    _refuse(settings)
    with store.writing() as connection:
        one = clients.named(connection, employer)
        keep_settings(connection, one, settings, stamp)
        if keep_for is not None and keep_for != (one.keep_lines_months, one.keep_evidence_years):
            clients.set_retention(connection, one, *keep_for, stamp)


def _refuse(settings: ClientSettings) -> None:
    name, scheme, limits = settings.name, settings.scheme, settings.thresholds
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise AppError("This name cannot be kept", f"it has more than {LONGEST_NAME} letters", "Shorten it")
    if any(one.frequency not in FREQUENCIES for one in settings.schedules):
        raise AppError("This pay calendar is not known", "", "Choose how often is paid")
    shares = (scheme.employee, scheme.employer, limits.change_share)
    if any(share is not None and not 0 <= share <= _ALL for share in shares):
        raise AppError("This share cannot be", "it lies between 0 and 100 %", "Type it again")
    if any(amount is not None and not 0 < amount <= _LARGEST for amount in (limits.gross_large, limits.change_amount)):
        raise AppError("This amount cannot be", "it lies above nought", "Type it again, in euro")

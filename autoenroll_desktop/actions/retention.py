"""How long is kept what of one client: shown, and changed within the store's bounds and the administrator's policy."""

from dataclasses import dataclass

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.policy.policies import Policies
from autoenroll_desktop.store import clients
from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.clients import Client
from autoenroll_desktop.store.store import Store

_DAYS_OF_MONTH, _DAYS_OF_YEAR = 28, 365
"""The fewest there can be: a time is refused only where it is surely longer than the policy."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long is kept what of a client.

    Attributes:
        employer: its registration number, "" for files that do not say theirs.
        lines_months: pay lines, findings and amounts. evidence_years: verdict, totals, files, AEPNs, what was written.
        lines_within, evidence_within: the shortest and the longest that can be chosen, in months and in years.
        most_days: whatever is chosen, nothing is kept longer than so many days (policy `retention-days`); 0 for no
            such bound.
    """

    employer: str
    lines_months: int
    evidence_years: int
    lines_within: tuple[int, int]
    evidence_within: tuple[int, int]
    most_days: int


def all_retention(store: Store, policies: Policies) -> list[Retention]:
    """That of every client, by employer number. Raises AppError."""
    with store.reading() as connection:
        return [_told(one, policies.retention_days) for one in clients.everyone(connection)]


def retention_of(store: Store, employer: str, policies: Policies) -> Retention:
    """That of one client. Raises AppError: nothing is kept of it."""
    return _told(_named(store, employer), policies.retention_days)


def change_retention(
    store: Store,
    employer: str,
    policies: Policies,
    stamp: Stamp,
    *,
    lines_months: int | None = None,
    evidence_years: int | None = None,
) -> Retention:
    """Keep pay lines or evidence of a client for another time, noted in the trail; None leaves one as it is.

    What is over its time then goes when the store is looked after next, not here.

    Raises:
        AppError: nothing is kept of it, or the time is shorter or longer than the store or a policy allows.
    """
    one, most = _named(store, employer), policies.retention_days
    months = one.keep_lines_months if lines_months is None else lines_months
    years = one.keep_evidence_years if evidence_years is None else evidence_years
    (_, most_months), (_, most_years) = _bounds(most)
    over = (lines_months is not None and months > most_months, evidence_years is not None and years > most_years)
    if most and any(over):
        raise AppError(
            "Pay lines and evidence cannot be kept for that time",
            f"a policy set by your administrator keeps nothing longer than {most} days (retention-days)",
            "Choose a shorter time",
        )
    with store.writing() as connection:
        clients.set_retention(connection, one, months, years, stamp)
        return _told(clients.named(connection, one.employer), most)


def _named(store: Store, employer: str) -> Client:
    with store.reading() as connection:
        return clients.named(connection, clients.plain_employer(employer))


def _told(one: Client, most_days: int) -> Retention:
    lines, evidence = _bounds(most_days)
    return Retention(one.employer, one.keep_lines_months, one.keep_evidence_years, lines, evidence, most_days)


def _bounds(most_days: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Months and years that can be chosen; what the policy leaves may be no choice at all."""
    lines, evidence = clients.LINES_WITHIN, clients.EVIDENCE_WITHIN
    months = min(lines[-1], most_days // _DAYS_OF_MONTH) if most_days else lines[-1]
    years = min(evidence[-1], most_days // _DAYS_OF_YEAR) if most_days else evidence[-1]
    return (lines[0], max(lines[0], months)), (evidence[0], max(evidence[0], years))

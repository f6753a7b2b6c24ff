"""The plans as data: what each holds, and under which key Stripe keeps its price."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

INTERVALS = ("month", "year")
PREFIX = "autoenroll"


@dataclass(frozen=True)
class Plan:
    """A plan, or an add-on to one.

    Attributes:
        seats, clients, employees: how many it holds, or adds; None without a limit (an add-on adds no employees).
        net: whole cents without VAT by interval, for making the price in Stripe.
    """

    code: str
    title: str
    net: Mapping[str, int]
    about: str = ""
    seats: int = 0
    clients: int | None = None
    employees: int | None = None
    features: tuple[str, ...] = ()

    def lookup_key(self, interval: str) -> str:
        """Stripe's key of its price."""
        return f"{PREFIX}-{self.code}-{interval}"


@dataclass(frozen=True)
class Bought:
    """What a set of prices and quantities comes to."""

    plan: str
    seats: int
    clients: int | None
    employees: int | None
    features: tuple[str, ...]


@dataclass(frozen=True)
class Plans:
    """Everything that is sold."""

    vat_percent: int
    tax_code: str
    currency: str
    plans: tuple[Plan, ...]
    addons: tuple[Plan, ...] = field(default=())

    def plan(self, code: str) -> Plan | None:
        """The plan of a code."""
        return next((one for one in self.plans if one.code == code), None)

    def addon(self, code: str) -> Plan | None:
        """The add-on of a code."""
        return next((one for one in self.addons if one.code == code), None)

    def by_key(self, lookup_key: str) -> Plan | None:
        """The plan or add-on of Stripe's key of its price; None for one of somebody else's."""
        prefix, _, rest = lookup_key.partition("-")
        code, _, interval = rest.rpartition("-")
        if prefix != PREFIX or interval not in INTERVALS:
            return None
        return self.plan(code) or self.addon(code)

    def bought(self, items: Iterable[tuple[str, int]]) -> Bought | None:
        """What these keys and quantities hold; None where there is no plan among them.

        Two plans at once (a change by hand in Stripe) count as the larger.
        """
        known = [(found, quantity) for key, quantity in items if quantity > 0 and (found := self.by_key(key))]
        plans = [found for found, _ in known if found in self.plans]
        if not plans:
            return None
        best = max(plans, key=self.plans.index)
        extra = [(found, quantity) for found, quantity in known if found in self.addons]
        clients = (
            None if best.clients is None else best.clients + sum((one.clients or 0) * times for one, times in extra)
        )
        seats = best.seats + sum(one.seats * times for one, times in extra)
        return Bought(best.code, seats, clients, best.employees, best.features)


@cache
def load_plans() -> Plans:
    """The plans beside this module. A mistake in them is ours and raises whatever it is."""
    table = tomllib.loads(Path(__file__).with_name("plans.toml").read_text(encoding="utf-8"))
    plans, addons = (
        tuple(Plan(**{**entry, "features": tuple(entry.get("features", ()))}) for entry in table[name])
        for name in ("plan", "addon")
    )
    return Plans(table["vat_percent"], table["tax_code"], table["currency"], plans, addons)

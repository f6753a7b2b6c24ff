"""What an office says about a client itself: its name, when it pays, its own scheme, and what it wants looked at twice.

None of it changes the law: a check judges every line as before. Thresholds are good practice, and the office may draw
them closer or wider for a client.
"""

import datetime as dt
from dataclasses import dataclass, fields
from enum import StrEnum

FREQUENCIES = ("WEEKLY", "FORTNIGHTLY", "FOUR_WEEKLY", "MONTHLY", "QUARTERLY", "ANNUALLY")
"""How often is paid, as `domain.pay_dates` reckons with it."""


class SchemeKind(StrEnum):
    """What a client's own pension scheme is."""

    NONE = "none"
    OCCUPATIONAL = "occupational"  # defined contribution
    DEFINED_BENEFIT = "defined-benefit"
    PRSA = "prsa"


@dataclass(frozen=True, slots=True)
class PaySchedule:
    """One pay calendar of a client.

    Attributes:
        frequency: one of `FREQUENCIES`. anchor: a pay date from which all others are reckoned.
    """

    frequency: str
    anchor: dt.date


@dataclass(frozen=True, slots=True)
class OwnScheme:
    """A client's own scheme; shares of gross pay in basis points, None where nobody said."""

    kind: SchemeKind = SchemeKind.NONE
    name: str = ""
    employee: int | None = None
    employer: int | None = None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What is looked at twice for this client; None leaves the rule book's own value.

    Attributes:
        gross_large: cents of one payment. change_amount, change_share: change of gross pay since the last period, in
            cents and basis points, from which a reason is looked for.
    """

    gross_large: int | None = None
    change_amount: int | None = None
    change_share: int | None = None

    def by_name(self) -> dict[str, int]:
        """Those that were set, by the rule book's names ("gross-large")."""
        values = ((one.name.replace("_", "-"), getattr(self, one.name)) for one in fields(self))
        return {name: value for name, value in values if value is not None}


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """Everything an office says about one client. `two_people`: a pay run is signed off by two."""

    name: str = ""
    schedules: tuple[PaySchedule, ...] = ()
    scheme: OwnScheme = OwnScheme()
    thresholds: Thresholds = Thresholds()
    two_people: bool = False


PLAIN = ClientSettings()
"""Nothing was said."""

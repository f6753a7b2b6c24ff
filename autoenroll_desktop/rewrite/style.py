"""A value as the file at hand writes such values: its dates, its decimal mark, its words for pay frequencies."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from autoenroll_desktop.domain.money import plain
from autoenroll_desktop.domain.pay_run import FIELDS, Kind

Value = str | int | dt.date | None
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*", re.ASCII)
_BY_NUMBER = re.compile(r"[0-9]{1,2}([/.-])[0-9]{1,2}[/.-][0-9]{4}.*", re.ASCII)


@dataclass(frozen=True)
class Style:
    """How one column is written.

    Attributes:
        examples: a few of its cells as they stand in the file.
        comma: amounts have a decimal comma. month_first: dates are 11/26/2026. strict: dates are ISO, as in a PSR.
    """

    examples: Sequence[str] = ()
    comma: bool = False
    month_first: bool = False
    strict: bool = False

    def written(self, field: str, value: Value) -> str:
        """The text of a value, "" where there is none. `value` is text, cents, a whole number or a date."""
        if value is None:
            return ""
        kind = FIELDS.get(field, Kind.TEXT)
        if kind is Kind.MONEY:
            text = plain(int(str(value)))
            return text.replace(".", ",") if self.comma else text
        if isinstance(value, dt.date):
            return self._date(value)
        if field == "pay_frequency":
            alike = (one for one in self.examples if _letters(one) == _letters(str(value)))
            return next(alike, str(value))
        return str(value)

    def _date(self, day: dt.date) -> str:
        if self.strict or any(_ISO.fullmatch(one.strip()) for one in self.examples[:1]):
            return day.isoformat()
        mark = next((found[1] for one in self.examples if (found := _BY_NUMBER.fullmatch(one.strip()))), "/")
        order = ("%m", "%d", "%Y") if self.month_first else ("%d", "%m", "%Y")
        return day.strftime(mark.join(order))


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())

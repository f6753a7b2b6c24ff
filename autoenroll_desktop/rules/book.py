"""The rule book: every number of the law, dated and cited, asked for by name and day.

Values stand in `parameters/*.toml`, one file a topic, one table a value:

    [pensionable-age]
    title = "Birthday on and after which a payment attracts no contribution"
    unit = "count"                    # percent, daily percent, euro, count, date, time, text or words
    law = "s.57(1)"
    link = "http://…"
    values = [{ from = 2026-01-01, value = 66, checked = 2026-11-23 }]

The loader is strict: an unknown key, a wrong type or dates out of order stop the program at start, with the file
named, because a rule book that is nearly right is worse than none. Asking for a day before the first value raises;
there are no defaults.
"""

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoenroll_desktop.domain.money import basis_points, cents, millionths

PARAMETERS = Path(__file__).parent / "parameters"
GOOD_PRACTICE = "good practice"
"""How `law` begins where a number is no law but what offices do."""
_ENTRY = {"title": str, "unit": str, "law": str, "link": str, "note": str, "values": list}
_OPTIONAL = {"note"}
_DATED = {"from", "value", "checked"}


class BookError(Exception):
    """A parameter file that breaks the book's rules. The text names the file, the entry and what is wrong."""


class NotInForce(LookupError):
    """A value was asked for on a day before the law gave it one."""

    def __init__(self, name: str, day: dt.date) -> None:
        super().__init__(f"{name} has no value on {day:%d/%m/%Y}")
        self.name = name
        self.day = day


@dataclass(frozen=True, slots=True)
class Dated:
    """One value from one day on. `value` is in the parameter's unit (see `Parameter`)."""

    start: dt.date
    value: Any
    checked: dt.date


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the law through time.

    Attributes:
        unit: percent (value in basis points), daily percent (millionths), euro (cents), count (int), date, time, text,
            words (tuple of text).
        law: the section or other source. link: where it can be read. checked (per value): the day somebody last
            compared the value with that source.
    """

    name: str
    title: str
    unit: str
    law: str
    link: str
    note: str
    dated: tuple[Dated, ...]

    def on(self, day: dt.date) -> Any:
        """The value in force on `day`. Raises `NotInForce` before the first one."""
        for dated in reversed(self.dated):
            if dated.start <= day:
                return dated.value
        raise NotInForce(self.name, day)


@dataclass(frozen=True, slots=True)
class Law:
    """The book opened at one day: `law["pensionable-age"]`."""

    book: "Book"
    day: dt.date

    def __getitem__(self, name: str) -> Any:
        return self.book[name].on(self.day)


class Book(Mapping[str, Parameter]):
    """All parameters by name. `version` dates the whole."""

    def __init__(self, version: str, parameters: Mapping[str, Parameter]) -> None:
        self.version = version
        self._parameters = dict(parameters)

    def __getitem__(self, name: str) -> Parameter:
        return self._parameters[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)

    def on(self, day: dt.date) -> Law:
        """The law as it stands on `day`."""
        return Law(self, day)

    def with_own(self, values: Mapping[str, int]) -> "Book":
        """The same with an office's own values of good practice, in the parameter's unit, through all time.

        Raises:
            ValueError: a value is the law's and not for an office to choose.
        """
        changed = dict(self._parameters)
        for name, value in values.items():
            parameter = self[name]
            if not parameter.law.startswith(GOOD_PRACTICE):
                raise ValueError(f"{name} is law: {parameter.law}")
            changed[name] = replace(parameter, dated=(replace(parameter.dated[0], value=value),))
        return Book(self.version, changed)

    def column(self, name: str, days: "pd.Series[Any]") -> npt.NDArray[Any]:
        """The values of `name` on each of `days` (datetime64, none missing). Raises `NotInForce` like `on`."""
        if not len(days):
            return np.array([], dtype=object)
        starts = np.array([dated.start for dated in self[name].dated], dtype="datetime64[s]")
        at = np.searchsorted(starts, days.to_numpy("datetime64[s]"), side="right") - 1
        if (at < 0).any():
            raise NotInForce(name, days.min().date())
        return np.array([dated.value for dated in self[name].dated])[at]


def load_book(folder: Path = PARAMETERS) -> Book:
    """Read every parameter file of `folder`. Raises `BookError` at the first thing out of order."""
    parameters: dict[str, Parameter] = {}
    version = ""
    for file in sorted(folder.glob("*.toml")):
        try:
            tables = tomllib.loads(file.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise BookError(f"{file.name}: {error}") from error
        if file.name == "book.toml":
            version = tables.get("version", "")
            continue
        for name, table in tables.items():
            if name in parameters:
                raise BookError(f"{file.name}: {name} stands in two files")
            parameters[name] = _parameter(f"{file.name}: {name}", name, table)
    if not version:
        raise BookError("book.toml: version is missing")
    return Book(version, parameters)


def _parameter(where: str, name: str, table: Any) -> Parameter:
    if not isinstance(table, dict):
        raise BookError(f"{where}: is not a table")
    if unknown := table.keys() - _ENTRY.keys():
        raise BookError(f"{where}: unknown key {min(unknown)!r}")
    for key, kind in _ENTRY.items():
        if key not in table and key not in _OPTIONAL:
            raise BookError(f"{where}: {key} is missing")
        if key in table and not isinstance(table[key], kind):
            raise BookError(f"{where}: {key} must be {kind.__name__}")
    if not table["values"]:
        raise BookError(f"{where}: values is empty")
    values = tuple(_dated(where, table["unit"], entry) for entry in table["values"])
    starts = [dated.start for dated in values]
    if starts != sorted(set(starts)):
        raise BookError(f"{where}: the dates of values are not in order")
    return Parameter(name, table["title"], table["unit"], table["law"], table["link"], table.get("note", ""), values)


def _dated(where: str, unit: str, entry: Any) -> Dated:
    if not isinstance(entry, dict) or entry.keys() != _DATED:
        raise BookError(f"{where}: each value has exactly {', '.join(sorted(_DATED))}")
    if type(entry["from"]) is not dt.date or type(entry["checked"]) is not dt.date:
        raise BookError(f"{where}: from and checked are dates")
    return Dated(entry["from"], _value(where, unit, entry["value"]), entry["checked"])


def _value(where: str, unit: str, raw: Any) -> Any:
    match unit, raw:
        case "percent", str():
            value: Any = basis_points(raw)
        case "daily percent", str():
            value = millionths(raw)
        case "euro", str():
            value = cents(raw)
        case ("count", int()) if not isinstance(raw, bool):
            value = raw
        case ("date", dt.date()) if not isinstance(raw, dt.datetime):
            value = raw
        case ("time", dt.time()) | ("text", str()):
            value = raw
        case ("words", list()) if raw and all(isinstance(word, str) for word in raw):
            value = tuple(raw)
        case _:
            value = None
    if value is None:
        raise BookError(f"{where}: {raw!r} is no {unit}")
    return value

"""What a check may ask of the past: remembered columns, what was sent, earlier pay lines and earlier AEPNs.

The store answers (`store.memory`); a check without one asks nobody. Everything is told in the shapes a check has
anyway, so that what comes from the store and what comes from `--previous` files cannot differ.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from autoenroll_desktop.domain.sent import Sent


@dataclass(frozen=True)
class Remembered:
    """A column map confirmed before.

    Attributes:
        tables: the choices as in a mapping file. confirmed: the day they were.
        changed: headings that were not there then, or are not there now; empty where the headings are the same.
    """

    tables: Mapping[str, Any]
    confirmed: dt.date
    changed: tuple[str, ...] = ()


class Memory(Protocol):
    """The past as a check sees it."""

    def columns(self, client: str, headings: Sequence[str]) -> Remembered | None:
        """The column map of a client (an employer number, or "") for these plain headings, or the nearest one."""

    def sent(self, lines: pd.DataFrame) -> Sent:
        """What was sent for the employers and tax years of these pay lines."""

    def produced(self, lines: pd.DataFrame) -> Mapping[str, dt.datetime]:
        """Submissions in files written for the employers of these pay lines: fingerprint → when written last."""

    def earlier_lines(self, lines: pd.DataFrame) -> pd.DataFrame:
        """Pay lines kept for the employers of `lines`, without those `lines` itself is about.

        The columns are `FIELDS` with file and row; file is `NOWHERE`, because no file of the check holds them.
        """

    def earlier_aepns(self, aepns: pd.DataFrame) -> pd.DataFrame:
        """AEPNs kept for the employers of `aepns` that were downloaded on earlier days; same columns, same `file`."""

    def thresholds(self, lines: pd.DataFrame) -> Mapping[str, int]:
        """What the office wants looked at twice for the one employer of these pay lines, by the rule book's names.

        Empty where the lines are of several employers, or nothing was said.
        """

    def names(self, lines: pd.DataFrame) -> Mapping[str, str]:
        """What the office calls the employers of these pay lines, by employer number; those without a name left out."""

"""The columns of an AEPN list."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from autoenroll_desktop.domain.identifiers import mask_ppsn
from autoenroll_desktop.domain.money import percent
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.icons import icon
from autoenroll_desktop.ui.models.table import Column, TableModel
from autoenroll_desktop.ui.theme import Theme
from autoenroll_desktop.ui.view_models.aepns import change

if TYPE_CHECKING:
    from autoenroll_desktop.actions.look_at_aepns import AepnRow

_SIGNS = {"new": "write", "changed": "again", "gone": "close"}


def aepns_model(words: Words, theme: Theme, parent: QObject) -> "TableModel[AepnRow]":
    """Who, what the list says with its own word, from when at which rates, and what changed. PPSNs are masked."""
    say = words.say

    def rates(row: "AepnRow") -> str:
        if row.employee is None or row.employer is None:
            return "–"
        return f"{percent(row.employee)} % / {percent(row.employer)} %"

    columns: tuple[Column[AepnRow], ...] = (
        Column("aepns.head-who", lambda row: row.name or "–", 170,
               order=lambda row: row.name.casefold(),
               about=lambda row: say("aepns.who", ppsn=mask_ppsn(row.ppsn), employment=row.employment_id or "–")),
        Column("aepns.head-status", lambda row: say(f"status.{row.status}"), 130,
               about=lambda row: say("aepns.raw", word=row.raw) if row.raw else ""),
        Column("aepns.head-from", lambda row: f"{row.start:%d/%m/%Y}" if row.start else "–", 98,
               order=lambda row: str(row.start or "")),
        Column("aepns.head-until", lambda row: f"{row.end:%d/%m/%Y}" if row.end else "–", 98,
               order=lambda row: str(row.end or "")),
        Column("aepns.head-rates", rates, 118),
        Column("aepns.head-change", lambda row: change(row, words), 220,
               sign=lambda row: icon(_SIGNS[row.change], theme.accent) if row.change else None,
               ink=lambda row: theme.text if row.change else None),
    )  # fmt: skip
    return TableModel(columns, words, parent)

"""The columns of a client's kept runs."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from autoenroll_desktop.domain.money import euro
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.icons import severity_icon
from autoenroll_desktop.ui.models.table import Column, TableModel
from autoenroll_desktop.ui.theme import Theme
from autoenroll_desktop.ui.view_models.time_left import DUBLIN

if TYPE_CHECKING:
    from autoenroll_desktop.actions.look_at_client import RunListed

Signed = dict[str, str]
"""Run id → who signed it off."""


def runs_model(words: Words, theme: Theme, signed: Signed, parent: QObject) -> "TableModel[RunListed]":
    """Pay date, state, lines, gross pay, when it was checked, who signed; `signed` is looked at when it is shown."""
    columns: tuple[Column[RunListed], ...] = (
        Column("today.head-pay-date", lambda run: f"{run.last_pay_date:%d/%m/%Y}" if run.last_pay_date else "–", 104,
               order=lambda run: str(run.last_pay_date or "")),
        Column("today.head-state", lambda run: words.say(f"verdict.{run.answer}"), 142,
               sign=lambda run: severity_icon(run.answer, theme), ink=lambda run: theme.severity(run.answer)[0]),
        Column("clients.head-run", lambda run: run.reference or "–", 150),
        Column("total.lines", lambda run: f"{run.lines:,}", 66, order=lambda run: run.lines, right=True),
        Column("total.gross", lambda run: euro(run.gross), 104, order=lambda run: run.gross, right=True),
        Column("clients.head-checked", lambda run: f"{run.checked_at.astimezone(DUBLIN):%d/%m/%Y %H:%M}", 134,
               order=lambda run: run.checked_at),
        Column("today.head-signed", lambda run: signed.get(run.id, ""), 98),
    )  # fmt: skip
    return TableModel(columns, words, parent)

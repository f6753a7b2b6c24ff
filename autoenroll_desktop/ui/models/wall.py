"""The columns of the wall."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.ui.icons import icon, severity_icon
from autoenroll_desktop.ui.models.table import Column, TableModel
from autoenroll_desktop.ui.theme import Theme
from autoenroll_desktop.ui.view_models.time_left import time_left

if TYPE_CHECKING:
    from autoenroll_desktop.actions.look_at_wall import WallRow

LEFT = 3
"""The column that changes as time goes by."""
_NONE = "–"


def wall_model(words: Words, theme: Theme, clock: Callable[[], dt.datetime], parent: QObject) -> "TableModel[WallRow]":
    """Client, pay date, state, time left, what was found, who signed."""
    say = words.say

    def state(row: "WallRow") -> str:
        return (
            say(f"verdict.{row.state}") if row.state else say("today.no-run") if row.pay_date else say("today.no-date")
        )

    def found(row: "WallRow") -> str:
        run = row.run
        if run is None:
            return ""
        if not run.errors + run.gates + run.warnings:
            return say("today.nothing-found")
        parts = [
            say(
                "today.one" if count == 1 else "today.some",
                count=count,
                what=say(f"today.{name}{'' if count == 1 else 's'}"),
            )
            for name, count in (("error", run.errors), ("gate", run.gates), ("warning", run.warnings))
            if count
        ]
        return " · ".join(parts)

    def signed(row: "WallRow") -> str:
        if not row.signed:
            return say("today.to-sign") if row.state == "ready" else ""
        names = ", ".join(one.by for one in row.signed)
        return names if len(row.signed) >= row.signers else say("today.half-signed", names=names)

    def pressing(row: "WallRow") -> str | None:
        if row.cut_off is None or row.urgency > 0:
            return theme.muted
        left = row.cut_off - clock()
        return theme.error if left < dt.timedelta(hours=4) else theme.text

    columns: tuple[Column[WallRow], ...] = (
        Column("today.head-client", lambda row: row.name or row.employer or say("store.no-number"), 220,
               order=lambda row: (row.name or row.employer).casefold(),
               about=lambda row: row.employer if row.name else ""),
        Column("today.head-pay-date", lambda row: f"{row.pay_date:%d/%m/%Y}" if row.pay_date else _NONE, 98,
               order=lambda row: row.pay_date or dt.date.max),
        Column("today.head-state", state, 158,
               sign=lambda row: _sign(row, theme),
               ink=lambda row: theme.severity(row.state)[0] if row.state else theme.muted),
        Column("today.head-left", lambda row: time_left(row.cut_off, clock(), words) or _NONE, 116,
               order=lambda row: row.cut_off or dt.datetime.max.replace(tzinfo=dt.UTC), ink=pressing),
        Column("today.head-found", found, 146, order=lambda row: -row.run.errors if row.run else 1),
        Column("today.head-signed", signed, 118),
    )  # fmt: skip
    return TableModel(columns, words, parent)


def _sign(row: "WallRow", theme: Theme) -> QIcon:
    return severity_icon(row.state, theme) if row.state else icon("info", theme.muted)

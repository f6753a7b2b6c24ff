"""A client's runs in three pictures: what was found over time, contributions by pay date, the newest run by cause."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from autoenroll_desktop.domain.money import euro
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.widgets.chart import Bar, Chart

if TYPE_CHECKING:
    from autoenroll_desktop.actions.look_at_client import RunListed
    from autoenroll_desktop.domain.finding import Finding
    from autoenroll_desktop.ui.view_models.clients import ClientShown

_RUNS, _CAUSES = 12, 8
"""The newest ones are shown; more are in the table."""


class ClientCharts(QWidget):
    """`written` (path), `refused` (AppError)."""

    written = Signal(Path)
    refused = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._client = ""
        self.charts: dict[str, Chart] = {}
        self.notes: dict[str, QLabel] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(10)
        for name in ("trend", "contributions", "causes"):
            layout.addWidget(self._card(name))
        layout.addStretch()

    def show_client(self, shown: "ClientShown") -> None:
        """Show a client's runs."""
        runs = [run for run in shown.seen.runs if run.last_pay_date is not None]
        newest = sorted(runs, key=lambda run: str(run.last_pay_date))[-_RUNS:]
        self._client = shown.seen.settings.name or shown.seen.client.employer
        self._show("trend", [self._trend(run) for run in newest])
        self._show("contributions", [self._contributions(run) for run in newest])
        self._show("causes", [self._cause(finding) for finding in shown.findings[:_CAUSES]])

    def write(self, name: str) -> None:
        """Ask where to, and write a chart as PNG or SVG."""
        say = self._context.words.say
        suggested = say("chart.file-name", client=self._client, what=say(f"chart.{name}"))
        path = self._context.asking.where_to_save(self._context.words, f"{suggested}.png", "PNG (*.png);;SVG (*.svg)")
        if path is None:
            return
        if self.charts[name].write(path):
            self.written.emit(path)
        else:
            self.refused.emit(AppError(say("chart.refused", name=path.name), "", ""))

    def _show(self, name: str, bars: list[Bar]) -> None:
        self.charts[name].show_bars(bars)
        self.charts[name].setVisible(bool(bars))
        self.notes[name].setVisible(not bars)

    def _trend(self, run: "RunListed") -> Bar:
        say = self._context.words.say
        parts = ((run.errors + run.gates, "error"), (run.warnings, "warning"))
        text = say(
            "chart.trend-told",
            verdict=say(f"verdict.{run.answer}"),
            errors=run.errors + run.gates,
            warnings=run.warnings,
        )
        return Bar(f"{run.last_pay_date:%d/%m/%Y}", parts, text)

    def _contributions(self, run: "RunListed") -> Bar:
        say = self._context.words.say
        text = say("chart.contributions-told", employee=euro(run.employee), employer=euro(run.employer_share))
        return Bar(f"{run.last_pay_date:%d/%m/%Y}", ((run.employee, "accent"), (run.employer_share, "info")), text)

    def _cause(self, finding: "Finding") -> Bar:
        colour = {"error": "error", "gate": "error", "warning": "warning"}.get(finding.severity.value, "info")
        return Bar(self._context.words.title(finding), ((len(finding), colour),), f"{len(finding):,}")

    def _card(self, name: str) -> QFrame:
        say, card = self._context.words.say, QFrame(self)
        card.setObjectName("card")
        title = QLabel(say(f"chart.{name}"), card)
        title.setObjectName("heading")
        legend = QLabel(say(f"chart.legend-{name}"), card)
        legend.setObjectName("muted")
        button = QPushButton(say("chart.export"), card)
        button.setAccessibleName(say("chart.export-of", what=say(f"chart.{name}")))
        button.clicked.connect(partial(self.write, name))
        chart = Chart(self._context.theme, say(f"chart.{name}"), card)
        note = QLabel(say("chart.nothing"), card)
        note.setObjectName("muted")
        head = QHBoxLayout()
        head.addWidget(title)
        head.addWidget(legend)
        head.addStretch()
        head.addWidget(button)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(18, 12, 18, 12)
        inside.addLayout(head)
        inside.addWidget(chart)
        inside.addWidget(note)
        self.charts[name], self.notes[name] = chart, note
        return card

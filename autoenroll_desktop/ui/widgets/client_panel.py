"""A client in full: its pay runs, what the office says of it, and what else is kept."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.icons import icon
from autoenroll_desktop.ui.models.runs import runs_model
from autoenroll_desktop.ui.theme import SPACE
from autoenroll_desktop.ui.view_models.time_left import DUBLIN
from autoenroll_desktop.ui.widgets.client_charts import ClientCharts
from autoenroll_desktop.ui.widgets.client_form import ClientForm
from autoenroll_desktop.ui.widgets.setting_row import add_setting, setting_card
from autoenroll_desktop.ui.widgets.table import Table

if TYPE_CHECKING:
    from autoenroll_desktop.ui.view_models.clients import ClientShown


class ClientPanel(QWidget):
    """`run_wanted` (run id), `aepns_wanted`, `erase_wanted`."""

    run_wanted = Signal(str)
    aepns_wanted = Signal()
    erase_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._words = context, context.words
        say = self._words.say
        self.name, self.about = QLabel(self), QLabel(self)
        self.name.setObjectName("page-title")
        self.name.setWordWrap(True)
        self.about.setObjectName("muted")
        self._signed: dict[str, str] = {}
        self.tabs = QTabWidget(self)
        self.tabs.setAccessibleName(say("page.clients"))
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        for arrow in self.tabs.tabBar().findChildren(QAbstractButton):
            arrow.setAccessibleName(say("clients.more-tabs"))  # Qt names them in English
        self.form = ClientForm(context, self)
        around = QScrollArea(self.tabs)
        around.setWidgetResizable(True)
        around.setWidget(self.form)
        self.tabs.addTab(self._runs(), say("clients.tab-runs"))
        self.charts = ClientCharts(context, self)
        pictures = QScrollArea(self.tabs)
        pictures.setWidgetResizable(True)
        pictures.setWidget(self.charts)
        self.tabs.addTab(pictures, say("clients.tab-charts"))
        self.tabs.addTab(around, say("clients.tab-settings"))
        self.tabs.addTab(self._kept(), say("clients.tab-kept"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.name)
        layout.addWidget(self.about)
        layout.addSpacing(4)
        layout.addWidget(self.tabs, 1)

    def show_client(self, shown: "ClientShown", today: QDate) -> None:
        """Show a client."""
        seen, say = shown.seen, self._words.say
        number = seen.client.employer or say("store.no-number")
        self.name.setText(seen.settings.name or number)
        since = f"{seen.client.since.astimezone(DUBLIN):%d/%m/%Y}"
        self.about.setText(say("clients.about", number=number, since=since, runs=len(seen.runs)))
        coming = ", ".join(f"{day:%d/%m/%Y}" for day in seen.pay_dates)
        self.coming.setText(say("clients.coming", days=coming) if coming else say("clients.coming-unknown"))
        self._signed.clear()
        self._signed.update({run: ", ".join(one.by for one in by) for run, by in seen.signed.items()})
        self.rows.show(seen.runs)
        self.table.choose(lambda _run: False)
        self.table.setVisible(bool(seen.runs))
        self.no_runs.setVisible(not seen.runs)
        self.form.show_client(shown, today)
        self.charts.show_client(shown)
        count, newest = seen.snapshots
        at = f"{newest.astimezone(DUBLIN):%d/%m/%Y}" if newest is not None else ""
        self.aepns.setText(say("clients.aepns-kept", count=count, at=at) if count else say("clients.aepns-none"))
        self.aepns_button.setEnabled(count > 0)
        maps = ", ".join(say("clients.map", headings=size, day=f"{day:%d/%m/%Y}") for size, day in seen.columns)
        self.columns.setText(maps or say("clients.maps-none"))
        self.recipes.setText(", ".join(seen.recipes) or say("clients.recipes-none"))

    def _runs(self) -> QWidget:
        say, page = self._words.say, QWidget(self.tabs)
        self.coming = QLabel(page)
        self.coming.setWordWrap(True)
        self.rows = runs_model(self._words, self._context.theme, self._signed, self)
        self.table = Table(self.rows, self._context, say("clients.tab-runs"), page, stretch=2)
        self.table.activated.connect(self._open)
        self.open_button = QPushButton(say("today.open-run"), page)
        self.open_button.setIcon(icon("eye", self._context.theme.text))
        self.open_button.clicked.connect(self._open)
        self.no_runs = QLabel(say("today.no-last"), page)
        self.no_runs.setObjectName("muted")
        self.table.selectionModel().currentRowChanged.connect(
            lambda *_: self.open_button.setEnabled(self.table.chosen() is not None)
        )
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(self.open_button)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, SPACE, 0, 0)
        layout.setSpacing(SPACE - 2)
        layout.addWidget(self.coming)
        layout.addWidget(self.no_runs)
        layout.addWidget(self.table, 1)
        layout.addStretch()
        layout.addLayout(foot)
        return page

    def _kept(self) -> QWidget:
        say, page = self._words.say, QWidget(self.tabs)
        card, grid = setting_card(page)
        self.aepns_button = QPushButton(say("clients.aepns"), card)
        self.aepns_button.clicked.connect(self.aepns_wanted)
        self.aepns = add_setting(grid, say("page.aepns"), "", self.aepns_button)
        self.columns = add_setting(grid, say("clients.maps"), "", QWidget(card))
        self.recipes = add_setting(grid, say("clients.recipes"), "", QWidget(card))
        self.erase_button = QPushButton(say("clients.erase"), card)
        self.erase_button.setProperty("danger", "true")
        self.erase_button.clicked.connect(self.erase_wanted)
        add_setting(grid, say("clients.erase-head"), say("clients.erase-about"), self.erase_button)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, SPACE, 0, 0)
        layout.addWidget(card)
        layout.addStretch()
        return page

    def _open(self, *_index: object) -> None:
        run = self.table.chosen()
        if run is not None:
            self.run_wanted.emit(run.id)

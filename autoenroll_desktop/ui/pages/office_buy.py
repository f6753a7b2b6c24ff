"""The Office page's card about buying: what is offered with its price, the browser, seats, requests of other PCs."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QGridLayout, QLabel, QLineEdit, QPushButton, QSpinBox, QWidget

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.paste_text import PasteDialog
from autoenroll_desktop.ui.view_models.buying import Buying
from autoenroll_desktop.ui.widgets.office_card import OfficeCard

if TYPE_CHECKING:
    from autoenroll_desktop.actions.buy_licence import Order

_MOST = 1000
_BOUGHT = ("active", "failing")


class BuyCard(OfficeCard):
    """`said`: severity and text. `failed`: an exception to be told."""

    said = Signal(str, str)
    failed = Signal(object)

    def __init__(self, context: Context, buying: Buying, parent: QWidget | None = None) -> None:
        super().__init__(context, context.words.say("office.buy"), parent)
        say = self.words.say
        self._buying = buying
        self.form = QWidget(self)
        self._form = QFormLayout(self.form)
        self._form.setContentsMargins(0, 0, 0, 0)
        self.plan, self.interval, self.pay_by = (QComboBox(self.form) for _ in range(3))
        for value in ("year", "month"):
            self.interval.addItem(say(f"office.interval-{value}"), value)
        for value in ("card", "transfer"):
            self.pay_by.addItem(say(f"office.pay-{value}"), value)
        self.seats, self.packs = QSpinBox(self.form), QSpinBox(self.form)
        for number in (self.seats, self.packs):
            number.setRange(0, _MOST)
        self.order_number = QLineEdit(self.form)
        self.order_number.setMaxLength(30)
        self.price = QLabel("", self.form)
        self.price.setObjectName("heading")
        self.price.setWordWrap(True)
        rows = {"plan": self.plan, "interval": self.interval, "extra-seats": self.seats, "client-packs": self.packs,
                "pay-by": self.pay_by, "order-number": self.order_number, "price": self.price}  # fmt: skip
        for name, field in rows.items():
            field.setAccessibleName(say(f"office.{name}"))
            self._form.addRow(say(f"office.{name}"), field)
        self.body.addWidget(self.form)
        self._seats = QGridLayout()
        self._seats.setColumnStretch(0, 1)
        self.seat_rows: list[QWidget] = []
        self.body.addLayout(self._seats)
        self.buy_button = self.add_button(say("office.buy-do"), primary=True)
        self.page_button = self.add_button(say("office.page-again"))
        self.stop_button = self.add_button(say("office.stop-waiting"))
        self.portal_button = self.add_button(say("office.portal"))
        self.answer_button = self.add_button(say("office.answer"))
        self.end_buttons()
        self.buy_button.clicked.connect(self._buy)
        self.page_button.clicked.connect(buying.open_page)
        self.stop_button.clicked.connect(buying.stop_waiting)
        self.portal_button.clicked.connect(buying.open_portal)
        self.answer_button.clicked.connect(self._ask_request)
        for box in (self.plan, self.interval):
            box.currentIndexChanged.connect(self._show_price)
        for number in (self.seats, self.packs):
            number.valueChanged.connect(self._show_price)
        buying.changed.connect(self.show_state)
        buying.failed.connect(self.failed)
        buying.answered.connect(self._on_answered)
        self.show_state()

    def show_state(self) -> None:
        """Say what was bought or can be, and offer what can be done then."""
        say, buying = self.words.say, self._buying
        state = buying.now.state if buying.now is not None else "none"
        bought, waiting = state in _BOUGHT, buying.purchase is not None
        offered = buying.can_ask and buying.offers is not None and not bought and not waiting
        if waiting:
            self.show_words(say("office.buy-waiting"), (say("office.buy-waiting-about"),), "quiet")
        elif not buying.can_ask:
            self.show_words(say("office.buy-alone"), (say("office.buy-alone-about"),), "quiet")
        else:
            taken = buying.now.seats_taken if buying.now is not None else 0
            seats = buying.now.seats if buying.now is not None else 0
            lines = [say("office.seats-taken", taken=taken, seats=seats)] if bought else []
            if state == "awaiting":
                lines.append(say("office.buy-awaiting-about"))
            level = "good" if state == "active" else "amber" if state in ("failing", "ended") else "quiet"
            self.show_words(say(f"office.bought-{state}"), lines, level)
        if offered and self.plan.count() == 0 and buying.offers is not None:
            for offer in buying.offers.plans:
                title = (
                    say(f"licence-plan.{offer.code}") if self.words.knows(f"licence-plan.{offer.code}") else offer.title
                )
                self.plan.addItem(title, offer.code)
        self.form.setVisible(offered)
        self._show_price()
        self._show_seats()
        shown = {self.buy_button: offered, self.page_button: waiting, self.stop_button: waiting,
                 self.portal_button: buying.can_ask and state != "none", self.answer_button: bought}  # fmt: skip
        for button, visible in shown.items():
            button.setVisible(visible)
            button.setEnabled(not buying.work.busy or button is self.stop_button)

    def _order(self) -> "Order":
        from autoenroll_desktop.actions.buy_licence import Order

        return Order(
            plan=str(self.plan.currentData()), interval=self.interval.currentData(), extra_seats=self.seats.value(),
            client_packs=self.packs.value(), pay_by=self.pay_by.currentData(),
            purchase_order=self.order_number.text().strip(),
        )  # fmt: skip

    def _buy(self) -> None:
        self._buying.buy(self._order())

    def _show_price(self) -> None:
        offers = self._buying.offers
        if offers is None or self.plan.count() == 0:
            return
        from autoenroll_desktop.actions.buy_licence import tell_order

        self.price.setText(tell_order(offers, self._order(), self.words))

    def _show_seats(self) -> None:
        say, seats = self.words.say, self._buying.seats
        for old in self.seat_rows:
            self._seats.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.seat_rows = []
        for row, seat in enumerate(seats.items if seats is not None else ()):
            name = self._buying.name_of(seat.device) or say("office.device-nameless", id=str(seat.device)[:8])
            key = "office.seat-away" if seat.away else "office.seat"
            label = QLabel(say(key, name=name, since=seat.taken_at), self)
            button = QPushButton(say("office.seat-release"), self)
            button.setAccessibleDescription(name)
            button.clicked.connect(partial(self._release, seat.device))
            for column, widget in enumerate((label, button)):
                self.seat_rows.append(widget)
                self._seats.addWidget(widget, row, column, Qt.AlignmentFlag.AlignVCenter)

    def _release(self, device: UUID, _checked: object = None) -> None:
        self._buying.release(device)

    def _ask_request(self) -> None:
        say = self.words.say
        dialog = PasteDialog(
            self.context, say("office.answer-title"), say("office.answer-about"), say("office.answer-do"), self
        )
        dialog.accepted.connect(lambda: self._buying.answer(dialog.text))
        dialog.open()

    def _on_answered(self, content: str) -> None:
        say, asking = self.words.say, self.context.asking
        path = asking.where_to_save(self.words, say("office.licence-name"), say("office.licence-kinds"))
        if path is not None:
            self._save(path, content)

    def _save(self, path: Path, content: str) -> None:
        say = self.words.say
        try:
            path.write_text(content, encoding="utf-8")
        except OSError as error:
            title = say("office.unwritable", name=path.name)
            self.failed.emit(AppError(title, error.strerror or "", say("office.another-place")))
            return
        self.said.emit("ready", say("window.written", name=path.name))

"""What an office says of a client, as a form."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from autoenroll_desktop.domain.client_settings import (
    FREQUENCIES,
    ClientSettings,
    OwnScheme,
    PaySchedule,
    SchemeKind,
    Thresholds,
)
from autoenroll_desktop.domain.money import basis_points, cents, percent, plain
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.widgets.setting_row import add_setting, setting_card

if TYPE_CHECKING:
    from autoenroll_desktop.ui.view_models.clients import ClientShown

_FIELD = 210
_NEVER = "-"


class ScheduleField(QWidget):
    """How often is paid, and one pay date; `changed` by a person."""

    changed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        say = context.words.say
        self.often = QComboBox(self)
        self.often.setAccessibleName(say("clients.often"))
        self.often.addItem(say("clients.by-runs"), _NEVER)
        for frequency in FREQUENCIES:
            self.often.addItem(say(f"frequency.{frequency}"), frequency)
        self.day = QDateEdit(self)
        self.day.setDisplayFormat("dd/MM/yyyy")
        self.day.setAccessibleName(say("clients.anchor"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.often, 1)
        row.addWidget(self.day)
        self.often.activated.connect(self._on_often)
        self.day.dateChanged.connect(self.changed)

    def show_schedule(self, schedule: PaySchedule | None, today: QDate) -> None:
        """Show a pay calendar, or that there is none."""
        self.often.setCurrentIndex(max(0, self.often.findData(schedule.frequency if schedule else _NEVER)))
        day = schedule.anchor if schedule is not None else None
        self.day.setDate(QDate(day.year, day.month, day.day) if day is not None else today)
        self.day.setEnabled(schedule is not None)

    def schedule(self) -> PaySchedule | None:
        """The pay calendar, None for none."""
        often, day = str(self.often.currentData()), self.day.date().toPython()
        return PaySchedule(often, day) if often != _NEVER else None  # type: ignore[arg-type]

    def _on_often(self) -> None:
        self.day.setEnabled(self.often.currentData() != _NEVER)
        self.changed.emit()


class ClientForm(QWidget):
    """`saved` (ClientSettings, months and years); `refused` (AppError) where a field cannot be read."""

    saved = Signal(object, object)
    refused = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = context.words
        self._scale = context.preferences.text_size
        say = self._words.say
        card, grid = setting_card(self)
        self.name = self._line(card, "clients.name", wide=True)
        self.schedules = (ScheduleField(context, card), ScheduleField(context, card))
        self.two_people = QCheckBox(say("clients.two-people-do"), card)
        self.kind = QComboBox(card)
        self.kind.setAccessibleName(say("clients.scheme"))
        for kind in SchemeKind:
            self.kind.addItem(say(f"scheme.{kind}"), kind)
        self.scheme_name = self._line(card, "clients.scheme-name", wide=True)
        self.employee, self.employer = self._line(card, "clients.employee"), self._line(card, "clients.employer")
        self.large, self.amount = self._line(card, "clients.large"), self._line(card, "clients.change-amount")
        self.share = self._line(card, "clients.change-share")
        self.months, self.years = QSpinBox(card), QSpinBox(card)
        for spin, key, lowest, highest in ((self.months, "months", 4, 84), (self.years, "years", 3, 12)):
            spin.setRange(lowest, highest)
            spin.setAccessibleName(say(f"clients.{key}"))
            spin.setSuffix(f" {say(f'clients.{key}-unit')}")
        add_setting(grid, say("clients.name"), say("clients.name-about"), self.name)
        add_setting(grid, say("clients.calendar"), say("clients.calendar-about"), self._below(card, *self.schedules))
        add_setting(grid, say("clients.two-people"), say("clients.two-people-about"), self.two_people)
        shares = self._beside(card, self._captioned(card, self.employee), self._captioned(card, self.employer))
        scheme = self._below(card, self.kind, self._captioned(card, self.scheme_name), shares)
        self.scheme_told = add_setting(grid, say("clients.scheme"), say("clients.scheme-about"), scheme)
        change = self._beside(card, self._captioned(card, self.amount), self._captioned(card, self.share))
        limits = self._below(card, self._captioned(card, self.large), change)
        add_setting(grid, say("clients.limits"), say("clients.limits-about"), limits)
        keep = self._beside(card, self.months, self.years)
        add_setting(grid, say("clients.retention"), say("clients.retention-about"), keep)
        self.save_button = QPushButton(say("clients.save"), self)
        self.save_button.setProperty("primary", "true")
        self.save_button.clicked.connect(self.save)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)
        layout.addLayout(foot)
        layout.addStretch()
        self._watch()

    def show_client(self, shown: "ClientShown", today: QDate) -> None:
        """Show what is said of a client."""
        said, client = shown.seen.settings, shown.seen.client
        self.name.setText(said.name)
        for at, field in enumerate(self.schedules):
            field.show_schedule(said.schedules[at] if at < len(said.schedules) else None, today)
        self.two_people.setChecked(said.two_people)
        self.kind.setCurrentIndex(self.kind.findData(said.scheme.kind))
        self.scheme_name.setText(said.scheme.name)
        scheme, limits = said.scheme, said.thresholds
        shares = (self.employee, scheme.employee), (self.employer, scheme.employer), (self.share, limits.change_share)
        for line, points in shares:
            line.setText("" if points is None else percent(points))
        for line, amount in ((self.large, limits.gross_large), (self.amount, limits.change_amount)):
            line.setText("" if amount is None else plain(amount))
        self.months.setValue(client.keep_lines_months)
        self.years.setValue(client.keep_evidence_years)
        told = {True: "clients.scheme-enough", False: "clients.scheme-short", None: "clients.scheme-about"}
        self.scheme_told.setText(self._words.say(told[shown.enough]))
        self._on_kind()
        self.save_button.setEnabled(False)

    def save(self) -> None:
        """Take what was typed; a field that cannot be read is told, and nothing is saved."""
        try:
            settings = self.settings()
        except AppError as error:
            self.refused.emit(error)
            return
        self.saved.emit(settings, (self.months.value(), self.years.value()))

    def settings(self) -> ClientSettings:
        """What is typed. Raises AppError: a field that cannot be read."""
        kind = SchemeKind(self.kind.currentData())
        scheme = OwnScheme(
            kind, self.scheme_name.text().strip(), self._share(self.employee), self._share(self.employer)
        )
        schedules = tuple(one for field in self.schedules if (one := field.schedule()) is not None)
        limits = Thresholds(self._euro(self.large), self._euro(self.amount), self._share(self.share))
        return ClientSettings(
            self.name.text().strip(), schedules, scheme if kind is not SchemeKind.NONE else OwnScheme(), limits,
            self.two_people.isChecked(),
        )  # fmt: skip

    def _euro(self, line: QLineEdit) -> int | None:
        text = line.text().strip().removeprefix("€").replace(",", "").strip()
        return self._read(line, text, cents(text) if text else None)

    def _share(self, line: QLineEdit) -> int | None:
        text = line.text().strip()
        return self._read(line, text, basis_points(text) if text else None)

    def _read(self, line: QLineEdit, text: str, value: int | None) -> int | None:
        if text and value is None:
            line.setFocus()
            title = self._words.say("clients.not-read", field=line.accessibleName(), text=line.text().strip())
            raise AppError(title, "", self._words.say("clients.type-again"))
        return value

    def _captioned(self, parent: QWidget, line: QLineEdit) -> QWidget:
        """A field with its name above it, which stays when something is typed."""
        box, layout = QWidget(parent), QVBoxLayout()
        caption = QLabel(line.accessibleName(), box)
        caption.setObjectName("caption")
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(caption)
        layout.addWidget(line)
        box.setLayout(layout)
        return box

    def _line(self, parent: QWidget, key: str, *, wide: bool = False) -> QLineEdit:
        line = QLineEdit(parent)
        line.setAccessibleName(self._words.say(key))
        line.setMaxLength(100)
        if wide:
            line.setMinimumWidth(_FIELD * self._scale // 100)
        return line

    def _below(self, parent: QWidget, *parts: QWidget) -> QWidget:
        return self._together(parent, QVBoxLayout(), parts)

    def _beside(self, parent: QWidget, *parts: QWidget) -> QWidget:
        return self._together(parent, QHBoxLayout(), parts)

    def _together(self, parent: QWidget, layout: QVBoxLayout | QHBoxLayout, parts: tuple[QWidget, ...]) -> QWidget:
        box = QWidget(parent)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(6)
        for part in parts:
            layout.addWidget(part)
        box.setLayout(layout)
        box.setFixedWidth(330 * self._scale // 100)
        return box

    def _watch(self) -> None:
        lines = (self.name, self.scheme_name, self.employee, self.employer, self.large, self.amount, self.share)
        for line in lines:
            line.textEdited.connect(self._on_edit)
        for spin in (self.months, self.years):
            spin.valueChanged.connect(self._on_edit)
        for field in self.schedules:
            field.changed.connect(self._on_edit)
        self.two_people.toggled.connect(self._on_edit)
        self.kind.activated.connect(self._on_kind)
        self.kind.activated.connect(self._on_edit)

    def _on_kind(self) -> None:
        there = self.kind.currentData() != SchemeKind.NONE
        for line in (self.scheme_name, self.employee, self.employer):
            if (captioned := line.parentWidget()) is not None:
                captioned.setVisible(there)

    def _on_edit(self) -> None:
        self.save_button.setEnabled(True)

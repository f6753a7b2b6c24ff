"""Writing on the Check page: the menu of what can be written, where to, and under which name."""

from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.ui.commands import Command
from autoenroll_desktop.ui.folders import WRITE
from autoenroll_desktop.ui.tasks import TaskProgress
from autoenroll_desktop.ui.view_models.check import CheckViewModel
from autoenroll_desktop.ui.view_models.latest import Latest

if TYPE_CHECKING:
    from autoenroll_desktop.actions.fix_pay_run import Workbench
    from autoenroll_desktop.actions.write_files import Offer, Written
    from autoenroll_desktop.ui.pages.check import CheckPage

DUBLIN = ZoneInfo("Europe/Dublin")


class CheckWriting(QObject):
    """What a person has written. `noticed`: codes of what reading it again brought up."""

    noticed = Signal(object)

    def __init__(self, page: "CheckPage", view_model: CheckViewModel) -> None:
        super().__init__(page)
        self._page, self._model, self._context = page, view_model, page.context
        self._words = page.words
        self._offering = Latest(self)
        self.noticed.connect(self._on_noticed)
        self._offering.answered.connect(self._show_menu)
        self._offering.failed.connect(view_model.work.failed)
        page.panel.report_button.clicked.connect(self.write_report)
        page.panel.write_button.clicked.connect(self.offer)

    @property
    def looking(self) -> bool:
        """Whether it is being worked out what can be written."""
        return self._offering.busy

    def commands(self) -> list[Command]:
        """For keys and the palette."""
        return [
            Command("report", self.write_report, "Ctrl+E", self._free),
            Command("write", self.offer, "Ctrl+Shift+E", self._free),
        ]

    def close(self) -> None:
        """Stop for good."""
        self._offering.close()

    def write_report(self) -> None:
        """Ask where to, and write the PDF report."""
        from autoenroll_desktop.actions.write_files import suggested_name

        bench = self._model.bench
        if bench is None or not self._free():
            return
        path = self._where_to(suggested_name(bench, "", self._words.say("output-name.report"), ".pdf"))
        if path is not None:
            self._model.writing.write_report(path)

    def offer(self) -> None:
        """Show what can be written from the run as it stands now."""
        bench = self._model.bench
        if bench is not None and self._free():

            def question() -> "list[Offer]":
                from autoenroll_desktop.actions.write_files import offers

                return offers(bench)

            self._offering.ask(question)

    def write(self, offer: "Offer") -> None:
        """Ask what has to be asked, and write."""
        if offer.psr:
            self._ask_form(offer)
        else:
            self._write(offer, "")

    def _show_menu(self, offered: "list[Offer]") -> None:
        button = self._page.panel.write_button
        menu = QMenu(button)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        if not any(offer.output == "corrected" for offer in offered):
            menu.addAction(self._words.say("window.nothing-to-write")).setEnabled(False)
        same = Counter(offer.output for offer in offered)
        for offer in offered:
            text = self._words.say(f"write.{offer.output}")
            if same[offer.output] > 1:
                text = f"{text}: {offer.name}"
            if offer.errors:
                text = self._words.say("window.errors-in-way", name=text, count=offer.errors)
            action = menu.addAction(text)
            action.setEnabled(not offer.errors)
            action.setToolTip(" ".join([self._words.say(f"write.about-{offer.output}"), *self._before(offer)]))
            action.triggered.connect(partial(self.write, offer))
        self.menu = menu
        at = button.mapToGlobal(button.rect().topRight())
        size = menu.sizeHint()
        at.setX(at.x() - size.width())
        at.setY(at.y() - size.height() - 4)
        menu.popup(at)

    def _ask_form(self, offer: "Offer") -> None:
        from autoenroll_desktop.ui.dialogs.choose_one import ChooseOne

        say = self._words.say
        options = {form: say(f"write.{form}") for form in ("as-it-is", "correction", "fresh")}
        dialog = ChooseOne(
            self._context, say("window.submission-title"), say("window.submission-about"), options,
            say("window.write"), self._page,
        )  # fmt: skip
        dialog.accepted.connect(lambda: self._write(offer, dialog.chosen))
        dialog.open()

    def _write(self, offer: "Offer", form: str) -> None:
        path = self._where_to(offer.name)
        if path is None:
            return
        if offer.unplaced:
            self._page.said.emit("warning", self._unplaced(offer))
        for note in self._before(offer):
            self._page.said.emit("warning", note)
        words = self._words

        def job(bench: "Workbench", progress: TaskProgress) -> "Written":
            from autoenroll_desktop.actions.write_files import Submission, write

            chosen = Submission(form) if form else Submission.AS_IT_IS
            # the dialog has asked already whether a file of that name may be replaced
            done = write(bench, offer, path, words=words, form=chosen, replace=True, progress=progress)
            self.noticed.emit(done.new_notes)
            return done

        self._model.writing.write("writing", str(offer.output), job)

    def _before(self, offer: "Offer") -> list[str]:
        """What is to be said of a submission that was written before, in no or one sentence."""
        if offer.produced_before is None:
            return []
        return [self._words.say("write.produced-before", at=offer.produced_before.astimezone(DUBLIN))]

    def _unplaced(self, offer: "Offer") -> str:
        fields = ", ".join(self._words.say(f"field.{one.field}") for one in offer.unplaced)
        return self._words.say("window.unplaced", count=sum(one.lines for one in offer.unplaced), fields=fields)

    def _on_noticed(self, codes: tuple[str, ...]) -> None:
        if codes:
            titles = ", ".join(self._words.headline(code) for code in codes)
            self._page.said.emit("warning", self._words.say("window.new-notes", titles=titles))

    def _where_to(self, name: str) -> Path | None:
        """Ask for a place, beginning in the folder written to last, else beside the file that was read."""
        folder = self._context.folders.of(WRITE)
        if not folder and self._model.paths:
            folder = str(self._model.paths[0].parent)
        suggested = str(Path(folder) / name) if folder else name
        ending = Path(name).suffix
        kinds = f"{ending.removeprefix('.').upper()} (*{ending})"
        try:
            path = self._context.asking.where_to_save(self._words, suggested, kinds)
        except AppError as error:
            self._page.said.emit("error", str(error))
            return None
        if path is not None:
            self._context.folders.keep(WRITE, path.parent)
        return path

    def _free(self) -> bool:
        return self._model.result is not None and not self._model.work.busy

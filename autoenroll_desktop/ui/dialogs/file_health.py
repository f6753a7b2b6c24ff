"""Everything that was seen in one file: what it is, what was kept, tidied and left out, and what its columns are."""

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QTextBrowser, QWidget

from autoenroll_desktop.ui.context import Context
from autoenroll_desktop.ui.dialogs.sheet_dialog import SheetDialog

if TYPE_CHECKING:
    from autoenroll_desktop.domain.pay_run import FileRead

_LISTED = 24
_FIXED_FORMATS = ("psr-json", "psr-xml", "aepn-json", "rpn-json", "rpn-xml")


class FileHealth(SheetDialog):
    """`columns_wanted`: somebody wants to say what the columns are. `removed`: the file is to be taken out."""

    columns_wanted = Signal()
    removed = Signal()

    def __init__(self, context: Context, file: "FileRead", *, removable: bool, parent: QWidget | None = None) -> None:
        say = context.words.say
        super().__init__(context, file.name, say("window.file-health"), parent=parent)
        self.text = QTextBrowser(self)
        self.text.setAccessibleName(say("window.file-health"))
        self.text.setHtml(self._html(file))
        self.columns_button = QPushButton(say("window.columns"), self)
        self.columns_button.setVisible(file.kind not in _FIXED_FORMATS and not file.left_out)
        self.columns_button.clicked.connect(self.columns_wanted)
        self.columns_button.clicked.connect(self.accept)
        self.remove_button = QPushButton(say("window.take-out"), self)
        self.remove_button.setVisible(removable)
        self.remove_button.clicked.connect(self.removed)
        self.remove_button.clicked.connect(self.accept)
        self.foot.insertWidget(0, self.columns_button)
        self.foot.insertWidget(1, self.remove_button)
        self.body.addWidget(self.text, 1)
        self.grow(640, 520)

    def _html(self, file: "FileRead") -> str:
        say = self.words.say
        if file.error or file.left_out:
            return f"<p>{escape(file.error or file.left_out)}</p>"
        rows = [
            (say("window.about-kind"), f"{say(f'role.{file.role.value}')} · {file.kind}"),
            (say("window.about-rows"), say("window.rows-kept", rows=file.rows_kept, skipped=len(file.rows_skipped))),
        ]
        if file.sheet:
            rows.append((say("window.about-sheet"), file.sheet))
        if file.header_row is not None:
            rows.append((say("window.about-headings"), say("window.row", row=file.header_row)))
        parts = [_table(rows)]
        if file.seen or file.cleaned:
            seen = [say(f"health.{one.what}", **dict(one.facts)) for one in file.seen]
            seen += [say("window.tidied", what=say(f"cause.{cause}"), count=count) for cause, count in file.cleaned]
            parts.append(_list(say("window.seen"), seen))
        skipped: dict[str, list[int]] = {}
        for row in file.rows_skipped:
            skipped.setdefault(row.reason, []).append(row.row)
        if skipped:
            told = [
                say(
                    "check.skipped-rows",
                    reason=say(f"skipped.{reason}"),
                    rows=", ".join(map(str, at[:_LISTED])) + (" …" if len(at) > _LISTED else ""),
                )
                for reason, at in skipped.items()
            ]
            parts.append(_list(say("window.left-out"), told))
        columns = [
            (
                column.header,
                say("window.column-as", field=say(f"field.{column.field}"), because=say(f"evidence.{column.because}"))
                if column.field
                else say("window.column-unused"),
            )
            for column in file.columns
        ]
        if columns:
            parts.append(f"<h4>{escape(say('window.columns-of'))}</h4>{_table(columns)}")
        parts.append(f"<p style='color:{self.theme.muted}'>SHA-256 {file.sha256}</p>")
        return "".join(parts)


def _table(rows: list[tuple[str, str]]) -> str:
    cells = "".join(
        f"<tr><td style='padding-right:18px'>{escape(left)}</td><td><b>{escape(right)}</b></td></tr>"
        for left, right in rows
    )
    return f"<table cellpadding='3'>{cells}</table>"


def _list(title: str, lines: list[str]) -> str:
    return f"<h4>{escape(title)}</h4><ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"

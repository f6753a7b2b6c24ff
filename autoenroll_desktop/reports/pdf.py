"""The report an office files: verdict, totals, findings by cause, the lines behind them, hashes of what was checked.

Fonts are embedded so that fadas and € print the same everywhere, and the bytes are the same for the same result.
Tables are cut into pieces of a few hundred rows, because one long table costs time out of all proportion.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Spacer, Table, TableStyle

from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.finding import NOWHERE, Finding
from autoenroll_desktop.domain.identifiers import mask_ppsn
from autoenroll_desktop.domain.money import euro
from autoenroll_desktop.domain.progress import SILENT, Progress
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.reports.check_text import bucket_lines
from autoenroll_desktop.reports.standings import aepn_changes, change_lines, refused_rows, standing_row, standings

REGULAR, BOLD = "NotoSans", "NotoSans-Bold"
DUBLIN = ZoneInfo("Europe/Dublin")
CHUNK = 200
LISTED = 2_000
"""Places listed in full; a report of thousands of pages helps nobody, so the rest are counted aloud."""
_INK, _MUTED, _LINE, _HEAD = HexColor("#1b222c"), HexColor("#596372"), HexColor("#d9dde3"), HexColor("#eceef1")
_COLOURS = {
    "ready": (HexColor("#1a6a3a"), HexColor("#e2f3e8")),
    "not_ready": (HexColor("#a8231b"), HexColor("#fbe7e5")),
    "incomplete": (HexColor("#7d5200"), HexColor("#fdf1d8")),
    "error": (HexColor("#a8231b"), HexColor("#fbe7e5")),
    "gate": (HexColor("#a8231b"), HexColor("#fbe7e5")),
    "warning": (HexColor("#7d5200"), HexColor("#fdf1d8")),
    "info": (HexColor("#2a5a94"), HexColor("#e6eef8")),
}
_WIDTH = A4[0] - 36 * mm
_CELL = ParagraphStyle("cell", fontName=REGULAR, fontSize=8, leading=10.5, textColor=_INK, splitLongWords=1)
_PADDING = 12
"""Points a table leaves free at the left and right of a cell, together."""
_TEXT = ParagraphStyle("text", parent=_CELL, fontSize=9, leading=12.5)
_NOTE = ParagraphStyle("note", parent=_TEXT, textColor=_MUTED)
_H1 = ParagraphStyle("h1", parent=_TEXT, fontName=BOLD, fontSize=20, leading=26)
_H2 = ParagraphStyle("h2", parent=_TEXT, fontName=BOLD, fontSize=12.5, leading=17, spaceBefore=12, spaceAfter=4)
_H3 = ParagraphStyle("h3", parent=_TEXT, fontName=BOLD, spaceBefore=8)


def write_pdf(
    checked: CheckedRun,
    path: Path,
    *,
    words: Words,
    fonts: Path,
    show_ppsn: bool = False,
    progress: Progress = SILENT,
) -> None:
    """Write the report of a checked run to `path`. Raises OSError when the file cannot be written."""
    for name, file in ((REGULAR, "NotoSans-Regular.ttf"), (BOLD, "NotoSans-Bold.ttf")):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, fonts / file))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    document = BaseDocTemplate(
        str(path),
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=words.say("report.title"),
        author="AutoEnroll Desktop",
        invariant=1,
    )
    frame = Frame(document.leftMargin, document.bottomMargin, document.width, document.height, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame]))
    story = _Report(checked, words, show_ppsn, progress).story()
    document.build(list(story), canvasmaker=_numbered(words.say("report.foot"), words))


def _numbered(foot: str, words: Words) -> type[Canvas]:
    """A canvas that knows the number of pages when it prints "Page x of y"."""

    class NumberedCanvas(Canvas):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._states: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - reportlab's name
            self._states.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for page, state in enumerate(self._states, 1):
                self.__dict__.update(state)
                self.setFont(REGULAR, 7.5)
                self.setFillColor(_MUTED)
                self.drawString(18 * mm, 10 * mm, foot)
                of = words.say("report.page", page=page, pages=len(self._states))
                self.drawRightString(A4[0] - 18 * mm, 10 * mm, of)
                super().showPage()
            super().save()

    return NumberedCanvas


class _Report:
    def __init__(self, checked: CheckedRun, words: Words, show_ppsn: bool, progress: Progress) -> None:
        self.checked, self.words, self.show_ppsn, self.progress = checked, words, show_ppsn, progress

    def say(self, key: str, **facts: Any) -> str:
        return escape(self.words.say(f"report.{key}", **facts))

    def story(self) -> Iterator[Any]:
        yield from self._verdict()
        yield from self._totals()
        if self.checked.findings:
            yield Paragraph(self.say("findings"), _H2)
            yield self._plot()
            yield from self._causes()
            yield from self._lines()
        else:
            yield Paragraph(self.say("nothing-found"), _TEXT)
        yield from self._standings()
        yield from self._files()
        yield Spacer(1, 10)
        yield Paragraph(escape(self.words.say("check.second-opinion")), _NOTE)

    def _verdict(self) -> Iterator[Any]:
        verdict = self.checked.verdict
        ink, soft = _COLOURS[verdict.answer.value]
        word = ParagraphStyle("word", parent=_H1, textColor=ink)
        lines = [escape(self.words.tally(self.checked))]
        if verdict.cut_off:
            local = verdict.cut_off.astimezone(DUBLIN)
            gone = "gone" if self.checked.checked_at > verdict.cut_off else "coming"
            lines.append(escape(self.words.say(f"check.cut-off-{gone}", cut_off=local)))
        at = self.checked.checked_at.astimezone(DUBLIN)
        lines.append(self.say("checked", at=f"{at:%d/%m/%Y %H:%M}", book=self.checked.rule_book))
        box = Table(
            [
                [
                    [
                        Paragraph(escape(self.words.say(f"verdict.{verdict.answer.value}")), word),
                        *(Paragraph(line, _TEXT) for line in lines),
                    ]
                ]
            ],
            colWidths=[_WIDTH],
        )
        box.setStyle(
            TableStyle(
                [
                    ("BACKGROUND", (0, 0), (-1, -1), soft),
                    ("BOX", (0, 0), (-1, -1), 0.8, ink),
                    *((f"{side}PADDING", (0, 0), (-1, -1), 10) for side in ("TOP", "BOTTOM", "LEFT", "RIGHT")),
                ]
            )
        )
        yield Paragraph(self.say("title"), _NOTE)
        yield Spacer(1, 4)
        yield box

    def _totals(self) -> Iterator[Any]:
        yield Paragraph(self.say("totals"), _H2)
        heads = ("run", "pay-dates", "lines", "gross", "employee", "employer", "state")
        rows = [
            [
                " ".join(filter(None, (run.employer_registration_number, run.payroll_run_reference))) or "–",
                ", ".join(f"{day[8:]}/{day[5:7]}/{day[:4]}" for day in run.pay_dates) or "–",
                f"{run.lines:,}",
                *(
                    euro(cents)
                    for cents in (run.gross, run.expected_employee, run.expected_employer, run.expected_state)
                ),
            ]
            for run in self.checked.runs
        ]
        yield from self._table(
            [self.say(f"head-{head}") for head in heads], rows, (48, 26, 14, 26, 20, 20, 20), right=3
        )
        yield Spacer(1, 4)
        yield Paragraph(escape(self.words.say("check.buckets")), _NOTE)
        for _, line in bucket_lines(self.checked, self.words):
            yield Paragraph(escape(line), _NOTE)

    def _plot(self) -> Drawing:
        """Findings by cause as bars, the commonest first, each with its number."""
        causes = sorted(self.checked.findings, key=lambda one: -len(one))[:12]
        height = 14
        drawing = Drawing(_WIDTH, height * len(causes) + 8)
        most = max(len(one) for one in causes)
        for at, finding in enumerate(causes):
            y = height * (len(causes) - 1 - at) + 4
            ink = _COLOURS[finding.severity.value][0]
            title = self.words.title(finding)
            title = title if len(title) <= 58 else title[:57] + "…"
            drawing.add(String(0, y + 2.5, title, fontName=REGULAR, fontSize=7.5, fillColor=_INK))
            length = max(2, (_WIDTH - 260) * len(finding) / most)
            drawing.add(Rect(222, y, length, height - 5, fillColor=ink, strokeColor=None))
            drawing.add(
                String(226 + length, y + 2, f"{len(finding):,}", fontName=REGULAR, fontSize=7.5, fillColor=_MUTED)
            )
        return drawing

    def _causes(self) -> Iterator[Any]:
        for finding in self.checked.findings:
            ink = _COLOURS[finding.severity.value][0].hexval().replace("0x", "#")
            word = escape(self.words.say(f"severity.{finding.severity}"))
            title = f"<font color='{ink}'>{word}</font> · {escape(self.words.title(finding))} · {len(finding):,}"
            yield Paragraph(title, _H3)
            yield Paragraph(f"{escape(self.words.why(finding))} <b>{escape(self.words.action(finding))}</b>", _TEXT)
            law = escape(finding.rule.law)
            if law and finding.rule.link:
                law = f"<link href='{escape(finding.rule.link)}'><u>{law}</u></link>"
            yield Paragraph(f"{law}{' · ' if law else ''}{escape(finding.code)}", _NOTE)

    def _lines(self) -> Iterator[Any]:
        places = [
            (finding, at)
            for finding in self.checked.findings
            if finding.severity.value != "info"
            for at in range(len(finding))
        ]
        if not places:
            return
        yield Paragraph(self.say("lines"), _H2)
        heads = [self.say(f"head-{head}") for head in ("file", "row", "who", "ppsn", "what")]
        rows = []
        for number, (finding, at) in enumerate(places[:LISTED]):
            if number % CHUNK == 0:
                self.progress.step("report", number, min(len(places), LISTED))
            rows.append(self._place(finding, at))
        yield from self._table(heads, rows, (34, 11, 33, 20, 76))
        if len(places) > LISTED:
            yield Paragraph(self.say("more-lines", more=len(places) - LISTED), _TEXT)

    def _place(self, finding: Finding, index: int) -> list[str]:
        place = finding.place(index)
        file = self.checked.files[place.file].name if place.file != NOWHERE else "–"
        name = number = "–"
        if place.line != NOWHERE:
            name = self.checked.run.name(place.line) or "–"
            ppsn = self.checked.run["ppsn"].iloc[place.line]
            if isinstance(ppsn, str):
                number = ppsn if self.show_ppsn else mask_ppsn(ppsn)
        what = f"{self.words.title(finding)}. {self.words.message(finding, index, show_ppsn=self.show_ppsn)}"
        return [file, str(place.row) if place.row != NOWHERE else "–", _short(name), number, what]

    def _standings(self) -> Iterator[Any]:
        """Who is not in order, what NAERSA would refuse, and what changed in the AEPNs and against the last period."""
        rows = [standing_row(one, self.words) for one in standings(self.checked, self.words, show_ppsn=self.show_ppsn)]
        heads = ("bucket", "row", "who", "ppsn", "why", "due", "taken", "at-stake")
        yield from self._section("standings", heads, rows, (24, 28, 30, 20, 34, 15, 15, 15), right=5)
        refused = list(refused_rows(self.checked, self.words))
        yield from self._section("refused", ("code", "meaning", "row", "who", "finding"), refused, (22, 46, 30, 32, 44))
        for key, lines in (
            ("aepn-changes", aepn_changes(self.checked, self.words, show_ppsn=self.show_ppsn)),
            ("changes", list(change_lines(self.checked, self.words))),
        ):
            if lines:
                yield Paragraph(self.say(key), _H2)
            yield from (Paragraph(escape(line), _TEXT) for line in lines[:LISTED])

    def _section(
        self, key: str, heads: tuple[str, ...], rows: list[list[str]], widths: tuple[int, ...], right: int = 99
    ) -> Iterator[Any]:
        """A heading with its table; nothing where there are no rows."""
        if rows:
            yield Paragraph(self.say(key), _H2)
            yield from self._table([self.say(f"head-{head}") for head in heads], rows[:LISTED], widths, right)
        if len(rows) > LISTED:
            yield Paragraph(self.say("more-lines", more=len(rows) - LISTED), _TEXT)

    def _files(self) -> Iterator[Any]:
        yield Paragraph(self.say("files"), _H2)
        rows = []
        for file in self.checked.files:
            reasons: dict[str, int] = {}
            for skipped in file.rows_skipped:
                reasons[skipped.reason] = reasons.get(skipped.reason, 0) + 1
            left_out = ", ".join(f"{self.words.say(f'skipped.{reason}')}: {count}" for reason, count in reasons.items())
            state = file.error or self.words.say("report.rows", rows=file.rows_kept, left_out=left_out or "0")
            rows.append([file.name, file.kind or "–", state, file.sha256 or "–"])
        yield from self._table(
            [self.say(f"head-{head}") for head in ("file", "kind", "rows", "hash")], rows, (40, 18, 52, 64)
        )

    def _table(
        self, heads: list[str], rows: list[list[str]], widths: tuple[int, ...], right: int = 99
    ) -> Iterator[Any]:
        """Tables of at most `CHUNK` rows, headings repeated; columns from `right` on are set flush right."""
        size = [width * _WIDTH / sum(widths) for width in widths]
        flush = ParagraphStyle("flush", parent=_CELL, alignment=2)
        head = ParagraphStyle("head", parent=_CELL, fontName=BOLD, textColor=_MUTED)
        for start in range(0, len(rows), CHUNK):
            body = [
                [_set(cell, size[at], flush if at >= right else _CELL) for at, cell in enumerate(row)]
                for row in rows[start : start + CHUNK]
            ]
            table = Table([[Paragraph(cell, head) for cell in heads], *body], colWidths=size, repeatRows=1)
            table.setStyle(
                TableStyle(
                    [
                        ("BACKGROUND", (0, 0), (-1, 0), _HEAD),
                        ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
                        ("FONT", (0, 1), (-1, -1), REGULAR, _CELL.fontSize, _CELL.leading),
                        ("TEXTCOLOR", (0, 1), (-1, -1), _INK),
                        *([("ALIGN", (right, 1), (-1, -1), "RIGHT")] if right < len(heads) else []),
                        ("VALIGN", (0, 0), (-1, -1), "TOP"),
                        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
                    ]
                )
            )
            yield table


def _set(text: str, width: float, style: ParagraphStyle) -> Any:
    """A cell: its text where that fits in one line (four times quicker), else a paragraph that breaks it."""
    if "\n" not in text and pdfmetrics.stringWidth(text, REGULAR, style.fontSize) <= width - _PADDING:
        return text
    return Paragraph(escape(text), style)


def _short(text: str, longest: int = 60) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"

"""Delimited text and reports in columns of a fixed width, with single cells changed.

A record is found as the reader finds it and cut into the spans of its cells; what stands between them, how cells are
quoted and how lines end are not touched.
"""

import csv
import io
from collections.abc import Iterator

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.rewrite.edit import Edits, spliced


def rewrite_delimited(data: bytes, encoding: str, delimiter: str, edits: Edits) -> bytes:
    """The file with cells changed and rows left out.

    Raises:
        AppError: a character the file's encoding cannot hold.
    """
    text, codec, mark = _decoded(data, encoding)
    rows = edits.by_row()
    parts = []
    for row, raw in _records(text, delimiter):
        if row in edits.dropped:
            parts += _added(raw, delimiter, edits, text) if row == edits.below else []
            continue
        wanted = {int(column): cell.text for column, cell in rows[row].items()} if row in rows else {}
        parts.append(_record(raw, delimiter, wanted) if wanted else raw)
        if row == edits.below:
            parts += _added(raw, delimiter, edits, text)
    return _encoded("".join(parts), codec, mark)


def rewrite_fixed_width(data: bytes, encoding: str, columns: list[tuple[int, int | None]], edits: Edits) -> bytes:
    """The report with cells changed in their places.

    Args:
        columns: where each column begins and ends.

    Raises:
        AppError: a text that is wider than its column, or that the encoding cannot hold.
    """
    text, codec, mark = _decoded(data, encoding)
    rows = edits.by_row()
    parts = []
    for row, raw in enumerate(io.StringIO(text, newline=""), 1):
        if row in edits.dropped:
            continue
        line = raw.rstrip("\r\n")
        if row in rows:
            page, line = ("\f", line[1:]) if line.startswith("\f") else ("", line)
            end = raw[len(page) + len(line) :]  # a form feed and the line's end stay
            changed = line.expandtabs()
            for column, cell in rows[row].items():
                changed = _placed(changed, *columns[int(column)], cell.text)
            parts.append(page + changed + end)
        else:
            parts.append(raw)
    return _encoded("".join(parts), codec, mark)


def _decoded(data: bytes, encoding: str) -> tuple[str, str, bytes]:
    """The text, the encoding to write it in again, and the mark at the beginning of the file."""
    if encoding == "utf-8-sig":
        return data[3:].decode(), "utf-8", data[:3]
    if encoding == "utf-16":
        codec = "utf-16-le" if data[:2] == b"\xff\xfe" else "utf-16-be"
        return data[2:].decode(codec), codec, data[:2]
    return data.decode(encoding), encoding, b""


def _encoded(text: str, codec: str, mark: bytes) -> bytes:
    try:
        return mark + text.encode(codec)
    except UnicodeEncodeError as error:
        raise AppError(
            f"“{text[error.start : error.end]}” cannot be written in this file",
            f"its encoding is {codec}, which has no such character",
            "Use another character, or export the file as UTF-8",
        ) from error


def _records(text: str, delimiter: str) -> Iterator[tuple[int, str]]:
    """Each record's row number and its raw text with its line end, found as the reader finds it."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader((line.replace("\f", "") for line in lines), delimiter=delimiter, strict=True)
    before = 0
    for row, _ in enumerate(reader, 1):
        yield row, "".join(lines[before : reader.line_num])
        before = reader.line_num


def _record(raw: str, delimiter: str, wanted: dict[int, str]) -> str:
    """A record with cells changed; one that is too short gets the cells it lacks."""
    spans, end = _spans(raw, delimiter)
    missing = max(wanted) + 1 - len(spans)
    if missing > 0:
        raw = raw[:end] + delimiter * missing + raw[end:]
        spans, end = _spans(raw, delimiter)
    return spliced(
        raw, [(*spans[column], _cell(new, raw[slice(*spans[column])], delimiter)) for column, new in wanted.items()]
    )


def _added(like: str, delimiter: str, edits: Edits, text: str) -> list[str]:
    """New records as wide as another one, with its line end; quoted where all of its cells are.

    Below a last record without a line end each begins with one instead.
    """
    spans, end = _spans(like, delimiter)
    quoted = '"' if end and all(like[start] == '"' for start, stop in spans if stop > start) else ""
    before = "" if like[end:] else "\r\n" if "\r\n" in text else "\n"
    records = []
    for cells in edits.added:
        texts = [""] * max(len(spans), *(int(cell.column) + 1 for cell in cells))
        for cell in cells:
            texts[int(cell.column)] = cell.text
        records.append(before + delimiter.join(_cell(text, quoted, delimiter) for text in texts) + like[end:])
    return records


def _spans(raw: str, delimiter: str) -> tuple[list[tuple[int, int]], int]:
    """Where each cell of a record begins and ends, quotation marks included, and where the record's text ends."""
    size = len(raw.rstrip("\r\n"))
    spans, start, at, quoted = [], 0, 0, False
    while at < size:
        sign = raw[at]
        if sign == '"' and (quoted or at == start):
            quoted = not quoted
            if not quoted and raw[at + 1 : at + 2] == '"':  # two of them inside a cell stand for one
                quoted, at = True, at + 1
        elif sign == delimiter and not quoted:
            spans.append((start, at))
            start = at + 1
        elif sign == "\f" and at == start:  # a page break in front of a cell is none of it
            start = at + 1
        at += 1
    return [*spans, (start, size)], size


def _cell(new: str, old: str, delimiter: str) -> str:
    if old.startswith('"') or any(sign in new for sign in (delimiter, '"', "\n", "\r")):
        return '"' + new.replace('"', '""') + '"'
    return new


def _placed(line: str, start: int, end: int | None, new: str) -> str:
    """A line with a text put into a column, aligned as what stood there."""
    width = (end if end is not None else max(len(line), start + len(new))) - start
    old = line[start : start + width].ljust(width)
    if new == old.strip():
        return line
    if len(new) > width - (end is not None):
        raise AppError(f"“{new}” is too long for its column", f"it has room for {width - 1} characters", "Shorten it")
    leading, trailing = len(old) - len(old.lstrip()), len(old) - len(old.rstrip())
    right = bool(old.strip()) and leading > 0  # as amounts stand
    placed = new.rjust(width - trailing) if right else new
    return line[:start].ljust(start) + placed.ljust(width) + line[start + width :]

"""Payroll submissions (PSR) in JSON with single items changed: the spans of their values are found, the rest stays."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from autoenroll_desktop.intake import psr
from autoenroll_desktop.rewrite.edit import CellEdit, Edits, spliced

PATHS: Mapping[str, str] = {field: path for path, field in psr.SCALARS.items()}
"""Field → its path in a payslip."""
HEADERS: Mapping[str, str] = {field: item for item, field in psr.HEADER.items()}
"""Field → its item in the head of a submission."""
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
_VALUE = re.compile(r"[^\s,\x1a]")
_SPACE = re.compile(r"[ \t\r\n]*")


def rewrite_json(data: bytes, encoding: str, edits: Edits) -> bytes:
    """A submission in JSON with items of payslips changed, payslips left out and line items to be deleted.

    An item that is a number stays one.
    """
    mark = data[:3] if encoding == "utf-8-sig" else b""
    codec = "utf-8" if mark else encoding
    text = data[len(mark) :].decode(codec)
    heads = [*_heads(text)]
    payslips = [*_payslips(text, heads)]
    spans: list[Span] = []
    stated: dict[tuple[int, str], CellEdit] = {}
    for row, cells in edits.by_row().items():
        mine = payslips[row - 1]
        slip = text[mine.start : mine.end]
        for name, edit in cells.items():
            if name in HEADERS:
                stated[mine.request, HEADERS[str(name)]] = edit
            else:
                slip = spliced(slip, _item(slip, 0, PATHS[str(name)].split("/"), edit))
        spans.append((mine.start, mine.end, slip))
    for (request, item), edit in stated.items():
        spans += _item(text, heads[request], [item], edit)
    spans += _without(payslips, edits.dropped)
    for request, head in enumerate(heads):
        spans += _deleting(
            text, head, [item for row, item in edits.deletes.items() if payslips[row - 1].request == request]
        )
    return mark + spliced(text, spans).encode(codec)


Span = tuple[int, int, str]
"""Where something begins and ends, and what shall stand there instead."""


@dataclass(frozen=True)
class _Payslip:
    """Where a payslip stands: its first and last character, and which submission of the file it is in."""

    start: int
    end: int
    request: int


class _Member(NamedTuple):
    """A member of an object: its key, where its key begins, where its value begins and ends."""

    key: str
    begin: int
    start: int
    end: int


_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


def _blank(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _members(text: str, at: int) -> Iterator[_Member]:
    """Each member of the object at a place."""
    at = _blank(text, at + 1)
    while text[at] != "}":
        begin = at
        key, at = _DECODER.raw_decode(text, at)
        start = _blank(text, _blank(text, at) + 1)
        _, end = _DECODER.raw_decode(text, start)
        yield _Member(key, begin, start, end)
        at = _blank(text, end)
        at = _blank(text, at + 1) if text[at] == "," else at


def _elements(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Where each element of the list at a place begins and ends."""
    at = _blank(text, at + 1)
    while text[at] != "]":
        _, end = _DECODER.raw_decode(text, at)
        yield at, end
        at = _blank(text, end)
        at = _blank(text, at + 1) if text[at] == "," else at


def _heads(text: str) -> Iterator[int]:
    """Where each submission of the file begins."""
    start = _blank(text, 0)
    if text[start] == "[":
        yield from (at for at, _ in _elements(text, start))
        return
    end = 0
    while found := _VALUE.search(text, end):  # submissions may follow one another
        yield found.start()
        _, end = _DECODER.raw_decode(text, found.start())


def _body(text: str, head: int) -> int:
    """Where the object with the payslips begins."""
    return next((one.start for one in _members(text, head) if one.key == "requestBody"), head)


def _payslips(text: str, heads: list[int]) -> Iterator[_Payslip]:
    for number, head in enumerate(heads):
        for one in _members(text, _body(text, head)):
            if one.key == "payslips" and text[one.start] == "[":
                yield from (_Payslip(*place, number) for place in _elements(text, one.start))


def _item(text: str, at: int, path: Sequence[str], edit: CellEdit) -> list[Span]:
    """The span that gives an item of the object at a place another value; a missing one is put first."""
    name, *more = path
    new = edit.text
    found = next((one for one in _members(text, at) if one.key == name), None)
    if found and more and text[found.start] == "{":
        return _item(text, found.start, more, edit)
    if not new:
        return [(*_with_comma(text, found), "")] if found else []
    number = edit.number or (found is not None and text[found.start] not in '"tfn{[')
    value = new if number and _NUMBER.fullmatch(new) else _quoted(new)
    for one in reversed(more):
        value = "{" + _quoted(one) + ": " + value + "}"
    if found:
        return [(found.start, found.end, value)]
    empty = text[_blank(text, at + 1)] == "}"
    return [(at + 1, at + 1, _quoted(name) + ": " + value + ("" if empty else ", "))]


def _with_comma(text: str, member: _Member) -> tuple[int, int]:
    """A member's place with the comma that parts it from its neighbour."""
    after = _blank(text, member.end)
    if text[after] == ",":
        return member.begin, _blank(text, after + 1)
    comma = text.rfind(",", 0, member.begin)
    follows = comma >= 0 and not text[comma + 1 : member.begin].strip()
    return (comma if follows else member.begin), member.end


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _deleting(text: str, head: int, items: list[str]) -> list[Span]:
    """The span that adds line items to those Revenue is asked to delete."""
    if not items:
        return []
    objects = ", ".join(json.dumps({"lineItem": item}, ensure_ascii=False) for item in items)
    body = _body(text, head)
    found = next((one.start for one in _members(text, body) if one.key == "lineItemIDsToDelete"), None)
    if found is None:
        return [(body + 1, body + 1, f'"lineItemIDsToDelete": [{objects}], ')]
    after = _blank(text, found + 1)
    return [(found + 1, found + 1, objects + ("" if text[after] == "]" else ", "))]


def _without(payslips: list[_Payslip], dropped: frozenset[int]) -> list[Span]:
    """The spans that take payslips out of their lists, with the commas that parted them from those that stay."""
    spans: list[Span] = []
    for request in {one.request for one in payslips}:
        mine = [(row, one) for row, one in enumerate(payslips, 1) if one.request == request]
        stays = [row not in dropped for row, _ in mine]
        last = max((at for at, stay in enumerate(stays) if stay), default=-1)
        for at, (_, one) in enumerate(mine):
            if stays[at]:
                continue
            if at < last:  # up to where the next one begins
                spans.append((one.start, mine[at + 1][1].start, ""))
            else:  # from where the one before ends
                spans.append((mine[at - 1][1].end if at else one.start, one.end, ""))
    return spans

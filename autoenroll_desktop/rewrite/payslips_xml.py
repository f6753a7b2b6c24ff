"""Payroll submissions (PSR) in XML with single elements changed; the rest of the file is not touched.

Elements are found by their names whatever their prefix, as the reader finds them, and a new one gets the prefix of the
element it goes into. Text is worked on in UTF-8 and written in the encoding the file declares.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

from autoenroll_desktop.intake import psr
from autoenroll_desktop.rewrite import xml_order
from autoenroll_desktop.rewrite.edit import Edits, spliced_bytes
from autoenroll_desktop.rewrite.payslips_json import HEADERS, PATHS

Span = tuple[int, int, bytes]
"""Where something begins and ends, and what shall stand there instead."""
_REQUEST = "PayrollSubmissionRequest"
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding=[\"']([A-Za-z0-9._-]+)[\"']")


def rewrite_xml(data: bytes, edits: Edits) -> bytes:
    """A submission in XML with items of payslips changed, payslips left out and line items to be deleted."""
    mark, codec, data = _as_utf8(data)
    requests = _requests(data)
    payslips = [(number, one) for number, request in enumerate(requests) for one in request.named("Payslip")]
    spans: list[Span] = []
    stated: dict[tuple[int, str], str] = {}
    for row, cells in edits.by_row().items():
        number, payslip = payslips[row - 1]
        slip = data[payslip.start : payslip.beyond]
        for name, edit in cells.items():
            if name in HEADERS:
                item = HEADERS[str(name)]
                stated[number, item[0].upper() + item[1:]] = edit.text
            else:
                path = psr.xml_name(PATHS[str(name)]).split("/")
                slip = spliced_bytes(slip, _item(slip, _parsed(slip), path, edit.text))
        spans.append((payslip.start, payslip.beyond, slip))
    spans += [(one.start, one.beyond, b"") for row, (_, one) in enumerate(payslips, 1) if row in edits.dropped]
    data = spliced_bytes(data, spans)
    for (number, tag), text in stated.items():
        request = _requests(data)[number]
        header = next(iter(request.named("Header")), request)
        data = spliced_bytes(data, _item(data, request if tag == "SubmissionID" else header, [tag], text))
    for row, item in edits.deletes.items():
        request = _requests(data)[payslips[row - 1][0]]
        data = spliced_bytes(data, [_new(request, "LineItemIDToDelete", [], item)])
    return mark + data.decode().encode(codec, "xmlcharrefreplace")


def _as_utf8(data: bytes) -> tuple[bytes, str, bytes]:
    """The mark a file begins with, its encoding, and its text in UTF-8."""
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return mark, codec, data[len(mark) :].decode(codec).encode()
    found = _DECLARED.match(data)
    codec = found[1].decode() if found else "utf-8"
    return b"", codec, data.decode(codec).encode()


@dataclass
class _Element:
    """An element: its name without and the prefix with colon, and places in the bytes.

    Attributes:
        start: of its tag; content: where its content begins, end: and ends; beyond: after its closing tag.
    """

    name: str
    prefix: bytes
    start: int
    content: int
    end: int = 0
    beyond: int = 0
    children: list["_Element"] = field(default_factory=list)

    def named(self, name: str) -> list["_Element"]:
        """Its children of a name."""
        return [child for child in self.children if child.name == name]

    def everything(self) -> Iterator["_Element"]:
        """Itself and all below it, in the file's order."""
        yield self
        for child in self.children:
            yield from child.everything()


def _parsed(data: bytes) -> _Element:
    """The outermost element of bytes in UTF-8."""
    parser = expat.ParserCreate("utf-8")
    root = _Element("", b"", 0, 0)
    stack = [root]

    def start(name: str, _attributes: Any) -> None:
        at = parser.CurrentByteIndex
        prefix, _, local = name.rpartition(":")
        element = _Element(local, f"{prefix}:".encode() if prefix else b"", at, data.index(b">", at) + 1)
        stack[-1].children.append(element)
        stack.append(element)

    def end(_name: str) -> None:
        element = stack.pop()
        if data[element.content - 2 : element.content] == b"/>":
            element.end = element.beyond = element.content
        else:
            element.end = parser.CurrentByteIndex
            element.beyond = data.index(b">", element.end) + 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(data, True)
    return root.children[0]


def _requests(data: bytes) -> list[_Element]:
    return [one for one in _parsed(data).everything() if one.name == _REQUEST]


def _item(data: bytes, parent: _Element, path: Sequence[str], new: str) -> list[Span]:
    """The span that gives an element another text; an emptied one goes, a missing one is put where it belongs."""
    name, *more = path
    found = next(iter(parent.named(name)), None)
    if found is None:
        return [_new(parent, name, more, new)] if new else []
    closed = found.content == found.beyond
    if more and not closed:
        return _item(data, found, more, new)
    if not new:
        return [(found.start, found.beyond, b"")]
    if closed:
        return [(found.start, found.beyond, _element(found.prefix, path, new))]
    return [(found.content, found.end, escape(new).encode())]


def _new(parent: _Element, name: str, more: Sequence[str], text: str) -> Span:
    """The span that puts an element where the schema wants it."""
    earlier = xml_order.before(name) | {name}
    at = max((child.beyond for child in parent.children if child.name in earlier), default=parent.content)
    return at, at, _element(parent.prefix, [name, *more], text)


def _element(prefix: bytes, path: Sequence[str], text: str) -> bytes:
    inner = escape(text).encode()
    for name in reversed(path):
        tag = prefix + name.encode()
        inner = b"<" + tag + b">" + inner + b"</" + tag + b">"
    return inner

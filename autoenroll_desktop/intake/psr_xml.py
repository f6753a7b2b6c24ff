"""Payroll submissions in XML: bare or inside a SOAP envelope, under any prefix.

A file that declares a document type is refused outright: payroll files have none, and it is the door through which
entity bombs and outside files come in.
"""

import numpy as np
from lxml import etree

from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import EmptyFile, UnreadableFile
from autoenroll_desktop.intake import psr
from autoenroll_desktop.intake.source import Limits, Source
from autoenroll_desktop.intake.table import Table

_ROOT = "PayrollSubmissionRequest"


def read_psr_xml(source: Source, _limits: Limits, progress: Progress) -> Table:
    """Read every payslip of an XML payroll submission as a table with canonical headers.

    Raises:
        UnreadableFile: broken XML (with line and column), a document type, or another kind of XML.
        EmptyFile: no payslip in it.
    """
    progress.step("reading")
    root = _parse(source)
    requests = [element for element in root.iter() if _local(element) == _ROOT]
    if not requests:
        raise UnreadableFile(
            f"{source.path.name} is no payroll submission",
            f"its outer element is {_local(root)[:60]}",
            "Choose the submission your payroll package wrote",
        )
    columns: dict[str, list[str]] = {field: [] for field in psr.FIELDS}
    scalars = {psr.xml_name(path): field for path, field in psr.SCALARS.items()}
    shared: dict[str, str] = {}
    deleted: list[str] = []
    header = {psr.xml_name(item): field for item, field in psr.HEADER.items()}
    count = 0
    for request in requests:
        for element in request:
            name = _local(element)
            if name == "Payslip":
                count += 1
                _payslip(element, scalars, columns)
            elif name == "LineItemIDToDelete":
                deleted.append(_text(element))
            for part in (element, *element) if name == "Header" else (element,):
                if _local(part) in header and _text(part):
                    shared.setdefault(header[_local(part)], _text(part))
    if not count:
        raise EmptyFile(f"{source.path.name} holds no pay line", "a submission without payslips", "Export it again")
    return Table(
        path=source.path,
        kind="psr-xml",
        sha256=source.sha256,
        headers=list(columns),
        columns=list(columns.values()),
        rows=np.arange(1, count + 1, dtype=np.int64),
        encoding=(root.getroottree().docinfo.encoding or "utf-8").lower(),
        canonical=True,
        shared=shared,
        deleted_line_items=deleted,
    )


def _parse(source: Source) -> etree._Element:
    if b"<!DOCTYPE" in source.data[:100_000] or "<!DOCTYPE".encode("utf-16-le") in source.data[:100_000]:
        raise UnreadableFile(
            f"{source.path.name} is refused",
            "it declares a document type, which no payroll file does",
            "Export it again",
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        return etree.fromstring(source.data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise UnreadableFile(
            f"{source.path.name} is broken",
            f"line {line}, column {column}: {str(error.msg).split(', line')[0]}",
            "Export it again from the payroll package",
        ) from error
    except (ValueError, LookupError) as error:
        raise UnreadableFile(f"{source.path.name} is broken", str(error), "Export it again") from error


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()


def _payslip(payslip: etree._Element, scalars: dict[str, str], columns: dict[str, list[str]]) -> None:
    found: dict[str, str] = {}
    classes: list[str] = []
    weeks: list[str] = []
    tracing: list[str] = []
    for element in payslip:
        name = _local(element)
        if name == "PRSIClassDetail":
            classes += [_text(part) for part in element if _local(part) == "PRSIClass"]
            weeks += [_text(part) for part in element if _local(part) == "InsurableWeeks"]
        elif name == "PensionTracingNumber":
            tracing.append(_text(element))
        elif name in scalars:
            found[scalars[name]] = _text(element)
        else:
            for part in element:
                if (field := scalars.get(f"{name}/{_local(part)}")) is not None:
                    found[field] = _text(part)
    found["prsi_class"] = " ".join(classes)
    found["insurable_weeks"] = psr.summed_weeks(weeks)
    found["pension_tracing_numbers"] = " ".join(tracing)
    for field, column in columns.items():
        column.append(found.get(field, ""))

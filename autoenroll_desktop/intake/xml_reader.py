"""XML of Revenue's kinds: payroll submissions (bare, in a SOAP envelope, several in one file), RPNs, list of employees.

Elements are known by their names whatever their prefix. A file that declares a document type is refused outright:
payroll files have none, and it is the door through which entity bombs and outside files come in.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from lxml import etree

from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.errors import EmptyFile, UnreadableFile
from autoenroll_desktop.intake import psr, rpn
from autoenroll_desktop.intake.choices import Choices
from autoenroll_desktop.intake.collector import collector_paused
from autoenroll_desktop.intake.limits import Limits
from autoenroll_desktop.intake.source import Source
from autoenroll_desktop.intake.table import Table, about_file, canonical_table

_KINDS = ("PayrollSubmissionRequest", "LookupRPNResponse", "CreateRPNResponse", "RPN", "Employee")
"""The elements that tell what a file is."""


def read_xml(source: Source, _limits: Limits, progress: Progress, _choices: Choices) -> Table:
    """Read an XML file of Revenue's as a table with canonical headers.

    Raises:
        UnreadableFile: broken XML (with line and column), a document type, or another kind of XML.
        EmptyFile: nothing in it.
    """
    progress.step("reading")
    with collector_paused():
        root = _parse(source)
        found: dict[str, list[etree._Element]] = {}
        for element in root.iter(*(f"{{*}}{name}" for name in _KINDS)):
            found.setdefault(_local(element), []).append(element)
        if requests := found.get("PayrollSubmissionRequest"):
            table = _submissions(source, requests, progress)
        elif rpns := found.get("RPN"):
            table = _rpns(source, root, rpns)
        elif employees := [one for one in found.get("Employee", ()) if one.get("ppsn") is not None]:
            table = _employees(source, root, employees)
        elif "LookupRPNResponse" in found or "CreateRPNResponse" in found:
            raise EmptyFile(f"{source.path.name} is empty", "no RPN in it", "Ask Revenue again")
        else:
            raise UnreadableFile(
                f"{source.path.name} is no payroll submission",
                f"its outer element is {_local(root)[:60]}",
                "Choose the submission your payroll package wrote",
            )
    table.encoding = (root.getroottree().docinfo.encoding or "utf-8").lower()
    return table


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
    return _without_namespace(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1024)
def _without_namespace(tag: str) -> str:
    return tag.rpartition("}")[2]


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()


def _submissions(source: Source, requests: list[etree._Element], progress: Progress) -> Table:
    columns: dict[str, list[str]] = {field: [] for field in psr.FIELDS}
    scalars = {psr.xml_name(path): field for path, field in psr.SCALARS.items()}
    header = {psr.xml_name(item): field for item, field in psr.HEADER.items()}
    headers: list[Mapping[str, str]] = []
    counts: list[int] = []
    deleted: list[str] = []
    for request in requests:
        progress.step("reading", len(headers), len(requests))
        payslips = [element for element in request if _local(element) == "Payslip"]
        for payslip in payslips:
            _payslip(payslip, scalars, columns)
        deleted += [_text(element) for element in request if _local(element) == "LineItemIDToDelete"]
        counts.append(len(payslips))
        headers.append(
            {
                header[_local(part)]: _text(part)
                for element in request
                for part in ((element, *element) if _local(element) == "Header" else (element,))
                if _local(part) in header and _text(part)
            }
        )
    if not sum(counts) and not deleted:
        raise EmptyFile(f"{source.path.name} holds no pay line", "a submission without payslips", "Export it again")
    return psr.submissions(source, "psr-xml", columns, headers, counts, deleted)


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


def _rpns(source: Source, root: etree._Element, rpns: list[etree._Element]) -> Table:
    fields = {psr.xml_name(path).lower(): field for path, field in rpn.ITEMS.items()}
    rows = [{fields[path]: text for path, text in _leaves(one) if path in fields} for one in rpns]
    columns = {field: [row.get(field, "") for row in rows] for field in rpn.ITEMS.values()}
    table = canonical_table(source.path, source.sha256, "rpn-xml", columns, len(rows))
    table.holds = "people"
    stated = {_local(one): _text(one) for one in root.iter() if len(one) == 0}
    table.shared = {"employer_registration_number": stated.get("EmployerRegistrationNumber", "")}
    count = stated.get("TotalRPNCount", "")
    if count.isdigit() and int(count) != len(rows):
        facts = {"name": "TotalRPNCount", "stated": count, "summed": str(len(rows))}
        table.notes.append(about_file("control-total-mismatch", facts))
    return table


def _leaves(element: etree._Element) -> Iterator[tuple[str, str]]:
    """The texts of an element's children and grandchildren by lower-case path: "name/firstname"."""
    for child in element:
        if len(child) == 0:
            yield _local(child).lower(), _text(child)
        for grandchild in child:
            yield f"{_local(child)}/{_local(grandchild)}".lower(), _text(grandchild)


def _employees(source: Source, root: etree._Element, employees: list[etree._Element]) -> Table:
    columns = {field: [one.get(name, "").strip() for one in employees] for name, field in rpn.EMPLOYEE.items()}
    table = canonical_table(source.path, source.sha256, "employee-list", columns, len(employees))
    table.holds = "people"
    number = root.get("employerRegistrationNumber", "")
    table.shared = {"employer_registration_number": number} if any(map(str.isalpha, number)) else {}
    return table

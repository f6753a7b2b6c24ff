"""The payroll submission (PSR) every Irish package writes: which item is which field, in JSON and XML alike.

Source: Revenue, REST schema v0.10 and payroll-schema-pit4.xsd.
"""

from collections.abc import Mapping, Sequence

from autoenroll_desktop.domain.pay_run import Seen
from autoenroll_desktop.intake.source import Source
from autoenroll_desktop.intake.table import Table, canonical_table

SCALARS: Mapping[str, str] = {
    "lineItemID": "line_item_id",
    "previousLineItemID": "previous_line_item_id",
    "employeeID/employeePpsn": "ppsn",
    "employeeID/employmentID": "employment_id",
    "employerReference": "works_number",
    "name/firstName": "first_name",
    "name/familyName": "family_name",
    "dateOfBirth": "date_of_birth",
    "startDate": "start_date",
    "leaveDate": "leave_date",
    "payDate": "pay_date",
    "payFrequency": "pay_frequency",
    "payPeriod": "pay_period",
    "grossPay": "gross_pay",
    "taxableBenefits": "taxable_benefits",
    "payForIncomeTax": "pay_for_income_tax",
    "payForUSC": "pay_for_usc",
    "payForEmployeePRSI": "pay_for_employee_prsi",
    "employeeRBS": "employee_rbs",
    "employerRBS": "employer_rbs",
    "employeePRSA": "employee_prsa",
    "employerPRSA": "employer_prsa",
    "employeeRAC": "employee_rac",
    "employeeAVC": "employee_avc",
    "employeeASC": "employee_asc",
    "employeePEPP": "employee_pepp",
    "employerPEPP": "employer_pepp",
}
"""JSON path → field."""

HEADER: Mapping[str, str] = {
    "employerRegistrationNumber": "employer_registration_number",
    "taxYear": "tax_year",
    "payrollRunReference": "payroll_run_reference",
    "submissionID": "submission_id",
}
"""Item stated once for the file → field."""

FIELDS: tuple[str, ...] = (*SCALARS.values(), "prsi_class", "insurable_weeks", "pension_tracing_numbers")
"""The columns every PSR table has."""

_XML_NAMES = {"employeeID/employeePpsn": "EmployeeID/EmployeePPSN"}


def xml_name(path: str) -> str:
    """The XML spelling of a JSON path: each part begins with a capital.

    Example: "name/firstName" is "Name/FirstName".
    """
    return _XML_NAMES.get(path) or "/".join(part[0].upper() + part[1:] for part in path.split("/"))


def submissions(
    source: Source,
    kind: str,
    columns: dict[str, list[str]],
    headers: Sequence[Mapping[str, str]],
    counts: list[int],
    deleted: list[str],
) -> Table:
    """The table of the submissions in one file.

    Args:
        columns: field → text of each payslip. headers, counts: as for one submission each, field → text and how many
            payslips. deleted: line item IDs they ask to delete.
    """
    shared, own = _stated(headers, counts)
    table = canonical_table(source.path, source.sha256, kind, columns | own, sum(counts))
    table.shared = shared
    if len(headers) > 1:
        table.seen.append(Seen.of("several-requests", times=len(headers)))
    table.deletes(deleted)
    return table


def _stated(headers: Sequence[Mapping[str, str]], counts: list[int]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """What several submissions in one file state about themselves: alike for all, or a column of its own.

    Args:
        headers: field → text, one a submission. counts: payslips in each.
    """
    shared: dict[str, str] = {}
    columns: dict[str, list[str]] = {}
    for field in HEADER.values():
        texts = [header.get(field, "") for header in headers]
        if len(set(texts)) == 1:
            if texts[0]:
                shared[field] = texts[0]
        else:
            columns[field] = [text for text, count in zip(texts, counts, strict=True) for _ in range(count)]
    return shared, columns


def summed_weeks(weeks: list[str]) -> str:
    """Insurable weeks of several PRSI classes added up; "" for none, the texts side by side where one is no number."""
    if not weeks:
        return ""
    try:
        total = sum((float(week) for week in weeks), 0.0)
        whole = int(total)
    except (ValueError, OverflowError):
        return " ".join(weeks)
    return str(whole) if total == whole else str(total)

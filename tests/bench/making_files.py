"""Payroll files of any size: 25 columns, mostly right, a few amounts wrong."""

import csv
import json
import random
from pathlib import Path

import xlsxwriter

from autoenroll_desktop.domain.money import plain, share
from tests.making import ERN, ppsn

HEADINGS = ("Works No", "Surname", "First Name", "PPS Number", "Employment ID", "Date of Birth", "Start Date",
            "Pay Frequency", "Pay Date", "Pay Period", "PRSI Class", "Basic Pay", "Overtime", "BIK", "Gross Pay",
            "Taxable Pay", "USC Pay", "PRSI Pay", "PAYE", "USC", "PRSI", "Net Pay", "MyFuture Fund EE",
            "MyFuture Fund ER", "Line Item ID")  # fmt: skip


def rows(size: int) -> list[list[str]]:
    """`size` pay lines of one weekly run."""
    chance = random.Random(1)
    made = []
    for at in range(size):
        gross = chance.randint(30_000, 150_000)
        taken = share(gross, 150) + (at % 997 == 0)
        money = [
            gross - 1000,
            1000,
            0,
            gross,
            gross,
            gross,
            gross,
            gross // 5,
            gross // 50,
            gross // 25,
            gross // 2,
            taken,
            taken,
        ]
        made.append(
            [f"{at:06d}", f"Ó Briain{at % 700}", f"Séamus{at % 50}", ppsn(1_000_000 + at), "1",
             f"{1 + at % 28:02d}/{1 + at % 12:02d}/{1965 + at % 35}", "01/02/2020", "Weekly", "26/11/2026", "48", "A1",
             *map(plain, money), f"L{at}"]
        )  # fmt: skip
    return made


def write_csv(path: Path, size: int) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(rows(size))
    return path


def write_xlsx(path: Path, size: int) -> Path:
    """A workbook as Excel itself writes it: texts in one shared list, numbers as numbers."""
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADINGS)
    for at, cells in enumerate(rows(size), 1):
        sheet.write_row(at, 0, cells)
    book.close()
    return path


def write_aepns(path: Path, size: int) -> Path:
    entries = [
        {"ppsn": ppsn(1_000_000 + at), "employmentId": "1", "status": "Enrolled", "effectiveDate": "2026-01-01",
         "employeeRate": "1.5", "employerRate": "1.5", "employerRegistrationNumber": ERN}
        for at in range(size)
    ]  # fmt: skip
    path.write_text(json.dumps({"downloadedAt": "2026-11-26T08:00:00+00:00", "aepns": entries}), encoding="utf-8")
    return path


def psr_payslips(size: int) -> list[dict[str, object]]:
    """Payslips as payroll packages write them, with the items a checker does not look at."""
    return [
        {
            "lineItemID": f"L{at}", "employeeID": {"employeePpsn": ppsn(1_000_000 + at), "employmentID": "1"},
            "employerReference": f"{at:06d}", "name": {"firstName": "Séamus", "familyName": "Ó Briain"},
            "dateOfBirth": "1990-05-05", "startDate": "2020-01-01", "payDate": "2026-11-26", "payFrequency": "WEEKLY",
            "payPeriod": 48, "numberOfPayPeriods": 52, "rpnNumber": "1", "taxCredits": 38.46,
            "taxRates": [{"index": 1, "rateCutOff": 846.15}], "incomeTaxCalculationBasis": "CUMULATIVE",
            "grossPay": 1000.5 + at % 100, "payForIncomeTax": 1000.5, "incomeTaxPaid": 100.25,
            "payForEmployeePRSI": 1000.5, "payForEmployerPRSI": 1000.5, "payForUSC": 1000.5, "prsiExempt": False,
            "prsiClassDetails": [{"prsiClass": "A1", "insurableWeeks": 1}], "employeePRSIPaid": 40.02,
            "employerPRSIPaid": 110, "uscStatus": "ORDINARY", "uscPaid": 20.1, "lptDeducted": 0,
        }
        for at in range(size)
    ]  # fmt: skip


def write_psr_xml(path: Path, slips: list[dict[str, object]]) -> Path:
    def element(value: object, name: str) -> str:
        name = {"employeePpsn": "EmployeePPSN", "taxRates": "TaxRate", "prsiClassDetails": "PRSIClassDetail",
                "prsiClass": "PRSIClass"}.get(name, name[0].upper() + name[1:])  # fmt: skip
        if isinstance(value, dict):
            return f"<{name}>{''.join(element(part, key) for key, part in value.items())}</{name}>"
        if isinstance(value, list):
            return "".join(element(part, name) for part in value)
        return f"<{name}>{value}</{name}>"

    head = '<PayrollSubmissionRequest xmlns="http://www.ros.ie/schemas/paye-employers/v1/payroll/">'
    path.write_text(f"{head}{''.join(element(slip, 'Payslip') for slip in slips)}</PayrollSubmissionRequest>")
    return path

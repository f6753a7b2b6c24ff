"""Writes the bundled sample employer: the same files every time.

Iasc an Iarthair Teoranta of Ros an Mhíl is invented, and so is everybody it pays. Weekly staff are paid on Thursdays,
monthly staff on the last Friday. The current files hold planted problems, each listed in `planted.toml` with its
place; everything else in them is right.
"""

import csv
import datetime as dt
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autoenroll_desktop.domain.identifiers import LETTERS  # noqa: E402
from autoenroll_desktop.domain.money import plain, share  # noqa: E402

OUT = ROOT / "resources" / "sample"
EMPLOYER = "Iasc an Iarthair Teoranta"
THURSDAYS = (dt.date(2026, 11, 12), dt.date(2026, 11, 19), dt.date(2026, 11, 26))
MONTH_ENDS = (dt.date(2026, 10, 30), dt.date(2026, 11, 27))
FETCHED = "2026-11-26T08:05:00+00:00"
FETCHED_BEFORE = "19/11/2026 08:10"


def numbered(digits: int, second: str = "A") -> str:
    """Seven digits with their check letter and second letter."""
    text = f"{digits:07d}"
    total = sum(int(digit) * weight for digit, weight in zip(text, range(8, 1, -1), strict=True))
    total += 9 * (ord(second) - 64) if second and second not in "WTX" else 0
    return f"{text}{LETTERS[total % 23]}{second}"


ERN = numbered(8041973, "H")


@dataclass(frozen=True)
class Person:
    """One employment. Pay is cents a period; `extra` is this period's overtime or bonus."""

    works: str
    first: str
    family: str
    ppsn: str
    born: dt.date
    basic: int
    frequency: str
    employment: str = "1"
    started: dt.date = dt.date(2021, 3, 1)
    extra: int = 0
    benefits: int = 0
    pension: int = 0
    earned: int | None = None
    status: str = "Enrolled"
    rate: str | None = "1.5"
    effective: dt.date | None = dt.date(2026, 1, 1)
    aepn: bool = True

    @property
    def gross(self) -> int:
        return self.basic + self.extra + self.benefits

    def contribution(self, day: dt.date) -> int:
        """What is right to take on `day`, each share."""
        in_force = self.aepn and self.status == "Enrolled" and self.effective is not None and self.effective <= day
        of_age = (day.year - self.born.year) - ((day.month, day.day) < (self.born.month, self.born.day)) >= 66
        if not in_force or of_age or self.rate is None or self.before(day) >= 8_000_000:
            return 0
        return share(self.gross, round(float(self.rate) * 100))

    def before(self, day: dt.date) -> int:
        """Gross pay this year before the payment of `day`, as the payroll package knows it."""
        if self.earned is not None:
            return self.earned
        periods = day.timetuple().tm_yday // 7 if self.frequency == "WEEKLY" else day.month - 1
        return self.basic * periods


WEEKLY = """
101 Séamus|Ó Briain|1988-04-12|74250|8640|0|0
102 Caoimhe|Ní Dhomhnaill|1994-09-30|68800|0|0|0
103 Patrick|Conneely|1979-01-23|71200|12300|0|0
104 Aoife|Mac Donncha|1999-06-05|63475|0|0|0
105 Tomasz|Wojcik|1985-11-17|70350|9225|0|0
106 Bríd|Uí Fhlatharta|1972-02-08|66210|0|0|0
107 Micheál|Ó Cualáin|1966-07-19|81540|0|0|0
108 Gráinne|Walsh|1991-12-02|69930|4410|0|0
109 Darragh|Folan|2001-03-27|61250|3850|0|0
110 Ionela|Popescu|1989-08-14|64400|0|0|0
111 Pádraig|Joyce|1960-11-20|77735|0|0|0
112 Siobhán|O'Toole|1983-05-09|72100|0|0|0
113 Cathal|Mannion|1997-10-21|65595|5310|0|0
114 Niamh|Keane|1990-07-07|70805|0|0|0
115 Liam|Faherty|2005-02-15|57680|0|0|0
116 Orla|De Búrca|1976-03-31|73840|0|0|0
117 Marek|Novak|1993-06-26|66955|7215|0|0
118 Éanna|Breathnach|1982-01-11|75320|0|0|0
119 Róisín|Hernon|1987-09-18|69065|0|0|0
120 Fionn|Lydon|1995-04-03|64135|0|0|0
121 Máire|Griffin|1969-12-24|67390|0|0|0
122 Joseph|Hession|1974-08-29|78215|0|0|0
123 Clíona|Ward|1998-11-06|62505|0|0|0
124 Eoin|Curran|1986-10-15|71845|6150|0|0
"""
MONTHLY = """
201 Deirdre|Ní Chonghaile|1978-05-22|412500|0|21500|0
202 Brian|Geraghty|1984-03-14|387250|0|0|19362
203 Ciarán|Mac Eoin|1971-09-03|725000|0|0|0
204 Emma|Burke|1992-07-28|338900|0|0|0
205 Ruairí|Ó Máille|1980-12-10|365475|0|0|0
206 Sinéad|Coyne|1989-02-19|352150|25000|0|0
207 Anna|Kowalska|1990-10-08|329800|0|0|0
208 Conor|Nee|1996-01-30|306250|0|0|0
209 Úna|Lally|1973-06-16|398700|0|0|19935
210 Diarmuid|Kelly|1981-11-25|344400|0|0|0
211 Gearóid|Flaherty|1987-04-18|361225|0|18750|0
212 Ailbhe|Noone|1999-08-05|295800|0|0|0
213 Martin|Canavan|1964-03-09|376650|0|0|0
214 Sorcha|Tierney|1993-12-13|318575|0|0|0
215 Kevin|Heneghan|1985-05-31|333950|0|0|0
216 Treasa|Ó Flaithearta|1977-07-02|358125|0|0|0
"""


def people(listing: str, frequency: str) -> list[Person]:
    """The staff of one listing, with PPSNs of their own."""
    staff = []
    for line in listing.strip().splitlines():
        first, family, born, *amounts = line[4:].split("|")
        works = line[:3]
        basic, extra, benefits, pension = map(int, amounts)
        number = numbered(9_100_000 + int(works) * 7919 % 800_000, "A")
        born_on = dt.date.fromisoformat(born)
        staff.append(
            Person(
                works,
                first,
                family,
                number,
                born_on,
                basic,
                frequency,
                "1",
                dt.date(2021, 3, 1),
                extra,
                benefits,
                pension,
            )
        )
    return staff


def staff() -> dict[str, Person]:
    """Everybody, as they are when nothing is wrong, by works number."""
    everybody = {person.works: person for person in people(WEEKLY, "WEEKLY") + people(MONTHLY, "MONTHLY")}

    def say(works: str, **facts: Any) -> None:
        everybody[works] = replace(everybody[works], **facts)

    say("107", rate="1.5")
    say("109", status="Opted out", rate="0")
    say("115", aepn=False)
    say("116", status="Suspended", rate="0")
    say("119", effective=dt.date(2026, 12, 1))
    say("120", aepn=False, started=dt.date(2026, 11, 9))
    say("202", status="Exempt", rate="0")
    say("203", earned=7_950_000)
    say("209", status="Exempt", rate="0")
    say("213", aepn=False)
    twin = everybody["122"]
    everybody["125"] = replace(twin, works="125", employment="2", basic=15600, started=dt.date(2025, 9, 1))
    return everybody


@dataclass(frozen=True)
class Planted:
    """A planted problem: whose line, which cells, what is found there, and what else follows from it."""

    works: str
    code: str
    field: str
    why: str
    cells: dict[str, Any]
    also: tuple[str, ...] = ()


def swapped(number: str) -> str:
    """The number with its first two unequal neighbours exchanged."""
    at = next(at for at in range(2, 6) if number[at] != number[at + 1])
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


def planted(everybody: dict[str, Person]) -> list[Planted]:
    """The problems of the current files."""
    by = everybody
    rate = 150
    after_pension = share(by["206"].gross - 17_500, rate)
    return [
        Planted("103", "ppsn-check-letter", "ppsn", "two digits of the PPSN exchanged", {"ppsn": swapped(by["103"].ppsn)}),
        Planted("104", "contribution-missing", "ae_employee", "enrolled, nothing deducted", {"ee": 0, "er": 0}),
        Planted("101", "contribution-amount", "ae_employee", "overtime left out of the base",
                {"ee": share(by["101"].basic, rate), "er": share(by["101"].basic, rate)}),
        Planted("109", "contribution-not-due", "ae_employee", "opted out, still deducted",
                {"ee": share(by["109"].gross, rate), "er": share(by["109"].gross, rate)}),
        Planted("111", "contribution-after-66", "ae_employee", "turned 66 on 20/11/2026",
                {"ee": share(by["111"].gross, rate), "er": share(by["111"].gross, rate)}),
        Planted("119", "contribution-before-effective-date", "ae_employee", "AEPN starts on 01/12/2026",
                {"ee": share(by["119"].gross, rate), "er": share(by["119"].gross, rate)}),
        Planted("120", "contribution-without-aepn", "ae_employee", "new starter, no AEPN yet",
                {"ee": share(by["120"].gross, rate), "er": share(by["120"].gross, rate)}),
        Planted("112", "name-characters", "family_name", "curly apostrophe", {"family": "O’Toole"}),
        Planted("113", "contribution-shares-differ", "ae_employee", "employer share doubled by hand",
                {"er": 2 * share(by["113"].gross, rate)}, also=("contribution-amount",)),
        Planted("114", "aepn-employment-id-mismatch", "employment_id", "the AEPN stands under another ID", {"employment": "7"}),
        Planted("117", "contribution-rounding", "ae_employee", "rounded down",
                {"ee": share(by["117"].gross, rate) - 1, "er": share(by["117"].gross, rate) - 1}),
        Planted("118", "ppsn-zero-padded", "ppsn", "a zero too many in front", {"ppsn": "0" + by["118"].ppsn}),
        Planted("124", "employment-id-case", "employment_id", "01 instead of 1", {"employment": "01"}),
        Planted("203", "contribution-over-cap", "ae_employee", "this payment passes 80,000", {}),
        Planted("206", "contribution-amount", "ae_employee", "taken on pay after pension",
                {"ee": after_pension, "er": after_pension, "pension": 17_500}, also=("pension-and-contribution",)),
        Planted("208", "name-missing", "first_name", "no first name", {"first": ""}),
        Planted("212", "ppsn-format", "ppsn", "a digit is missing", {"ppsn": by["212"].ppsn[:3] + by["212"].ppsn[4:]}),
        Planted("214", "aepn-unknown-status", "status", "NAERSA's word is not one we know", {}),
        Planted("215", "aepn-rate-not-statutory", "employee_rate", "the AEPN says 3 %", {}, also=("contribution-amount",)),
    ]  # fmt: skip


HEADINGS = (
    "Works No", "Surname", "First Name", "PPS Number", "Employment ID", "Date of Birth", "Start Date", "Pay Frequency",
    "Pay Date", "Pay Period", "Tax Year", "Run Reference", "PRSI Class", "Basic Pay", "Overtime", "BIK", "Gross Pay",
    "Taxable Pay", "USC Pay", "PRSI Pay", "Pension EE", "Pension ER", "MyFuture Fund EE", "MyFuture Fund ER",
    "Gross Pay YTD", "Line Item ID",
)  # fmt: skip


def line(person: Person, day: dt.date, wrong: dict[str, Any]) -> list[Any]:
    """One pay line under `HEADINGS`: text, dates and cents."""
    right = person.contribution(day)
    period = day.isocalendar().week if person.frequency == "WEEKLY" else day.month
    pension = wrong.get("pension", person.pension)
    word = "Weekly" if person.frequency == "WEEKLY" else "Monthly"
    return [
        person.works, wrong.get("family", person.family), wrong.get("first", person.first),
        wrong.get("ppsn", person.ppsn), wrong.get("employment", person.employment), person.born, person.started,
        word, day, str(period), "2026", f"26-{word}-{period:02d}", "A1", (person.basic,), (person.extra,),
        (person.benefits,), (person.gross,), (person.gross - pension,), (person.gross,), (person.gross,), (pension,),
        (pension,), (wrong.get("ee", right),), (wrong.get("er", right),), (person.before(day) + person.gross,),
        f"{word[0]}{period:02d}-{person.works}",
    ]  # fmt: skip


def as_text(cell: Any) -> str:
    """A cell as the payroll package prints it into CSV."""
    match cell:
        case dt.date():
            return f"{cell:%d/%m/%Y}"
        case (int() as cents,):
            return plain(cents)
    return str(cell)


def write_csv(name: str, lines: list[list[Any]]) -> None:
    with (OUT / name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows([as_text(cell) for cell in cells] for cells in lines)


def write_xlsx(name: str, title: str, lines: list[list[Any]]) -> None:
    """A workbook with a merged title, headings in row 3 and a totals row."""
    book = xlsxwriter.Workbook(OUT / name)
    book.set_properties({"created": dt.datetime(2026, 11, 26, 12, 0)})
    sheet = book.add_worksheet("Gross to net")
    bold = book.add_format({"bold": True})
    money = book.add_format({"num_format": "#,##0.00"})
    date = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.merge_range(0, 0, 0, 8, title, bold)
    sheet.write_row(2, 0, HEADINGS, bold)
    for row, cells in enumerate(lines, 3):
        for column, cell in enumerate(cells):
            match cell:
                case dt.date():
                    sheet.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), date)
                case (int() as cents,):
                    sheet.write_number(row, column, cents / 100, money)
                case _:
                    sheet.write_string(row, column, str(cell))
    sheet.write_string(len(lines) + 3, 0, "Total", bold)
    for column, cell in enumerate(lines[0]):
        if isinstance(cell, tuple):
            sheet.write_number(len(lines) + 3, column, sum(cells[column][0] for cells in lines) / 100, money)
    sheet.set_column(0, len(HEADINGS) - 1, 14)
    sheet.freeze_panes(3, 3)
    book.close()


def payslip(cells: list[Any]) -> dict[str, Any]:
    """One line as a PSR payslip; a PSR has no room for contributions. Amounts are cents in one-tuples."""
    of = dict(zip(HEADINGS, cells, strict=True))
    return {
        "lineItemID": of["Line Item ID"],
        "employeeID": {"employeePpsn": of["PPS Number"], "employmentID": of["Employment ID"]},
        "employerReference": of["Works No"],
        "name": {"firstName": of["First Name"], "familyName": of["Surname"]},
        "dateOfBirth": f"{of['Date of Birth']}",
        "startDate": f"{of['Start Date']}",
        "payFrequency": of["Pay Frequency"].upper(),
        "payPeriod": int(of["Pay Period"]),
        "payDate": f"{of['Pay Date']}",
        "grossPay": of["Gross Pay"],
        "payForIncomeTax": of["Taxable Pay"],
        "incomeTaxPaid": (of["Taxable Pay"][0] // 6,),
        "payForEmployeePRSI": of["PRSI Pay"],
        "payForEmployerPRSI": of["PRSI Pay"],
        "prsiExempt": False,
        "prsiClassDetails": [{"prsiClass": "A1", "insurableWeeks": 1}],
        "employeePRSIPaid": (of["PRSI Pay"][0] * 435 // 10000,),
        "employerPRSIPaid": (of["PRSI Pay"][0] * 1125 // 10000,),
        "payForUSC": of["USC Pay"],
        "uscStatus": "ORDINARY",
        "uscPaid": (of["USC Pay"][0] // 50,),
    }


def write_psr_json(name: str, run: str, lines: list[list[Any]]) -> None:
    envelope = {
        "requestType": "payrollSubmission",
        "employerRegistrationNumber": ERN,
        "taxYear": 2026,
        "softwareUsed": "Sample Payroll",
        "softwareVersion": "1.0",
        "payrollRunReference": run,
        "submissionID": f"{run}-1",
        "requestBody": {"payslips": [_numbers(payslip(cells)) for cells in lines]},
    }
    (OUT / name).write_text(json.dumps(envelope, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _numbers(value: Any) -> Any:
    match value:
        case dict():
            return {key: _numbers(one) for key, one in value.items()}
        case list():
            return [_numbers(one) for one in value]
        case (int() as cents,):
            return cents / 100
    return value


def write_psr_xml(name: str, run: str, lines: list[list[Any]]) -> None:
    space = "http://www.ros.ie/schemas/paye-employers/v1/payroll/"
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<pay:PayrollSubmissionRequest xmlns:pay="{space}">',
        f" <pay:SubmissionID>{run}-1</pay:SubmissionID>",
        f" <pay:Header><pay:EmployerRegistrationNumber>{ERN}</pay:EmployerRegistrationNumber>"
        f"<pay:PayrollRunReference>{run}</pay:PayrollRunReference><pay:TaxYear>2026</pay:TaxYear>"
        "<pay:SoftwareUsed><pay:Name>Sample Payroll</pay:Name><pay:Version>1.0</pay:Version></pay:SoftwareUsed></pay:Header>",
    ]
    parts += [f" <pay:Payslip>{_elements(payslip(cells))}</pay:Payslip>" for cells in lines]
    parts.append("</pay:PayrollSubmissionRequest>")
    (OUT / name).write_text("\n".join(parts) + "\n", encoding="utf-8")


def _elements(items: dict[str, Any]) -> str:
    special = {"employeePpsn": "EmployeePPSN", "prsiClassDetails": "PRSIClassDetail", "prsiClass": "PRSIClass"}
    special |= {"prsiExempt": "PRSIExempt", "uscStatus": "USCStatus", "uscPaid": "USCPaid"}
    text = ""
    for key, value in items.items():
        tag = "pay:" + special.get(key, key[0].upper() + key[1:])
        for one in value if isinstance(value, list) else [value]:
            match one:
                case dict():
                    inside = _elements(one)
                case bool():
                    inside = "true" if one else "false"
                case (int() as cents,):
                    inside = plain(cents)
                case _:
                    inside = escape(str(one))
            text += f"<{tag}>{inside}</{tag}>"
    return text


def aepn(person: Person) -> dict[str, Any]:
    """The AEPN of one employment, as of the morning of 26 November."""
    status, rate = person.status, person.rate
    if person.works == "214":
        status = "Pending review"
    if person.works == "215":
        rate = "3"
    return {
        "aepnNumber": f"{int(person.works) * 10 + int(person.employment)}",
        "issueDate": "2026-11-20" if person.works in ("109", "116", "119") else "2026-01-01",
        "employerRegistrationNumber": ERN,
        "ppsn": person.ppsn,
        "employmentId": person.employment,
        "firstName": person.first,
        "familyName": person.family,
        "status": status,
        "effectiveDate": f"{person.effective}",
        "endDate": None,
        "employeeRate": rate,
        "employerRate": rate,
    }


def write_aepns(everybody: dict[str, Person]) -> None:
    """This morning's snapshot as JSON, last week's as CSV; in between one opted out, one is new, one was suspended."""
    current = [aepn(person) for person in everybody.values() if person.aepn]
    text = json.dumps({"downloadedAt": FETCHED, "aepns": current}, ensure_ascii=False, indent=1)
    (OUT / "aepn-2026-11-26.json").write_text(text + "\n", encoding="utf-8")
    before = []
    for entry in current:
        old = dict(entry)
        if entry["aepnNumber"] == "1191":
            continue
        if entry["aepnNumber"] in ("1091", "1161"):
            old |= {"status": "Enrolled", "employeeRate": "1.5", "employerRate": "1.5", "issueDate": "2026-01-01"}
        if entry["aepnNumber"] == "2141":
            old["status"] = "Enrolled"
        if entry["aepnNumber"] == "2151":
            old |= {"employeeRate": "1.5", "employerRate": "1.5"}
        before.append(old)
    headings = {
        "aepnNumber": "AEPN Number", "issueDate": "Issue Date", "employerRegistrationNumber": "Employer Number",
        "ppsn": "PPSN", "employmentId": "Employment ID", "firstName": "First Name", "familyName": "Family Name",
        "status": "Status", "effectiveDate": "Effective Date", "endDate": "End Date", "employeeRate": "Employee Rate",
        "employerRate": "Employer Rate",
    }  # fmt: skip
    with (OUT / "aepn-2026-11-19.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*headings.values(), "Downloaded At"])
        for old in before:
            dates = {key: f"{dt.date.fromisoformat(old[key]):%d/%m/%Y}" for key in ("issueDate", "effectiveDate")}
            row = {**old, **dates}
            writer.writerow([row[key] if row[key] is not None else "" for key in headings] + [FETCHED_BEFORE])


def main() -> None:
    """Write every file of the sample employer."""
    OUT.mkdir(parents=True, exist_ok=True)
    everybody = staff()
    problems = planted(everybody)
    wrong: dict[str, dict[str, Any]] = {}
    for problem in problems:
        wrong.setdefault(problem.works, {}).update(problem.cells)
    weekly = [person for person in everybody.values() if person.frequency == "WEEKLY"]
    monthly = [person for person in everybody.values() if person.frequency == "MONTHLY"]
    for day in THURSDAYS[:-1]:
        quiet = [replace(earlier(person), extra=0) for person in weekly if person.started <= day]
        write_csv(f"weekly-{day}.csv", [line(person, day, {}) for person in quiet])
    month = MONTH_ENDS[0]
    quiet = [replace(earlier(person), extra=0, earned=past(person)) for person in monthly]
    write_xlsx(
        f"monthly-{month}.xlsx", f"{EMPLOYER}: gross to net, October 2026", [line(one, month, {}) for one in quiet]
    )
    today, month = THURSDAYS[-1], MONTH_ENDS[-1]
    current = [line(person, today, wrong.get(person.works, {})) for person in weekly]
    write_csv(f"weekly-{today}.csv", current)
    write_psr_json(f"weekly-{today}.psr.json", "26-Weekly-48", current)
    write_psr_xml(f"weekly-{today}.psr.xml", "26-Weekly-48", current)
    current = [line(person, month, wrong.get(person.works, {})) for person in monthly]
    write_xlsx(f"monthly-{month}.xlsx", f"{EMPLOYER}: gross to net, November 2026", current)
    write_aepns(everybody)
    write_lists(problems, weekly, monthly)


def earlier(person: Person) -> Person:
    """The person as NAERSA saw them before this week's changes."""
    if person.works in ("109", "116"):
        return replace(person, status="Enrolled", rate="1.5")
    return person


def past(person: Person) -> int | None:
    """Year-to-date figures that are set by hand, a month earlier."""
    return None if person.earned is None else person.earned - person.gross


def write_lists(problems: list[Planted], weekly: list[Person], monthly: list[Person]) -> None:
    """`planted.toml` with the place of each problem, and `sample.toml` with what each file is."""
    parts = ["# The problems planted in the current files, by their place. Written by packaging/make_sample.py."]
    for problem in problems:
        in_week = [person.works for person in weekly]
        in_month = [person.works for person in monthly]
        if problem.works in in_week:
            file, row = f"weekly-{THURSDAYS[-1]}.csv", in_week.index(problem.works) + 2
        else:
            file, row = f"monthly-{MONTH_ENDS[-1]}.xlsx", in_month.index(problem.works) + 4
        parts.append(
            f'\n[[planted]]\ncode = "{problem.code}"\nfile = "{file}"\nrow = {row}\n'
            f'field = "{problem.field}"\nwhy = "{problem.why}"\nalso = {json.dumps(problem.also)}'
        )
    (OUT / "planted.toml").write_text("\n".join(parts) + "\n", encoding="utf-8")
    about = f"""# The bundled sample employer. Written by packaging/make_sample.py.
employer = "{EMPLOYER}"
employer_registration_number = "{ERN}"
clock = "2026-11-26T15:12:00+00:00"
pay = ["weekly-{THURSDAYS[-1]}.csv", "monthly-{MONTH_ENDS[-1]}.xlsx"]
aepn = ["aepn-2026-11-26.json", "aepn-2026-11-19.csv"]
previous = ["weekly-{THURSDAYS[0]}.csv", "weekly-{THURSDAYS[1]}.csv", "monthly-{MONTH_ENDS[0]}.xlsx"]
"""
    (OUT / "sample.toml").write_text(about, encoding="utf-8")


if __name__ == "__main__":
    main()

"""A payroll office with several clients, as files: each client with its weeks or months, its AEPNs, and its troubles."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autoenroll_desktop.actions.change_client import change_client
from autoenroll_desktop.actions.check_pay_run import Given
from autoenroll_desktop.domain.client_settings import ClientSettings, OwnScheme, PaySchedule, SchemeKind
from autoenroll_desktop.store.audit import Stamp
from autoenroll_desktop.store.store import Store
from tests.making import ppsn
from tests.storing import keep

NAMES = (
    ("Séamus", "Ó Briain"), ("Caoimhe", "Ní Dhomhnaill"), ("Patrick", "Conneely"), ("Niamh", "Keane"),
    ("Éanna", "Breathnach"), ("Róisín", "Hernon"), ("Fionn", "Lydon"), ("Máire", "Griffin"), ("Joseph", "Hession"),
)  # fmt: skip
PAY_HEAD = "PPSN,Employment ID,First Name,Surname,Date of Birth,Start Date,Pay Date,Pay Frequency,Pay Period,Tax Year,Run Reference,PRSI Class,Gross Pay,AE Employee,AE Employer,Line Item ID,Employer Number\n"
AEPN_HEAD = "AEPN Number,Issue Date,Employer Number,PPSN,Employment ID,First Name,Family Name,Status,Effective Date,End Date,Employee Rate,Employer Rate,Downloaded At\n"


@dataclass(frozen=True)
class Firm:
    """A client: `size` people, every `days` days paid up to `last`; what is wrong in the last run stands in `trouble`."""

    digits: int
    name: str
    last: dt.date
    size: int = 4
    days: int = 7
    trouble: str = ""
    weeks: int = 1

    @property
    def employer(self) -> str:
        return ppsn(self.digits, "H")

    @property
    def frequency(self) -> str:
        return {7: "WEEKLY", 14: "FORTNIGHTLY", 28: "FOUR_WEEKLY", 30: "MONTHLY"}[self.days]

    def pay_dates(self) -> list[dt.date]:
        """The last ones, oldest first."""
        return [self.last - dt.timedelta(days=self.days * week) for week in reversed(range(self.weeks))]


THURSDAY = dt.date(2026, 11, 26)
FIRMS = (
    Firm(8100001, "Hibernia Foods", THURSDAY, size=9, trouble="amount", weeks=6),
    Firm(8100002, "Cois Fharraige Teoranta", THURSDAY, size=5, weeks=6),
    Firm(8100003, "Murphy & Sons Haulage", dt.date(2026, 11, 27), size=6, trouble="no-aepn", weeks=3),
    Firm(8100004, "Galway Bay Seafoods", dt.date(2026, 11, 19), size=7, weeks=4),
    Firm(8100005, "Dún Laoghaire Dental", dt.date(2026, 11, 30), size=3, days=30, weeks=3),
    Firm(8100006, "Atlantic Windows", dt.date(2026, 12, 3), size=4, trouble="status", days=14, weeks=3),
    Firm(8100007, "Lee Valley Crèche", THURSDAY, size=4, weeks=2),
)


def write_pay(folder: Path, firm: Firm, day: dt.date, trouble: str = "") -> Path:
    """One pay file of a firm."""
    rows, number = [PAY_HEAD], day.isocalendar().week if firm.days < 28 else day.month
    for at in range(firm.size):
        first, family = NAMES[at % len(NAMES)]
        gross = (600 + 37 * at + (day.day * 3) % 40) * firm.days / 7
        share = round(gross * 0.015 + 1e-9, 2) + (5 if trouble == "amount" and at < 3 else 0)
        rows.append(
            f"{ppsn(firm.digits % 1000 * 100 + 1000000 + at)},1,{first},{family},12/04/198{at % 10},01/03/2021,{day:%d/%m/%Y},"
            f"{firm.frequency},{number},{day.year},{day:%y}-{firm.frequency.title()}-{number},A1,{gross:.2f},{share:.2f},{share:.2f},"
            f"{day:%y%m%d}-{at},{firm.employer}\n"
        )
    path = folder / f"{firm.frequency.lower()} {firm.digits} {day:%Y-%m-%d}.csv"
    path.write_text("".join(rows), encoding="utf-8")
    return path


def write_aepns(folder: Path, firm: Firm, day: dt.date, changes: Sequence[str] = ()) -> Path:
    """The AEPNs of a firm as fetched on a day; `changes`: "opted-out" (the last person), "new" (one was not there)."""
    rows = [AEPN_HEAD]
    for at in range(firm.size - ("without-last" in changes)):
        first, family = NAMES[at % len(NAMES)]
        out = "opted-out" in changes and at == 1
        word = "Opted Out" if out else "Enrolled"
        rate = "0" if out else "1.5"
        rows.append(
            f"{9000 + at},01/01/2026,{firm.employer},{ppsn(firm.digits % 1000 * 100 + 1000000 + at)},1,{first},{family},{word},"
            f"{'23/11/2026' if out else '01/01/2026'},,{rate},{rate},{day:%d/%m/%Y} 08:10\n"
        )
    path = folder / f"aepn {firm.digits} {day:%Y-%m-%d}.csv"
    path.write_text("".join(rows), encoding="utf-8")
    return path


def keep_firm(store: Store, folder: Path, firm: Firm) -> None:
    """Check every pay date of a firm on that day (the last on the day before, where that is to come), and keep it."""
    for day in firm.pay_dates():
        newest = day == firm.last
        at = dt.datetime.combine(min(day, dt.date(2026, 11, 26)), dt.time(9, 20), dt.UTC)
        pay = write_pay(folder, firm, day, firm.trouble if newest else "")
        without = newest and firm.trouble == "no-aepn"
        changes = [] if newest else ["without-last"]
        changes += ["opted-out"] if newest and firm.trouble == "status" else []
        aepn = () if without else (write_aepns(folder, firm, at.date(), changes if firm.size > 5 or newest else ()),)
        keep(store, Given(pay=(pay,), aepn=aepn), at, at)


def keep_office(store: Store, folder: Path, firms: Sequence[Firm] = FIRMS) -> None:
    """The whole office, with the names of its clients and what is said of some of them."""
    for at, firm in enumerate(firms):
        keep_firm(store, folder, firm)
        said = ClientSettings(
            firm.name,
            schedules=(PaySchedule(firm.frequency, firm.last),) if at % 2 == 0 else (),
            scheme=OwnScheme(SchemeKind.PRSA, "Zurich PRSA", 200, 300) if at == 0 else OwnScheme(),
            two_people=at == 1,
        )
        change_client(store, firm.employer, said, Stamp("anna", dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)))

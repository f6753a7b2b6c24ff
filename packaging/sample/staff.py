"""Who the sample employer pays, and what is right to take of it."""

import datetime as dt
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from autoenroll_desktop.domain.identifiers import LETTERS  # noqa: E402
from autoenroll_desktop.domain.money import share  # noqa: E402

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


def earlier(person: Person) -> Person:
    """The person as NAERSA saw them before this week's changes."""
    if person.works in ("109", "116"):
        return replace(person, status="Enrolled", rate="1.5")
    return person


def past(person: Person) -> int | None:
    """Year-to-date figures that are set by hand, a month earlier."""
    return None if person.earned is None else person.earned - person.gross

"""Writes the bundled sample employer: the same files every time.

Iasc an Iarthair Teoranta of Ros an Mhíl is invented, and so is everybody it pays. Weekly staff are paid on Thursdays,
monthly staff on the last Friday. The current files hold planted problems, each listed in `planted.toml` with its
place; everything else in them is right.
"""

import json
from dataclasses import replace
from typing import Any

from files import OUT, line, write_aepns, write_csv, write_psr_json, write_psr_xml, write_xlsx
from planted import Planted, planted
from staff import EMPLOYER, ERN, MONTH_ENDS, THURSDAYS, Person, earlier, past, staff


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


def write_lists(problems: list[Planted], weekly: list[Person], monthly: list[Person]) -> None:
    """`planted.toml` with the place of each problem, and `sample.toml` with what each file is."""
    parts = ["# The problems planted in the current files, by their place. Written by packaging/sample/make_sample.py."]
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
    about = f"""# The bundled sample employer. Written by packaging/sample/make_sample.py.
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

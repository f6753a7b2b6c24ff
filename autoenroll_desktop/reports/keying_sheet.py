"""The sheet for typing a run into NAERSA's portal by hand: its manual entry asks for gross pay by employee."""

import unicodedata
from collections.abc import Hashable
from typing import Any

from autoenroll_desktop.domain.money import plain
from autoenroll_desktop.domain.words import MISSING, Words
from autoenroll_desktop.reports.contribution_lines import Contributions
from autoenroll_desktop.reports.delimited import delimited

_HEADS = ("name", "ppsn", "employment-id", "pay-date", "gross", "employee", "employer")
_MONEY = ("gross_pay", "employee", "employer")


def keying_sheet(file: Contributions, words: Words) -> bytes:
    """Who, PPSN in full, gross pay to be typed, amounts to compare with what the portal shows; totals last."""
    rows = [[words.say(f"keying.{head}") for head in _HEADS]]
    for line in sorted(file.lines.to_dict("records"), key=_alphabetical):
        name = ", ".join(part for part in (line["family_name"], line["first_name"]) if isinstance(part, str))
        numbers = [line[field] if isinstance(line[field], str) else MISSING for field in ("ppsn", "employment_id")]
        day = f"{line['pay_date']:%d/%m/%Y}" if line["pay_date"] is not None else MISSING
        amounts = ["" if type(line[field]).__name__ == "NAType" else plain(int(line[field])) for field in _MONEY]
        rows.append([name or MISSING, *numbers, day, *amounts])
    sums = [plain(file.total(field)) for field in _MONEY]
    rows.append([words.say("keying.total", lines=len(file.lines)), "", "", "", *sums])
    return delimited(rows)


def _alphabetical(line: dict[Hashable, Any]) -> list[str]:
    """What a line is sorted by: family name, first name, without fadas; missing ones last."""
    names = (line["family_name"], line["first_name"])
    return [_plain(name) if isinstance(name, str) else "\uffff" for name in names]


def _plain(name: str) -> str:
    apart = unicodedata.normalize("NFD", name.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))

"""Words with a fixed meaning: yes and no, and how often somebody is paid, in English and Irish."""

import re

YES = {
    "true": True,
    "t": True,
    "y": True,
    "yes": True,
    "1": True,
    "tá": True,
    "ta": True,
    "sea": True,
} | dict.fromkeys(("false", "f", "n", "no", "0", "níl", "nil", "ní hea"), False)
_FREQUENCIES = {
    "w": "WEEKLY",
    "week": "WEEKLY",
    "seachtainiúil": "WEEKLY",
    "f": "FORTNIGHTLY",
    "biweekly": "FORTNIGHTLY",
    "4": "FOUR_WEEKLY",
    "4weekly": "FOUR_WEEKLY",
    "fourweekly": "FOUR_WEEKLY",
    "lunar": "FOUR_WEEKLY",
    "m": "MONTHLY",
    "month": "MONTHLY",
    "míosúil": "MONTHLY",
    "b": "TWICE_MONTHLY",
    "bimonthly": "TWICE_MONTHLY",
    "twicemonthly": "TWICE_MONTHLY",
    "semimonthly": "TWICE_MONTHLY",
    "weekbasedmonthly": "WK_BASED_MONTHLY",
    "wkbasedmonthly": "WK_BASED_MONTHLY",
    "biannual": "BI_ANNUAL",
}


def frequency(text: str) -> str:
    """Revenue's word for a pay frequency ("Weekly", "W"); the text itself in capitals where it is none we know."""
    plain = re.sub(r"[^a-z0-9íú]", "", text.lower())
    return _FREQUENCIES.get(plain) or re.sub(r"[\s-]+", "_", text.strip()).upper()

"""Money is a whole number of cents; a rate is a whole number of basis points (150 = 1.5 %)."""

import re
from decimal import Decimal

LARGEST = 99_999_999_999
"""The largest amount in cents Revenue's schema allows for gross pay (999,999,999.99)."""

_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]{1,2})?", re.ASCII)
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2}0*)?\s*%?", re.ASCII)
_DAILY = re.compile(r"[0-9]{1,2}\.[0-9]{1,4}0*", re.ASCII)
BASIS_POINTS = 10_000
MILLION = 1_000_000


def cents(text: str) -> int | None:
    """Cents of a plain amount such as "-1234.5", or None when it is not one. No commas, no exponents, no floats."""
    if not _PLAIN.fullmatch(text):
        return None
    amount = int(Decimal(text) * 100)
    return amount if abs(amount) <= LARGEST else None


def basis_points(text: str) -> int | None:
    """Basis points of a percentage such as "1.5" or "1.50 %", or None when it is not one (or is finer than 0.01)."""
    if not _PERCENT.fullmatch(text):
        return None
    return int(Decimal(text.rstrip("% ")) * 100)


def millionths(text: str) -> int | None:
    """Millionths of a small percentage such as "0.0274" (274), or None when it is not one (or is finer than that)."""
    return int(Decimal(text) * 10_000) if _DAILY.fullmatch(text) else None


def euro(amount: int) -> str:
    """€1,234.50, with the minus sign in front: -€3.00."""
    whole, rest = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}€{whole:,}.{rest:02d}"


def plain(amount: int) -> str:
    """1234.50, as files and JSON carry it."""
    whole, rest = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole}.{rest:02d}"


def percent(points: int) -> str:
    """1.5 for 150 basis points; no trailing zeros."""
    return f"{Decimal(points) / 100:f}".rstrip("0") if points % 100 else str(points // 100)


def share(base: int, points: int) -> int:
    """`base` cents at `points` basis points, half up to the cent (away from zero for a negative base).

    No source states NAERSA's rounding; half up is common practice (scheme rules 2.31).
    """
    sign = -1 if base < 0 else 1
    return sign * ((abs(base) * points * 2 + BASIS_POINTS) // (2 * BASIS_POINTS))


def interest(amount: int, days: int, rate: int) -> int:
    """Simple interest on `amount` cents over `days` days at `rate` millionths a day, half up to the cent.

    Example: EUR 100.00 over 30 days at 0.0274 % a day is 82 cents (0.822).
    """
    return (amount * days * rate * 2 + MILLION) // (2 * MILLION)

"""Dates in words, in English and the same on every system."""

from __future__ import annotations

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def spoken(date: str) -> str:
    """Return an ISO date, or a month, as a reader writes it; anything else comes back unchanged.

    >>> spoken("2006-10-14"), spoken("2022-01")
    ('14 October 2006', 'January 2022')
    """
    parts = date.split("-")
    if len(parts) == 2 and all(part.isdecimal() for part in parts) and 1 <= int(parts[1]) <= 12:
        return f"{MONTHS[int(parts[1]) - 1]} {parts[0]}"
    if len(parts) != 3 or not all(part.isdecimal() for part in parts) or not 1 <= int(parts[1]) <= 12:
        return date
    return f"{int(parts[2])} {MONTHS[int(parts[1]) - 1]} {parts[0]}"


def month_number(name: str) -> int:
    """Return the number of a month's English name or short form, 0 for anything else.

    >>> month_number("Dec."), month_number("smarch")
    (12, 0)
    """
    short = name.strip(". ").lower()
    if len(short) < 3:
        return 0
    return next((n for n, month in enumerate(MONTHS, 1) if month.lower().startswith(short)), 0)

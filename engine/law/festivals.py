"""Festivals: the day each statutory holiday falls on, known for years that have no notice yet.

Room for: the seven holidays of the State Council's regulation on public holidays, and its days off, year by year.
May not enter: what a notice decides (which days around a festival are rest days): that is the calendar's.
"""

from __future__ import annotations

from datetime import date, timedelta

# Lunar New Year, Qingming, Dragon Boat, Mid-Autumn. Two independent lunar calendars agree on every date.
_MOVING = """
2002 02-12 04-05 06-15 09-21
2003 02-01 04-05 06-04 09-11
2004 01-22 04-04 06-22 09-28
2005 02-09 04-05 06-11 09-18
2006 01-29 04-05 05-31 10-06
2007 02-18 04-05 06-19 09-25
2008 02-07 04-04 06-08 09-14
2009 01-26 04-04 05-28 10-03
2010 02-14 04-05 06-16 09-22
2011 02-03 04-05 06-06 09-12
2012 01-23 04-04 06-23 09-30
2013 02-10 04-04 06-12 09-19
2014 01-31 04-05 06-02 09-08
2015 02-19 04-05 06-20 09-27
2016 02-08 04-04 06-09 09-15
2017 01-28 04-04 05-30 10-04
2018 02-16 04-05 06-18 09-24
2019 02-05 04-05 06-07 09-13
2020 01-25 04-04 06-25 10-01
2021 02-12 04-04 06-14 09-21
2022 02-01 04-05 06-03 09-10
2023 01-22 04-05 06-22 09-29
2024 02-10 04-04 06-10 09-17
2025 01-29 04-04 05-31 10-06
2026 02-17 04-05 06-19 09-25
2027 02-06 04-05 06-09 09-15
2028 01-26 04-04 05-28 10-03
2029 02-13 04-04 06-16 09-22
2030 02-03 04-05 06-05 09-12
2031 01-23 04-05 06-24 10-01
2032 02-11 04-04 06-12 09-19
2033 01-31 04-04 06-01 09-08
2034 02-19 04-05 06-20 09-27
2035 02-08 04-05 06-10 09-16
2036 01-28 04-04 05-30 10-04
2037 02-15 04-04 06-18 09-24
2038 02-04 04-05 06-07 09-13
2039 01-24 04-05 05-27 10-02
2040 02-12 04-04 06-14 09-20
2041 02-01 04-04 06-03 09-10
2042 01-22 04-04 06-22 09-28
"""


def _year_of(row: str) -> tuple[int, dict[str, date]]:
    year, *moving = row.split()
    spring, qingming, dragon_boat, mid_autumn = (date.fromisoformat(f"{year}-{day}") for day in moving)
    return int(year), {
        "spring": spring,
        "national": date(int(year), 10, 1),
        "labour": date(int(year), 5, 1),
        "new_year": date(int(year), 1, 1),
        "qingming": qingming,
        "dragon_boat": dragon_boat,
        "mid_autumn": mid_autumn,
    }


FESTIVALS: dict[int, dict[str, date]] = dict(_year_of(row) for row in _MOVING.split("\n") if row)
"""Year -> festival -> its day."""

_ONE_DAY = (0, 0)
_SMALL = dict.fromkeys(("new_year", "labour", "qingming", "dragon_boat", "mid_autumn"), _ONE_DAY)

# From this year on: festival -> the first and the last day off, counted from the festival's own day.
_DAYS_OFF: tuple[tuple[int, dict[str, tuple[int, int]]], ...] = (
    (2025, _SMALL | {"spring": (-1, 2), "labour": (0, 1), "national": (0, 2)}),
    (2014, _SMALL | {"spring": (0, 2), "national": (0, 2)}),
    (2008, _SMALL | {"spring": (-1, 1), "national": (0, 2)}),
    (0, {"new_year": _ONE_DAY, "spring": (0, 2), "labour": (0, 2), "national": (0, 2)}),
)


def statutory_days(year: int) -> dict[str, tuple[date, ...]]:
    """Return the days off that the regulation gives each festival of *year*, in order; a notice adds the rest.

    Source: 全国年节及纪念日放假办法 art. 2, as in force since 2025, 2014, 2008 and before. Raises KeyError
    for a year that FESTIVALS does not know.
    """
    spans = next(spans for since, spans in _DAYS_OFF if year >= since)
    festivals = sorted(FESTIVALS[year].items(), key=lambda item: item[1])
    return {
        name: tuple(day + timedelta(days=n) for n in range(spans[name][0], spans[name][1] + 1))
        for name, day in festivals
        if name in spans
    }

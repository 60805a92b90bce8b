"""Who holds what in an office on a day: what is kept for the day says what the directory says line by line."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.model.people import Absence, Capacity, Holding, People, Person

PERSONS = ("wang", "li", "zhao", "qian")
ROLES = ("clerk", "director")
OFFICES = ("main", "east")
DAYS = tuple(date(2026, 3, 1) + timedelta(days=n) for n in range(6))

HOLDINGS = st.builds(
    Holding,
    st.sampled_from(PERSONS),
    st.sampled_from(ROLES),
    st.sampled_from(OFFICES),
    st.sampled_from(DAYS),
    st.none() | st.sampled_from(DAYS),
)
ABSENCES = st.builds(
    Absence, st.sampled_from(PERSONS), st.sampled_from(DAYS), st.sampled_from(DAYS), st.none() | st.sampled_from(PERSONS)
)  # fmt: skip
DIRECTORIES = st.builds(
    People,
    st.just(tuple(Person(id, id.title()) for id in PERSONS)),
    st.lists(HOLDINGS, max_size=8).map(tuple),
    st.lists(ABSENCES, max_size=5).map(tuple),
)


def roles(people: People, person: str, office: str, day: date) -> set[str]:
    """The same line by line."""
    return {h.role for h in people.holdings if (h.person, h.office) == (person, office) and h.holds_on(day)}


@given(DIRECTORIES, st.sampled_from(OFFICES), st.sampled_from(DAYS))
def test_the_staff_of_a_day_is_what_the_directory_says(people: People, office: str, day: date) -> None:
    staff = people.on(office, day)
    for _ in range(2):
        for person in PERSONS:
            assert (
                staff.roles(person) == people.roles(person, office, day) == roles(people, person, office, day)
            )
            assert staff.substitutes.get(person) == people.substitute(person, day)
            own = [Capacity(role) for role in sorted(roles(people, person, office, day))]
            lent = [
                Capacity(role, absent.person)
                for absent in people.absences
                if absent.substitute == person and absent.covers(day)
                for role in sorted(roles(people, absent.person, office, day))
            ]
            assert list(staff.capacities(person)) == own + lent
            for role in ROLES:
                assert list(staff.acting_as(person, role)) == [c for c in own + lent if c.role == role]
        for role in ROLES:
            held = [h for h in people.holdings if (h.role, h.office) == (role, office) and h.holds_on(day)]
            assert staff.holders(role) == people.holders(role, office, day) == tuple(h.person for h in held)


@given(DIRECTORIES, st.sampled_from(DAYS))
def test_who_is_away_without_anybody_standing_in_is_away_all_the_same(people: People, day: date) -> None:
    away = {absence.person for absence in people.absences if absence.covers(day)}
    assert people.on("main", day).substitutes.keys() == away


@given(DIRECTORIES, st.sampled_from(PERSONS), st.sampled_from(DAYS))
def test_somebody_acts_in_the_offices_in_which_they_have_a_capacity(
    people: People, person: str, day: date
) -> None:
    assert people.offices(person, day) == {
        place for place in OFFICES if people.capacities(person, place, day)
    }

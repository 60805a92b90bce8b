"""The whole journey in the browser: from filing to archive, signing in as each person in turn."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, Page, expect

from tests import journey
from tests.browser.conftest import Served
from tests.journey import Step

PASSWORD = "one for everybody"

pytestmark = pytest.mark.browser


class Person:
    """Somebody at the console, signed in: everybody uses the same machine in turn."""

    def __init__(self, page: Page, served: Served, id: str) -> None:
        # Whoever was there before has left nothing behind.
        page.context.clear_cookies()
        self.page = page
        self._served, self._id = served, id
        self.page.goto(served.address)
        self.page.fill("#person", id)
        self.page.fill("#password", PASSWORD)
        self.page.press("#password", "Enter")
        expect(self.page.locator("h1")).to_contain_text("我的待办")

    def again(self) -> Person:
        """Whoever signed in before, at the machine once more where somebody else has sat meanwhile."""
        self._served.seat(self.page.context, self._id)
        return self

    def go(self, place: str) -> Page:
        self.page.goto(self._served.address + place)
        return self.page


@pytest.fixture
def office(served: Served) -> Served:
    """The served office where everybody of the journey can sign in with the one password."""
    # Proving a password takes its time by design; this hash asks for as little as argon2 allows.
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with served.engine.office.writing() as unit:
        for person in {journey.OPENED_BY, *(step.by for step in journey.STEPS)}:
            unit.directory.set_password(person, hashed)
    return served


def open_case(person: Person) -> None:
    """The filing clerk registers the application."""
    page = person.go("/cases/new")
    for role in ("claimant", "respondent"):
        page.fill(f"#{role}", "\n".join(name for side, name in journey.PARTIES if side == role))
    page.locator('input[name="fact.open.cause"][value="wages"]').check()
    for kind, content in journey.OPENED_WITH.items():
        file = {"name": f"{kind}.txt", "mimeType": "text/plain", "buffer": content.encode()}
        page.locator(f'[name="file.open.{kind}"]').set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="登记并取得案号").click()


def take(served: Served, person: Person, step: Step, case: str) -> None:
    """Do one step where its person finds it: on the page of the case, or of the matter meant."""
    shown = served.engine.case_page(case)
    matter = next(
        m for m in shown.matters if m.kind == step.kind and m.open and step.party in (None, m.party_name)
    )
    place = f"/cases/{shown.line.id}" + ("" if step.kind == "main" else f"/matters/{matter.id}")
    page = person.go(place)
    if matter.levels and step.move in ("sign", "return"):
        sign_or_return(page, step)
    else:
        form = page.locator(f"#f-{matter.id}-{step.move}")
        unfold(page, f"#f-{matter.id}-{step.move}")
        for name, value in step.facts.items():
            fill(page, f"fact.{step.move}.{name}", value)
        for kind, content in step.documents.items():
            name = f"{kind}.txt"
            file = {"name": name, "mimeType": "text/plain", "buffer": content.encode()}
            page.locator(f'[name="file.{step.move}.{kind}"]').set_input_files(file)  # type: ignore[arg-type]
        form.locator("button[type=submit]").click()
    expect(page.locator("[role=alert]")).to_have_count(0)


def unfold(page: Page, form: str) -> None:
    """Open the folded part a form stands in, if it is folded."""
    for fold in page.locator(f"details:not([open]):has({form}) > summary").all():
        fold.click()


def sign_or_return(page: Page, step: Step) -> None:
    """The page of a review: one opinion, two buttons."""
    page.fill("textarea[name=text]", step.facts.get("comment") or step.facts.get("opinion_given", ""))
    if kind := step.facts.get("comment_kind"):
        page.locator(f'[name="fact.return.comment_kind"][value="{kind}"]').check()
    page.locator(f'button[name=move][value="{step.move}"]').click()


def fill(page: Page, name: str, value: str) -> None:
    """Fill in whatever kind of field has this name."""
    field = page.locator(f'[name="{name}"]')
    kind = field.first.get_attribute("type")
    if kind in ("radio", "checkbox"):
        for one in value.split():
            page.locator(f'[name="{name}"][value="{one}"]').check()
    elif page.locator(f'select[name="{name}"]').count():
        page.select_option(f'[name="{name}"]', value)
    else:
        field.fill(value)


def test_a_case_goes_from_filing_to_archive_by_ten_persons_in_turn(browser: Browser, office: Served) -> None:
    office.clock.set(journey.OPENED_AT)
    # Without JavaScript: everything has to work so.
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="zh-CN", java_script_enabled=False
    )
    seat = context.new_page()
    open_case(Person(seat, office, journey.OPENED_BY))
    left = seat.url
    context.clear_cookies()
    seat.goto(left)
    # What one person leaves behind, nobody reads who has not signed in.
    expect(seat.locator("h1")).to_have_text("登录")
    number = office.engine.cases().cases[0].number
    people: dict[str, Person] = {}
    for step in journey.STEPS:
        office.clock.set(step.at)
        if step.by in people:
            people[step.by].again()
        else:
            people[step.by] = Person(seat, office, step.by)
        take(office, people[step.by], step, number)
    context.close()

    page = office.engine.case_page(number)
    assert page.line.state == "archived"
    assert page.clock is not None
    assert page.clock.reading.on_time
    signers = {e.event.by for e in page.events if e.event.move == "sign"}
    assert len(signers) == 6
    assert [e.event.source for e in page.events if e.event.move == "return"] == ["level_3", "level_3"]
    assert office.engine.verify().findings == ()

"""Engine: one institution's cases behind one object, with the time read once a use case.

Room for: the methods of the door, each handing on to the use case that does it.
May not enter: how any of it is done.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime

from engine.law.calendar import CalendarDay
from engine.law.clock import Reading
from engine.model.answers import Refusal
from engine.model.case import Party
from engine.model.checkpoints import Anchor
from engine.model.events import Event
from engine.model.people import People
from engine.model.rules import Rules
from engine.service import (
    accounts,
    acting,
    activation,
    annex,
    backlog,
    calendars,
    case_pages,
    contacts,
    count_sheets,
    gauges,
    inbox,
    incidents,
    inspection,
    migrating,
    outbox,
    proposal_pages,
    proposing,
    queues,
    setting_back,
    staff,
    sweeping,
    verifying,
    vouching,
)
from engine.service.batches import ALONE, Manner
from engine.service.gauges import Gauges
from engine.service.lists import Lists
from engine.service.office import Office
from engine.service.pages import (
    ActionLine,
    CaseLine,
    CaseList,
    CasePage,
    Done,
    Findings,
    PersonPage,
    TodayStrip,
)
from engine.service.queues import CaseFilter
from engine.service.reprojecting import Progress
from engine.service.setting_back import SetbackLine
from engine.service.sheet_pages import CountSheet, View
from engine.store.database import Database
from engine.store.documents import Attachment
from engine.text import Language


class Engine:
    """The cases of *institution* in *database*; *now* tells the time, an aware instant, *new_id* names new cases."""

    def __init__(
        self, database: Database, institution: str, now: Callable[[], datetime],
        new_id: Callable[[], str] = acting.new_id,
    ) -> None:  # fmt: skip
        self._office = Office(database, institution, now, new_id)
        self._now = now

    @property
    def office(self) -> Office:
        """What the use cases work on."""
        return self._office

    def now(self) -> datetime:
        """Return the present instant as this engine sees it."""
        return self._now()

    @property
    def only_read(self) -> str | None:
        """Why nothing can be written just now though all can be read (``full``, ``read_only``); None where it can."""
        return self._office.database.only_reading.reason

    def rules(self) -> Rules:
        """Return the register, definitions, calendar and people in force."""
        return self._office.rules()

    def people(self) -> People:
        """Return the directory."""
        return self.rules().people

    def today(self) -> date:
        """Return today's date in the institution's zone."""
        return self.rules().day_of(self._now())

    # --- acts ---------------------------------------------------------------------------------------------

    def open_case(
        self, procedure: str, by: str, *, parties: Sequence[Party], facts: Mapping[str, str] | None = None,
        documents: Sequence[Attachment] = (), number: str | None = None, office: str | None = None,
        on: date | None = None, key: str | None = None, channel: str = "",
    ) -> Done | Refusal:  # fmt: skip
        """Open a case; without *number* the next of the year and series is allocated.

        Party ids may be empty: they are numbered p1, p2, … A lawful no is a Refusal. Raises UnknownName for a
        procedure, KeyReused, Conflict, StoreAway.
        """
        return acting.open_case(
            self._office, self._now(), procedure, by, parties=parties, facts=facts or {}, documents=documents,
            number=number, office_name=office, on=on, key=key, channel=channel,
        )  # fmt: skip

    def act(
        self, case: str, move: str, by: str, *, matter: str | None = None, facts: Mapping[str, str] | None = None,
        documents: Sequence[Attachment] = (), seen: int | None = None, on: date | None = None,
        key: str | None = None, channel: str = "", override: str = "",
    ) -> Done | Refusal:  # fmt: skip
        """Do *move* on a matter of *case* (id or number), in one commit, after the case's own due rungs.

        *facts* are as typed; *seen* is the matter's ``seen`` as the form carried it; the same *key* with the same
        request gets the stored answer. *override* is the reason for an exception after expiry, where the person may
        make one (K9). A lawful no is a Refusal and writes nothing. Raises UnknownCase, KeyReused,
        Conflict, StoreAway, and ClocksDisagree where the two ways of counting differ: that opens an incident.
        """
        at = self._now()
        with incidents.reported(self._office, at):
            return acting.act(
                self._office, at, case, move, by, matter=matter, facts=facts or {}, documents=documents,
                seen=seen, on=on, key=key, channel=channel, override=override,
            )  # fmt: skip

    def correct(
        self, case: str, event: int, by: str, *, reason: str, facts: Mapping[str, str] | None = None,
        documents: Sequence[Attachment] = (), on: date | None = None, key: str | None = None, channel: str = "",
    ) -> Done | Refusal:  # fmt: skip
        """Supersede wrong facts, or the effective date of clock facts, that event *event* recorded."""
        at = self._now()
        with incidents.reported(self._office, at):
            return acting.correct(
                self._office, at, case, event, by, reason=reason, facts=facts or {}, documents=documents,
                on=on, key=key, channel=channel,
            )  # fmt: skip

    def sweep(self, manner: Manner = ALONE) -> sweeping.Swept:
        """Fire every rung that is due, in batches of cases; a case that fails does not stop the others."""
        return sweeping.sweep(self._office, self._now(), manner, self._now)

    def sweep_again(self, case: str, by: str | None = None) -> sweeping.Swept | Refusal:
        """Take up again a case that was set back: fire what is due of it. *by* must be its supervisor or administrator."""
        return sweeping.again(self._office, self._now(), case, by)

    def setbacks(self) -> tuple[SetbackLine, ...]:
        """Return the cases whose due rungs could not be fired: those put aside, then those that are tried again."""
        return setting_back.lines(self._office)

    def gauges(self) -> Gauges:
        """Return how the sweep stands. Raises StoreAway."""
        return gauges.gauges(self._office, self._now())

    # --- questions ----------------------------------------------------------------------------------------

    def actions(self, case: str, by: str) -> tuple[ActionLine, ...]:
        """Return what *by* may do on *case* now, and for the rest why not."""
        return case_pages.actions(self._office, self._now(), case, by)

    def case_page(self, case: str, by: str | None = None, as_of: date | None = None) -> CasePage:
        """Return everything shown of one case; without *by* no actions. Raises UnknownCase."""
        return case_pages.case_page(self._office, self._now(), case, by, as_of)

    def history(self, case: str) -> tuple[Event, ...]:
        """Return the events of a case in order. Raises UnknownCase."""
        return case_pages.history(self._office, case)

    def drawing(
        self, case: str, matter: str | None = None, lang: Language = "zh"
    ) -> tuple[str, tuple[str, ...]]:
        """Return the machine of a matter (None: the main one) as SVG with its state and path marked, and as a text list."""
        return case_pages.drawing(self._office, case, matter, lang)

    def sheet(self, case: str, as_of: date | None = None, view: View = "known") -> CountSheet:
        """Return the count sheet of the case's award clock on a day: by what is known of it now, or as it was shown on it.

        Where the two ways of counting differ the sheet says so and an incident is opened. Raises UnknownCase,
        UnknownName before the case was received, WrongUse for what was shown on a day to come.
        """
        return count_sheets.sheet(self._office, self._now(), case, as_of, view)

    def annex(self, sheet: CountSheet, printed_by: str, lang: Language = "zh") -> annex.Annex:
        """Return *sheet* as a page to print on A4 and put with the file: its style and its body."""
        return annex.annex(sheet, self.now().astimezone(self.rules().register.zone), printed_by, lang)

    def due_if_extended(self, case: str, days: int, role: str = "director") -> Reading | Refusal | None:
        """Return what the case's clock would say if *role* extended it by *days* today, or the law's refusal of it."""
        return count_sheets.due_if_extended(self._office, self._now(), case, days, role)

    def cases(self, wanted: CaseFilter | None = None) -> CaseList:
        """Return one page of cases, the nearest due date first."""
        return queues.cases(self._office, self._now(), wanted or CaseFilter())

    def overdue_numbers(self, offices: Collection[str] | None = None) -> tuple[str, ...]:
        """Return the numbers of the cases (of *offices*; None: all) whose period is over today: a drive's list to begin with."""
        return backlog.overdue_numbers(self._office, self._now(), offices)

    @property
    def lists(self) -> Lists:
        """What awaits a person, overdue cases and steps, supervised cases: page by page."""
        return Lists(self._office, self._now)

    def strip(self, person: str) -> TodayStrip:
        """Return the counts of the strip at the top for *person*."""
        return queues.strip(self._office, self._now(), person)

    def case_line(self, case: str) -> CaseLine:
        """Return one case as a list shows it. Raises UnknownCase."""
        return queues.case_line(self._office, self._now(), case)

    def document(self, case: str, digest: str) -> Attachment | None:
        """Return a document of this case with its content, or None."""
        return case_pages.document(self._office, case, digest)

    @property
    def inbox(self) -> inbox.Inbox:
        """What people have been told, page by page, and marking it read."""
        return inbox.Inbox(self._office, self._now)

    # --- persons ------------------------------------------------------------------------------------------

    def sign_in(self, person: str, password: str) -> PersonPage | Refusal:
        """Return the person when the password is right, else a Refusal (wrong, or locked after five failures)."""
        return accounts.sign_in(self._office, self._now(), person, password)

    def sign_in_mark(self, person: str) -> str | None:
        """Return a mark that changes with *person*'s password: a session that carries another one is over."""
        return accounts.mark(self._office, person)

    def person(self, person: str) -> PersonPage | None:
        """Return a known person with today's roles, or None."""
        return staff.person_page(self._office, self._now(), person)

    def set_password(self, person: str, password: str) -> None:
        """Set a password. Raises UnknownName, WrongUse when it is shorter than ten characters."""
        accounts.set_password(self._office, person, password)

    @property
    def staff(self) -> staff.Staff:
        """Changes to people: add, give roles, leave."""
        return staff.Staff(self._office)

    @property
    def contacts(self) -> contacts.Contacts:
        """How people are told beside the inbox: addresses, and what each wants."""
        return contacts.Contacts(self._office)

    @property
    def deliveries(self) -> outbox.Deliveries:
        """What goes out beside the inbox: waiting, sent and dead letters, sent again or let go."""
        return outbox.Deliveries(self._office, self._now)

    @property
    def migrations(self) -> migrating.Migrations:
        """Open cases brought to another version of their definition: tried, proposed, approved, undone."""
        return migrating.Migrations(self._office, self._now)

    # --- the office ---------------------------------------------------------------------------------------

    def activate(
        self, texts: Mapping[str, str], by: str, since: date | None = None
    ) -> tuple[activation.Activated, ...]:
        """Put definitions and a register (file -> text) into force together, by one person: in rehearsal offices only.

        From *since* (None: today) on. Raises BrokenDefinition with every problem, and WrongUse in an office in use:
        there somebody proposes and another one approves.
        """
        return activation.activate(self._office, self._now(), texts, by, since)

    def propose(
        self, texts: Mapping[str, str], by: str, since: date | None = None
    ) -> proposal_pages.ProposalPage:
        """Write down that *by* proposes to put *texts* into force from *since* (None: the day it is approved) on.

        They are checked as if they came into force. Returns the proposal with what it would do; one without a number
        where all of it is in force. Raises BrokenDefinition with every problem, UnknownName, WrongUse for a day gone by.
        """
        return proposing.propose(self._office, self._now(), texts, by, since)

    def approve(self, number: int, by: str, seen: int | None = None) -> proposal_pages.Approved | Refusal:
        """Put a proposal into force from its day on, by a second person who is an administrator or heads the office.

        It is checked again against what is in force now. Where something was put into force since it was made, the
        approval names by *seen* the last activation it has looked at, else it is refused with what changed. The
        proposer, and who stands in for them or has them for a substitute, is refused, and so is a second approval.
        Raises UnknownName, BrokenDefinition where it does not fit any more.
        """
        return proposing.approve(self._office, self._now(), number, by, seen)

    def reject(self, number: int, by: str, reason: str) -> proposal_pages.ProposalPage | Refusal:
        """Turn a proposal down, by whoever could approve it. Raises UnknownName, and WrongUse without a reason."""
        return proposing.reject(self._office, self._now(), number, by, reason)

    def withdraw(self, number: int, by: str) -> proposal_pages.ProposalPage | Refusal:
        """Take a proposal back, by the proposer or who stands in for them. Raises UnknownName."""
        return proposing.withdraw(self._office, self._now(), number, by)

    def proposal(self, number: int) -> proposal_pages.ProposalPage:
        """Return one proposal with what it would do today. Raises UnknownName."""
        return proposing.proposal(self._office, self._now(), number)

    def definitions(self) -> proposal_pages.DefinitionsPage:
        """Return what is in force and since when, what is dated ahead, and the proposals."""
        return proposing.definitions_page(self._office, self._now())

    def load_notice(
        self, file: str, content: bytes, year: int, notice: str, by: str, *, progress: Progress | None = None,
        dry_run: bool = False,
    ) -> calendars.Loaded | Refusal:  # fmt: skip
        """Put the holiday notice of *year* into force from a csv, xlsx or ics *file*; the open cases follow in batches.

        Only who holds the role ``admin`` may. With *dry_run* nothing is written. Raises BrokenNotice with every problem.
        """
        return calendars.load_notice(
            self._office, self._now(), file, content, year, notice, by, progress=progress, dry_run=dry_run
        )

    def change_rest_days(
        self, office: str, by: str, *, reason: str, add: Collection[date] = (), remove: Collection[date] = (),
        progress: Progress | None = None, dry_run: bool = False,
    ) -> calendars.Loaded | Refusal:  # fmt: skip
        """Give *office* rest days of its own, or take some away; its open cases follow. Raises UnknownName."""
        return calendars.change_rest_days(
            self._office, self._now(), office, add, remove, reason, by, progress=progress, dry_run=dry_run
        )

    def calendar_years(self, office: str | None = None) -> tuple[calendars.LoadLine, ...]:
        """Return the calendar loads in force of all offices (of *office*: its own rest days), by year."""
        return calendars.years_in_force(self._office, office)

    def calendar_days(self, year: int, office: str | None = None) -> tuple[CalendarDay, ...]:
        """Return the days named for a year: by the notices, or by *office* itself."""
        return calendars.named_days(self._office, year, office)

    def moved_cases(
        self, load: int | None = None, after: str | None = None, most: int = 50
    ) -> calendars.MovedPage:
        """Return a page of the cases whose dates a calendar load (None: the last) moved. Raises UnknownName."""
        return calendars.moved(self._office, load, after, most)

    def close_incident(self, number: int, by: str, reason: str) -> Refusal | None:
        """Close an incident that an administrator or supervisor has looked into; who did and why is kept.

        Raises UnknownName, and WrongUse without a reason.
        """
        return incidents.close(self._office, self._now(), number, by, reason)

    def doctor(self, progress: Progress | None = None) -> Findings:
        """Look for broken promises in live data; *progress* is told how many of how many cases are done."""
        return inspection.doctor(self._office, self._now(), progress)

    def verify(self, anchors: Sequence[Anchor] = (), progress: Progress | None = None) -> Findings:
        """Check every chain, and all that was sealed; *anchors* are heads of checkpoints that were kept outside."""
        return verifying.verify(self._office, anchors, progress)

    @property
    def vouching(self) -> vouching.Vouching:
        """Checkpoints over all cases, certificates of one, archive bundles out and back."""
        return vouching.Vouching(self._office, self._now)

"""The door: everything the web, scripts and tests of behaviour may use of the engine.

Room for: names handed out.
May not enter: code.
"""

from __future__ import annotations

from engine.errors import (
    AnxuError,
    BrokenDefinition,
    Conflict,
    KeyReused,
    OutcomeUnknown,
    StoreAway,
    UnknownCase,
    UnknownName,
    WrongUse,
)
from engine.language.drawing import draw_dot, draw_mermaid, draw_svg, export_bpmn, export_scxml, outline
from engine.law.clock import Reading
from engine.law.rules import RULES
from engine.model.answers import Refusal
from engine.model.case import Party
from engine.model.events import Event
from engine.model.people import Absence, Holding, Person
from engine.model.procedure import OPENED, Procedure
from engine.model.rules import Rules
from engine.service.annex import STYLE as ANNEX_STYLE
from engine.service.annex import cause_text, equation, length_sum, looked_at
from engine.service.calendars import Loaded, LoadLine, MovedLine, MovedPage
from engine.service.case_pages import field_line
from engine.service.contacts import WANTS
from engine.service.engine import Engine
from engine.service.notice_files import BrokenNotice, NoticeProblem
from engine.service.notice_files import template as notice_form
from engine.service.pages import (
    ActionLine,
    CaseLine,
    CaseList,
    CasePage,
    DocumentLine,
    Done,
    EventLine,
    FactLine,
    FieldLine,
    Findings,
    LedgerLine,
    MatterLine,
    NoticeLine,
    OverdueLine,
    PersonPage,
    TargetLine,
    TermLine,
    TodayStrip,
    TodoLine,
)
from engine.service.paging import Ask, Lines
from engine.service.proposal_pages import (
    ActivationLine,
    Approved,
    DefinitionsPage,
    ProposalPage,
    TextImpact,
)
from engine.service.queues import COUNTED_MOST, CaseFilter, Show, is_over
from engine.service.second_person import APPROVERS, PROPOSAL_OUTCOMES
from engine.service.setting_back import SetbackLine
from engine.service.sheet_pages import CountSheet, SheetDay, SheetRun, View
from engine.service.watching import WATCHERS
from engine.store.documents import Attachment
from engine.text import Language, Text

__all__ = [
    "ANNEX_STYLE",
    "APPROVERS",
    "COUNTED_MOST",
    "OPENED",
    "PROPOSAL_OUTCOMES",
    "RULES",
    "WANTS",
    "WATCHERS",
    "Absence",
    "ActionLine",
    "ActivationLine",
    "AnxuError",
    "Approved",
    "Ask",
    "Attachment",
    "BrokenDefinition",
    "BrokenNotice",
    "CaseFilter",
    "CaseLine",
    "CaseList",
    "CasePage",
    "Conflict",
    "CountSheet",
    "DefinitionsPage",
    "DocumentLine",
    "Done",
    "Engine",
    "Event",
    "EventLine",
    "FactLine",
    "FieldLine",
    "Findings",
    "Holding",
    "KeyReused",
    "Language",
    "LedgerLine",
    "Lines",
    "LoadLine",
    "Loaded",
    "MatterLine",
    "MovedLine",
    "MovedPage",
    "NoticeLine",
    "NoticeProblem",
    "OutcomeUnknown",
    "OverdueLine",
    "Party",
    "Person",
    "PersonPage",
    "Procedure",
    "ProposalPage",
    "Reading",
    "Refusal",
    "Rules",
    "SetbackLine",
    "SheetDay",
    "SheetRun",
    "Show",
    "StoreAway",
    "TargetLine",
    "TermLine",
    "Text",
    "TextImpact",
    "TodayStrip",
    "TodoLine",
    "UnknownCase",
    "UnknownName",
    "View",
    "WrongUse",
    "cause_text",
    "draw_dot",
    "draw_mermaid",
    "draw_svg",
    "equation",
    "export_bpmn",
    "export_scxml",
    "field_line",
    "is_over",
    "length_sum",
    "looked_at",
    "notice_form",
    "outline",
]

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
    StoreAway,
    UnknownCase,
    UnknownName,
    WrongUse,
)
from engine.language.drawing import draw_dot, draw_mermaid, draw_svg, outline
from engine.law.rules import RULES
from engine.model.answers import Refusal
from engine.model.case import Party
from engine.model.events import Event
from engine.model.people import Absence, Holding, Person
from engine.model.procedure import Procedure
from engine.model.rules import Rules
from engine.service.case_pages import field_line
from engine.service.engine import Engine
from engine.service.pages import (
    ActionLine,
    CaseLine,
    CaseList,
    CasePage,
    CountSheet,
    DocumentLine,
    Done,
    EventLine,
    FactLine,
    FieldLine,
    Findings,
    LedgerLine,
    Light,
    MatterLine,
    NoticeLine,
    OverdueLine,
    PersonPage,
    SheetDay,
    TodayStrip,
    TodoLine,
)
from engine.service.queues import CaseFilter
from engine.store.documents import Attachment
from engine.text import Language, Text

__all__ = [
    "RULES",
    "Absence",
    "ActionLine",
    "AnxuError",
    "Attachment",
    "BrokenDefinition",
    "CaseFilter",
    "CaseLine",
    "CaseList",
    "CasePage",
    "Conflict",
    "CountSheet",
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
    "Light",
    "MatterLine",
    "NoticeLine",
    "OverdueLine",
    "Party",
    "Person",
    "PersonPage",
    "Procedure",
    "Refusal",
    "Rules",
    "SheetDay",
    "StoreAway",
    "Text",
    "TodayStrip",
    "TodoLine",
    "UnknownCase",
    "UnknownName",
    "WrongUse",
    "draw_dot",
    "draw_mermaid",
    "draw_svg",
    "field_line",
    "outline",
]

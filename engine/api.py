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
from engine.model.answers import Refusal
from engine.model.case import Party
from engine.model.people import Absence, Holding, Person
from engine.service.engine import Engine
from engine.service.pages import (
    ActionLine,
    CaseLine,
    CaseList,
    CasePage,
    CountSheet,
    Done,
    FieldLine,
    Findings,
    LedgerLine,
    Light,
    MatterLine,
    NoticeLine,
    OverdueLine,
    PersonPage,
    TodayStrip,
    TodoLine,
)
from engine.service.queues import CaseFilter
from engine.store.documents import Attachment
from engine.text import Language, Text

__all__ = [
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
    "Done",
    "Engine",
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
    "Refusal",
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
    "outline",
]

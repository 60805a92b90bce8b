"""What differs between two versions of a definition, in plain words: one door to the files beside this one."""

from engine.language.difference.frame import Change
from engine.language.difference.whole import difference
from engine.language.difference.words import Around

__all__ = ["Around", "Change", "difference"]

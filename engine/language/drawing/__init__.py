"""Drawings of a procedure: one door to the picture, the languages of other programs, and the list for screen readers.

Room for: the names that others import.
May not enter: anything else; each drawing has a file of its own beside this one.
"""

from engine.language.drawing.svg import draw_svg
from engine.language.drawing.words import draw_dot, draw_mermaid, outline
from engine.language.exports.bpmn import export_bpmn
from engine.language.exports.scxml import export_scxml

__all__ = ["draw_dot", "draw_mermaid", "draw_svg", "export_bpmn", "export_scxml", "outline"]

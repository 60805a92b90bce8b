"""Drawings of a procedure: one door to the picture, the drawing languages, and the list for screen readers.

Room for: the names that others import.
May not enter: anything else; each drawing has a file of its own beside this one.
"""

from engine.language.drawing_svg import draw_svg
from engine.language.drawing_words import draw_dot, draw_mermaid, outline

__all__ = ["draw_dot", "draw_mermaid", "draw_svg", "outline"]

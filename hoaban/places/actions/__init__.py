"""Changing places: loading units, villages, marks and outlines, and reforms of the map."""

from hoaban.places.actions.loading import load_units, load_villages
from hoaban.places.actions.reforming import plan_reform, reform
from hoaban.places.actions.shaping import draw_outlines, load_shapes
from hoaban.places.actions.stating import load_marks

__all__ = ["draw_outlines", "load_marks", "load_shapes", "load_units", "load_villages", "plan_reform", "reform"]

"""Changing places: loading units, villages and marks, and reforms of the map."""

from hoaban.places.actions.loading import load_units, load_villages
from hoaban.places.actions.reforming import plan_reform, reform
from hoaban.places.actions.stating import load_marks

__all__ = ["load_marks", "load_units", "load_villages", "plan_reform", "reform"]

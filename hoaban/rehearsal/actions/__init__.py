"""Playing the thread: each step once, through the actions that officers and citizens call."""

from hoaban.rehearsal.actions.playing import play

__all__ = ["play"]

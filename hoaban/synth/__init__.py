"""Synth: a made-up province with a known truth.

Writes forms as a province would get them, drawn images of some of them, and beside them what is
really so. Everybody is invented and marked so (serials begin with SYN); a few persons of the story
are always there (`engine/story.py`). Stands at the bottom on purpose: it can't see the rules that it
tests, not even the number's, which it builds from the decree with its own code.
"""

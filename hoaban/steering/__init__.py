"""Steering: are we on time, and which names?

The officer's home, the board by commune, the names behind each figure and the official weekly
report. Counts nothing itself: every figure is people of the register, narrowed by another room's
query, so that the names behind it are the same question asked for names. Keeps one thing, the figures
as they stood when a day was closed, so that a report reads the same for ever.
"""

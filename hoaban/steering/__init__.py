"""Steering: are we on time, and which names?

The officer's home, the board by commune, the names behind each figure and the official weekly
report. Counts nothing itself: every figure is another context's query.

Empty for now.
"""

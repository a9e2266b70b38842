"""Verification: is it true, and how sure are we?

Rounds at three levels, lots, samples, checks of a form against its image, corrections, and the
error left in the register with its interval.

For now the rules and the statistics stand; no rounds are kept and no page shows them.
"""

"""Verification: is it true, and how sure are we?

Rounds at three levels, lots, samples, checks of a form against its image, corrections, and the
error left in the register with its interval. Not for: faults that a rule finds in a file (`intake`),
writing facts (`people` does it, after a second officer's yes).
"""

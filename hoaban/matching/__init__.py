"""Matching: one person or two?

Compares who was enrolled with the register and with earlier enrolments, and puts suspected pairs
before two reviewers. How alike records are is `linkage`. Prints are compared byte for byte alone,
which finds a capture handed in under two names; whether two fingers are one is a question for an
engine that isn't here yet. Two records of one person are found here, and their join is proposed
to the officers of the register, who decide it.
"""

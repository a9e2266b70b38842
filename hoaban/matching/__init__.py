"""Matching: one person or two?

Compares who was enrolled with the register and with earlier enrolments, and puts suspected pairs
before two reviewers. How alike records are is `linkage`.

Empty for now.
"""

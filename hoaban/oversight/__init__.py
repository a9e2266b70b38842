"""Oversight: has anybody looked who shouldn't?

The data protection pages: who saw whom and why, told to the citizen and to the auditor. Doesn't
record looks (audit does) nor grant access (officers does).
"""

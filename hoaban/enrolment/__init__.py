"""Enrolment: enrolled properly, once, by a kit we trust?

Kits and their keys, signed lists, sealed packets received in pieces exactly once, receipts and
review. Doesn't know whether the person was met before (matching).
"""

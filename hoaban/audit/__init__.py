"""Audit: who did or looked, when and why.

Entries sealed in Merkle epochs, proofs that an entry stands in one, and the jobs that follow an
entry. Names people and records by value, so nothing is kept from it and it depends on nothing.
"""

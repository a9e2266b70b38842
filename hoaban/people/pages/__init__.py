"""Pages of the register: find somebody, see their record and household on any day, change it, decide changes.

A record opens only after the officer has said why; the answer is remembered until they sign out, and
each opening is written to the audit with it.
"""

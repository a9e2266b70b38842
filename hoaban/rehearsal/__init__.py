"""Rehearsal: would it work?

A campaign with synthetic people, played through the same actions that officers call: from the first
form to the last service. The demo and the flows use it, and a province uses it before the real thing.
It refuses to run where synthetic people aren't taken.
"""

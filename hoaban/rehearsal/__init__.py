"""Rehearsal: would it work?

A campaign with synthetic people played through the same actions that officers call. The demo, the
flows and the benchmarks use it.

Empty for now.
"""

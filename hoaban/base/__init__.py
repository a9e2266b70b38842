"""Base: the small things every room stands on.

Refusals, the clock, ids, Vietnamese names and their sort keys, partial dates, the 12-digit
number, dated rules, tabular files and the embedded PostgreSQL server. Knows nothing of the
province and holds no tables.
"""

"""Exchange: may this agency know this?

Relying parties, legal grounds and connectors. Empty for now: the first relying parties, which only
ask who signed in, are clients of `eid`.
"""

"""Intake: what did the paper say?

Batches of DC01 rows kept as they came, the checks made on them, what was accepted and what was
returned with every fault named. The register itself is `people`.
"""

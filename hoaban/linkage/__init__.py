"""Linkage: how alike are two records?

The engine only: comparisons, weights and explanations over plain values. No tables, no decisions.
"""

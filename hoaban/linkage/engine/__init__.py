"""Comparing two records field by field, with weights from data."""

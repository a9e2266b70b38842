"""Hoa Ban: Project 06 of a Vietnamese province, from the first door knocked on to the last service done."""

__version__ = "0.1.0"

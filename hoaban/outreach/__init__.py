"""Outreach: who has heard, in a language they understand?

Materials and sessions by village and language. Empty for now.
"""

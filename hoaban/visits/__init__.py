"""Visits: who meets whom, when, where, and how did it end?

Appointments of people with teams and what came of them. Doesn't know why a day was chosen
(campaign does).
"""

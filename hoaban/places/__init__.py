"""Places: where, on which date?

Administrative units with validity dates, villages, seats and the minutes between them. Knows no
person and no officer.
"""

"""People: who is this, legally, now and on any date?

Persons, households, relations and residences, with the source of each fact and every change.
The only way to write a fact about a person is through its actions.
"""

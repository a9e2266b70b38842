"""Officers: who may act, where, in which role?

Officers, roles, areas, sign-in with a second factor, and the approvals that need a second
officer. Doesn't know what it is that they approve.
"""

"""e-ID: is it really them, online?

Accounts at level 1 and 2, activation, sign-in, and the OpenID provider other agencies use.
Doesn't know what people do once signed in (services).
"""

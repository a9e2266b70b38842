"""Kit: what can we do here, with no network?

The offline station: its own settings and small store, today's list, the wizard, devices and the
outbox. Uses only `base`, `web` and the rules of others.
"""

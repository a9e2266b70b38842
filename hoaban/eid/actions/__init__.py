"""Changing accounts, and what the OpenID provider does for them."""

from hoaban.eid.actions.entering import activate, change_password, sign_in
from hoaban.eid.actions.following import follow_join
from hoaban.eid.actions.keeping import close, forget_tries, give_slip, lock, open_account, unlock
from hoaban.eid.actions.sharing import (
    add_client,
    add_key,
    authorise,
    exchange,
    revoke,
    withdraw_client,
    withdraw_consent,
)

__all__ = [
    "activate",
    "add_client",
    "add_key",
    "authorise",
    "change_password",
    "close",
    "exchange",
    "follow_join",
    "forget_tries",
    "give_slip",
    "lock",
    "open_account",
    "revoke",
    "sign_in",
    "unlock",
    "withdraw_client",
    "withdraw_consent",
]

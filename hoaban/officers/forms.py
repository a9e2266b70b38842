"""Forms of officers' sign-in, where allauth's own lack words."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm

from hoaban.base.words import _


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey and what its officer calls it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What you call this key")

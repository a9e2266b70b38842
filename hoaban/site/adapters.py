"""How allauth behaves here: officers are made by an administrator, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class OfficersOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Officers sign in; there is no open sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

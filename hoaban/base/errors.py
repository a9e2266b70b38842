"""The one error meant for people: a rule said no, and somebody can act on it."""

from __future__ import annotations

from typing import Any, ClassVar

from hoaban.base.words import _


class Refusal(Exception):
    """A rule said no.

    Each kind is a subclass beside its rule with a stable `code` (`cards.not_the_holder`) and a
    `message`: a lazy English sentence with named facts (`%(number)s`) whose Vietnamese stands in
    `locale/`. Pages show `str(refusal)`, machines get `code` and `facts`.
    """

    code: ClassVar[str] = "refused"
    message: ClassVar[Any] = _("This can't be done.")

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts

    def __str__(self) -> str:
        return str(self.message) % self.facts


class NotAllowed(Refusal):
    """The actor's role or area doesn't let them do this."""

    code = "base.not_allowed"
    message = _("You may not do this here. Ask your unit's administrator for the right.")


class NotFound(Refusal):
    """There is no such record in what the actor may see."""

    code = "base.not_found"
    message = _("Nothing was found under %(what)s.")


class ChangedMeanwhile(Refusal):
    """Somebody saved first: `changes` says what they changed."""

    code = "base.changed_meanwhile"
    message = _("%(who)s changed this record at %(when)s. Look at it again before you save. Changed: %(changes)s")

"""What checks refuse, for people to act on."""

from __future__ import annotations

from hoaban.base.errors import Refusal
from hoaban.base.words import _


class NoSuchLevel(Refusal):
    """The level isn't in the list."""

    code = "verification.no_such_level"
    message = _("There is no level %(level)s. The levels are: %(known)s.")


class NoPlan(Refusal):
    """The tables hold no plan for that."""

    code = "verification.no_plan"
    message = _("No plan is known for %(lot)s forms, limit %(aql)s, level %(inspection)s.")


class NothingToDraw(Refusal):
    """There are no forms to draw from."""

    code = "verification.nothing_to_draw"
    message = _("No form waits for level %(level)s in %(commune)s. Load its forms, or finish the level before it.")


class NotYetOpen(Refusal):
    """The round hasn't begun."""

    code = "verification.not_yet_open"
    message = _("This round opens on %(day)s.")


class NoSuchDraw(Refusal):
    """What was asked for can't be drawn."""

    code = "verification.no_such_draw"
    message = _("Choose at least one commune, and a last day that isn't before the first.")


class NothingBelow(Refusal):
    """The lowest level draws from all forms anyway."""

    code = "verification.nothing_below"
    message = _("Level %(level)s draws from all forms anyway: there is no level below it to pass by.")


class SawItBefore(Refusal):
    """Who keyed, collected or checked a form can't check it."""

    code = "verification.saw_it_before"
    message = _("You have had form %(serial)s in your hands before. Somebody else must check it.")


class NotYours(Refusal):
    """The form is in another officer's hands."""

    code = "verification.not_yours"
    message = _("Form %(serial)s is in the hands of %(who)s. Take the next one.")


class CheckedAlready(Refusal):
    """Somebody was faster."""

    code = "verification.checked_already"
    message = _("Form %(serial)s has been checked by %(who)s. Take the next one.")


class NothingSent(Refusal):
    """There is no proposal to decide."""

    code = "verification.nothing_sent"
    message = _("No correction of form %(serial)s waits for a second officer.")


class RegisterMoved(Refusal):
    """The register says something else than when the form was checked."""

    code = "verification.register_moved"
    message = _("The register has changed since form %(serial)s was checked: %(changes)s. Decline it and check again.")


class ValueMissing(Refusal):
    """Typing again needs what is typed."""

    code = "verification.value_missing"
    message = _("Type what stands on the paper: %(label)s.")


class StillOpen(Refusal):
    """A form has differences nobody decided: in the facts `names`, called `labels`."""

    code = "verification.still_open"
    message = _("Choose for each difference first: %(labels)s.")

    def __init__(self, *, names: list[str], **facts: object) -> None:
        super().__init__(names=names, **facts)
        self.names = names


class NothingToUndo(Refusal):
    """There is nothing left to take back."""

    code = "verification.nothing_to_undo"
    message = _("Nothing can be taken back. A correction that was sent needs the second officer's no.")


class TooEarly(Refusal):
    """The lot can't be decided so."""

    code = "verification.too_early"
    message = _("%(left)s forms are left to check and %(pending)s wait for an answer.")


class OverLimit(Refusal):
    """More wrong forms than the plan allows: the lot is not accepted."""

    code = "verification.over_limit"
    message = _("%(wrong)s forms are wrong, %(limit)s are allowed. Return the lot.")


class WithinLimit(Refusal):
    """Not so many wrong forms that the lot may be returned."""

    code = "verification.within_limit"
    message = _("%(wrong)s forms are wrong, %(limit)s are allowed. There is no ground to return the lot.")


class LotDecided(Refusal):
    """The lot has been accepted or returned."""

    code = "verification.lot_decided"
    message = _("This lot has been decided by %(who)s.")


class CorrectionsWait(Refusal):
    """Corrections of the lot wait for their second officer."""

    code = "verification.corrections_wait"
    message = _("%(count)s corrections of this lot wait for a second officer.")


class OverrideWaits(Refusal):
    """Two officers are asked already whether the lot is accepted over its limit."""

    code = "verification.override_waits"
    message = _("%(who)s has proposed to accept this lot over its limit. A second officer decides that first.")


class NoOverride(Refusal):
    """Nobody proposed to accept the lot over its limit."""

    code = "verification.no_override"
    message = _("Nobody proposes to accept this lot over its limit.")

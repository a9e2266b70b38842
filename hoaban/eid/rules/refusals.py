"""What the e-ID refuses, each with what to do about it."""

from __future__ import annotations

from hoaban.base.errors import Refusal
from hoaban.base.words import _


class WrongStep(Refusal):
    """The account isn't where this step begins."""

    code = "eid.wrong_step"
    message = _("The account is: %(state)s. This step can't be taken from there.")


class NoAccountHere(Refusal):
    """Nobody of the area has an account under that number."""

    code = "eid.no_account_here"
    message = _(
        "Nobody in your area has an account under this number. Count the digits, or ask where they are registered."
    )


class NotOpen(Refusal):
    """The account doesn't let anybody in."""

    code = "eid.not_open"
    message = _("This account is locked or closed. Ask the commune police: they see why and can open it.")


class WrongPair(Refusal):
    """No account has that number and password; which of the two is wrong isn't told."""

    code = "eid.wrong_pair"
    message = _("The number and the password don't go together. Write both again.")


class WrongSlip(Refusal):
    """No account has that number and slip; which of the two is wrong isn't told."""

    code = "eid.wrong_slip"
    message = _("The number and the code don't go together. Look at the slip again: it has no 0, O, 1 or I.")


class SlipExpired(Refusal):
    """The slip is too old."""

    code = "eid.slip_expired"
    message = _("The slip was good until %(day)s. The commune police give you a new one.")


class SlipUsed(Refusal):
    """The slip has been used."""

    code = "eid.slip_used"
    message = _("This slip has been used. Sign in with your password, or ask the commune police for a new slip.")


class TooManyTries(Refusal):
    """Wait before the next try."""

    code = "eid.too_many_tries"
    message = _("Too many tries. Wait %(minutes)s minutes, then try again.")


class WrongPassword(Refusal):
    """The present password is another."""

    code = "eid.wrong_password"
    message = _("This isn't your present password. Write it again.")


class WeakPassword(Refusal):
    """The password is easily guessed."""

    code = "eid.weak_password"
    message = _("Choose another password: %(why)s.")


class ReasonMissing(Refusal):
    """The step needs its reason."""

    code = "eid.reason_missing"
    message = _("Write the reason.")


class BadRedirect(Refusal):
    """Not an address to which a citizen may be sent back."""

    code = "eid.bad_redirect"
    message = _("%(uri)s can't be a return address: it must begin with https:// (or http://localhost) and have no #.")


class ManySectors(Refusal):
    """Return addresses at several hosts, and none named to stand for them."""

    code = "eid.many_sectors"
    message = _("The return addresses are at several hosts (%(hosts)s). Name one with --sector.")


class ClientKnown(Refusal):
    """A relying party of that name is there."""

    code = "eid.client_known"
    message = _("%(name)s is known already, as %(client_id)s.")


class UnknownScope(Refusal):
    """Nothing of that name is shared."""

    code = "eid.unknown_scope"
    message = _("%(scope)s isn't shared. What can be: %(known)s.")


class CodeUsed(Refusal):
    """An authorization code is good once."""

    code = "eid.code_used"
    message = _("This code has been used.")


class NotTheirs(Refusal):
    """Somebody else's account."""

    code = "eid.not_theirs"
    message = _("Only the holder of the account may do this.")

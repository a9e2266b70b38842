"""What cards refuse, each with what to do about it."""

from __future__ import annotations

from hoaban.base.errors import Refusal
from hoaban.base.words import _


class WrongStep(Refusal):
    """The record isn't where this step begins."""

    code = "cards.wrong_step"
    message = _("%(what)s is now: %(state)s. This step can't be taken from there.")


class NotTheHolder(Refusal):
    """Somebody else's number was shown for the card."""

    code = "cards.not_the_holder"
    message = _(
        "The number doesn't belong to the holder of card %(serial)s. Don't hand it over. Ask for the number again."
    )


class ReasonMissing(Refusal):
    """The step needs its reason."""

    code = "cards.reason_missing"
    message = _("Write the reason.")


class NoNumberYet(Refusal):
    """A card bears the 12-digit number, and the person has none."""

    code = "cards.no_number_yet"
    message = _("%(code)s: this person has no 12-digit number yet. Give the number first, then propose the card.")


class AlreadyAskedFor(Refusal):
    """Another application of the person is open."""

    code = "cards.already_asked_for"
    message = _("A card is already being made for this person under code %(code)s. Follow that one.")


class NothingToPack(Refusal):
    """No checked card waits for that commune."""

    code = "cards.nothing_to_pack"
    message = _("No checked card waits for this commune.")


class NotInThatBatch(Refusal):
    """A card named as missing was never in the batch."""

    code = "cards.not_in_that_batch"
    message = _("These cards aren't in the batch: %(serials)s. Read their numbers again.")


class ChipDiffers(Refusal):
    """The chip's files aren't as they were signed."""

    code = "cards.chip_differs"
    message = _(
        "The chip of card %(serial)s isn't as it was signed (%(faults)s). Spoil the card; a new one will be made."
    )


class NotMadeYet(Refusal):
    """The card's files don't exist."""

    code = "cards.not_made_yet"
    message = _("Card %(serial)s has no files yet. Wait a minute and open it again.")


class NoSuchCode(Refusal):
    """No application has that code."""

    code = "cards.no_such_code"
    message = _(
        "No card goes by the code %(code)s yet. Look at the receipt again: it has no 0, O, 1 or I. "
        "If your photo was taken less than two weeks ago, the team may still be on the road."
    )


class NotHere(Refusal):
    """No card at this commune and no batch is meant by what was scanned."""

    code = "cards.not_here"
    message = _("No card and no batch here goes by that. Scan again, or look whether the batch has been taken in.")


class NoChipThere(Refusal):
    """The folder doesn't hold a chip's files."""

    code = "cards.no_chip_there"
    message = _("%(folder)s doesn't hold a chip: EF.COM, EF.SOD, the data groups and csca.pem are needed.")

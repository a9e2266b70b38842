"""Where is my card: six steps, told without a name to whoever has the code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hoaban.base.words import _
from hoaban.cards.rules.dates import Expected, expected


class Step(StrEnum):
    """The six steps that whoever waits for a card can follow."""

    RECEIVED = "received"
    APPROVED = "approved"
    PRINTED = "printed"
    SENT = "sent"
    AT_COMMUNE = "at_commune"
    HANDED_OVER = "handed_over"


class Ending(StrEnum):
    """Why an application leads to no card in the hand, or the card is no longer there."""

    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LOST = "lost"


STEP_WORDS = {
    Step.RECEIVED: _("Photo and fingers taken"),
    Step.APPROVED: _("Checked and approved"),
    Step.PRINTED: _("Card made"),
    Step.SENT: _("Sent to the commune"),
    Step.AT_COMMUNE: _("At the commune, ready to be fetched"),
    Step.HANDED_OVER: _("In your hand"),
}


STEP_SENTENCES = {
    Step.RECEIVED: _("We have your photo and fingerprints. An officer is checking them."),
    Step.APPROVED: _("Your card is approved and is being made."),
    Step.PRINTED: _("Your card is made. It will soon leave for your commune."),
    Step.SENT: _("Your card is on the way to your commune."),
    Step.AT_COMMUNE: _("Your card is at the commune. Come and fetch it."),
    Step.HANDED_OVER: _("You have your card."),
}
STEP_HOLDERS = {
    Step.RECEIVED: _("the province, at the first look"),
    Step.APPROVED: _("the province, at the printer"),
    Step.PRINTED: _("the province, at packing"),
    Step.SENT: _("the road to the commune"),
    Step.AT_COMMUNE: _("the commune, at the counter"),
    Step.HANDED_OVER: _("nobody"),
}
ENDING_SENTENCES = {
    Ending.DECLINED: _("This card won't be made. The commune police will tell you why and what to do."),
    Ending.WITHDRAWN: _("This card is no longer in use."),
    Ending.LOST: _("This card was lost. Ask the commune police for a new one."),
}


@dataclass(frozen=True)
class Timeline:
    """Where a card is: the six steps with the time each was reached, and when the card is expected.

    Holds no name: it is shown to whoever has the code.
    """

    code: str
    commune_code: str
    reached: tuple[tuple[Step, dt.datetime | None], ...]
    expected: Expected
    ending: Ending | None

    @property
    def current(self) -> Step:
        """The last step reached."""
        return [step for step, at in self.reached if at is not None][-1]

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will come: in the hand, or ended."""
        return self.ending is not None or self.current is Step.HANDED_OVER

    @property
    def waits_for_its_holder(self) -> bool:
        """Whether it lies at the commune and can be fetched now."""
        return self.ending is None and self.current is Step.AT_COMMUNE

    def days_late(self, on: dt.date) -> int:
        """How many days the card is past the law's limit on that day; 0 while it isn't."""
        return 0 if self.is_finished else max(0, (on - self.expected.last).days)


def timeline(
    *,
    code: str,
    commune_code: str,
    requested_on: dt.date,
    reached: Sequence[dt.datetime | None],
    ending: Ending | None,
) -> Timeline:
    """Build the timeline from the times of the six steps, in order."""
    return Timeline(code, commune_code, tuple(zip(Step, reached, strict=True)), expected(requested_on), ending)

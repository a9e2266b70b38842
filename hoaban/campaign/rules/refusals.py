"""What the campaign refuses, each with what to do about it."""

from __future__ import annotations

from hoaban.base.errors import Refusal
from hoaban.base.words import _


class NobodyLeft(Refusal):
    """There is nobody to plan for."""

    code = "campaign.nobody_left"
    message = _("Nobody is left to be met in these communes. Choose others.")


class NoTeams(Refusal):
    """A plan needs teams."""

    code = "campaign.no_teams"
    message = _("Choose at least one team, or make one for the commune first.")


class TooManyTeams(Refusal):
    """More teams than one commune needs."""

    code = "campaign.too_many_teams"
    message = _("At most %(most)s teams have their base in one commune.")


class TooBig(Refusal):
    """The plan is more than can be worked out while somebody waits."""

    code = "campaign.too_big"
    message = _("%(sessions)s sessions are too many for one plan (at most %(most)s). Plan fewer communes at a time.")


class TeamTaken(Refusal):
    """A team is promised elsewhere in that week."""

    code = "campaign.team_taken"
    message = _("Team %(team)s is promised to people in these days by plan %(plan)s. Choose another team or week.")


class TooLate(Refusal):
    """People must hear of it in time."""

    code = "campaign.too_late"
    message = _("The plan begins on %(day)s. People must hear of it before: choose a day from %(first)s on.")


class NotSound(Refusal):
    """The simulator found faults."""

    code = "campaign.not_sound"
    message = _("This plan can't be promised: %(faults)s Make the plan again.")


class WrongState(Refusal):
    """The plan isn't where this step begins."""

    code = "campaign.wrong_state"
    message = _("Plan %(plan)s is now: %(state)s. This step can't be taken from there.")


class ReasonMissing(Refusal):
    """People are told why they were promised something that doesn't come."""

    code = "campaign.reason_missing"
    message = _("Write why the plan is withdrawn.")

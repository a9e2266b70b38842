"""Roles and what each may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hoaban.base.errors import Refusal
from hoaban.base.words import _


class Role(StrEnum):
    """What an officer is there for. A role is held in an area: a commune, a district or the province.

    A checker checks at the level of their area, whatever levels the state has on that day. A member of a village
    group takes the list of a village's doors along and opens no record.
    """

    VILLAGE_MEMBER = "village_member"
    COMMUNE_OFFICER = "commune_officer"
    CHECKER = "checker"
    PROVINCE_CHECKER = "province_checker"
    PROVINCE_OFFICER = "province_officer"
    TEAM_LEADER = "team_leader"
    KIT_OPERATOR = "kit_operator"
    CARD_OFFICER = "card_officer"
    ADJUDICATOR = "adjudicator"
    CLERK = "clerk"
    CHAIR = "chair"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class AreaLevel(StrEnum):
    """What the code of an area names."""

    COMMUNE = "commune"
    DISTRICT = "district"
    PROVINCE = "province"


ROLE_TITLES = {
    Role.VILLAGE_MEMBER: _("member of a village group"),
    Role.COMMUNE_OFFICER: _("commune police officer"),
    Role.CHECKER: _("checker"),
    Role.PROVINCE_CHECKER: _("province checker"),
    Role.PROVINCE_OFFICER: _("province officer"),
    Role.TEAM_LEADER: _("leader of a mobile team"),
    Role.KIT_OPERATOR: _("kit operator"),
    Role.CARD_OFFICER: _("card officer"),
    Role.ADJUDICATOR: _("adjudicator"),
    Role.CLERK: _("one-stop clerk"),
    Role.CHAIR: _("committee chair"),
    Role.AUDITOR: _("data protection officer"),
    Role.ADMINISTRATOR: _("administrator"),
}

# Each line one permission: who holds it. A permission named on a page and absent here fails a test.
PERMISSIONS: dict[str, frozenset[Role]] = {
    "officers.home": frozenset(Role),
    "officers.administer": frozenset({Role.ADMINISTRATOR}),
    # places
    "places.read": frozenset(Role),
    # people
    "people.read": frozenset(
        {
            Role.COMMUNE_OFFICER,
            Role.CHECKER,
            Role.PROVINCE_CHECKER,
            Role.PROVINCE_OFFICER,
            Role.TEAM_LEADER,
            Role.KIT_OPERATOR,
            Role.CARD_OFFICER,
            Role.ADJUDICATOR,
            Role.CLERK,
            Role.CHAIR,
            Role.AUDITOR,
        }
    ),
    "people.change": frozenset({Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER}),
    "people.propose_join": frozenset({Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER, Role.ADJUDICATOR}),
    "people.decide": frozenset({Role.COMMUNE_OFFICER, Role.CHECKER, Role.PROVINCE_CHECKER, Role.PROVINCE_OFFICER}),
    # intake
    "intake.read": frozenset({Role.COMMUNE_OFFICER, Role.CHECKER, Role.PROVINCE_CHECKER, Role.PROVINCE_OFFICER}),
    "intake.load": frozenset({Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER}),
    # verification
    "verification.check": frozenset({Role.COMMUNE_OFFICER, Role.CHECKER, Role.PROVINCE_CHECKER, Role.PROVINCE_OFFICER}),
    "verification.check_level_1": frozenset({Role.COMMUNE_OFFICER, Role.CHECKER, Role.PROVINCE_OFFICER}),
    "verification.check_level_2": frozenset({Role.CHECKER, Role.PROVINCE_OFFICER}),
    "verification.check_level_3": frozenset({Role.PROVINCE_CHECKER, Role.PROVINCE_OFFICER}),
    "verification.draw": frozenset({Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER}),
    "verification.decide": frozenset({Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER}),
    # campaign
    "campaign.read": frozenset(
        {Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER, Role.TEAM_LEADER, Role.KIT_OPERATOR, Role.CHAIR}
    ),
    "campaign.plan": frozenset({Role.PROVINCE_OFFICER}),
    # enrolment
    "enrolment.read": frozenset(
        {Role.COMMUNE_OFFICER, Role.CHECKER, Role.PROVINCE_OFFICER, Role.TEAM_LEADER, Role.KIT_OPERATOR}
    ),
    "enrolment.review": frozenset({Role.CHECKER, Role.PROVINCE_OFFICER}),
    "enrolment.kits": frozenset({Role.PROVINCE_OFFICER, Role.ADMINISTRATOR}),
    "kit.enrol": frozenset({Role.TEAM_LEADER, Role.KIT_OPERATOR}),
    # matching
    "matching.review": frozenset({Role.ADJUDICATOR}),
    # cards
    "cards.read": frozenset(
        {Role.CARD_OFFICER, Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER, Role.TEAM_LEADER, Role.KIT_OPERATOR}
    ),
    "cards.release": frozenset({Role.CARD_OFFICER}),
    "cards.produce": frozenset({Role.CARD_OFFICER}),
    "cards.hand_over": frozenset({Role.CARD_OFFICER, Role.COMMUNE_OFFICER, Role.TEAM_LEADER, Role.KIT_OPERATOR}),
    # eid
    "eid.read": frozenset({Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER, Role.TEAM_LEADER, Role.KIT_OPERATOR}),
    "eid.give_slip": frozenset({Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER}),
    "eid.lock": frozenset({Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER}),
    # services
    "services.decide": frozenset({Role.COMMUNE_OFFICER, Role.CLERK}),
    # steering
    "steering.board": frozenset({Role.CHAIR, Role.PROVINCE_OFFICER, Role.COMMUNE_OFFICER}),
    "steering.doors": frozenset({Role.VILLAGE_MEMBER, Role.COMMUNE_OFFICER}),
    "steering.report": frozenset({Role.CHAIR, Role.PROVINCE_OFFICER}),
    # oversight
    "audit.read": frozenset({Role.AUDITOR}),
    "oversight.protect": frozenset({Role.AUDITOR}),
    "oversight.ask_to_withhold": frozenset({Role.PROVINCE_OFFICER}),
    "oversight.withhold": frozenset({Role.AUDITOR}),
}


def permissions_of(roles: set[str]) -> frozenset[str]:
    """Everything that these roles may do."""
    return frozenset(name for name, holders in PERMISSIONS.items() if holders & roles)


@dataclass(frozen=True)
class FourEyes:
    """A kind of change that two officers make: in words, what the second must hold, where its subject is looked at.

    `page` is the name of an address; `keys` are the values of the payload that it needs. `reason_first` says
    whether the first officer must write why; the second always does to decline.
    """

    kind: str
    words: Any
    permission: str
    page: str = ""
    keys: tuple[str, ...] = ()
    reason_first: bool = False


_kinds: dict[str, FourEyes] = {}


def four_eyes(one: FourEyes) -> str:
    """Make a kind known, so that it stands on the second officer's page; its code."""
    _kinds[one.kind] = one
    return one.kind


def kind_of(code: str) -> FourEyes:
    """What is known of a kind; one that nobody made known is named by its code."""
    return _kinds.get(code, FourEyes(code, code, ""))


class NameTaken(Refusal):
    """Somebody signs in under that name."""

    code = "officers.name_taken"
    message = _("Somebody signs in as %(username)s already. Choose another name, or give them a new password.")


class SameOfficer(Refusal):
    """Four eyes: who proposed can't decide."""

    code = "officers.same_officer"
    message = _("You proposed this yourself. A second officer must decide.")


class AlreadyDecided(Refusal):
    """Somebody has decided this before."""

    code = "officers.already_decided"
    message = _("%(who)s has already decided this.")


class ReasonMissing(Refusal):
    """A no needs its reason."""

    code = "officers.reason_missing"
    message = _("Write why you decline.")


class ProposalUnexplained(Refusal):
    """What is proposed needs a reason here."""

    code = "officers.proposal_unexplained"
    message = _("Write why you propose this: the second officer decides by it.")


class ProposalExpired(Refusal):
    """Nobody decided in time."""

    code = "officers.proposal_expired"
    message = _("Nobody decided this until %(due)s. Propose it again.")

"""The words in which the audit is told to people, and in which role somebody acted on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hoaban.base.words import _
from hoaban.people import rules as people

LOOKS = frozenset({"people.looked", "people.searched", "services.looked_up", "oversight.audit_read"})
CHANGED = "people.corrected"

# What was done, in words. Rooms above this one are known by name alone.
ACTION_WORDS = {
    "people.looked": _("opened your record"),
    "people.searched": _("searched and found your name"),
    "people.established": _("entered you in the register"),
    "people.corrected": _("changed your record"),
    "people.number_given": _("gave you a personal number"),
    "people.temporary_residence_registered": _("registered your temporary residence"),
    "people.birth_registered": _("registered a birth that concerns you"),
    "people.married": _("registered your marriage"),
    "people.divorced": _("registered your divorce"),
    "people.closed": _("closed a record that concerns you"),
    "people.reopened": _("reopened a record that concerns you"),
    "people.joined": _("joined two records of one person"),
    "people.parted": _("parted joined records again"),
    "people.followed": _("took along what was kept under a joined record"),
    "people.number_cancelled": _("cancelled your personal number"),
    "people.permanent_residence_registered": _("registered your permanent residence"),
    "people.stay_noted": _("noted your stay"),
    "people.absence_declared": _("noted that you are away"),
    "people.household_made": _("made a household with you in it"),
    "people.household_moved": _("registered the move of your household"),
    "people.head_changed": _("changed the head of your household"),
    "enrolment.received": _("received your photo and fingerprints"),
    "enrolment.cleared": _("passed your enrolment"),
    "enrolment.held": _("held your enrolment for a closer look"),
    "matching.cleared": _("made sure that you are in the register once"),
    "cards.requested": _("asked for your card"),
    "cards.released": _("released your card for making"),
    "cards.personalised": _("made your card"),
    "cards.checked": _("checked your card"),
    "cards.batch_sent": _("sent your card on its way"),
    "cards.batch_arrived": _("took in your card at the commune"),
    "cards.handed_over": _("handed your card over"),
    "cards.declined": _("declined your card"),
    "cards.withdrawn": _("took your card out of use"),
    "cards.taken_up": _("gave your card back into use"),
    "cards.reopened": _("opened your application for a card again"),
    "eid.opened": _("opened your electronic identity"),
    "eid.locked": _("locked your electronic identity"),
    "eid.unlocked": _("unlocked your electronic identity"),
    "eid.activated": _("activated your electronic identity"),
    "eid.signed_in": _("signed in with your electronic identity"),
    "eid.consented": _("let an agency have your facts"),
    "eid.shared": _("told an agency your facts"),
    "services.submitted": _("sent an application that names you"),
    "services.looked_up": _("named you by number, name and birth in an application"),
    "services.approved": _("approved an application that names you"),
    "services.returned": _("sent an application that names you back"),
    "services.declined": _("declined an application that names you"),
    "visits.promised": _("fixed a day for a team to come to you"),
    "visits.met": _("noted that the team has met you"),
    "visits.taken_up": _("opened your appointment again"),
    "oversight.audit_read": _("read who has looked at your record"),
}
ROOM_WORDS = {
    "intake": _("worked on your form"),
    "people": _("worked on your record"),
    "verification": _("checked your record"),
    "enrolment": _("worked on your enrolment"),
    "matching": _("compared your record with others"),
    "cards": _("worked on your card"),
    "eid": _("worked on your electronic identity"),
    "services": _("worked on your application"),
    "campaign": _("planned the way to you"),
    "visits": _("planned the way to you"),
    "officers": _("a second officer decided"),
    "exchange": _("answered another agency about you"),
}
# The same as an auditor reads it: nobody is addressed.
ENTRY_WORDS = {
    "people.looked": _("opened a record"),
    "people.searched": _("searched for a name"),
    "people.established": _("entered somebody in the register"),
    "people.corrected": _("changed a record"),
    "people.number_given": _("gave a personal number"),
    "people.temporary_residence_registered": _("registered a temporary residence"),
    "people.numbers_given": _("gave personal numbers"),
    "people.number_cancelled": _("cancelled a personal number"),
    "people.birth_registered": _("registered a birth"),
    "people.married": _("registered a marriage"),
    "people.divorced": _("registered a divorce"),
    "people.closed": _("closed a record"),
    "people.reopened": _("reopened a record"),
    "people.joined": _("joined two records of one person"),
    "people.parted": _("parted joined records again"),
    "people.followed": _("took along what was kept under a joined record"),
    "people.split": _("made two records of one"),
    "people.permanent_residence_registered": _("registered a permanent residence"),
    "people.permanent_residence_removed": _("removed a permanent residence"),
    "people.stay_noted": _("noted a stay"),
    "people.absence_declared": _("noted an absence"),
    "people.residence_ended": _("ended a residence early"),
    "people.household_made": _("made a household"),
    "people.household_entered": _("moved somebody into a household"),
    "people.household_moved": _("moved a household"),
    "people.head_changed": _("changed the head of a household"),
    "people.household_dissolved": _("dissolved a household"),
    "people.organisation_established": _("entered an organisation"),
    "people.representative_changed": _("changed a legal representative"),
    "people.organisation_closed": _("closed an organisation"),
    "site.backed_up": _("made a backup"),
    "site.restored": _("restored a backup"),
    "intake.received": _("took in a file of forms"),
    "intake.loaded": _("read a file into the register"),
    "intake.images_registered": _("took in images of forms"),
    "intake.mended": _("mended a returned form"),
    "intake.returned_taken": _("fetched the returned rows"),
    "verification.drawn": _("drew a round"),
    "verification.checked": _("checked a form"),
    "verification.undone": _("took a check back"),
    "verification.accepted": _("accepted a lot"),
    "verification.returned": _("returned a lot"),
    "verification.drawn_again": _("drew what follows a returned lot"),
    "verification.overridden": _("accepted a lot over its limit, as the second officer"),
    "verification.override.proposed": _("proposed to accept a lot over its limit"),
    "verification.override.approved": _("approved the acceptance of a lot over its limit"),
    "verification.override.declined": _("declined the acceptance of a lot over its limit"),
    "verification.override.expired": _("closed a proposal that nobody decided"),
    "verification.corrected": _("corrected the register after a check"),
    "verification.declined": _("declined a correction"),
    "verification.correction.proposed": _("sent a correction to a second officer"),
    "verification.correction.approved": _("approved a correction"),
    "campaign.teams_made": _("formed teams"),
    "campaign.planned": _("planned a week"),
    "campaign.fixed": _("fixed a plan"),
    "campaign.withdrawn": _("withdrew a plan"),
    "visits.promised": _("made appointments"),
    "visits.met": _("met somebody"),
    "visits.cancelled": _("called appointments off"),
    "visits.taken_up": _("opened an appointment again after a parting"),
    "enrolment.packet_received": _("took in a sealed packet"),
    "enrolment.packet_refused": _("refused a packet"),
    "enrolment.packet_put_aside": _("put a packet aside"),
    "enrolment.received": _("opened an enrolment"),
    "enrolment.cleared": _("passed an enrolment"),
    "enrolment.held": _("held an enrolment back"),
    "enrolment.kit_registered": _("registered a station"),
    "enrolment.kit_withdrawn": _("withdrew a station"),
    "enrolment.operator_admitted": _("admitted an operator to a station"),
    "enrolment.list_drawn": _("drew the list of a station"),
    "enrolment.people_expected": _("put people on the list of a station"),
    "enrolment.keys_made": _("made the keys for packets"),
    "matching.case_opened": _("found two records alike"),
    "matching.reviewed": _("judged a pair"),
    "matching.decided": _("decided a pair"),
    "matching.cleared": _("found a person in the register once"),
    "cards.requested": _("asked for a card"),
    "cards.release.proposed": _("proposed a card"),
    "cards.release.approved": _("approved a card"),
    "cards.released": _("released cards for making"),
    "cards.personalised": _("made a card"),
    "cards.checked": _("checked a card"),
    "cards.batch_made": _("packed a batch of cards"),
    "cards.batch_sent": _("sent a batch of cards"),
    "cards.batch_arrived": _("took in a batch of cards"),
    "cards.handed_over": _("handed a card over"),
    "cards.declined": _("declined a card"),
    "cards.taken_up": _("gave a card back into use after a parting"),
    "cards.reopened": _("opened an application for a card again after a parting"),
    "eid.opened": _("opened an account"),
    "eid.activated": _("activated an account"),
    "eid.signed_in": _("signed in"),
    "eid.slip_given": _("gave a new slip"),
    "eid.password_changed": _("changed a password"),
    "eid.locked": _("locked an account"),
    "eid.unlocked": _("unlocked an account"),
    "eid.closed": _("closed an account"),
    "eid.consented": _("agreed to share facts"),
    "eid.consent_withdrawn": _("took the agreement back"),
    "eid.shared": _("told an agency facts"),
    "services.submitted": _("sent an application"),
    "services.looked_up": _("named somebody in an application"),
    "services.approved": _("approved an application"),
    "services.returned": _("sent an application back"),
    "services.declined": _("declined an application"),
    "officers.enlisted": _("made an officer's account"),
    "officers.renewed": _("gave an officer a new password"),
    "officers.assigned": _("gave an officer a role"),
    "officers.second_factor_given": _("gave an officer the second step"),
    "oversight.audit_read": _("read the audit"),
    "oversight.audit_exported": _("took entries out as CSV"),
    "oversight.looked_into": _("looked into unusual look-ups"),
    "oversight.unusual_read": _("read which look-ups are unusual"),
    "oversight.asked": _("took in a request"),
    "oversight.answered": _("answered a request"),
    "oversight.withholding.proposed": _("proposed to tell of a look later"),
    "oversight.withholding.approved": _("approved to tell of a look later"),
    "oversight.withholding.declined": _("declined to tell of a look later"),
    "oversight.withheld": _("looks are told of later from now on"),
    "oversight.disclosed": _("looks are told of now"),
    "oversight.breach_recorded": _("recorded a breach"),
    "oversight.breach_notified": _("told the ministry of a breach"),
    "oversight.breach_closed": _("closed a breach"),
    "oversight.impact_read": _("printed the impact file"),
    "audit.verified": _("walked over the seals"),
    "cards.proposal_taken_back": _("put an application back: nobody decided in time"),
    "cards.release.expired": _("closed a proposal that nobody decided"),
    "cards.release.declined": _("declined a proposed card"),
    "verification.taken_back": _("gave a correction back: nobody decided in time"),
    "verification.correction.expired": _("closed a proposal that nobody decided"),
    "verification.correction.declined": _("declined a proposed correction"),
    "places.loaded": _("loaded the places"),
    "places.villages_loaded": _("loaded the villages"),
    "places.stated": _("wrote down what is published of units"),
    "places.marked": _("marked units"),
    "places.shaped": _("loaded outlines of units"),
    "places.reformed": _("reformed the map"),
    "rehearsal.played": _("rehearsed a step"),
    "steering.closed": _("closed the figures of a day"),
    "cards.exported": _("took card data out for the maker"),
    "intake.sent": _("sent a file of forms"),
    "eid.client_added": _("registered an agency"),
    "eid.client_withdrawn": _("withdrew an agency"),
    "eid.key_added": _("made a signing key"),
    "eid.token_revoked": _("revoked a token"),
}
PART_WORDS = {
    "record": _("the whole record"),
    "history": _("its history"),
    "looks": _("who has looked"),
    "application": _("the application"),
}
THE_PROGRAM = _("the program itself")
YOURSELF = _("yourself")


def action_in_words(action: str) -> object:
    """What an entry says was done."""
    return ACTION_WORDS.get(action) or ROOM_WORDS.get(action.partition(".")[0]) or action


def entry_in_words(action: str) -> object:
    """The same for an auditor; what has no words yet is named by its code."""
    return ENTRY_WORDS.get(action, action)


def purpose_in_words(purpose: str) -> object:
    """Why, in words."""
    return people.PURPOSES.get(purpose, purpose)


def parts_in_words(action: str, facts: Mapping[str, Any]) -> str:
    """Which facts were changed, or which part of the record was opened."""
    fields = facts.get("fields")
    if not isinstance(fields, list):
        return ""
    if action == CHANGED:
        return ", ".join(people.label_of(name) for name in fields)
    return ", ".join(str(PART_WORDS[name]) for name in fields if name in PART_WORDS)


@dataclass(frozen=True)
class Held:
    """A role that somebody held in a unit between two days, in words."""

    title: str
    unit: str
    first: dt.date
    last: dt.date | None

    def __str__(self) -> str:
        return f"{self.title}, {self.unit}" if self.unit else self.title


def roles_on(held: Iterable[Held], day: dt.date) -> str:
    """In which roles somebody acted on that day."""
    return "; ".join(str(one) for one in held if one.first <= day and (one.last is None or day <= one.last))

"""The station's own decisions: the next step of an enrolment, and whether it may begin at all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hoaban.base.errors import Refusal
from hoaban.base.words import _
from hoaban.enrolment.rules import capture, review, worklist

ROOM_BYTES = 200 * 1024 * 1024  # less free disk than this and nobody is begun
CLOCK_S = 300  # a clock further off than this is told to the operator
PIN_TRIES = 5  # wrong ones in a row, then the station rests
PIN_REST_MINUTES = 5
SLIP_HOURS = 12  # as long the slip with its secret code can be printed again; then the station forgets the code
KEEP_DAYS = 14  # a packet stays on the station this long after its receipt


class Sending(StrEnum):
    """waiting -> received, once the province's receipt is here; stuck waits for a person to look."""

    WAITING = "waiting"
    RECEIVED = "received"
    STUCK = "stuck"


class NotRegistered(Refusal):
    """The station has no pass of the province."""

    code = "kit.not_registered"
    message = _("This station isn't registered. Bring its request.json to the province.")


class NoList(Refusal):
    """The station has no list that the province signed for it."""

    code = "kit.no_list"
    message = _("There is no list yet. Send and receive first, or load one from a stick.")


class ForeignList(Refusal):
    """The list isn't for this station, or the province didn't sign it."""

    code = "kit.foreign_list"
    message = _("This list isn't for this station.")


class NoSuchStation(Refusal):
    """There is no station in the folder."""

    code = "kit.no_such_station"
    message = _("There is no station in %(folder)s. Run: hoaban kit init CODE --home %(folder)s")


class AlreadyThere(Refusal):
    """There is a station in the folder."""

    code = "kit.already_there"
    message = _("Station %(kit)s is already in this folder.")


class NoRoom(Refusal):
    """The disk is nearly full."""

    code = "kit.no_room"
    message = _("The disk is nearly full: %(free)s MB are left. Make room before you begin.")


class WrongPin(Refusal):
    """No operator of the list has this PIN."""

    code = "kit.wrong_pin"
    message = _("The PIN doesn't open this station. Try again.")


class TooManyPins(Refusal):
    """Wrong PINs too often."""

    code = "kit.too_many_pins"
    message = _("Too many wrong PINs. Wait %(minutes)s minutes.")


class NoScanner(Refusal):
    """No fingerprint scanner is connected."""

    code = "kit.no_scanner"
    message = _("No fingerprint scanner is connected. Connect one, or say why the fingers can't be taken.")


class NotYet(Refusal):
    """A step before this one is open."""

    code = "kit.not_yet"
    message = _("Finish the step before this one first.")


class Gone(Refusal):
    """There is no such enrolment under way."""

    code = "kit.gone"
    message = _("This enrolment is finished or was never begun here.")


class AlreadyEnrolled(Refusal):
    """The person was enrolled at this station before."""

    code = "kit.already_enrolled"
    message = _("This person was enrolled here before: slip %(code)s.")


class NotAPicture(Refusal):
    """The file isn't a picture."""

    code = "kit.not_a_picture"
    message = _("The file isn't a picture. Take a photo or choose a JPEG or PNG file.")


class LineDown(Refusal):
    """The province can't be reached."""

    code = "kit.line_down"
    message = _("The province can't be reached now. Everything is kept here and sent later.")


class Refused(Refusal):
    """The province said no."""

    code = "kit.refused"
    message = _("The province said: %(why)s")


class NotSent(Refusal):
    """A round of sending didn't come to its end."""

    code = "kit.not_sent"
    message = _("Not everything was sent. %(why)s")


class BadReceipt(Refusal):
    """The receipt isn't the province's, or not for these bytes."""

    code = "kit.bad_receipt"
    message = _("The receipt doesn't hold. The packet stays here and is sent again.")


class NotGettingOn(Refusal):
    """The packet's bytes are damaged on the way again and again."""

    code = "kit.not_getting_on"
    message = _("The line damages this packet. It's tried again later, or take it on a stick.")


class BytesGone(Refusal):
    """The packet's file was lost or changed on this station's disk."""

    code = "kit.bytes_gone"
    message = _("This packet's file is damaged on this disk. Tell the province; enrol the person again.")


class NotAnExport(Refusal):
    """The file wasn't made for this station."""

    code = "kit.not_an_export"
    message = _("%(file)s can't be read.")


class Step(StrEnum):
    """The steps in front of the person, in order."""

    PERSON = "person"
    FACE = "face"
    FINGERS = "fingers"
    CONSENT = "consent"
    FINISH = "finish"


@dataclass(frozen=True)
class Line:
    """One line of the station's journal, which travels in the packet."""

    at: str
    by: str
    what: str


@dataclass(frozen=True)
class Draft:
    """An enrolment under way. It's kept sealed after each answer, so that a power cut costs nothing."""

    ulid: str
    begun_at: str
    slip_code: str
    activation_code: str
    list_version: int
    person: worklist.Expected
    confirmed: bool = False
    corrections: str = ""
    phone: str = ""
    wants_card: bool = True
    wants_eid: bool = True
    face_source: capture.Source | None = None
    fingers: tuple[capture.Finger, ...] = ()
    fingers_source: capture.Source = capture.Source.MOCK
    consent: review.Consent | None = None
    journal: tuple[Line, ...] = ()

    def finger(self, code: int) -> capture.Finger | None:
        """What is known of a finger."""
        return next((one for one in self.fingers if one.code == code), None)


def next_press(draft: Draft) -> capture.Press | None:
    """The press that is still to be made."""
    return next((press for press in capture.Press if capture.unsettled(press, draft.fingers)), None)


def next_step(draft: Draft) -> Step:
    """The first step that isn't done."""
    if not draft.confirmed:
        return Step.PERSON
    if draft.face_source is None:
        return Step.FACE
    if next_press(draft) is not None:
        return Step.FINGERS
    return Step.FINISH if draft.consent is not None else Step.CONSENT


def check_reached(draft: Draft, step: Step) -> None:
    """Raise NotYet where a step before that one is open."""
    steps = list(Step)
    if steps.index(next_step(draft)) < steps.index(step):
        raise NotYet


def check_room(free_bytes: int) -> None:
    """Raise NoRoom where an enrolment might not be kept."""
    if free_bytes < ROOM_BYTES:
        raise NoRoom(free=free_bytes // 1024**2)


def with_fingers(draft: Draft, pressed: tuple[capture.Finger, ...]) -> tuple[capture.Finger, ...]:
    """All fingers after one more press: of each the better print."""
    now = {one.code: one for one in draft.fingers}
    for one in pressed:
        now[one.code] = capture.better(now.get(one.code), one)
    return tuple(now[code] for code in sorted(now))

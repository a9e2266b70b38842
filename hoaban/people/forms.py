"""What an officer fills in to find somebody, to say why, and to change the register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from hoaban.base import codes
from hoaban.base.partial_date import PartialDate
from hoaban.base.words import _
from hoaban.people.queries import printed
from hoaban.people.rules import CLOSING, CORRECTABLE, LIFE_WORDS, PURPOSES, Fact, Life
from hoaban.web.forms import Choices, DateField, Form, ManyChoices, PartialDateField

Pairs = Sequence[tuple[str, str]]


class FindForm(Form):
    """A number, some words of a name, and what else is known."""

    text = forms.CharField(
        label=_("Name or number"),
        help_text=_("Any words of the name, with or without tone marks, or a whole number (12 or 9 digits)"),
        max_length=120, required=False, widget=forms.TextInput(attrs={"autofocus": True}),
    )  # fmt: skip
    born = forms.IntegerField(
        label=_("Year of birth"), min_value=1880, max_value=2399, required=False,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
        error_messages={"invalid": _("Write the year in four digits, such as 1958.")},
    )  # fmt: skip
    head = forms.CharField(label=_("Head of the household"), max_length=120, required=False)
    commune = forms.ChoiceField(label=_("Commune"), required=False)
    village = forms.CharField(
        label=_("Village"), max_length=80, required=False,
        help_text=_("Its name; choose the commune too if you look in several"),
    )  # fmt: skip

    def __init__(self, *args: Any, communes: Pairs, **more: Any) -> None:
        super().__init__(*args, **more)
        if len(communes) > 1:
            _choices(self, "commune").choices = [("", _("all of my area")), *communes]
        else:
            del self.fields["commune"]


class PurposeForm(Form):
    """Why a record is opened."""

    purpose = forms.ChoiceField(
        label=_("Why do you open this record?"),
        help_text=_("The citizen can read this answer."),
        choices=[(code, words) for code, words in PURPOSES.items()],
        widget=Choices,
    )


class DaysForm(Form):
    """For which day, and as the register knew on which, a record is shown."""

    ngay = DateField(label=_("As it was on"), required=False)
    biet = DateField(label=_("as the register knew on"), required=False)


class ActForm(Form):
    """What every change of the register says: the paper it stands on."""

    paper = forms.CharField(label=_("Number of the paper"), max_length=30, help_text=_("As printed on the paper"))
    paper_day = DateField(label=_("Day of the paper"))

    def __init__(self, *args: Any, communes: Pairs = (), **more: Any) -> None:
        super().__init__(*args, **more)
        if "commune_code" in self.fields:
            _choices(self, "commune_code").choices = list(communes)
        self.order_fields([*(name for name in self.fields if not name.startswith("paper")), "paper", "paper_day"])


class CloseForm(ActForm):
    """Somebody has died, is missing, has settled abroad or gave up nationality."""

    life = forms.ChoiceField(
        label=_("What has happened?"), widget=Choices,
        choices=[(life.value, LIFE_WORDS[life]) for life in Life if life in CLOSING],
    )  # fmt: skip
    day = DateField(label=_("Day of the death or of the decision"))
    reason = forms.CharField(label=_("In a few words"), max_length=200)


class ReopenForm(ActForm):
    """A record was closed by mistake."""

    reason = forms.CharField(label=_("Why is it opened again?"), max_length=200)


class MarryForm(ActForm):
    """Whom somebody has married, and when."""

    number = forms.CharField(label=_("Personal number of husband or wife"), max_length=15)
    name = forms.CharField(label=_("Full name of husband or wife"), max_length=120)
    day = DateField(label=_("Day of the marriage"))


class DivorceForm(ActForm):
    """The day on which a court's decision ended a marriage."""

    day = DateField(label=_("Day of the decision"))


class BirthForm(ActForm):
    """A child of the person, and who the other parent is."""

    full_name = forms.CharField(label=_("Full name of the child"), max_length=120)
    sex = forms.ChoiceField(label=_("Sex"), choices=[("M", _("male")), ("F", _("female"))], widget=Choices)
    born = PartialDateField(label=_("Date of birth"))
    birth_reg_place = forms.CharField(
        label=_("Place of birth registration"), max_length=300,
        help_text=_("Commune, district and province: the province gives the personal number"),
    )  # fmt: skip
    number = forms.CharField(label=_("Personal number of the other parent"), max_length=15, required=False)
    name = forms.CharField(
        label=_("Full name of the other parent"), max_length=120, required=False,
        help_text=_("Leave both empty if the certificate names one parent"),
    )  # fmt: skip
    relation_to_head = forms.ChoiceField(
        label=_("What is the child to the head of the household?"),
        choices=[(one.code, one.name) for one in codes.all_codes("relationship_to_head") if one.code != "01"],
        initial="04",
    )


class MoveForm(ActForm):
    """Where somebody lives permanently from a day on."""

    commune_code = forms.ChoiceField(label=_("Commune"))
    village = forms.CharField(label=_("Village"), max_length=80, required=False)
    address = forms.CharField(label=_("New address"), max_length=300)
    day = DateField(label=_("From the day"))


class PersonMoveForm(MoveForm):
    """The same for one person, who may enter a household there."""

    number = forms.CharField(label=_("Personal number of the head there"), max_length=15, required=False)
    name = forms.CharField(
        label=_("Full name of the head there"), max_length=120, required=False,
        help_text=_("Leave both empty if no household there takes the person in yet"),
    )  # fmt: skip
    relation_to_head = forms.ChoiceField(
        label=_("Relation to the head"), required=False,
        choices=[("", "–"), *((one.code, one.name) for one in codes.all_codes("relationship_to_head"))],
    )  # fmt: skip


class AbsenceForm(ActForm):
    """Where somebody is meanwhile, and from when to when."""

    address = forms.CharField(label=_("Where to?"), max_length=300)
    valid_from = DateField(label=_("First day away"))
    valid_to = DateField(label=_("Last day away"), required=False)


class StayForm(ActForm):
    """Where somebody stays for less than 30 days."""

    commune_code = forms.ChoiceField(label=_("Commune"))
    address = forms.CharField(label=_("Where do they stay?"), max_length=300)
    valid_from = DateField(label=_("First day"))
    valid_to = DateField(label=_("Last day"))


class HeadForm(ActForm):
    """Who becomes the head."""

    head = forms.ChoiceField(label=_("Who is the head from now on?"), widget=Choices)
    day = DateField(label=_("From the day"))

    def __init__(self, *args: Any, members: Pairs, **more: Any) -> None:
        super().__init__(*args, **more)
        _choices(self, "head").choices = list(members)


class SplitForm(HeadForm):
    """Who makes a household of their own."""

    members = forms.MultipleChoiceField(label=_("Who leaves with them?"), widget=ManyChoices, required=False)
    address = forms.CharField(
        label=_("New address"),
        max_length=300,
        required=False,
        help_text=_("Leave it empty if they stay at the same one"),
    )

    def __init__(self, *args: Any, members: Pairs, **more: Any) -> None:
        super().__init__(*args, members=members, **more)
        self.fields["head"].label = _("Who is the head of the new household?")
        _choices(self, "members").choices = list(members)


class CorrectForm(ActForm):
    """What the register says of somebody, to be changed where it's wrong."""

    reason = forms.CharField(label=_("What is wrong, and how do you know?"), max_length=200)
    valid_from = DateField(
        label=_("Right only from the day"), required=False,
        help_text=_("Leave it empty if the register has been wrong all along"),
    )  # fmt: skip

    def __init__(self, *args: Any, now: Mapping[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        for fact in CORRECTABLE:
            self.add(fact.name, _field_of(fact, now[fact.name]))
        self.order_fields([*(fact.name for fact in CORRECTABLE), "reason", "valid_from", "paper", "paper_day"])

    def written(self) -> dict[str, str]:
        """The facts as they were written into the form."""
        said = self.cleaned_data
        return {fact.name: "" if said[fact.name] is None else str(said[fact.name]) for fact in CORRECTABLE}


def _field_of(fact: Fact, value: str) -> forms.Field:
    """How a fact is written, with what the register says now."""
    needed = fact.name in ("full_name", "sex", "born")
    common: dict[str, Any] = {"label": fact.label, "required": needed, "initial": value}
    if fact.name == "born":
        return PartialDateField(**common | {"initial": PartialDate.parse(value)})
    if fact.name == "sex":
        common["help_text"] = _("A wrong sex or year of birth ends the personal number: another one is given.")
        return forms.ChoiceField(choices=[("M", _("male")), ("F", _("female"))], widget=Choices, **common)
    if fact.codes or fact.name == "nationality":
        listed = pairs((one.code, one.name) for one in codes.all_codes(fact.codes or "nationalities"))
        known = listed if value in dict(listed) else [(value, value or "–"), *listed]
        return forms.ChoiceField(choices=known if needed or not value else [("", "–"), *known], **common)
    if fact.name == "village_code":
        common |= {"initial": printed("village_code", value), "help_text": _("Its name, in the commune of the record")}
    return forms.CharField(max_length=300 if "place" in fact.name or "address" in fact.name else 120, **common)


class OtherForm(Form):
    """Whose record is the other one."""

    text = forms.CharField(
        label=_("Name or number of the other record"), max_length=120,
        help_text=_("Records of your area. If the other one is of another commune, the province joins them."),
    )  # fmt: skip


class JoinForm(ActForm):
    """Which of two records stays, and how it's known that they are one person's."""

    stays = forms.ChoiceField(
        label=_("Which record stays?"), widget=Choices,
        help_text=_("It keeps its facts and its number, and takes over what it lacks. The other one points to it."),
    )  # fmt: skip
    evidence = forms.CharField(label=_("How do you know that both are one person?"), max_length=300)

    def __init__(self, *args: Any, records: Iterable[tuple[Any, Any]], **more: Any) -> None:
        super().__init__(*args, **more)
        _choices(self, "stays").choices = list(pairs(records))


class PartForm(ActForm):
    """Which join is undone, and why."""

    join_id = forms.ChoiceField(label=_("Which record is parted again?"), widget=Choices)
    reason = forms.CharField(label=_("How do you know that they are two people?"), max_length=200)

    def __init__(self, *args: Any, joins: Pairs, **more: Any) -> None:
        super().__init__(*args, **more)
        _choices(self, "join_id").choices = list(joins)


class DeclineForm(Form):
    """Why a second officer says no."""

    reason = forms.CharField(label=_("Why not?"), max_length=300, help_text=_("Say what must be mended."))


def _choices(form: Form, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field


def pairs(rows: Iterable[tuple[Any, Any]]) -> Pairs:
    """Codes and words as a choice takes them."""
    return [(str(code), str(words)) for code, words in rows]

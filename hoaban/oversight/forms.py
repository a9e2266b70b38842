"""What is asked of the audit, and what citizens and data protection officers write."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from hoaban.base.clock import VIETNAM
from hoaban.base.words import _
from hoaban.oversight import rules
from hoaban.oversight.queries import Wanted
from hoaban.oversight.queries.unusual import LONGEST_DAYS
from hoaban.web.forms import DateField, Form


class MomentField(forms.DateTimeField):
    """A day and time of day in Vietnam: `07/03/2026 14:05`."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("input_formats", ["%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M"])
        more.setdefault("widget", forms.DateTimeInput(format="%d/%m/%Y %H:%M", attrs={"class": "half"}))
        more.setdefault("help_text", _("Day/month/year hour:minute, such as 07/03/2026 14:05"))
        super().__init__(**more)
        self.error_messages["invalid"] = _("Write it as day/month/year hour:minute, such as 07/03/2026 14:05.")

    def clean(self, value: Any) -> Any:
        """The moment as written, in Vietnam."""
        moment = super().clean(value)
        return moment.astimezone(VIETNAM) if moment else None


class FilterForm(Form):
    """Days, officer, action, person, kind of thing, place, terminal: each if any."""

    first_day = DateField(label=_("From"), required=False)
    last_day = DateField(label=_("Until"), required=False)
    actor = forms.CharField(label=_("Officer"), help_text=_("Any part of the name"), required=False, max_length=120)
    action = forms.CharField(
        label=_("Action"), help_text=_("Its beginning, such as people.looked or cards."), required=False, max_length=60
    )
    number = forms.CharField(
        label=_("Personal number of whom it is about"), required=False, max_length=12,
        widget=forms.TextInput(attrs={"class": "half", "inputmode": "numeric"}),
    )  # fmt: skip

    thing = forms.CharField(
        label=_("Kind of thing"), help_text=_("Such as people.Person or cards.Card"), required=False, max_length=40
    )
    commune = forms.CharField(label=_("Code of the commune"), required=False, max_length=10)
    origin = forms.CharField(
        label=_("From where"),
        help_text=_("An address, or any part of a terminal's name"),
        required=False,
        max_length=60,
    )

    def wanted(self) -> Wanted:
        """What is asked for."""
        return Wanted(**self.cleaned_data)


class SpanForm(Form):
    """Days over which unusual look-ups are looked for."""

    first_day = DateField(label=_("From"), required=False)
    last_day = DateField(label=_("Until"), required=False)

    def span(self, today: dt.date) -> tuple[dt.date, dt.date]:
        """The days asked for, at most three months; the last week unless told otherwise."""
        last = self.cleaned_data.get("last_day") or today
        first = self.cleaned_data.get("first_day") or last - dt.timedelta(days=6)
        return max(min(first, last), last - dt.timedelta(days=LONGEST_DAYS - 1)), last

    @staticmethod
    def usual(today: dt.date) -> tuple[dt.date, dt.date]:
        """The last week."""
        return today - dt.timedelta(days=6), today


class LookedIntoForm(Form):
    """What came of looking into it."""

    result = forms.ChoiceField(
        label=_("Result"), choices=[(one.value, words) for one, words in rules.RESULT_WORDS.items()],
        widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(
        label=_("What was found"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whom was asked, what they said, what it rests on."),
    )  # fmt: skip


class AskForm(Form):
    """What a citizen asks for."""

    kind = forms.ChoiceField(
        label=_("What do you ask for?"), widget=forms.RadioSelect,
        choices=[(one.value, words) for one, words in rules.REQUEST_WORDS.items()],
    )  # fmt: skip
    text = forms.CharField(
        label=_("Say it in your own words"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What is wrong, what should stand there, which paper shows it."),
    )  # fmt: skip


class DeskAskForm(AskForm):
    """The same at the desk, for somebody who came."""

    number = forms.CharField(label=_("Personal number of who asks"), max_length=12, min_length=12)
    field_order = ("number", "kind", "text")


class AnswerForm(Form):
    """The answer to a request."""

    grants = forms.ChoiceField(
        label=_("Answer"), choices=[("yes", _("yes: it is done")), ("no", _("no: refused"))], widget=forms.RadioSelect
    )
    answer = forms.CharField(
        label=_("In words that the citizen reads"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was done. Of a refusal: the ground in law, and where to complain."),
    )  # fmt: skip


class WithholdForm(Form):
    """Whose looks at whom are told of later, until when, on which ground."""

    number = forms.CharField(label=_("Personal number of whom is told later"), max_length=12, min_length=12)
    officer = forms.CharField(label=_("Name under which the officer signs in, whose looks these are"), max_length=60)
    since = DateField(label=_("Looks from"))
    until = DateField(label=_("Told on the day after"))
    ground = forms.ChoiceField(
        label=_("Ground"), choices=[(one.value, words) for one, words in rules.GROUND_WORDS.items()],
        widget=forms.RadioSelect,
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Number and date of the decision or order."),
    )  # fmt: skip


class DecideForm(Form):
    """The second officer's yes or no, with the reason."""

    approves = forms.ChoiceField(
        label=_("Decision"), choices=[("yes", _("approve")), ("no", _("decline"))], widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class BreachForm(Form):
    """What went wrong, and since when it is known."""

    kind = forms.ChoiceField(
        label=_("What happened"), choices=[(one.value, words) for one, words in rules.BREACH_WORDS.items()],
        widget=forms.RadioSelect,
    )  # fmt: skip
    what = forms.CharField(label=_("In words"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
    happened_from = MomentField(label=_("It began"))
    happened_to = MomentField(label=_("It ended"))
    noticed_at = MomentField(label=_("Noticed"))
    officer = forms.CharField(
        label=_("By which officer, if by one"), required=False, max_length=60,
        help_text=_("The name under which they sign in: whom it touched is counted from the audit."),
    )  # fmt: skip
    terminal = forms.CharField(label=_("From which terminal or address, if from one"), required=False, max_length=60)

    def clean(self) -> dict[str, Any]:
        """A breach ends after it began."""
        values = self.cleaned_data
        if "happened_from" in values and "happened_to" in values and values["happened_to"] < values["happened_from"]:
            self.add_error("happened_to", _("It can't end before it began."))
        return values


class NoticeForm(Form):
    """What the notice to the ministry says beside what is known already."""

    consequences = forms.CharField(
        label=_("What it may lead to"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    measures = forms.CharField(
        label=_("What was done and is being done"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    late_because = forms.CharField(
        label=_("Why the notice comes later than 72 hours, if it does"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    people_told = forms.BooleanField(label=_("The people touched were told"), required=False)

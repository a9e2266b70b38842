"""What the gallery shows: made-up values for each component, none of them about a person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from hoaban.base.words import _ as lazy
from hoaban.web import rules
from hoaban.web.engine import svg
from hoaban.web.forms import Choices, DateField, Form, ManyChoices, PartialDateField
from hoaban.web.rules import Fact, Figure, Step, Table, Task, Tone

AT = dt.datetime(2026, 3, 7, 14, 58, tzinfo=dt.UTC)


class SampleForm(Form):
    """One field of each sort."""

    name = forms.CharField(label=lazy("Full name"), help_text=lazy("As on the birth certificate"))
    born = PartialDateField(label=lazy("Date of birth"))
    moved = DateField(label=lazy("Day of moving in"), required=False)
    stay = forms.ChoiceField(
        label=lazy("How long is the stay?"),
        choices=[("month", lazy("Up to a month")), ("year", lazy("Up to two years"))],
        widget=Choices,
    )
    tongues = forms.MultipleChoiceField(
        label=lazy("Languages spoken"),
        choices=[("a", lazy("Vietnamese")), ("b", lazy("Another"))],
        widget=ManyChoices,
        required=False,
    )
    kind = forms.ChoiceField(
        label=lazy("Kind of dwelling"),
        choices=[("own", lazy("Own house")), ("rent", lazy("Rented"))],
    )
    note = forms.CharField(label=lazy("What else?"), widget=forms.Textarea, required=False)
    sure = forms.BooleanField(label=lazy("I have read it to the family"))


def everything(*, wrong: bool) -> dict[str, Any]:
    """The whole context of the gallery; with `wrong` the form was sent with faults."""
    sent = {"born": "31/02/1958", "moved": "tomorrow"} if wrong else None
    return {
        "form": SampleForm(sent),
        "ways": [("/", _("Province")), ("/", _("District"))],
        "facts": [
            Fact(_("Full name"), _("a name"), "#", _("Say it's wrong")),
            Fact(_("Date of birth"), "1958"),
            Fact(_("Moved in"), AT),
            Fact(_("Papers to bring"), 0),
        ],
        "tasks": [
            Task(_("Find the person"), "#", Tone.DONE, _("done")),
            Task(_("Take the face"), "#", Tone.DOING, _("now"), _("Good light from the front")),
            Task(_("Take the fingers"), "", Tone.PLAIN, _("later")),
            Task(_("Ask the family"), "#", Tone.NEEDED, _("needed")),
        ],
        "steps": [
            Step(_("Enrolled"), Tone.DONE, "02/03/2026"),
            Step(_("Checked"), Tone.DONE, "05/03/2026"),
            Step(_("Card is being printed"), Tone.DOING, _("expected by 14/03/2026"), _("You needn't do anything.")),
            Step(_("At the commune")),
        ],
        "figures": [
            Figure(_("Have a card"), 87.3, "#", _("of people of 14 and over"), AT, "%"),
            Figure(_("Still without"), 12481, "#", _("names, not estimates"), AT),
            Figure(_("Errors left in the register"), 0.42, "#", _("by the third check"), None, "%", 0.31, 0.57, 2),
            Figure(_("Teams out today"), 0),
        ],
        "table": Table(
            [_("Commune"), _("People"), _("Have a card"), _("Last sent")],
            [["Commune A", 4210, 91.0, AT], ["Commune B", 3873, 78.4, AT], ["Commune C", 12030, 62.0, None]],
        ),
        "empty_table": Table([_("Commune"), _("People")]),
        "pages": Paginator(range(95), 10).page(3),
        "options": [("yes", _("Yes")), ("no", _("No")), ("unknown", _("Not known"))],
        "errors": [("#name", _("Write the name as on the birth certificate"))],
        "tones": list(rules.Tone),
        "at": AT,
        "drawings": [_bar()],
    }


def _bar() -> svg.Svg:
    """A drawing as charts are made of: words, an outline and what is filled."""
    inside = (
        svg.text(0, 16, "Commune A")
        + svg.text(340, 16, rules.percent(0.91), anchor="end")
        + '<path fill="#fff" stroke="#77747a" d="M0.5 23h339v14h-339z"/><path fill="#1d2b53" d="M0 22.5h309v15h-309z"/>'
    )
    return svg.drawing(
        key="sample", width=340, height=46, title=_("Have a card"), description=_("of people of 14 and over"),
        inside=f'<g font-size="15">{inside}</g>', widest=440,
    )  # fmt: skip

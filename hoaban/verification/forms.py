"""What officers fill in at a check: which round to draw, what each field says, why a correction is declined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BoundField

from hoaban.base.words import _
from hoaban.verification import queries, rules
from hoaban.verification.engine import acceptance
from hoaban.verification.queries import Line
from hoaban.verification.rules import LotsBy, Mark, PlanKind, PlanSpec, Verdict
from hoaban.web.forms import DateField, Form

if TYPE_CHECKING:
    from hoaban.places.models import Unit

RIGHT = ""
CHOICES = (Verdict.REKEYED, Verdict.ASK, Verdict.BLURRED)


def _share(label: Any, initial: int) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, initial=initial, required=False, min_value=Decimal("0.1"), max_value=Decimal(99), decimal_places=2,
        widget=forms.NumberInput(attrs={"class": "short", "step": "any"}),
    )  # fmt: skip


class DrawForm(Form):
    """A round to draw: over which communes, by which plan, when.

    Shares and risks are written in per cent. What a plan doesn't use is left as it stands.
    """

    level = forms.TypedChoiceField(label=_("Level"), coerce=int)
    name = forms.CharField(
        label=_("Name of the round"), help_text=_("Leave it empty and it's told by its level and number."),
        required=False, max_length=120,
    )  # fmt: skip
    communes = forms.MultipleChoiceField(label=_("Communes"))
    lots_by = forms.ChoiceField(
        label=_("What is accepted or returned together"),
        choices=[(one.value, rules.LOTS_BY_WORDS[one]) for one in LotsBy], initial=LotsBy.COMMUNE.value,
    )  # fmt: skip
    direct = forms.BooleanField(label=_("Draw directly: from what the level below didn't look at"), required=False)
    opens_on = DateField(label=_("First day"))
    closes_on = DateField(label=_("Last day"), required=False)
    plan = forms.ChoiceField(
        label=_("Sampling plan"),
        choices=[("", _("As the level says")), *((one.value, rules.PLAN_WORDS[one]) for one in PlanKind)],
        required=False,
    )
    inspection = forms.ChoiceField(
        label=_("General level of the tables"), choices=[(one, one) for one in ("I", "II", "III")], initial="II",
        required=False,
    )  # fmt: skip
    aql = forms.ChoiceField(
        label=_("Acceptance quality limit, per cent"), choices=[(one, one) for one in acceptance.aqls()],
        initial="1.0", required=False,
    )  # fmt: skip
    good = _share(_("A good lot has so many wrong, per cent"), 1)
    bad = _share(_("A bad lot has so many wrong, per cent"), 5)
    alpha = _share(_("Risk of returning a good lot, per cent"), 10)
    beta = _share(_("Risk of accepting a bad lot, per cent"), 5)
    n = forms.IntegerField(
        label=_("How many forms"), help_text=_("For a number of forms, or for LQAS with a fixed number."),
        required=False, min_value=1, max_value=100_000, widget=forms.NumberInput(attrs={"class": "short"}),
    )  # fmt: skip
    more = forms.IntegerField(
        label=_("Drawn besides where errors are likelier, per cent of the plan"),
        help_text=_("Questioned forms, people of 80 and more, away or on the border. They don't decide the lot."),
        required=False, min_value=0, max_value=500, widget=forms.NumberInput(attrs={"class": "short"}),
    )  # fmt: skip
    seed = forms.IntegerField(
        label=_("Seed of the draw"),
        help_text=_("A number that you drew in front of witnesses. Leave it empty and one is drawn."),
        required=False,
        min_value=0,
        max_value=rules.LARGEST_SEED,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )

    def __init__(self, *args: Any, communes: Sequence[Unit], levels: Iterable[rules.Level], **more: Any) -> None:
        super().__init__(*args, **more)
        self.units = communes
        choices: dict[str, list[tuple[Any, Any]]] = {
            "communes": [(one.key, one.full_name) for one in communes],
            "level": [(one.number, one.title) for one in levels],
        }
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = options
        self.fields["communes"].initial = [one.key for one in communes]

    def ticked(self) -> set[str]:
        """The communes that are ticked."""
        return set(self["communes"].value() or [])

    def districts(self) -> list[tuple[str, list[tuple[str, str, bool]], int]]:
        """The communes to tick, by the unit above them, and how many of them are ticked."""
        ticked, found = self.ticked(), defaultdict(list)
        for one in self.units:
            above = one.parent.full_name if one.parent else ""
            found[above].append((one.key, one.full_name, one.key in ticked))
        return [(above, listed, sum(one[2] for one in listed)) for above, listed in sorted(found.items())]

    def clean(self) -> dict[str, Any]:
        """A plan for two risks needs shares that differ, a number of forms its number."""
        found = super().clean() or {}
        kind = found.get("plan")
        if kind in (PlanKind.RISKS, PlanKind.LQAS) and (found.get("good") or 0) >= (found.get("bad") or 0):
            self.add_error("bad", _("A bad lot has more wrong than a good one."))
        if kind == PlanKind.SIZE and not found.get("n"):
            self.add_error("n", _("Write how many forms."))
        return found

    def wanted(self) -> dict[str, Any]:
        """What is to be drawn, as the action takes it."""
        found = self.cleaned_data
        spec = None
        if found["plan"]:
            shares = {name: float(found[name]) / 100 for name in ("good", "bad", "alpha", "beta") if found[name]}
            spec = PlanSpec(
                PlanKind(found["plan"]), aql=found["aql"] or "1.0", inspection=found["inspection"] or "II",
                n=found["n"], **shares,
            )  # fmt: skip
        return {
            "communes": found["communes"], "level": found["level"], "name": found["name"], "plan": spec,
            "lots_by": LotsBy(found["lots_by"]), "more": found["more"] or 0, "seed": found["seed"],
            "direct": found["direct"], "opens_on": found["opens_on"], "closes_on": found["closes_on"],
        }  # fmt: skip


class OverrideForm(Form):
    """Why a lot is accepted over its limit, or why not."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class ReasonForm(Form):
    """Why a correction is declined."""

    reason = forms.CharField(label=_("Why not"), max_length=300)


@dataclass(frozen=True)
class Row:
    """A field on the screen: its verdict (none where it is still hidden), its box to type into.

    `paper` is what the paper says, where that is known to differ from the register.
    """

    line: Line
    mark: BoundField | None
    box: BoundField
    paper: str


class CheckForm(Form):
    """One form: for each field a verdict, and what was typed from the paper.

    Where register and form are known to differ, a verdict must be given. Fields of a blind check have only
    a box to type into, until what was typed differs: `asked` are those of which the checker must say
    whether form or register is right.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: Sequence[Line], blind: bool, asked: Iterable[str] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.lines, self.asked = lines, frozenset(asked if blind else ())
        self.hidden = frozenset(rules.CRITICAL if blind else ()) - self.asked
        for line in lines:
            if blind and line.name in rules.CRITICAL:
                self.fields[f"typed_{line.name}"] = _box(line.label)
                options = [Verdict.FORM, Verdict.RECORD, *CHOICES[1:]]
            else:
                self.fields[f"value_{line.name}"] = _box(line.label)
                options = [Verdict.FORM, Verdict.RECORD, *CHOICES] if line.differs else list(CHOICES)
            if line.name not in self.hidden:
                self.fields[f"mark_{line.name}"] = _verdict(line.label, options, must=self._must(line))

    def _must(self, line: Line) -> bool:
        """Whether the checker must say which is right."""
        return line.differs or line.name in self.asked

    def rows(self) -> list[Row]:
        """Each field with what is asked of it."""
        rows = []
        for line in self.lines:
            typed = f"typed_{line.name}"
            box = self[typed if typed in self.fields else f"value_{line.name}"]
            mark = self[f"mark_{line.name}"] if f"mark_{line.name}" in self.fields else None
            known = line.written if line.differs else str(box.value() or "") if line.name in self.asked else ""
            rows.append(Row(line, mark, box, queries.as_printed(line.name, known) if known else ""))
        return rows

    def marks(self) -> dict[str, Mark]:
        """The fields that aren't plainly right; a value typed without a verdict counts as typed again."""
        found = {}
        for line in self.lines:
            verdict = self.cleaned_data.get(f"mark_{line.name}", RIGHT)
            value = self.cleaned_data.get(f"value_{line.name}", "")
            if verdict == Verdict.FORM and not value:
                value = line.written
            if verdict or value:
                found[line.name] = Mark(Verdict(verdict or Verdict.REKEYED), value)
        return found

    def typed(self) -> dict[str, str]:
        """What was typed from the paper of a blind check."""
        return {
            line.name: self.cleaned_data[f"typed_{line.name}"]
            for line in self.lines
            if f"typed_{line.name}" in self.fields
        }


def _box(label: str) -> forms.CharField:
    attrs = {"aria-label": _Said(_("On the paper: %(label)s"), label), "autocomplete": "off", "placeholder": " "}
    return forms.CharField(label=label, required=False, max_length=300, widget=forms.TextInput(attrs=attrs))


def _verdict(label: str, options: Iterable[Verdict], *, must: bool) -> forms.ChoiceField:
    missing: Any = _Said(_("%(label)s differs: say which is right."), label)
    return forms.ChoiceField(
        label=label,
        required=must,
        choices=[
            (RIGHT, _("Which is right?") if must else _("Agrees")),
            *((one.value, rules.VERDICT_WORDS[one]) for one in options),
        ],
        error_messages={"required": missing},
        widget=forms.Select(attrs={"aria-label": label}),
    )


class _Said:
    """Words with a label in them, said in the reader's language when shown."""

    def __init__(self, words: Any, label: str) -> None:
        self.words, self.label = words, label

    def __str__(self) -> str:
        return str(self.words) % {"label": self.label}

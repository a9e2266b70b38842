"""What officers fill in at a check: which round to draw, what each field says, why a correction is declined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from hoaban.base.words import _
from hoaban.verification import queries, rules
from hoaban.verification.queries import Line
from hoaban.verification.rules import Mark, Verdict
from hoaban.web.forms import Form

RIGHT = ""
CHOICES = (Verdict.REKEYED, Verdict.ASK, Verdict.BLURRED)


class DrawForm(Form):
    """A round to draw."""

    commune = forms.ChoiceField(label=_("Commune"))
    level = forms.TypedChoiceField(label=_("Level"), coerce=int)
    size = forms.IntegerField(
        label=_("How many forms"),
        help_text=_("Leave it empty and the plan of the level says how many."),
        required=False,
        min_value=1,
        max_value=100_000,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    seed = forms.IntegerField(
        label=_("Seed of the draw"),
        help_text=_("A number that you drew in front of witnesses. Leave it empty and one is drawn."),
        required=False,
        min_value=0,
        max_value=10**9,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )

    def __init__(
        self, *args: Any, communes: Iterable[tuple[str, str]], levels: Iterable[rules.Level], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        choices: dict[str, list[tuple[Any, Any]]] = {
            "commune": list(communes),
            "level": [(one.number, one.title) for one in levels],
        }
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = options


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

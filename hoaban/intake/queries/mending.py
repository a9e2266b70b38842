"""What the page of a returned row shows, and the catalogue of rules in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from hoaban.base import codes, dc01
from hoaban.base.errors import NotFound
from hoaban.intake import rules
from hoaban.intake.engine import desk
from hoaban.intake.models import Batch, FormRow
from hoaban.intake.queries.forms import label_of, shown
from hoaban.intake.queries.telling import SaidFinding, rule_in_words, said_findings, waiting_in


@dataclass(frozen=True)
class MendCell:
    """A cell of a returned row: what is written, in words too, what is wrong with it, what is proposed."""

    column: str
    label: str
    written: str
    shown: str
    reasons: Sequence[SaidFinding]
    proposal: str
    code_list: Sequence[str]

    @property
    def is_bad(self) -> bool:
        """Whether the cell sends the row back."""
        return any(reason.is_error for reason in self.reasons)


@dataclass(frozen=True)
class MendSheet:
    """A returned row to mend."""

    batch: Batch
    row: FormRow
    cells: Sequence[MendCell]
    waiting: int


def mend_sheet(batch_id: int, line: int) -> MendSheet:
    """The returned row of that line, bad cells first, then those with questions. Raises NotFound."""
    waiting = waiting_in(batch_id)
    row = waiting.filter(line=line).select_related("batch").first()
    if row is None:
        raise NotFound(what=line)
    found = said_findings(row.findings.all())
    cells = [_cell(column, row, [one for one in found if one.field == column]) for column in dc01.COLUMNS]
    cells.sort(key=lambda cell: (not cell.is_bad, not cell.reasons))
    return MendSheet(row.batch, row, cells, waiting.count())


def _cell(column: str, row: FormRow, reasons: Sequence[SaidFinding]) -> MendCell:
    proposal = next((one.proposal for one in reasons if one.proposal), "")
    code_list = dc01.LISTS.get(column, "")
    names = [one.name for one in codes.all_codes(code_list)] if code_list else []
    if column == "dob_precision":
        names = [str(words) for words in dc01.PRECISIONS.values()]
    written = str(row.written.get(column) or "")
    return MendCell(column, label_of(column), written, shown(column, written), reasons, proposal, names)


@dataclass(frozen=True)
class ToldExample:
    """An example in words: which cells differ from a faultless form, how many forms stand beside it."""

    cells: Sequence[tuple[str, str]]
    beside: int
    knows: bool


@dataclass(frozen=True)
class ToldRule:
    """A rule of the catalogue in words."""

    code: str
    label: str
    words: str
    law: str
    is_error: bool
    proposes: bool
    bad: ToldExample
    good: ToldExample


def rule_codes() -> Sequence[str]:
    """The codes of every rule."""
    return [rule.code for rule in desk.DESK_RULES]


def catalogue() -> list[tuple[str, list[ToldRule]]]:
    """Every rule in words, under the words of its group."""
    return [
        (str(desk.GROUP_WORDS[group]), [_told(rule) for rule in found])
        for group, found in groupby(desk.DESK_RULES, key=lambda rule: rule.group)
    ]


def _told(rule: desk.DeskRule) -> ToldRule:
    return ToldRule(
        rule.code, label_of(rule.field), rule_in_words(rule.code), str(rule.law), rule.severity is rules.Severity.ERROR,
        rule.proposal is not None, _told_example(rule.bad), _told_example(rule.good),
    )  # fmt: skip


def _told_example(example: desk.Example) -> ToldExample:
    changed: Mapping[str, str] = example.changed
    cells = [(label_of(column), shown(column, changed[column])) for column in dc01.COLUMNS if column in changed]
    return ToldExample(cells, len(example.beside), bool(example.known))

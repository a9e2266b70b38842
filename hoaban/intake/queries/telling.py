"""What became of a batch and what was found in it, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import override

from hoaban.base import dc01, tables, workbooks
from hoaban.base.dc01.filling import sheet_words
from hoaban.base.dc01.workbook import write
from hoaban.base.errors import NotFound
from hoaban.base.words import _
from hoaban.intake import rules
from hoaban.intake.engine import desk, workbook
from hoaban.intake.models import Batch, Finding, FormRow, Share
from hoaban.intake.queries.counting import waiting
from hoaban.intake.queries.forms import label_of
from hoaban.web.actor import Actor


def batches() -> QuerySet[Batch]:
    """The files received, newest first, with the counts of their rows that the actor may see."""
    counts = {state.value: Coalesce(Sum(f"shares__{state.value}"), 0) for state in rules.RowState}
    return Batch.objects.annotate(**counts).order_by("-id")


def batches_seen_by(actor: Actor) -> QuerySet[Batch]:
    """The files that the actor sent or that hold rows of their area."""
    if actor.communes is None:
        return batches()
    return batches().filter(Q(by_id=actor.id) | _with_rows_of(actor.communes))


def batches_of(communes: Collection[str]) -> QuerySet[Batch]:
    """The files that hold rows of these communes, newest first, as the actor sees them."""
    return batches().filter(_with_rows_of(communes))


def _with_rows_of(communes: Collection[str]) -> Q:
    return Q(Exists(Share.objects.filter(batch=OuterRef("pk"), commune_code__in=sorted(communes))))


def batch(batch_id: int, actor: Actor | None = None) -> Batch:
    """One file with its counts, if the actor may know of it. Raises NotFound."""
    found = (batches_seen_by(actor) if actor else batches()).filter(pk=batch_id).first()
    if found is None:
        raise NotFound(what=batch_id)
    return found


def refusal_in_words(batch: Batch) -> str:
    """Why a file couldn't be read as a whole; "" where it could."""
    if batch.refusal is None:
        return ""
    return str(_REFUSALS[batch.refusal["code"]](**batch.refusal["facts"]))


_REFUSALS = {
    kind.code: kind
    for kind in (
        rules.ColumnsMissing, rules.NothingInside, rules.TooManyColumns, rules.ColumnTwice, tables.UnreadableTable,
        tables.OtherFile, tables.OtherEncoding, tables.TooManyRows, tables.UnevenRow, tables.ColumnTwice,
        workbooks.TableTooLarge, workbooks.MergedCells, workbooks.ComputedCells, workbooks.NothingInSight,
    )
}  # fmt: skip


@dataclass(frozen=True)
class FindingCount:
    """How many rows of a batch a rule found at fault."""

    code: str
    message: Any
    severity: str
    rows: int


def finding_counts(batch_id: int) -> list[FindingCount]:
    """The findings of a batch by rule, errors first, the most frequent first."""
    counted = Finding.objects.filter(row__batch=batch_id).values_list("code").annotate(rows=Count("id"))
    found = [FindingCount(code, said(code, _ANY_VALUE), desk.BY_CODE[code].severity, rows) for code, rows in counted]
    return sorted(found, key=lambda one: (one.severity != rules.Severity.ERROR, -one.rows))


_ANY_VALUE = "\u2026"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def rule_in_words(code: str) -> str:
    """What a rule finds, without a value; "" for a code that no rule has."""
    return said(code, _ANY_VALUE) if code in desk.BY_CODE else ""


def said(code: str, value: str, other: str = _ANY_VALUE) -> str:
    """A finding in words."""
    return str(desk.BY_CODE[code].message) % {"value": value, "other": other or _ANY_VALUE}


@dataclass(frozen=True)
class SaidFinding:
    """One finding of a row, in words."""

    field: str
    label: str
    words: str
    is_error: bool
    proposal: str = ""


@dataclass(frozen=True)
class FoundRow:
    """A row with its findings in words."""

    row: FormRow
    findings: list[SaidFinding]


def rows_of(batch_id: int, code: str = "", state: rules.RowState | None = None) -> QuerySet[FormRow]:
    """Rows of a batch in the order of the file: with one finding, or in one state."""
    found = FormRow.objects.filter(batch=batch_id)
    if code:
        found = found.filter(Exists(Finding.objects.filter(row=OuterRef("pk"), code=code)))
    if state:
        found = found.filter(state=state)
    return found.order_by("line")


def to_mend(batch_id: int) -> list[FoundRow]:
    """The returned rows of a batch whose form hasn't been accepted since, in the order of the file."""
    return with_findings(waiting_in(batch_id))


def waiting_in(batch_id: int) -> QuerySet[FormRow]:
    """The same rows without what was found in them."""
    return waiting().filter(batch=batch_id).order_by("line")


def with_findings(found: QuerySet[FormRow]) -> list[FoundRow]:
    """The same rows, each with what was found in it, in words, errors first."""
    return [FoundRow(row, said_findings(row.findings.all())) for row in found.prefetch_related("findings")]


def said_findings(found: Iterable[Finding]) -> list[SaidFinding]:
    """Findings in words, errors first."""
    told = [
        SaidFinding(
            one.field, label_of(one.field), said(one.code, one.value, one.other),
            one.severity == rules.Severity.ERROR, one.proposal,
        )
        for one in found
    ]  # fmt: skip
    return sorted(told, key=lambda one: not one.is_error)


def template() -> bytes:
    """The workbook that a commune fills in."""
    out = BytesIO()
    write(out, sheet_words())
    return out.getvalue()


@cache
def own_words() -> workbook.OwnWords:
    """The words of our columns in a workbook that goes back, in Vietnamese as the others."""
    with override("vi"):
        headers = {column: str(words) for column, words in rules.OWN_COLUMNS.items()}
        return workbook.OwnWords(headers, yes=str(_("Yes")), no=str(_("No")))


def returned_workbook(batch_id: int) -> bytes:
    """The rows of a batch that wait to be mended, as XLSX."""
    return workbook.returned(
        (
            workbook.ReturnedRow(
                found.row.pk,
                {name: str(found.row.written.get(name) or "") for name in dc01.COLUMNS},
                [workbook.Fault(one.field, one.label, one.words, one.proposal) for one in found.findings],
            )
            for found in to_mend(batch_id)
        ),
        sheet_words(),
        own_words(),
    )


FINDING_COLUMNS = (
    "batch", "form_serial", "row", "field", "code", "severity", "value", "proposal", "message_vi", "message_en",
)  # fmt: skip
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def all_findings(batch_id: int | None = None) -> Iterator[tuple[str, ...]]:
    """Every finding, or those of one batch, with its words in both languages (`FINDING_COLUMNS`)."""
    found = Finding.objects.order_by("row__batch", "row__line", "id")
    if batch_id is not None:
        found = found.filter(row__batch=batch_id)
    columns = ("row__batch", "row__serial", "row__line", "field", "code", "severity", "value", "proposal", "other")
    for *cells, other in found.values_list(*columns).iterator(chunk_size=10_000):
        code, value = str(cells[4]), str(cells[6])
        words = []
        for language in ("vi", "en"):
            with override(language):
                words.append(said(code, value, str(other)))
        yield tuple(str(cell) for cell in (*cells, *words))


def harmless(cell: str) -> str:
    """A cell of a CSV that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell

"""Asking intake: what a form said, what became of a batch and what was found in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from hoaban.base import bulk, tables
from hoaban.base.errors import NotFound
from hoaban.intake import rules
from hoaban.intake.engine import desk, workbook
from hoaban.intake.models import Batch, Finding, FormRow
from hoaban.people import queries as register
from hoaban.people import rules as people
from hoaban.web.actor import Actor


@dataclass(frozen=True)
class FormView:
    """A form as it was written, with its drawn or scanned image where there is one."""

    serial: str
    values: dict[str, str]
    image: Path | None


def form(serial: str) -> FormView:
    """The accepted form under that serial, else the row last received under it. Raises NotFound."""
    found = FormRow.objects.filter(serial=serial).order_by("person", "-id").first()
    if found is None:
        raise NotFound(what=serial)
    return _view(found)


def form_of(person_id: int) -> FormView:
    """The form on which a person was counted. Raises NotFound."""
    found = FormRow.objects.filter(person=person_id).first()
    if found is None:
        raise NotFound(what=person_id)
    return _view(found)


def entered_from(serial: str) -> int:
    """Who stands in the register by that form. Raises NotFound."""
    found = FormRow.objects.filter(serial=serial, person__isnull=False).values_list("person_id", flat=True).first()
    if found is None:
        raise NotFound(what=serial)
    return found


@dataclass(frozen=True)
class Paper:
    """A form in the register's pile: whose it is, who collected it and who keyed it in."""

    serial: str
    person_id: int
    collected_by: str
    keyed_by_id: str
    simulated: bool


def papers_in(commune_code: str) -> list[Paper]:
    """The forms on which the people who live in a commune were counted, by serial."""
    found = FormRow.objects.filter(person__in=register.living_in(commune_code).order_by())
    columns = ("serial", "person_id", "written__officer", "batch__by_id", "simulated")
    return [
        Paper(serial, person_id, str(collected_by or ""), keyed_by_id, simulated)
        for serial, person_id, collected_by, keyed_by_id, simulated in found.order_by("serial").values_list(*columns)
    ]


def image_of(serial: str) -> Path | None:
    """The image of a form, if one was registered."""
    if not rules.LOOKS_LIKE_A_SERIAL.match(serial):
        return None
    path = image_path(serial)
    return path if path.exists() else None


def image_path(serial: str) -> Path:
    """Where the image of a form belongs."""
    return Path(settings.HOABAN_FILES) / "forms" / f"{serial}.png"


def kept_under(sha256: str, name: str) -> Path:
    """Where a received file of that hash is kept; its ending says how to read it."""
    return Path(settings.HOABAN_FILES) / "intake" / f"{sha256}{Path(name).suffix.lower() or '.csv'}"


def _view(row: FormRow) -> FormView:
    written = {name: str(row.written.get(name) or "") for name in rules.COLUMNS}
    return FormView(row.serial, written, image_of(row.serial))


def batches() -> QuerySet[Batch]:
    """The files received, newest first, with the counts of their rows that the actor may see."""
    counts = {state.value: Count("form_rows", filter=Q(form_rows__state=state)) for state in rules.RowState}
    return Batch.objects.annotate(**counts).order_by("-id")


def batches_seen_by(actor: Actor) -> QuerySet[Batch]:
    """The files that the actor sent or that hold rows of their area."""
    if actor.communes is None:
        return batches()
    theirs = Exists(FormRow.objects.filter(batch=OuterRef("pk"), commune_code__in=sorted(actor.communes)))
    return batches().filter(Q(by_id=actor.id) | theirs)


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
    for kind in (rules.ColumnsMissing, rules.NothingInside, tables.UnreadableTable, tables.TableTooLarge)
}


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


def said(code: str, value: str) -> str:
    """A finding in words."""
    return str(desk.BY_CODE[code].message) % {"value": value}


@dataclass(frozen=True)
class SaidFinding:
    """One finding of a row, in words."""

    field: str
    label: str
    words: str
    is_error: bool


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
    settled = FormRow.objects.filter(serial=OuterRef("serial"), person__isnull=False)
    returned = FormRow.objects.filter(batch=batch_id, state=rules.RowState.RETURNED)
    return with_findings(returned.exclude(Exists(settled)).order_by("line"))


def count_to_mend(actor: Actor) -> int:
    """How many returned forms of the actor's area haven't been accepted since."""
    settled = FormRow.objects.filter(serial=OuterRef("serial"), person__isnull=False)
    returned = FormRow.objects.filter(state=rules.RowState.RETURNED).exclude(Exists(settled))
    if actor.communes is not None:
        returned = returned.filter(commune_code__in=sorted(actor.communes))
    return returned.values("serial").distinct().count()


def with_findings(found: QuerySet[FormRow]) -> list[FoundRow]:
    """The same rows, each with what was found in it, in words."""
    return [
        FoundRow(
            row,
            [
                SaidFinding(
                    one.field, label_of(one.field), said(one.code, one.value), one.severity == rules.Severity.ERROR
                )
                for one in row.findings.all()
            ],
        )
        for row in found.prefetch_related("findings")
    ]


def returned_workbook(batch_id: int) -> bytes:
    """The rows of a batch that wait to be mended, as XLSX."""
    return workbook.returned(
        workbook.ReturnedRow(
            {name: str(found.row.written.get(name) or "") for name in rules.COLUMNS},
            [(one.field, one.words) for one in found.findings],
        )
        for found in to_mend(batch_id)
    )


def lines_of(batch_id: int) -> list[int]:
    """The lines of a batch that stand in the table."""
    return list(FormRow.objects.filter(batch=batch_id).values_list("line", flat=True))


def label_of(column: str) -> str:
    """What a column of the form is called."""
    return people.label_of(column) if people.is_fact(column) else str(rules.OTHER_COLUMNS.get(column, column))


def known_rows(serials: Sequence[str]) -> list[tuple[str, str, int | None]]:
    """Of these serials, the rows received before: serial, hash, the person if accepted."""
    columns = ["serial", "row_hash", "person_id"]
    return bulk.look_up("intake_formrow", columns, "serial", serials)

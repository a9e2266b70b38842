"""What a form said, and where its file and its image are kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from hoaban.base import dc01
from hoaban.base.errors import NotFound
from hoaban.intake import rules
from hoaban.intake.models import FormRow
from hoaban.people import queries as register


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
    """A form in the register's pile: whose it is and where they live, who wrote it and when, who keyed it in."""

    serial: str
    person_id: int
    commune_code: str
    village_code: str
    born: str
    collected_by: str
    filled_on: str
    keyed_by_id: str
    questioned: bool
    simulated: bool


_OF_A_PAPER = (
    "serial", "person_id", "person__commune_code", "person__village_code", "person__born", "written__officer",
    "written__filled_on", "batch__by_id", "state", "simulated",
)  # fmt: skip


def papers_in(communes: Collection[str]) -> list[Paper]:
    """The forms on which the people who live in these communes were counted, by serial."""
    return _papers(FormRow.objects.filter(person__in=register.living_in_any(communes).order_by()))


def papers_under(serials: Collection[str]) -> list[Paper]:
    """The forms of these serials that are somebody's in the register, by serial."""
    return _papers(FormRow.objects.filter(serial__in=list(serials), person__isnull=False))


def _papers(found: QuerySet[FormRow]) -> list[Paper]:
    rows = found.order_by("serial").values_list(*_OF_A_PAPER).iterator(chunk_size=10_000)
    return [
        Paper(
            serial, person_id, commune, village, born, str(officer or ""), str(filled_on or ""), keyed_by_id,
            state == rules.RowState.QUESTIONED, simulated,
        )
        for serial, person_id, commune, village, born, officer, filled_on, keyed_by_id, state, simulated in rows
    ]  # fmt: skip


def questions_in(commune_code: str) -> dict[int, list[str]]:
    """By person who lives in a commune, the fields of the form on which a check left a question."""
    rows = FormRow.objects.filter(
        state=rules.RowState.QUESTIONED, person__in=register.living_in(commune_code).order_by()
    ).values_list("person_id", "findings__field")
    asked: dict[int, list[str]] = {}
    for person_id, column in rows.order_by("person_id", "findings__id"):
        label = label_of(column)
        if label not in asked.setdefault(person_id, []):
            asked[person_id].append(label)
    return asked


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
    written = {name: str(row.written.get(name) or "") for name in dc01.COLUMNS}
    return FormView(row.serial, written, image_of(row.serial))


def shown(column: str, written: str) -> str:
    """What is written in a column, for reading: a code that files use in words."""
    return str(dc01.PRECISIONS.get(written, written)) if column == "dob_precision" else written


def label_of(column: str) -> str:
    """What a column of the form is called."""
    return str(dc01.LABELS.get(column, column))

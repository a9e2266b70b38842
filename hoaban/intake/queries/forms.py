"""What a form said, and where its file and its image are kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

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

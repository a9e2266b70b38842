"""Loading forms: what is kept, entered, returned; twice is once; killed is as if never killed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hoaban.audit import queries as audit
from hoaban.base import dc01, tables
from hoaban.base.clock import now
from hoaban.intake import actions, queries, rules
from hoaban.intake.actions import loading
from hoaban.intake.models import Batch, Finding, FormRow
from hoaban.people import queries as people
from hoaban.people.models import Household, Person
from hoaban.places import actions as places
from hoaban.web.actor import Actor, acting_as
from tests import make
from tests.intake.forms import form, unnumbered, write_csv

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.HOABAN_FILES = tmp_path / "files"
    write_csv(
        tmp_path / "villages.csv",
        {"code": "0317401", "commune_code": "03174", "name": "Nam Khan 1", "lat": "22", "lon": "103", "invented": "1"},
    )
    places.load_villages(path=tmp_path / "villages.csv", by=make.MAKER, at=now())


def load(tmp_path: Path, *forms: dict[str, str], name: str = "f.csv", by: Actor = make.MAKER) -> Batch:
    return actions.load(path=write_csv(tmp_path / name, *forms), by=by, at=now())


def counts(batch: Batch) -> tuple[int, int, int, int]:
    counted: Any = queries.batch(batch.pk)
    return counted.accepted, counted.questioned, counted.returned, batch.repeated


def test_rows_are_accepted_questioned_or_returned_and_all_are_kept(tmp_path: Path) -> None:
    forms = [form(), unnumbered(father_name=""), unnumbered(full_name="")]

    batch = load(tmp_path, *forms)

    assert counts(batch) == (1, 1, 1, 0)
    assert [row.written for row in FormRow.objects.order_by("line")] == forms
    person = people.by_number("011158000123")
    assert queries.form_of(person.pk).values == forms[0]
    assert person.simulated
    assert person.village_code == "0317401"
    facts = people.facts_of(person.pk)
    assert (facts.full_name, facts.born, facts.father_name) == ("Lò Pao May", "07/03/1958", "Lò Pao Sung")
    assert people.history(person.pk)[0].source == f"form:{forms[0]['form_serial']}"
    assert [entry.action for entry in audit.about(f"intake.Batch:{batch.pk}")] == ["intake.loaded", "intake.received"]


def test_the_same_file_twice_does_the_same_as_once(tmp_path: Path) -> None:
    one = load(tmp_path, form(), unnumbered())

    again = actions.load(path=Path(shutil.copy(tmp_path / "f.csv", tmp_path / "g.csv")), by=make.MAKER, at=now())

    assert again == one
    assert Person.objects.count() == 2


def test_a_row_sent_again_in_another_file_is_counted_and_not_entered(tmp_path: Path) -> None:
    repeated, new = unnumbered(), unnumbered()
    load(tmp_path, repeated)

    batch = load(tmp_path, repeated, new, name="g.csv")

    assert counts(batch) == (1, 0, 0, 1)
    assert Person.objects.count() == 2


def test_other_facts_under_an_accepted_serial_are_returned(tmp_path: Path) -> None:
    accepted = unnumbered()
    load(tmp_path, accepted)

    batch = load(tmp_path, accepted | {"father_name": "LÒ PAO SONG"}, name="g.csv")

    assert counts(batch) == (0, 0, 1, 0)
    assert list(Finding.objects.values_list("code", flat=True)) == ["serial_known"]
    assert queries.form(accepted["form_serial"]).values == accepted


def test_a_mended_row_settles_the_returned_one(tmp_path: Path) -> None:
    bad = unnumbered(dob="never")
    first = load(tmp_path, bad)
    [found] = queries.to_mend(first.pk)
    assert found.findings[0].field == "dob"

    mended = load(tmp_path, bad | {"dob": "1958"}, name="g.csv")

    assert counts(mended) == (1, 0, 0, 0)
    assert queries.to_mend(first.pk) == []
    assert counts(first) == (0, 0, 1, 0)


def test_families_stand_in_one_household_under_their_head(tmp_path: Path) -> None:
    head = unnumbered(
        full_name="GIÀNG A CHU", gender="Nam", rel_to_head="Chu ho", head_name="GIÀNG A CHU", spouse_name="LÒ PAO MAY"
    )
    wife = form()
    child = unnumbered(
        full_name="GIÀNG A DIA", gender="Nam", rel_to_head="04", dob="1990", father_name="GIÀNG A CHU",
        mother_name="LÒ PAO MAY", mother_id="011158000123", marital="1", spouse_name="",
    )  # fmt: skip

    load(tmp_path, child, wife, head)

    household = Household.objects.get()
    assert [one.full_name for one in people.members(household)] == ["Giàng A Chu", "Lò Pao May", "Giàng A Dia"]
    son = Person.objects.get(full_name="Giàng A Dia")
    others = {one.kind: one.other.full_name if one.other else "" for one in people.relations_of(son.pk)}
    assert others == {"father": "Giàng A Chu", "mother": "Lò Pao May"}


def test_an_officer_enters_forms_of_their_own_commune_only(tmp_path: Path) -> None:
    officer = make.actor("commune_officer")

    batch = load(tmp_path, unnumbered(), unnumbered(commune_code="03156", village=""), by=officer)

    assert counts(batch) == (1, 0, 1, 0)
    assert "commune_of_others" in Finding.objects.values_list("code", flat=True)


def test_a_made_up_person_is_refused_where_the_register_is_real(tmp_path: Path, settings: Any) -> None:
    settings.HOABAN_SYNTHETIC = False

    batch = load(tmp_path, unnumbered(), unnumbered(form_serial="DC-0001"))

    assert counts(batch) == (1, 0, 1, 0)
    assert not Person.objects.get().simulated


def test_a_number_of_the_register_is_not_entered_twice(tmp_path: Path) -> None:
    make.person(number="011158000123", number9="040123456")

    batch = load(tmp_path, form(), form(id12=""))

    assert counts(batch) == (0, 1, 1, 0)
    assert Finding.objects.filter(code="counted_already").count() == 1
    assert Finding.objects.filter(code="person_twice").count() == 1


@pytest.mark.parametrize("killed_after", [0, 1, 2])
def test_a_killed_load_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_after: int
) -> None:
    monkeypatch.setattr(rules, "ROWS_AT_ONCE", 3)
    forms = [unnumbered(book_no=f"11000001{n}") for n in range(7)]
    real = loading.enter
    calls: list[Any] = []

    def dying(**args: Any) -> Any:
        if len(calls) == killed_after:
            raise KeyboardInterrupt
        calls.append(args)
        return real(**args)

    monkeypatch.setattr(loading, "enter", dying)
    with pytest.raises(KeyboardInterrupt):
        load(tmp_path, *forms)
    monkeypatch.setattr(loading, "enter", real)

    batch = load(tmp_path, *forms)

    assert counts(batch) == (7, 0, 0, 0)
    assert Person.objects.count() == 7


def test_workbooks_are_read_like_csv(tmp_path: Path) -> None:
    forms = [form(), unnumbered()]
    pl.DataFrame(forms).write_excel(tmp_path / "f.xlsx")

    batch = actions.load(path=tmp_path / "f.xlsx", by=make.MAKER, at=now())

    assert counts(batch) == (2, 0, 0, 0)
    assert queries.form(forms[0]["form_serial"]).values == forms[0]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"full_name\nx\n", rules.ColumnsMissing),
        ((",".join(dc01.COLUMNS) + "\n").encode(), rules.NothingInside),
        (b"", tables.UnreadableTable),
        ((",".join(dc01.COLUMNS) + "\n" + "\xff" * 33 + "\n").encode("latin-1"), tables.UnreadableTable),
    ],
)
def test_a_file_that_is_no_file_of_forms_is_refused_whole(
    tmp_path: Path, content: bytes, refusal: type[Exception]
) -> None:
    (tmp_path / "f.csv").write_bytes(content)

    with pytest.raises(refusal):
        actions.load(path=tmp_path / "f.csv", by=make.MAKER, at=now())

    assert Batch.objects.get().refusal
    assert queries.kept_under(Batch.objects.get().sha256, "f.csv").read_bytes() == content


def test_odd_signs_in_cells_stay_what_they_are(tmp_path: Path) -> None:
    odd = unnumbered(officer='=HYPERLINK("x"),\\N\n\\.', cur_address="\\N")

    batch = load(tmp_path, odd)

    assert counts(batch) == (1, 0, 0, 0)
    assert queries.form(odd["form_serial"]).values["cur_address"] == "\\N"
    assert people.facts_of(Person.objects.get().pk).current_address == "\\N"


def test_another_commune_sees_neither_rows_nor_findings(tmp_path: Path) -> None:
    batch = load(tmp_path, unnumbered(father_name=""))

    with acting_as(make.actor("commune_officer", make.NAM_KHAN)):
        assert queries.rows_of(batch.pk).count() == 1
        assert queries.finding_counts(batch.pk)[0].rows == 1
    with acting_as(make.actor("commune_officer", make.NAM_TIN)):
        assert not queries.rows_of(batch.pk).exists()
        assert queries.finding_counts(batch.pk) == []
        assert not Finding.objects.exists()


def test_images_of_forms_are_put_where_forms_find_them(tmp_path: Path) -> None:
    one = unnumbered()
    load(tmp_path, one)
    folder = tmp_path / "images"
    folder.mkdir()
    (folder / f"{one['form_serial']}.png").write_bytes(b"png")
    (folder / "bad name!.png").write_bytes(b"png")

    assert actions.register_images(folder=folder, by=make.MAKER, at=now()) == 1
    assert actions.register_images(folder=folder, by=make.MAKER, at=now()) == 0

    image = queries.form(one["form_serial"]).image
    assert image is not None
    assert image.read_bytes() == b"png"

"""`hoaban places …` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hoaban.base.errors import Refusal
from hoaban.places.commands import app
from hoaban.places.models import Reform, Unit
from tests.places import world

pytestmark = pytest.mark.usefixtures("db")


def ran(*words: object) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    if isinstance(done.exception, Refusal):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def test_a_dry_run_prints_what_would_happen_and_does_nothing() -> None:
    said = ran("reform", "--dry-run")

    assert "from 2025-07-01: 139 units end, 45 begin, 0 villages go" in said
    assert "03158-2025" in said
    assert said.count("dissolved") == 10
    assert not Reform.objects.exists()


def test_the_reform_of_2025_is_done_without_a_file() -> None:
    assert "1661/NQ-UBTVQH15: done, valid from 2025-07-01" in ran("reform")
    assert "0 units added" in ran("load")
    assert Unit.objects.count() == 185


def test_a_reform_from_a_file_needs_its_day(tmp_path: Path) -> None:
    head = ["level", "old_code", "new_code", "new_type", "new_name", "new_parent"]
    path = world.table(tmp_path / "r.csv", head, [("village", "0317401", "", "", "", "03175")])

    with pytest.raises(Refusal, match="from which day"):
        ran("reform", path)
    with pytest.raises(Refusal, match="no village 0317401"):  # no such village yet
        ran("reform", path, "--on", "2026-01-01")
    world.with_villages(tmp_path)
    assert "village 0317401 Ban Huoi Po: in 03175" in ran("reform", path, "--on", "2026-01-01", "--dry-run")


def test_another_province_is_loaded_from_a_table(tmp_path: Path) -> None:
    head = ["province_code", "district_code", "district_name", "commune_code", "commune_type", "commune_name",
            "commune_full", "name_variants", "seat_lat", "seat_lon"]  # fmt: skip
    rows = [
        ("12", "112", "Huyen Xa La", "09001", "xa", "Mot", "Xa Mot", "Moot;Mott", "22.1", "103.1"),
        ("12", "112", "Huyen Xa La", "09002", "xa", "Hai", "Xa Hai", "", "22.2", "103.2"),
        ("12", "", "", "09003", "xa", "Ba", "Xa Ba", "", "", ""),
    ]

    assert "5 units added" in ran("load", world.table(tmp_path / "u.csv", head, rows), "--on", "2021-01-01")

    made = {one.key: one for one in Unit.objects.select_related("parent").filter(valid_from="2021-01-01")}
    assert {key: one.parent.key if one.parent else "" for key, one in made.items()} == {
        "12": "", "112": "12", "09001": "112", "09002": "112", "09003": "12",
    }  # fmt: skip
    assert (made["112"].name, made["112"].kind) == ("Xa La", "huyen")
    assert made["09001"].spellings.count() == 3


def test_a_faulty_table_of_units_is_told_whole(tmp_path: Path) -> None:
    head = ["province_code", "commune_code", "commune_type", "commune_name", "commune_full"]
    rows = [("12", "09001", "xa", "Mot", "Xa Mot"), ("12", "09001", "xa", "", "Xa Hai"), ("12", "A", "xa", "B", "Xa B")]

    with pytest.raises(Refusal) as refused:
        ran("load", world.table(tmp_path / "u.csv", head, rows))

    for words in ("line 2: overlap", "line 3: commune_name is empty", "line 4: A is no code"):
        assert words in str(refused.value)
    with pytest.raises(Refusal, match="lacks the columns"):
        ran("load", world.table(tmp_path / "u.csv", ["a"], [("b",)]))


def test_shapes_marks_and_villages_are_loaded(tmp_path: Path) -> None:
    square = [[102.9, 21.9], [103.0, 21.9], [103.0, 22.0]]
    feature = {"properties": {"code": "03174"}, "geometry": {"type": "Polygon", "coordinates": [square]}}
    (tmp_path / "s.geojson").write_text(json.dumps({"features": [feature]}))
    head = ["code", "level", "on", "kind", "value", "valid_from", "valid_to", "certainty", "source"]
    mark = ("03174", "commune", "2024-01-01", "border", "Laos", "", "", "assumed", "a test")

    assert "1 outlines" in ran("shapes", tmp_path / "s.geojson", "--source", "the province")
    assert "1 marks" in ran("marks", world.table(tmp_path / "m.csv", head, [mark]))
    assert "5 villages" in ran("villages", world.table(tmp_path / "v.csv", world.COLUMNS, world.VILLAGES))

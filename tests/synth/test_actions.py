"""Writing: the same bytes, the story's persons, images, refusals, the command."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from typer.testing import CliRunner

from hoaban.base.dc01 import COLUMNS, paper
from hoaban.base.partial_date import PartialDate
from hoaban.synth import actions, queries, rules
from hoaban.synth.commands import app
from hoaban.synth.engine import drawing
from hoaban.synth.rules import Kind, Layout
from tests.synth.conftest import DEMO


def _prints(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _write(folder: Path, seed: int = 5, **more: object) -> Path:
    order = {"people": 600, "communes": DEMO[:2], "layout": Layout.BOTH, "images": 3, **more}
    actions.write(folder=folder, seed=seed, **order)  # type: ignore[arg-type]
    return folder


def test_the_same_order_gives_the_same_bytes(hamlet: Path, tmp_path: Path) -> None:
    assert _prints(_write(tmp_path / "again")) == _prints(hamlet)


def test_writing_again_over_ones_own_leaves_nothing_of_the_old(hamlet: Path, tmp_path: Path) -> None:
    folder = _write(tmp_path / "out", seed=6, communes=DEMO)

    _write(folder)

    assert _prints(folder) == _prints(hamlet)


def test_another_seed_gives_other_people(hamlet: Path, tmp_path: Path) -> None:
    other = _write(tmp_path / "other", seed=6, images=0)

    assert not queries.people(other).equals(queries.people(hamlet))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("on", [rules.PEOPLE_2022, dt.date(2024, 3, 1)])
def test_the_heroine_and_her_nephew_are_always_there(tmp_path: Path, seed: int, on: dt.date) -> None:
    folder = _write(tmp_path, seed=seed, communes=("03174", "03156"), layout=Layout.CSV, images=1, on=on)
    people = {row["true_id"]: row for row in queries.people(folder).iter_rows(named=True)}
    story = queries.story(folder)

    heroine, nephew, brother = (people[story[part][0]] for part in ("heroine", "nephew", "brother"))
    assert (heroine["commune_code"], nephew["commune_code"]) == ("03174", "03156")
    assert PartialDate.parse(heroine["born"]).age_range(on) == (60, 60)
    assert PartialDate.parse(nephew["born"]).age_range(on) == (17, 17)
    assert heroine["father_name"] == brother["father_name"]
    assert nephew["father_id"] == brother["true_id"]


def test_the_heroines_form_has_its_one_known_error_and_an_image_that_is_right(hamlet: Path) -> None:
    serial = queries.story(hamlet)["heroine"][1]
    wrong = queries.errors(hamlet).filter(form_serial=serial)
    paper = queries.papers(hamlet, [serial]).row(0, named=True)
    typed = queries.forms(hamlet).filter(form_serial=serial).row(0, named=True)

    assert set(wrong["kind"]) == {Kind.MISSPELT_NAME.value}
    assert typed["full_name"] != paper["full_name"] == paper["head_name"]
    assert queries.image(hamlet, serial)


def test_images_are_small_sheets_of_a4(hamlet: Path) -> None:
    images = sorted(hamlet.glob("images/SYN*.png"))

    assert len(images) >= 6
    for path in images:
        assert path.stat().st_size <= 120_000
        with Image.open(path) as image:
            assert image.size == drawing.SIZE
            assert np.asarray(image.convert("L")).min() < 100


def test_every_field_has_its_box_on_the_sheet(hamlet: Path) -> None:
    boxes = json.loads((hamlet / "images" / "boxes.json").read_text())

    assert set(boxes) == set(COLUMNS) - {"dob_precision"}
    for x, y, w, h in boxes.values():
        assert 0 <= x < x + w <= 1
        assert 0 <= y < y + h <= 1


def test_a_field_is_written_inside_its_box() -> None:
    field, box, signatures = "full_name", paper.boxes()["full_name"], paper.boxes()["officer"].y - 0.1
    blank, full = drawing._blank(), drawing._blank().copy()
    drawing._fill(ImageDraw.Draw(full), {field: "MAI " * 12}, np.random.default_rng(1))

    changed = np.asarray(blank).astype(int) != np.asarray(full).astype(int)
    rows, columns = np.nonzero(changed[: int(signatures * drawing.SIZE[1])])
    assert rows.min() >= (box.y - 0.01) * drawing.SIZE[1]
    assert rows.max() <= (box.y + box.h + 0.01) * drawing.SIZE[1]
    assert columns.min() >= (box.x - 0.01) * drawing.SIZE[0]
    assert columns.max() <= (box.x + box.w + 0.01) * drawing.SIZE[0]


def test_a_form_can_be_drawn_later_and_looks_the_same(hamlet: Path, tmp_path: Path) -> None:
    folder = _write(tmp_path, images=0)
    serials = [path.stem for path in sorted(hamlet.glob("images/SYN*.png"))]

    drawn = actions.draw(folder=folder, serials=serials)

    for path in drawn:
        assert path.read_bytes() == (hamlet / "images" / path.name).read_bytes()


def test_a_form_of_nobody_is_not_drawn(hamlet: Path) -> None:
    with pytest.raises(rules.NoSuchForm):
        actions.draw(folder=hamlet, serials=["SYN03174999999"])


def test_no_errors_are_made_where_the_rates_are_nil(tmp_path: Path) -> None:
    _write(tmp_path, images=0, rates=dict.fromkeys(Kind, 0.0))

    assert set(queries.errors(tmp_path)["form_serial"]) == {queries.story(tmp_path)["heroine"][1]}
    assert queries.missed(tmp_path).is_empty()


def test_a_folder_of_others_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")

    with pytest.raises(rules.NotOurFolder):
        _write(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_province_cut_short_is_not_read_but_may_be_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(actions, "_write_forms", cut)
        with pytest.raises(KeyboardInterrupt):
            _write(tmp_path)

    with pytest.raises(rules.NothingWritten):
        queries.forms(tmp_path)
    assert queries.forms(_write(tmp_path, images=0)).height > 500


def test_the_command_prints_one_object(tmp_path: Path) -> None:
    words = ["write", str(tmp_path / "out"), "--people", "100", "--seed", "1", "--communes", "03174", "--images", "0"]

    done = CliRunner().invoke(app, [*words, "--json"])

    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert (told["people"], told["communes"], told["images"]) == (100, 1, 0)

"""Outlines from seats close, share their edges and are about as large as the communes are."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoaban.audit.models import Entry
from hoaban.base.clock import now
from hoaban.places import actions, queries, rules
from hoaban.places.actions import shaping
from hoaban.places.engine import geojson, outlines
from hoaban.places.engine.outlines import Seat
from hoaban.places.models import Shape, Stated, Unit
from tests import make
from tests.places import world

SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
BESIDE = ((1.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0))
OUTER_OFFICIAL = [[102.9, 21.9], [103.0, 21.9], [103.0, 22.0], [102.9, 22.0], [102.9, 21.9]]


def contains(ring: outlines.Ring, lon: float, lat: float) -> bool:
    inside = False
    for (ax, ay), (bx, by) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (ay > lat) != (by > lat) and lon < (bx - ax) * (lat - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def test_two_squares_make_an_oblong() -> None:
    [ring] = outlines.union([SQUARE, BESIDE[::-1]])

    assert len(ring) == 6
    assert outlines.area_km2([ring]) == pytest.approx(outlines.area_km2([SQUARE]) * 2, rel=1e-6)


def test_a_hole_is_a_ring_of_its_own() -> None:
    cells = [
        tuple((x + a, y + b) for x, y in SQUARE) for a, b in itertools.product(range(3), range(3)) if (a, b) != (1, 1)
    ]

    rings = outlines.union(cells)

    assert len(rings) == 2
    assert outlines.area_km2(rings) == pytest.approx(8 * outlines.area_km2([SQUARE]), rel=0.01)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=2, max_size=12, unique=True))
def test_each_seat_lies_in_its_own_outline_and_in_no_other(points: list[tuple[int, int]]) -> None:
    seats = [Seat(str(n), 21.5 + y / 30, 102.5 + x / 30, 80.0) for n, (x, y) in enumerate(points)]

    cells = outlines.cells(seats)

    assert set(cells) == {one.key for one in seats}
    for one in seats:
        assert [key for key, ring in cells.items() if contains(ring, one.lon, one.lat)] == [one.key]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=2, max_size=12, unique=True))
def test_cells_together_are_as_large_as_their_union(points: list[tuple[int, int]]) -> None:
    cells = outlines.cells([Seat(str(n), 21.5 + y / 30, 102.5 + x / 30, 80.0) for n, (x, y) in enumerate(points)])

    together = outlines.area_km2(outlines.union(cells.values()))

    assert together == pytest.approx(sum(outlines.area_km2([ring]) for ring in cells.values()), rel=0.01)


def test_a_line_is_thinned_to_its_corners() -> None:
    ring = tuple((n / 10, 0.0) for n in range(10)) + ((1.0, 0.0), (1.0, 1.0), (0.0, 1.0))

    assert set(outlines.thinned(ring, 0.001)) == {(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)}


@pytest.mark.django_db
def test_every_unit_has_an_approximate_outline_before_and_after_the_reform() -> None:
    world.reformed()

    shapes = {one.unit.key: one for one in Shape.objects.select_related("unit")}
    province = outlines.area_km2(shapes["11"].rings)

    assert len(shapes) == Unit.objects.count() == 185
    assert all(one.approximate for one in shapes.values())
    assert province == pytest.approx(9540, rel=0.05)  # the official area
    for on in ("2025-06-30", "2025-07-01"):
        units = queries.communes(dt.date.fromisoformat(on))
        assert sum(outlines.area_km2(shapes[one.key].rings) for one in units) == pytest.approx(province, rel=0.01)


@pytest.mark.django_db
def test_a_seat_lies_in_the_outline_of_its_commune() -> None:
    for one in Unit.objects.filter(level="commune").select_related("shape"):
        assert any(contains(ring, one.seat_lon or 0, one.seat_lat or 0) for ring in one.shape.rings), one.key


@pytest.mark.django_db
def test_half_of_the_outlines_are_within_a_third_of_the_published_area() -> None:
    """Said on the page as approximate; the published area is the yardstick where there is one."""
    areas = Stated.objects.filter(what="area", certainty="sure", unit__level="commune").select_related("unit__shape")

    off = sorted(abs(outlines.area_km2(one.unit.shape.rings) / one.value - 1) for one in areas)

    assert len(off) > 30
    assert off[len(off) // 2] < 1 / 3


def feature(code: object, coordinates: object = None, kind: str = "Polygon", name: str = "code") -> dict[str, object]:
    geometry = {"type": kind, "coordinates": coordinates if coordinates is not None else [OUTER_OFFICIAL]}
    return {"type": "Feature", "properties": {name: code}, "geometry": geometry}


def written(folder: Path, *features: object) -> Path:
    path = folder / "shapes.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


@pytest.mark.django_db
def test_official_outlines_take_the_place_of_approximate_ones(tmp_path: Path) -> None:
    path = written(tmp_path, feature("03174"), feature("03175", [[OUTER_OFFICIAL]], "MultiPolygon", "commune_code"))

    for _again in range(2):
        assert actions.load_shapes(path=path, source="the province", by=make.MAKER, at=now()) == 2

    shape = Shape.objects.get(unit__key="03174")
    assert (shape.approximate, shape.source, len(shape.rings[0])) == (False, "the province", 4)
    assert shaping.draw_outlines(by=make.MAKER, at=now()) == 0
    assert Entry.objects.filter(action="places.shaped").count() == 2


@pytest.mark.django_db
def test_a_code_that_was_used_again_is_of_the_day_given(tmp_path: Path) -> None:
    world.reformed()
    path = written(tmp_path, feature("03175"))

    actions.load_shapes(path=path, by=make.MAKER, at=now())
    assert set(Shape.objects.filter(approximate=False).values_list("unit__key", flat=True)) == {"03175-2025"}
    actions.load_shapes(path=path, on=dt.date.fromisoformat("2024-01-01"), by=make.MAKER, at=now())
    assert "03175" in set(Shape.objects.filter(approximate=False).values_list("unit__key", flat=True))


FAULTY: dict[str, tuple[list[object], str]] = {
    "no feature": ([7], "1: this is no feature"),
    "no code": ([feature("")], "no code is named"),
    "unknown": ([feature("99999")], "no unit has the code 99999"),
    "twice": ([feature("03174"), feature("03174")], "more than one outline"),
    "a point": ([feature("03174", [1, 2], "Point")], "03174 has no polygon"),
    "metres": ([feature("03174", [[[500000, 2400000], [500010, 2400000], [500010, 2400010]]])], "no longitude"),
    "words": ([feature("03174", [[["a", "b"]]])], "no longitude"),
    "turned round": ([feature("03174", [[[21.9, 102.9], [22.0, 102.9], [22.0, 103.0]]])], "no longitude"),
    "elsewhere": ([feature("03174", [[[10.0, 50.0], [10.1, 50.0], [10.1, 50.1]]])], "lies far from its seat"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", FAULTY)
def test_a_faulty_outline_is_told_and_nothing_is_loaded(what: str, tmp_path: Path) -> None:
    features, words = FAULTY[what]

    with pytest.raises(rules.FaultsInFile, match="faults") as refused:
        actions.load_shapes(path=written(tmp_path, feature("03175"), *features), by=make.MAKER, at=now())

    assert words.removeprefix("1: ") in str(refused.value)
    assert not Shape.objects.filter(approximate=False).exists()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"features": 7}', '{"features": []}', "\x00"])
def test_what_is_no_geojson_is_told_so(content: str, tmp_path: Path) -> None:
    path = tmp_path / "x.geojson"
    path.write_text(content)

    assert [str(fault) for fault in geojson.read(path)[1]] == ["this is no GeoJSON with features"]

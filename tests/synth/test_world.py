"""The world round a province: roads that agree with what is known, and everything reached."""

from __future__ import annotations

import hashlib
from pathlib import Path

import fastexcel
import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from hoaban.synth import actions, queries, rules
from hoaban.synth.commands import app
from hoaban.synth.engine import facts, roads, surroundings
from hoaban.synth.engine.roads import Road


@pytest.fixture(scope="module")
def world(province: Path) -> dict[str, pl.DataFrame]:
    book = fastexcel.read_excel(actions.write_world(folder=province).path)
    return {name: book.load_sheet(name, dtypes="string").to_polars() for name in book.sheet_names}


def _land() -> roads.Edges:
    every = roads.between_seats()
    dry = np.array([kind != Road.WATER for kind in every.kind])
    kinds = np.array(every.kind)[dry].tolist()
    return roads.Edges(every.start[dry], every.end[dry], every.km[dry], kinds)


def test_the_roads_are_as_long_as_the_known_ones() -> None:
    place = {c.code: position for position, c in enumerate(facts.communes())}
    edges = _land()

    for start, end, km, tolerance in (
        roads.known_distances().select("from_code", "to_code", "km", "tolerance_pct").iter_rows()
    ):
        [far] = roads.shortest_km(edges, len(place), [place[start]])
        assert far[place[end]] == pytest.approx(km, rel=tolerance / 100), (start, end)


def test_every_road_is_as_bent_as_a_mountain_road_can_be() -> None:
    edges = _land()
    seats = roads.seat_points()
    straight = np.hypot(*(seats[edges.start] - seats[edges.end]).T)

    detour = edges.km[straight > 1] / straight[straight > 1]

    assert detour.min() >= roads.SHORTEST_DETOUR - 1e-9
    assert detour.max() <= roads.LONGEST_DETOUR + 1e-9
    assert 1.25 <= float(np.median(detour)) <= 1.9


def test_every_village_is_reached_from_the_centre_by_motorbike_in_both_seasons(world: dict[str, pl.DataFrame]) -> None:
    codes = world["points"]["code"].to_list()
    place = {code: number for number, code in enumerate(codes)}
    land = world["roads"].filter(pl.col("road") != "water")
    ends = [np.array([place[code] for code in land[side].to_list()]) for side in ("from_code", "to_code")]
    for season in ("dry", "rain"):
        minutes = land[f"motorbike_{season}_min"].cast(pl.Float64).to_numpy()
        edges = roads.Edges(ends[0], ends[1], minutes, [Road.EARTH] * len(land))
        [reached] = roads.shortest_km(edges, len(codes), [place[roads.CENTRE]])
        assert np.isfinite(reached).all()


def test_rain_is_slower_and_a_car_stays_off_tracks(world: dict[str, pl.DataFrame]) -> None:
    minutes = world["roads"].select(pl.col("^.*_min$").cast(pl.Int64))

    for vehicle in ("car", "motorbike", "foot", "boat"):
        both = minutes.drop_nulls(f"{vehicle}_dry_min")
        assert both.height
        assert (both[f"{vehicle}_rain_min"] >= both[f"{vehicle}_dry_min"]).all()
    tracks = world["roads"].filter(pl.col("road") == "track")
    assert tracks.height
    assert tracks["car_dry_min"].null_count() == tracks.height


def test_roads_are_closed_as_often_as_assumed(world: dict[str, pl.DataFrame]) -> None:
    soft = pl.col("road").is_in(["earth", "track"])

    share = surroundings.closed_share(world["closures"].filter(soft), world["roads"].filter(soft).height, 2023)

    assert 0.05 < share < 0.1  # 0.08 before overlaps and the season's end are taken off


def test_every_sheet_says_what_its_columns_mean(world: dict[str, pl.DataFrame]) -> None:
    told = set(world["columns"].select("sheet", "column").iter_rows())

    assert told == {(name, column) for name in actions.WORLD_SHEETS for column in world[name].columns}


def test_heights_are_the_provinces(world: dict[str, pl.DataFrame]) -> None:
    metres = world["points"]["height_m"].cast(pl.Int64)

    assert metres.is_between(200, 1850).all()


def test_the_same_province_has_the_same_world(province: Path) -> None:
    first = hashlib.sha256(actions.write_world(folder=province).path.read_bytes()).hexdigest()

    assert hashlib.sha256(actions.write_world(folder=province).path.read_bytes()).hexdigest() == first


def test_no_world_without_a_province(tmp_path: Path) -> None:
    with pytest.raises(rules.NothingWritten):
        actions.write_world(folder=tmp_path)


def test_the_command_says_what_it_wrote(province: Path) -> None:
    printed = CliRunner().invoke(app, ["world", str(province)])

    assert printed.exit_code == 0
    assert "roads" in printed.output
    assert queries.manifest(province)["finished"]

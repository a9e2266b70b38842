"""Maps say in words what they draw, open where there is room for a finger, and stay inside their frame."""

from __future__ import annotations

import re

from django.utils import translation

from hoaban.web.engine import maps
from hoaban.web.engine.maps import Area, Spot

LEFT = ((103.0, 21.0), (103.1, 21.0), (103.1, 21.1), (103.0, 21.1))
RIGHT = ((103.1, 21.0), (103.2, 21.0), (103.2, 21.1), (103.1, 21.1))
SPECK = ((103.0, 21.0), (103.001, 21.0), (103.001, 21.001))


def drawn(*areas: Area, spots: tuple[Spot, ...] = (), around: tuple[Area, ...] = ()) -> str:
    with translation.override("en"):
        return maps.draw(key="m", title="A map", description="of areas", areas=areas, spots=spots, around=around)


def test_an_area_opens_and_is_named() -> None:
    picture = drawn(Area([LEFT], "Left", href="/left"), Area([RIGHT], "Right", href="/right"))

    assert '<a href="/left" aria-label="Left">' in picture
    assert ">Right</text>" in picture
    assert "<title" in picture


def test_an_area_too_small_for_a_finger_is_only_titled() -> None:
    picture = drawn(Area([LEFT], "Left"), Area([SPECK], "Speck", href="/speck"))

    assert "/speck" not in picture
    assert "<title>Speck</title>" in picture


def test_what_lies_around_is_drawn_at_the_edge() -> None:
    picture = drawn(Area([LEFT], "Left"), around=(Area([RIGHT], "Right"),))

    [width] = re.findall(r'viewBox="0 0 (\d+)', picture)
    xs = [float(x) for path in re.findall(r' d="M([^"]*)z"', picture) for x in re.findall(r"([\d.-]+) [\d.-]+", path)]
    assert width == "340"
    assert max(xs) > 340 > min(xs)
    assert "clip-path" in picture


def test_names_do_not_lie_over_each_other() -> None:
    spots = tuple(Spot(21.02, 103.05, f"Village {n}") for n in range(20))

    picture = drawn(Area([LEFT], "Left"), spots=spots)

    assert picture.count("<circle") == 20
    assert picture.count("<title>Village") == 20
    assert 1 <= picture.count('middle">Village') < 6


def test_a_seat_is_a_square_and_words_are_escaped() -> None:
    picture = drawn(Area([LEFT], "<Left>"), spots=(Spot(21.05, 103.05, "Seat & more", is_seat=True),))

    assert "<circle" not in picture
    assert "&lt;Left&gt;" in picture
    assert "Seat &amp; more" in picture


def test_the_scale_is_in_whole_kilometres() -> None:
    assert re.search(r">(1|2|5|10) km</text>", drawn(Area([LEFT], "Left")))


def test_a_map_of_nothing_is_a_frame() -> None:
    assert "<svg" in drawn()

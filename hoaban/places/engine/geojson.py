"""Outlines from a GeoJSON file: which unit each is of, as it says, and its rings."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hoaban.base.words import _
from hoaban.places.engine.outlines import Ring, thinned
from hoaban.places.rules import Fault

MOST_BYTES = 200 * 1024**2
CODES = ("key", "code", "commune_code", "district_code", "province_code", "ma_xa", "maxa", "ma_dvhc", "ma", "id")
TOLERANCE = 0.0002  # degrees, about 20 m: more is never seen on our maps


@dataclass(frozen=True)
class Outline:
    """One feature: its place in the file, the code it bears, its rings (outer and holes)."""

    number: int
    code: str
    rings: tuple[Ring, ...]


def read(path: Path) -> tuple[list[Outline], list[Fault]]:
    """Every outline of the file that can be read, and what is wrong with the others."""
    if path.stat().st_size > MOST_BYTES:
        return [], [Fault(0, _("the file is larger than any province's outlines"), {})]
    try:
        content = json.loads(path.read_bytes())
        features = content["features"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return [], [Fault(0, _("this is no GeoJSON with features"), {})]
    if not isinstance(features, list) or not features:
        return [], [Fault(0, _("this is no GeoJSON with features"), {})]
    outlines, faults = [], []
    for number, feature in enumerate(features, start=1):
        found = _outline(number, feature)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            outlines.append(found)
    return outlines, faults


def _outline(number: int, feature: Any) -> Outline | Fault:
    if not isinstance(feature, dict):
        return Fault(number, _("this is no feature"), {})
    properties, geometry = feature.get("properties") or {}, feature.get("geometry") or {}
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        return Fault(number, _("this is no feature"), {})
    code = next((str(properties[name]) for name in CODES if properties.get(name) not in (None, "")), "")
    if not code:
        return Fault(number, _("no code is named among its properties (%(names)s)"), {"names": ", ".join(CODES)})
    polygons = {"Polygon": lambda parts: [parts], "MultiPolygon": lambda parts: parts}.get(str(geometry.get("type")))
    if polygons is None:
        return Fault(number, _("%(code)s has no polygon"), {"code": code})
    try:
        rings = tuple(_ring(ring) for polygon in polygons(geometry["coordinates"]) for ring in polygon)
    except (KeyError, TypeError, ValueError, IndexError):
        return Fault(
            number, _("%(code)s has points that are no longitude and latitude in degrees (WGS 84)"), {"code": code}
        )
    if not rings:
        return Fault(number, _("%(code)s has no polygon"), {"code": code})
    return Outline(number, code, rings)


def _ring(points: Any) -> Ring:
    ring = tuple((float(point[0]), float(point[1])) for point in points)
    if ring and ring[0] == ring[-1]:
        ring = ring[:-1]
    if len(ring) < 3 or not all(_is_on_earth(*point) for point in ring):
        raise ValueError
    return tuple((round(lon, 5), round(lat, 5)) for lon, lat in thinned(ring, TOLERANCE))


def _is_on_earth(lon: float, lat: float) -> bool:
    return math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90

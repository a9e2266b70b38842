"""Does a person of the register still live here? An index from what other registers and officers met.

The residency index of Statistics Estonia (Maasing, Tiit and Vähi, Acta et Commentationes Universitatis Tartuensis
de Mathematica 21, 2017): R(k) = d R(k-1) + g min(1, sum of w X(k-1)), between 0 and 1, where X are the signs of life of
the year before and w their weights; a person lives here while R is at least c. One quiet year doesn't put anyone
out and one sign doesn't bring anyone in.

The parameters and weights are data (`data/verification/signs_rules.csv`, `signs_of_life.csv`), each with its
source and certainty: d, g and c are from memory and the weights are ours. The index asks for a visit; it
never closes a record.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

FOLDER = Path(__file__).parent.parent.parent / "data" / "verification"


@dataclass(frozen=True)
class Parameter:
    """A number of the index, or the weight of a sign, with where it is from and how sure we are of it."""

    name: str
    value: float
    meaning: str
    source: str
    certainty: str


@cache
def parameters() -> dict[str, Parameter]:
    """d (`stays`), g (`gains`), c (`lives_here_from`) and where a new entry starts."""
    return _read("signs_rules.csv", "name", "value")


@cache
def weights() -> dict[str, Parameter]:
    """Each sign of life with its weight."""
    return _read("signs_of_life.csv", "sign", "weight")


def index(strengths: npt.ArrayLike, start: npt.ArrayLike | float | None = None) -> npt.NDArray[np.float64]:
    """The index year by year. `strengths` holds the summed weights of signs: people in rows, years in columns.

    The answer has one column more: the index before the first year (`start`, one number or one a person) and
    after each.
    """
    signs = np.clip(np.asarray(strengths, dtype=float), 0.0, 1.0)
    stays, gains = parameters()["stays"].value, parameters()["gains"].value
    found = np.empty((signs.shape[0], signs.shape[1] + 1))
    found[:, 0] = parameters()["starts_at"].value if start is None else np.asarray(start, dtype=float)
    for year in range(signs.shape[1]):
        found[:, year + 1] = stays * found[:, year] + gains * signs[:, year]
    return np.clip(found, 0.0, 1.0)


def lives_here(found: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Whether each index says that its person lives here."""
    return np.asarray(found, dtype=float) >= parameters()["lives_here_from"].value - 1e-9


def indexed(
    signs: pl.DataFrame, people: Iterable[int], years: Sequence[int], start: float | None = None
) -> pl.DataFrame:
    """The index of these people after the last of the years, from their signs.

    `signs` has a row a sign: `person_id`, `year`, `sign` (as named in the list of signs; a sign counts once a
    year). `years` are consecutive, oldest first. The answer has a row a person, in the order given: `person_id`,
    `index`, `lives_here`, `last_year` (of the last sign in these years, null if there was none).
    """
    order = pl.DataFrame({"person_id": list(people)}, schema={"person_id": pl.Int64}).unique(maintain_order=True)
    known = pl.DataFrame({"sign": list(weights()), "weight": [one.value for one in weights().values()]})
    counted = (
        signs.with_columns(pl.col("person_id").cast(pl.Int64), pl.col("year").cast(pl.Int64))
        .unique(["person_id", "year", "sign"])
        .filter(pl.col("year").is_between(years[0], years[-1]))
        .join(known, on="sign")
        .join(order.with_row_index("row"), on="person_id")
    )
    unknown = set(signs["sign"].unique()) - set(weights())
    if unknown:
        raise ValueError(f"unknown signs of life: {', '.join(sorted(unknown))}")
    strengths = np.zeros((order.height, len(years)))
    places = (counted["row"].to_numpy(), counted["year"].to_numpy() - years[0])
    np.add.at(strengths, places, counted["weight"].to_numpy())
    found = index(strengths, start)[:, -1]
    last = counted.group_by("person_id").agg(last_year=pl.col("year").max())
    return order.with_columns(index=pl.Series(found), lives_here=pl.Series(lives_here(found))).join(
        last, on="person_id", how="left", maintain_order="left"
    )


def _read(file: str, name: str, value: str) -> dict[str, Parameter]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        return {
            row[name]: Parameter(row[name], float(row[value]), row["meaning"], row["source"], row["certainty"])
            for row in csv.DictReader(lines)
        }

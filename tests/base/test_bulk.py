"""Many rows at once arrive as they were, under row security, as the bound role."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoaban.base import bulk
from hoaban.places.models import Village

pytestmark = pytest.mark.django_db
# what a column of PostgreSQL can hold: anything but NUL and halves of surrogate pairs
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)


def _villages(names: list[str]) -> pl.DataFrame:
    frame = pl.DataFrame({"name": names}, schema={"name": pl.String}).with_row_index("n")
    return frame.select(
        "name", code=pl.col("n").cast(pl.String), commune_code=pl.col("n").cast(pl.String), name_fold=pl.lit(""),
        lat=pl.lit(22.1), lon=pl.lit(103.2), invented=pl.lit(True),
    )  # fmt: skip


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(TEXTS | st.sampled_from(["", "\\N", "\\.", '"', ",", "=1", "NULL", "a\nb"]), max_size=8))
def test_every_text_arrives_as_it_was(names: list[str]) -> None:
    Village.objects.all().delete()

    assert bulk.insert("places_village", _villages(names)) == len(names)

    assert sorted(Village.objects.values_list("name", flat=True)) == sorted(names)


def test_rows_that_a_constraint_forbids_may_be_left_out() -> None:
    bulk.insert("places_village", _villages(["one"]))

    assert bulk.insert("places_village", _villages(["other", "new"]), or_ignore=True) == 1

    assert set(Village.objects.values_list("name", flat=True)) == {"one", "new"}


def test_rows_are_looked_up_by_many_keys_at_once() -> None:
    bulk.insert("places_village", _villages(["one", "two", "three"]))

    assert bulk.look_up("places_village", ["code"], "name", ["one", "three", "none"]) == [("0",), ("2",)]


def test_an_answer_is_read_by_columns() -> None:
    schema = {"n": pl.Int64, "words": pl.String, "even": pl.Boolean}
    query = "SELECT n, nullif('a, \"b\"\n' || n, 'a, \"b\"\n2'), n %% 2 = 0 FROM generate_series(1, %(upto)s) n"

    rows = bulk.read(query, {"upto": 3}, schema)

    assert rows.rows() == [(1, 'a, "b"\n1', False), (2, "", True), (3, 'a, "b"\n3', False)]
    assert bulk.read(query, {"upto": 0}, schema).equals(pl.DataFrame(schema=schema))
    assert bulk.as_array([1, 2]) == "{1,2}"


def test_ids_are_taken_once_and_in_order() -> None:
    first, none, second = (bulk.new_ids("places_village", how_many) for how_many in (3, 0, 2))

    assert [*first, *second] == sorted({*first, *second})
    assert (len(first), none, len(second)) == (3, [], 2)


def test_a_missing_key_is_not_looked_for() -> None:
    bulk.insert("places_village", _villages(["", "named"]))

    assert bulk.look_up("places_village", ["name"], "name", ["named", ""]) == [("named",)]

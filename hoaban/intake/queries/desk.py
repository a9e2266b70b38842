"""What a load asks before and between its spans: the file's table, the map, what came before."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import polars as pl
from django.conf import settings
from django.utils.translation import override

from hoaban.base import bulk, dc01, names, tables
from hoaban.base.clock import day_of
from hoaban.base.errors import Refusal
from hoaban.intake import rules
from hoaban.intake.engine import layout, mending, oldmap
from hoaban.intake.engine.context import Surroundings
from hoaban.intake.models import Batch, Finding, FormRow
from hoaban.intake.queries.forms import kept_under, label_of
from hoaban.places import queries as places

HEADER_HAS = 8  # columns by which a row is known as the header


def table_of(batch: Batch) -> pl.DataFrame:
    """The file of a batch as text under our names for columns. Raises what `tables.read` and `layout` raise."""
    path = kept_under(batch.sha256, batch.name)
    try:
        table = tables.read(path, is_header=_is_header, most_rows=rules.MOST_ROWS)
    except Refusal as no:
        no.facts |= {"file": batch.name}  # not the name under which it's kept
        raise
    return layout.recognised(table, batch.name, labels())


def _is_header(cells: Sequence[str]) -> bool:
    return layout.known(cells, labels()) >= HEADER_HAS


@cache
def labels() -> dict[str, str]:
    """Our columns under their labels in every language, folded as headers are."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {layout.key(label_of(column)): column for column in dc01.COLUMNS}
            found |= {layout.key(str(words)): column for column, words in rules.OWN_COLUMNS.items()}
    return found


def surroundings(batch: Batch, written: pl.DataFrame) -> Surroundings:
    """What stays the same during the load of a batch; `written` are its rows, which name the communes."""
    communes = list(places.ever().values_list("key", "full_name", "name"))
    known = frozenset(code for code, _full, _name in communes)
    named = [(names.fold(text), code) for code, full, name in communes for text in {full, name}]
    texts = [text for text, _code in named]
    return Surroundings(
        communes=known,
        covered=known if batch.communes == "*" else frozenset(batch.communes.split(",")),
        commune_names={text: code for text, code in named if texts.count(text) == 1},
        villages=_villages(known & {batch.commune_code, *written["commune_code"].unique()}),
        synthetic_allowed=bool(settings.HOABAN_SYNTHETIC),
        received=day_of(batch.received_at).isoformat(),
        default_commune=batch.commune_code,
        map=_map(),
        later_keys=tuple(
            (unit.code, unit.key, unit.valid_from.isoformat())
            for unit in places.ever().order_by("valid_from")
            if unit.key != unit.code
        ),
    )


def _map() -> oldmap.Map:
    """The map of districts as the forms write it; nothing where no unit has a district."""
    communes = places.ever().filter(parent__level="district").values_list("name", "parent__full_name")
    there: dict[str, set[str]] = {}
    districts: dict[str, str] = {}
    for name, district_name in communes:
        district = oldmap.bare(district_name)
        districts[district] = district_name
        there.setdefault(oldmap.bare(name), set()).add(district)
    province = next((one.full_name for one in places.ever("province")), "")
    return oldmap.Map(province, districts, {name: frozenset(found) for name, found in there.items()})


def _villages(communes: frozenset[str]) -> pl.DataFrame:
    """The villages under every name they're known by; the present name beside one that isn't theirs any more."""
    written = places.spellings().filter(pl.col("kind") == "village", pl.col("commune_key").is_in(list(communes)))
    now = places.village_names(written["place_key"].unique().to_list())
    named = pl.DataFrame({"place_key": list(now), "now": list(now.values())}, schema_overrides={"place_key": pl.String})
    return (
        written.sort("is_current", descending=True)
        .join(named, on="place_key", how="left")
        .select(
            commune_code="commune_key", _village_fold="fold", _village_code="place_key",
            _village_now=pl.when(~pl.col("is_current")).then("now"),
        )
        .with_columns(pl.all().cast(pl.String))
        .unique(["commune_code", "_village_fold"], keep="first", maintain_order=True)
    )  # fmt: skip


def lines_of(batch_id: int) -> pl.Series:
    """The lines of a batch that stand in the table."""
    return pl.Series(list(FormRow.objects.filter(batch=batch_id).values_list("line", flat=True)), dtype=pl.Int64)


def known_rows(serials: Sequence[str]) -> list[tuple[str, str, int | None]]:
    """Of these serials, the rows received before: serial, hash, the person if accepted."""
    columns = ["serial", "row_hash", "person_id"]
    return bulk.look_up("intake_formrow", columns, "serial", serials)


def serials_of(person_ids: Sequence[int]) -> dict[int, str]:
    """The forms on which these people were counted: serial by person."""
    if not person_ids:
        return {}
    return dict(bulk.look_up("intake_formrow", ["person_id", "serial"], "person_id", person_ids))


def returned_among(row_ids: Sequence[int]) -> tuple[set[int], set[int]]:
    """Of these rows, those that were returned, and those of them that were mended and accepted since."""
    if not row_ids:
        return set(), set()
    returned = FormRow.objects.filter(pk__in=row_ids, state=rules.RowState.RETURNED)
    settled = FormRow.objects.filter(mends__in=row_ids, person__isnull=False)
    return set(returned.values_list("pk", flat=True)), set(settled.values_list("mends_id", flat=True))


def proposals_for(row_ids: Sequence[int]) -> pl.DataFrame:
    """What was proposed for returned rows: ref, field, value as it was written, proposal; errors first."""
    found = (
        Finding.objects.filter(row__in=list(row_ids), row__state=rules.RowState.RETURNED)
        .exclude(proposal="")
        .order_by("severity", "id")
        .values_list("row_id", "field", "value", "proposal")
    )
    frame = pl.DataFrame(list(found), schema=mending.PROPOSED, orient="row")
    return frame.unique(["ref", "field"], keep="first", maintain_order=True)

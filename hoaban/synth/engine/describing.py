"""A written province in tables against the facts it was drawn from: ages, groups, households, errors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from hoaban.synth.engine import errors, facts

MAIN_GROUPS = ("01", "03", "08", "23")  # those for which the facts have figures of their own
HEAD = "01"


@dataclass(frozen=True)
class Line:
    """One figure of the province beside the fact: how many, and their share in percent, here and in the facts.

    `fact` is None where the facts name none.
    """

    of: str
    label: str
    count: int
    share: float
    fact: float | None


def ages(people: pl.DataFrame, on: dt.date) -> list[Line]:
    """People by age group and sex, against the forecast for 2022."""
    first, share = facts.age_shares()
    labels = facts.table("age_structure")["age_group"].to_list()
    age = on.year - people["born"].str.slice(0, 4).cast(pl.Int32)
    group = [int(n) for n in (first[None, :] <= age.clip(lower_bound=0).to_numpy()[:, None]).sum(axis=1) - 1]
    counted = pl.DataFrame({"group": group, "gender": people["gender"]}).group_by("group", "gender").len()
    count = {(place, sex): n for place, sex, n in counted.iter_rows()}
    terms = facts.terms("gender")
    return [
        Line(
            terms[code], label, n := count.get((place, sex), 0), _share(n, len(people)),
            100 * float(share[place, column]),
        )
        for column, (sex, code) in enumerate((("M", "1"), ("F", "2")))
        for place, label in enumerate(labels)
    ]  # fmt: skip


def groups(people: pl.DataFrame) -> list[Line]:
    """People by district and ethnic group, against the estimated mix of the district."""
    district_of = {c.code: c.district_code for c in facts.communes()}
    names = {c.district_code: c.district for c in facts.communes()}
    terms = facts.terms("ethnic_groups")
    code = pl.col("ethnicity")
    counted = (
        people.select(
            district=pl.col("commune_code").replace_strict(district_of),
            group=pl.when(code.is_in(MAIN_GROUPS)).then(code).otherwise(pl.lit("")),
        )
        .group_by("district", "group")
        .len()
    )
    count = {(district, group): n for district, group, n in counted.iter_rows()}
    lines = []
    for district in sorted({district for district, _group in count}):
        whole = sum(n for (at, _group), n in count.items() if at == district)
        mix = dict(zip(facts.group_codes(), facts.groups_in(district).tolist(), strict=True))
        others = sum(share for group, share in mix.items() if group not in MAIN_GROUPS)
        for group in (*MAIN_GROUPS, ""):
            n = count.get((district, group), 0)
            label = terms[group] if group else facts.word("other_groups")
            lines.append(Line(names[district], label, n, _share(n, whole), 100 * (mix[group] if group else others)))
    return lines


def households(people: pl.DataFrame) -> list[Line]:
    """Households by the group of their head and how many live in them, against the assumed sizes."""
    code = pl.col("ethnicity")
    sizes = people.group_by("household_id").agg(
        size=pl.len(), group=pl.when(pl.col("relation") == HEAD).then(code).drop_nulls().first()
    )
    terms, lines = facts.terms("ethnic_groups"), []
    for group in MAIN_GROUPS:
        counted = sizes.filter(pl.col("group") == group)["size"].value_counts()
        count: dict[int, int] = dict(counted.iter_rows())
        fact = facts.household_sizes(group).tolist()
        whole = sum(count.values())
        lines += [
            Line(terms[group], str(size), n := count.get(size, 0), _share(n, whole),
                 100 * fact[size - 1] if size <= len(fact) else None)
            for size in range(1, max([*count, len(fact)]) + 1)
        ]  # fmt: skip
    return lines


def error_rates(counted: Mapping[str, int], records: int, ordered: Mapping[str, float]) -> list[Line]:
    """Errors by kind, in percent of records, against the rates that were ordered."""
    names = dict(facts.table("error_kinds").select("code", "name_vi").iter_rows())
    return [
        Line(kind, names[kind], n := counted.get(kind, 0), _share(n, records), 100 * ordered.get(kind, rate))
        for kind, rate in errors.rates().items()
    ]


def errors_on_a_form(wrong: pl.DataFrame, forms: int) -> list[Line]:
    """Forms by how many kinds of error stand on them."""
    kinds = wrong.select("form_serial", "kind").unique().group_by("form_serial").len()["len"]
    counted: dict[int, int] = dict(kinds.value_counts().iter_rows())
    counted[0] = forms - len(kinds)
    return [Line("", str(kinds), n, _share(n, forms), None) for kinds, n in sorted(counted.items())]


def farthest(lines: Iterable[Line]) -> float:
    """The largest distance from a fact among the lines, in percentage points."""
    return max((abs(line.share - line.fact) for line in lines if line.fact is not None), default=0.0)


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0

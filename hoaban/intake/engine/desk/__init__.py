"""The catalogue of the desk's rules, and what they find in a set of rows.

Rules that ask the register are judged apart, since the register is asked in the transaction that enters
the rows; the others need the paper alone and are judged before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from hoaban.intake.engine.desk import elsewhere, household, law, pattern, person, spelling, structure
from hoaban.intake.engine.desk.rule import ERROR, GROUP_WORDS, KNOWN, DeskRule, Example, Group, col

__all__ = [
    "BY_CODE",
    "DESK_RULES",
    "FINDINGS",
    "GROUP_WORDS",
    "KNOWN",
    "PAPER_RULES",
    "REGISTER_RULES",
    "DeskRule",
    "Example",
    "Group",
    "found_in_register",
    "found_on_paper",
    "states",
]  # fmt: skip

_CATALOGUE: tuple[tuple[Group, Sequence[DeskRule]], ...] = (
    (Group.STRUCTURE, structure.RULES),
    (Group.LAW, law.RULES),
    (Group.PERSON, person.RULES),
    (Group.HOUSEHOLD, household.RULES),
    (Group.FILE, elsewhere.FILE),
    (Group.REGISTER, elsewhere.REGISTER),
    (Group.SPELLING, spelling.RULES),
    (Group.PATTERN, pattern.RULES),
)
DESK_RULES = tuple(replace(rule, group=group) for group, rules in _CATALOGUE for rule in rules)
BY_CODE = {rule.code: rule for rule in DESK_RULES}
REGISTER_RULES = tuple(rule for rule in DESK_RULES if rule.asks_the_register)
PAPER_RULES = tuple(rule for rule in DESK_RULES if not rule.asks_the_register)
FINDINGS = {
    "line": pl.Int64, "code": pl.String, "field": pl.String, "severity": pl.String, "value": pl.String,
    "proposal": pl.String, "other": pl.String,
}  # fmt: skip


def found_on_paper(rows: pl.DataFrame) -> pl.DataFrame:
    """Every fault and doubt that the file itself shows: line, code, field, severity, value, proposal."""
    return _found(rows, PAPER_RULES)


def found_in_register(rows: pl.DataFrame) -> pl.DataFrame:
    """The same of what only the register shows; the rows have the columns of `KNOWN`."""
    return _found(rows, REGISTER_RULES)


def _found(rows: pl.DataFrame, rules: Sequence[DeskRule]) -> pl.DataFrame:
    judged = rows.select(rule.fails.fill_null(value=False).alias(rule.code) for rule in rules)
    hit = [rule for rule, any_ in zip(rules, judged.select(pl.all().any()).row(0), strict=True) if any_]
    return pl.concat(
        [pl.DataFrame(schema=FINDINGS)]
        + [
            rows.with_columns(_other=rule.other if rule.other is not None else pl.lit(""))
            .filter(judged[rule.code])
            .select(
                "line",
                code=pl.lit(rule.code),
                field=pl.lit(rule.field),
                severity=pl.lit(rule.severity.value),
                value=col(rule.field).str.slice(0, 300),
                proposal=_proposed(rule),
                other=col("_other").fill_null("").str.slice(0, 60),
            )
            for rule in hit
        ]
    )


def _proposed(rule: DeskRule) -> pl.Expr:
    """What to write instead, "" where nothing is proposed or it stands there already."""
    if rule.proposal is None:
        return pl.lit("")
    return pl.when(rule.proposal != col(rule.field)).then(rule.proposal.cast(pl.String).str.slice(0, 300)).fill_null("")


def states(lines: pl.Series, found: pl.DataFrame) -> pl.Series:
    """What becomes of each line: returned for an error, questioned for a question, else accepted."""
    worst = found.group_by("line").agg(returned=(pl.col("severity") == ERROR.value).any())
    joined = lines.to_frame("line").join(worst, on="line", how="left", maintain_order="left")
    return joined.select(
        pl.when("returned").then(pl.lit("returned"))
        .when(pl.col("returned").is_not_null()).then(pl.lit("questioned"))
        .otherwise(pl.lit("accepted"))
    ).to_series()  # fmt: skip

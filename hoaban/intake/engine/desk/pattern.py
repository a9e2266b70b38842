"""What one form can't show: habits of a village's or of a writer's forms. Thresholds are assumed.

The columns are shares over the whole file, made by `context`: of the village's rows (`_village_…`) or
of the writer's (`_writer_…`).
"""

from __future__ import annotations

from hoaban.base.words import _
from hoaban.intake.engine.desk.rule import QUESTION, DeskRule, col, ex

ENOUGH = 40  # rows of a village or a writer, below which nothing is a pattern
NEW_YEARS, COMMON_YEAR, ROUND_YEARS, ONE_DAY, MOST_A_DAY = 0.25, 0.12, 0.45, 0.25, 200
_MANY = range(ENOUGH + 5)


def _others(**changed: str) -> tuple[dict[str, str], ...]:
    return tuple(
        {
            "full_name": f"LÒ PAO {chr(65 + n % 26)}{chr(65 + n // 26)}", "id12": "", "id9": "",
            "dob": f"{n % 27 + 2:02d}/{n % 11 + 2:02d}/{1961 + n}", "book_no": f"{n}", "officer": f"Writer {n}",
            "marital": "1", "spouse_name": "", "rel_to_head": "26", "rep_name": "X Y",
        } | {key: value.format(n=n, year=1950 + n // 5 * 5) for key, value in changed.items()}
        for n in _MANY
    )  # fmt: skip


RULES = (
    DeskRule("many_new_years", "dob", QUESTION,
             _("So many of this village are born on 1 January that the days can't be known. Ask for the true ones."),
             col("_born_new_year") & (col("_village_rows") >= ENOUGH) & (col("_village_new_years") > NEW_YEARS),
             ex(*_others(dob="01/01/19{n:02d}"), dob="01/01/1958"), ex(*_others(), dob="01/01/1958")),
    DeskRule("year_too_common", "dob", QUESTION,
             _("So many of this village are born in one year that it may be a guess: %(value)s."),
             (col("_village_rows") >= ENOUGH) & (col("_village_year_share") > COMMON_YEAR),
             ex(*_others(dob="07/{n:02d}/1958")), ex(*_others())),
    DeskRule("round_years", "dob", QUESTION,
             _("This writer's years of birth end in 0 or 5 too often. Were they guessed? %(value)s"),
             col("_round_year") & (col("_writer_rows") >= ENOUGH) & (col("_writer_round_years") > ROUND_YEARS),
             ex(*_others(dob="09/10/{year}", officer="Officer"), dob="07/03/1960", id12=""),
             ex(*_others(), dob="07/03/1960", id12="")),
    DeskRule("one_day_of_the_month", "dob", QUESTION,
             _("This writer's births fall on one day of the month too often: %(value)s."),
             (col("_writer_rows") >= ENOUGH) & (col("_writer_day_share") > ONE_DAY),
             ex(*_others(dob="07/10/{year}", officer="Officer")), ex(*_others(officer="Officer"))),
    DeskRule("too_many_in_a_day", "filled_on", QUESTION,
             _("One writer filled in more than 200 forms on %(value)s. Was each family asked?"),
             col("_writer_day_rows") > MOST_A_DAY,
             ex(*(_others(officer="Officer") * 5)), ex(*_others(officer="Officer"))),
)  # fmt: skip

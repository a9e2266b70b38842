"""Promise: the desk finds what a desk can find, names the right field, and leaves clean forms in peace.

Seeded errors of the kinds that contradict something on paper (E07, E13), lack (E08, E09, E10), or stand in no
list (E01, E14, E15), and people or numbers on two forms anywhere in the load (E05, E06). The truth is that of
a folder that a generator of synthetic provinces wrote; any folder of the same layout can be scored.
Two generators that don't know each other, three seeds each; the worst counts.

2026-11: see docs/performance.md.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from django.conf import settings
from django.db import connection

from benchmarks import Result
from hoaban.base import codes, tables
from hoaban.base.clock import now
from hoaban.intake import actions
from hoaban.intake.engine import desk
from hoaban.places import actions as places
from hoaban.synth import actions as synth
from hoaban.web.actor import acting_as, job_actor
from tests import database
from tests.truth import other_world

PEOPLE, SEEDS = 20_000, (11, 12, 13)
COMMUNES = ("03174", "03165", "03167", "03156")
FOUND, NAMED, WRONGLY = 0.99, 0.97, 0.005
# The fields whose finding names an error of that kind.
FIELDS = {
    "E01": {"dob"}, "E05": {"form_serial"}, "E06": {"id9"}, "E07": {"gender"}, "E08": {"father_name", "mother_name"},
    "E09": {"birth_reg_place"}, "E10": {"perm_address"}, "E13": {"rel_to_head"}, "E14": {"ethnicity"},
    "E15": {"village", "perm_address", "cur_address", "birth_reg_place", "origin_place"},
}  # fmt: skip
# Questions that are right of a clean form too, and are counted apart.
APART = {"born_on_new_year", "household_without_head"}
PAIRS = {"E05", "E06"}


@dataclass(frozen=True)
class Score:
    """How the desk did on one folder: seeded, found, rightly named by kind; clean rows and those asked wrongly."""

    seeded: Mapping[str, int]
    found: Mapping[str, int]
    named: Mapping[str, int]
    clean: int
    asked: int
    apart: int
    by_code: Mapping[str, int] = field(default_factory=dict)

    @property
    def found_share(self) -> float:
        """Of all seeded errors that a desk can see, how many have a finding."""
        return sum(self.found.values()) / max(sum(self.seeded.values()), 1)

    @property
    def named_share(self) -> float:
        """Of those found, how many by a finding on the right field."""
        return sum(self.named.values()) / max(sum(self.found.values()), 1)

    @property
    def asked_share(self) -> float:
        """Clean rows that were questioned or returned for another cause than those counted apart."""
        return self.asked / max(self.clean, 1)


def run(scale: float) -> Result:
    """Write provinces by both generators with three seeds each, load and score them."""
    scores = {name: [_of_seed(write, seed, int(PEOPLE * scale)) for seed in SEEDS] for name, write in WORLDS.items()}
    every = [one for of_world in scores.values() for one in of_world]
    found, named = min(one.found_share for one in every), min(one.named_share for one in every)
    asked = max(one.asked_share for one in every)
    return Result(
        name="desk", value=round(100 * found, 2), unit="% of seeded errors found, the worst of six provinces",
        yardstick=f"the goal, with {len(desk.DESK_RULES)} rules", ratio=round(found / FOUND, 3),
        goal=f"found >= {FOUND}, right field >= {NAMED}, clean rows asked <= {WRONGLY}",
        met=found >= FOUND and named >= NAMED and asked <= WRONGLY, scale=scale,
        details={
            "right_field": round(named, 4), "clean_asked": round(asked, 5),
            "worlds": {name: _told(of_world) for name, of_world in scores.items()},
        },
    )  # fmt: skip


def _told(scores: list[Score]) -> dict[str, object]:
    by_kind = {kind: min(one.found.get(kind, 0) / max(one.seeded.get(kind, 0), 1) for one in scores) for kind in FIELDS}
    return {
        "found": [round(one.found_share, 4) for one in scores],
        "right_field": [round(one.named_share, 4) for one in scores],
        "clean_asked": [round(one.asked_share, 5) for one in scores], "apart": [one.apart for one in scores],
        "worst_by_kind": {kind: round(share, 4) for kind, share in by_kind.items()},
        "asked_by": [dict(one.by_code) for one in scores],
    }  # fmt: skip


def _write_ours(folder: Path, people: int, seed: int) -> None:
    synth.write(folder=folder, people=people, seed=seed, communes=COMMUNES, images=0)


WORLDS = {"synth": _write_ours, "other_world": other_world.write}


def _of_seed(write: Callable[[Path, int, int], object], seed: int, people: int) -> Score:
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder) / "world"
        write(world, people, seed)
        return of_folder(world, Path(folder) / "files")


def of_folder(world: Path, files: Path) -> Score:
    """Load a world's forms into a database of its own and score what was found against its truth."""
    settings.HOABAN_FILES = files
    database.use_scratch("bench_desk")
    actor = job_actor("bench.desk")
    with acting_as(actor):
        places.load_villages(path=world / "places" / "villages.csv", by=actor, at=now())
        actions.load_all(paths=sorted((world / "forms").glob("*.csv")), by=actor, at=now())
        score = of_findings(_findings(), world)
    database.drop_scratch("bench_desk")
    return score


def _findings() -> pl.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.serial, f.code, f.field, f.other FROM intake_finding f JOIN intake_formrow r ON r.id = f.row_id"
        )
        schema = dict.fromkeys(("form_serial", "code", "field", "other"), pl.String)
        return pl.DataFrame(list(cursor.fetchall()), schema=schema, orient="row")


def of_findings(found: pl.DataFrame, world: Path) -> Score:
    """Score findings (form_serial, code, field, other) against the truth of a folder."""
    errors = tables.read(world / "truth" / "errors.csv")
    forms = pl.concat([tables.read(path) for path in sorted((world / "forms").glob("*.csv"))], how="diagonal")
    seeded = _visible(errors, forms)
    # a pair is found on either of its forms: which of two is wrong, no desk can tell
    turned = found.filter(pl.col("other") != "").select("code", "field", "other", form_serial="other")
    either = pl.concat([found, turned], how="diagonal_relaxed")
    hits = seeded.join(either, on="form_serial")
    right = pl.any_horizontal((pl.col("kind") == kind) & pl.col("field").is_in(sorted(fields))
                              for kind, fields in FIELDS.items())  # fmt: skip
    related = _related(hits)
    kind_of_form = (pl.col("kind") == "E05") & (pl.col("field") == "form_serial")
    spoilt = {*errors["form_serial"], *errors.filter(kind_of_form)["true"]}
    clean = forms.filter(~pl.col("form_serial").is_in(sorted(spoilt)))["form_serial"]
    partners = found.filter(pl.col("other").is_in(sorted(spoilt)))["form_serial"]
    asked = found.filter(pl.col("form_serial").is_in(clean.implode()), ~pl.col("form_serial").is_in(partners.implode()))
    wrongly = asked.filter(~pl.col("code").is_in(sorted(APART)))
    return Score(
        seeded=_by_kind(seeded),
        found=_by_kind(related),
        named=_by_kind(hits.filter(right)),
        clean=len(clean),
        asked=wrongly["form_serial"].n_unique(),
        apart=asked.filter(pl.col("code").is_in(sorted(APART)))["form_serial"].n_unique(),
        by_code=dict(wrongly.group_by("code").agg(pl.col("form_serial").n_unique()).sort("code").rows()),
    )


def _related(hits: pl.DataFrame) -> pl.DataFrame:
    """Of findings on spoilt forms, those that an error of the kind explains: by its field or one beside it."""
    beside = {kind: set(fields) for kind, fields in FIELDS.items()}
    beside["E05"] |= {"id12", "id9", "full_name"}
    beside["E07"] |= {"id12", "rel_to_head", "spouse_id", "full_name"}
    beside["E13"] |= {"gender", "head_name"}
    return hits.filter(pl.any_horizontal(
        (pl.col("kind") == kind) & pl.col("field").is_in(sorted(fields)) for kind, fields in beside.items()
    ))  # fmt: skip


def _by_kind(rows: pl.DataFrame) -> dict[str, int]:
    return dict(rows.group_by("kind").agg(pl.col("form_serial").n_unique()).sort("kind").rows())


def _visible(errors: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """The seeded errors that contradict or lack something on paper: kind and form, each once.

    E05 stands only in its row of `form_serial`. E07 shows where the number, the relation or the spouse says
    the other sex. E13 shows where the form, or the head's form beside it, says otherwise.
    """
    kinds = errors.filter(pl.col("kind").is_in(sorted(FIELDS)))
    kinds = kinds.filter((pl.col("kind") != "E05") | (pl.col("field") == "form_serial"))
    seen = kinds.select("form_serial", "kind").unique()
    shows = seen.filter(pl.col("kind").is_in(["E07", "E13"])).join(forms, on="form_serial", how="inner")
    hidden = shows.filter(~contradicted(shows, forms)).select("form_serial", "kind")
    return seen.join(hidden, on=["form_serial", "kind"], how="anti")


def contradicted(rows: pl.DataFrame, forms: pl.DataFrame) -> pl.Series:
    """Whether something on paper contradicts the sex (E07) or the relation (E13) of these forms."""
    heads = forms.filter(pl.col("full_name") == pl.col("head_name")).unique(["commune_code", "book_no"])
    heads = heads.select("commune_code", "book_no", h_father="father_name", h_mother="mother_name", h_dob="dob",
                         h_spouse="spouse_name")  # fmt: skip
    joined = rows.join(heads, on=["commune_code", "book_no"], how="left", maintain_order="left")
    return joined.select(
        pl.when(pl.col("kind") == "E07").then(pl.col("id12") != "").otherwise(_relation_contradicted())
    ).to_series().fill_null(value=False)  # fmt: skip


def _relation_contradicted() -> pl.Expr:
    """By the words of the form alone, without the rules of the desk: who the head is to this person."""
    head = pl.col("head_name")
    relation = pl.col("rel_to_head")
    own = pl.col("full_name")
    is_spouse = (pl.col("spouse_name") == head) & ~relation.is_in(_words("02", "03"))
    is_child = ((pl.col("father_name") == head) | (pl.col("mother_name") == head)) & ~relation.is_in(_words("04", "05"))
    no_child = (relation.is_in(_words("04")) & (pl.col("father_name") != "") & (pl.col("mother_name") != "")
                & (pl.col("father_name") != head) & (pl.col("mother_name") != head))  # fmt: skip
    is_parent = (own == pl.col("h_father")) | (own == pl.col("h_mother"))
    no_parent = (relation.is_in(_words("08")) & (pl.col("h_father") != "") & (own != pl.col("h_father"))) | (
        relation.is_in(_words("09")) & (pl.col("h_mother") != "") & (own != pl.col("h_mother"))
    )
    two = ("father", "mother")
    same = pl.all_horizontal(
        ((pl.col(f"{one}_name") == pl.col(f"h_{one}")) & (pl.col(f"h_{one}") != "")) for one in two
    )
    other = pl.all_horizontal(((pl.col(f"{one}_name") != pl.col(f"h_{one}")) & (pl.col(f"h_{one}") != "")
                               & (pl.col(f"{one}_name") != "")) for one in two)  # fmt: skip
    born, heads = (pl.col(name).str.slice(-4).cast(pl.Int32, strict=False) for name in ("dob", "h_dob"))
    elder = relation.is_in(_words("16", "17")) & (born > heads)
    younger = relation.is_in(_words("18")) & (born < heads)
    siblings = relation.is_in(_words("16", "17", "18")) & other | relation.is_in(_words("23")) & same
    in_law = relation.is_in(_words("10", "11")) & is_parent
    parts = (is_spouse, is_child, no_child, in_law, no_parent, siblings, elder, younger)
    return pl.any_horizontal(one.fill_null(value=False) for one in parts)


def _words(*codes_: str) -> list[str]:
    return [codes.name("relationship_to_head", code) for code in codes_]

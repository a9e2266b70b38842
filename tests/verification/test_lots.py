"""A lot's way through the gate: drawn, returned where errors cluster, checked whole, drawn again; the override."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from typer.testing import CliRunner

from hoaban.audit import queries as audit
from hoaban.base import names
from hoaban.base.clock import now
from hoaban.base.errors import NotAllowed
from hoaban.intake import actions as intake
from hoaban.intake.models import FormRow
from hoaban.officers import queries as officers
from hoaban.officers.rules import ProposalUnexplained, ReasonMissing, SameOfficer
from hoaban.people.models import Person
from hoaban.verification import actions, commands, queries, rules
from hoaban.verification.models import Lot, Round, SampledForm
from hoaban.verification.rules import Inspection, LotsBy, LotState, PlanKind, PlanSpec, Step
from hoaban.web.actor import acting_as
from tests import make
from tests.intake.forms import unnumbered, write_csv
from tests.verification import world

pytestmark = pytest.mark.django_db
CHECK = "UPDATE verification_sampledform SET outcome = 'right', checked_at = now(), checker_id = %s, checker_name = %s"


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.HOABAN_FILES = tmp_path / "files"


def forms(folder: Path, *written: dict[str, str]) -> None:
    """Forms that say so, in the register."""
    rows = [unnumbered(**one) for one in written]
    intake.load(path=write_csv(folder / f"forms-{rows[0]['form_serial']}.csv", *rows), by=make.MAKER, at=now())


def drawn(communes: list[str] | None = None, level: int = 1, **asked: Any) -> Round:
    return actions.draw_round(communes=communes or [make.NAM_KHAN], level=level, by=make.MAKER, at=now(), **asked)


def over_limit(tmp_path: Path, count: int = 8) -> Lot:
    """A lot of that many forms, half drawn and all checked, of which one is wrong and none was allowed to be."""
    world.forms(tmp_path, count)
    lot = world.drawn(size=count // 2)
    checker = make.actor("checker")
    world.check_all(lot, checker, wrong_places=(1,))
    world.corrected(lot, checker, make.actor("commune_officer"))
    return lot


# --- drawing over many communes -------------------------------------------------------------------------


def test_a_round_has_a_lot_where_there_are_forms_and_says_what_was_chosen(tmp_path: Path) -> None:
    forms(tmp_path, *[{}] * 3, *[{"commune_code": make.NAM_TIN, "village": "", "perm_address": "Nam Tin"}] * 2)

    made = drawn([make.NAM_KHAN, make.NAM_TIN, "03127"], name="Spring")

    assert made.communes == ["03127", make.NAM_TIN, make.NAM_KHAN]
    assert list(made.lots.order_by("number").values_list("commune_code", "size")) == [
        (make.NAM_TIN, 2), (make.NAM_KHAN, 3),
    ]  # fmt: skip
    [entry] = audit.about(made.subject).filter(action="verification.drawn")
    assert (entry.facts["communes"], entry.facts["lots"], entry.facts["of"]) == (3, 2, 5)


def test_drawing_asks_the_database_as_often_for_one_commune_as_for_two(
    tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    forms(tmp_path, *[{}] * 3, *[{"commune_code": make.NAM_TIN, "village": "", "perm_address": "Nam Tin"}] * 3)

    with django_assert_max_num_queries(30):
        drawn([make.NAM_KHAN, make.NAM_TIN])


def test_lots_by_village_are_drawn_each_from_its_own(tmp_path: Path) -> None:
    forms(tmp_path, *[{}] * 5)
    Person.objects.filter(pk__in=Person.objects.order_by("-pk").values("pk")[:3]).update(village_code="0317401")

    made = drawn(lots_by=LotsBy.VILLAGE)

    lots = list(made.lots.order_by("number"))
    assert [(bool(one.village_code), one.size) for one in lots] == [(False, 2), (True, 3)]
    assert {form.village_code for form in lots[1].forms.all()} == {"0317401"}
    assert lots[0].seed != lots[1].seed


def test_what_errs_oftener_is_drawn_besides_and_weighs_less(tmp_path: Path) -> None:
    forms(tmp_path, *[{"dob": "07/03/1930"}] * 6, *[{"dob": f"07/03/{1960 + n}"} for n in range(14)])
    FormRow.objects.update(state="accepted")

    lot = drawn(plan=PlanSpec(PlanKind.SIZE, n=4), more=100, seed=3).lots.get()

    assert set(lot.frame) >= {"old"}
    assert (lot.sample, lot.more) == (4, 4)
    assert lot.drawn >= 8
    weights = dict(lot.forms.order_by().values_list("stratum", "weight").distinct())
    for name, serials in lot.frame.items():
        assert weights[name] == pytest.approx(len(serials) / lot.forms.filter(stratum=name).count())
    assert sum(one.weight for one in lot.forms.all()) == pytest.approx(20)


def test_the_command_draws_the_sample_of_a_lot_again(tmp_path: Path) -> None:
    world.forms(tmp_path, 8)
    lot = drawn(plan=PlanSpec(PlanKind.SIZE, n=3), more=50).lots.get()

    told = CliRunner().invoke(commands.app, ["sample", str(lot.pk), "--csv"])

    rows = list(csv.DictReader(io.StringIO(told.stdout)))
    assert [row["serial"] for row in rows] == [one.serial for one in lot.forms.order_by("place")]
    assert sum(float(row["weight"]) for row in rows) == pytest.approx(8, abs=1e-3)
    assert told.exit_code == 0
    lot.forms.filter(place=1).update(serial="ANOTHER")
    assert CliRunner().invoke(commands.app, ["sample", str(lot.pk)]).exit_code == 1


def test_a_round_is_not_checked_before_it_opens(tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    later = now().date().replace(year=now().year + 1)
    lot = drawn(opens_on=later).lots.get()

    with pytest.raises(rules.NotYetOpen):
        actions.take_next(lot_id=lot.pk, by=make.actor("checker"), at=now())
    with pytest.raises(rules.NoSuchDraw):
        drawn(opens_on=later, closes_on=now().date())


# --- the gate -------------------------------------------------------------------------------------------


def test_a_returned_lot_is_checked_whole_and_drawn_again_tightened(tmp_path: Path) -> None:
    first = over_limit(tmp_path)
    second = make.actor("commune_officer")

    returned = actions.return_lot(lot_id=first.pk, by=second, at=now())
    actions.return_lot(lot_id=first.pk, by=second, at=now())
    whole = Lot.objects.get(step=Step.WHOLE)
    assert (whole.returned_from, whole.level, whole.limit, whole.drawn) == (returned, 1, None, 8)
    assert sorted(one.serial for one in whole.forms.all()) == returned.sent_back
    assert not Lot.objects.filter(step=Step.AGAIN).exists()

    world.check_all(whole, make.actor("checker"))
    actions.accept_lot(lot_id=whole.pk, by=second, at=now())

    again = Lot.objects.get(step=Step.AGAIN)
    assert (again.returned_from, again.inspection, again.level) == (returned, "tightened", 1)
    assert again.seed not in (first.seed, whole.seed)
    assert (again.size, again.sample) == (8, 4)
    assert audit.about(again.subject).filter(action="verification.drawn_again").count() == 1
    world.check_all(again, make.actor("checker"))
    assert actions.accept_lot(lot_id=again.pk, by=second, at=now()).state == LotState.ACCEPTED


def test_exactly_the_rows_of_the_guilty_hand_go_back(tmp_path: Path) -> None:
    forms(tmp_path, *({"officer": f"Hand {n % 3}", "village": ""} for n in range(24)))
    lot = drawn(plan=PlanSpec(PlanKind.SIZE, n=18), seed=1).lots.get()
    for one in lot.forms.all():
        guilty = one.collected_by == "Hand 1"
        world.check(lot, one.place, make.actor("checker"), world.wrong() if guilty else None)

    returned = actions.return_lot(lot_id=lot.pk, by=make.actor("commune_officer"), at=now())

    assert returned.sent_back_by == "writer"
    assert len(returned.sent_back) == 8
    whole = Lot.objects.get(step=Step.WHOLE)
    assert {one.collected_by for one in whole.forms.all()} == {"Hand 1"}
    assert [one["value"] for one in returned.groups if one["back"]] == ["Hand 1"]


def test_rows_of_a_lot_of_level_two_go_back_to_level_one(tmp_path: Path) -> None:
    world.forms(tmp_path, 6)
    checker, officer = make.actor("checker"), make.actor("province_officer", "11", "province")
    first = world.drawn()
    world.check_all(first, checker)
    actions.accept_lot(lot_id=first.pk, by=officer, at=now())
    lot = world.drawn(level=2, size=3)
    one = lot.forms.get(place=1)
    Lot.objects.filter(pk=lot.pk).update(level=1)  # its screen isn't what is tried here
    world.check(lot, one.place, make.actor("checker"), world.wrong())
    Lot.objects.filter(pk=lot.pk).update(level=2)

    actions.return_lot(lot_id=lot.pk, by=officer, at=now())

    assert Lot.objects.get(step=Step.WHOLE).level == 1


def test_over_its_limit_a_lot_is_accepted_by_two_officers_and_a_reason(tmp_path: Path) -> None:
    lot = over_limit(tmp_path)
    first, second = make.actor("commune_officer"), make.actor("commune_officer")

    with pytest.raises(ProposalUnexplained):
        actions.propose_override(lot_id=lot.pk, reason=" ", by=first, at=now())
    with pytest.raises(rules.NoOverride):
        actions.approve_override(lot_id=lot.pk, by=second, at=now())
    actions.propose_override(lot_id=lot.pk, reason="One letter in one name", by=first, at=now())
    with pytest.raises(SameOfficer):
        actions.approve_override(lot_id=lot.pk, by=first, at=now())
    with pytest.raises(rules.OverrideWaits):
        actions.return_lot(lot_id=lot.pk, by=second, at=now())
    assert [one.subject for one in officers.waiting_for(second)] == [lot.subject]
    accepted = actions.approve_override(lot_id=lot.pk, by=second, at=now())
    actions.approve_override(lot_id=lot.pk, by=second, at=now())

    assert (accepted.state, accepted.override_reason) == ("accepted", "One letter in one name")
    assert (accepted.override_by_name, accepted.decided_by_name) == (first.name, second.name)
    [entry] = audit.about(lot.subject).filter(action="verification.overridden")
    assert entry.facts["reason"] == "One letter in one name"


def test_a_declined_override_leaves_the_lot_to_be_returned(tmp_path: Path) -> None:
    lot = over_limit(tmp_path)
    first, second = make.actor("commune_officer"), make.actor("commune_officer")
    actions.propose_override(lot_id=lot.pk, reason="Late", by=first, at=now())

    with pytest.raises(ReasonMissing):
        actions.decline_override(lot_id=lot.pk, reason="", by=second, at=now())
    actions.decline_override(lot_id=lot.pk, reason="Too many", by=second, at=now())

    assert actions.return_lot(lot_id=lot.pk, by=second, at=now()).state == LotState.RETURNED


def test_within_its_limit_nothing_is_overridden_and_a_checker_proposes_nothing(tmp_path: Path) -> None:
    world.forms(tmp_path, 2)
    lot = world.drawn()
    world.check_all(lot, make.actor("checker"))

    with pytest.raises(rules.WithinLimit):
        actions.propose_override(lot_id=lot.pk, reason="Why not", by=make.actor("commune_officer"), at=now())
    with pytest.raises(NotAllowed):
        actions.propose_override(lot_id=lot.pk, reason="Why not", by=make.actor("checker"), at=now())


def test_two_returned_lots_tighten_the_next(tmp_path: Path) -> None:
    iso = PlanSpec(PlanKind.ISO, aql="1.0")
    for _turn in range(2):
        world.forms(tmp_path, 8)
        lot = drawn(plan=iso).lots.get()
        world.check(lot, 1, make.actor("checker"), world.wrong())
        actions.return_lot(lot_id=lot.pk, by=make.actor("commune_officer"), at=now())
    world.forms(tmp_path, 8)

    assert queries.inspections(1, [make.NAM_KHAN, make.NAM_TIN]) == {make.NAM_KHAN: Inspection.TIGHTENED}
    assert drawn(plan=iso).lots.get().inspection == "tightened"


# --- what the database refuses itself -------------------------------------------------------------------


def refused(sql: str, *given: str | int) -> str:
    with pytest.raises(IntegrityError) as no, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, given)
    return str(no.value)


def test_the_database_lets_nobody_check_what_they_keyed_collected_or_checked(tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    first = world.drawn()
    SampledForm.objects.update(keyed_by_id="officer:77", collected_by="Ca\u0300 A\u0301  \u0110ao")

    assert "nobody_checks_what_they_keyed" in refused(CHECK, "officer:77", "X")
    for name in ("CA A DAO", "c\u00e0 \u00e1 \u0111ao"):
        assert "nobody_checks_what_they_collected" in refused(CHECK, "officer:5", name)
    SampledForm.objects.update(keyed_by_id="officer:78", collected_by="")
    checker = make.actor("checker")
    world.check_all(first, checker)
    actions.accept_lot(lot_id=first.pk, by=make.actor("commune_officer"), at=now())
    second = world.drawn(level=2)
    said = refused(CHECK + " WHERE lot_id = %s", checker.id, checker.name, second.pk)
    assert "nobody_checks_a_form_twice" in said


def test_the_database_folds_names_as_the_rule_does() -> None:
    told = [*world.NAMES, "\u0110o\u00e0n  Th\u1ecb \u1ede", " l\u00f9 v\u0103n \u01b0\u1edbc "]

    with connection.cursor() as cursor:
        cursor.execute("SELECT verification_fold(n) FROM unnest(%s::text[]) AS n", [told])
        assert [row[0] for row in cursor.fetchall()] == [names.fold(one) for one in told]


def test_the_database_accepts_no_lot_over_its_limit_by_one_officer(tmp_path: Path) -> None:
    lot = over_limit(tmp_path)
    figures = "decided_at = now(), decided_by_id = 'officer:1', checked = 4, wrong = 1, counted = 1, rate = 0.2,"
    figures += " low = 0.1, high = 0.3"

    for extra in ("", ", override_reason = 'x', override_by_id = 'officer:1', override_by_name = 'A'"):
        said = refused(f"UPDATE verification_lot SET state = 'accepted', {figures}{extra} WHERE id = %s", lot.pk)
        assert "over_its_limit_two_officers_and_a_reason" in said
    said = refused(f"UPDATE verification_lot SET state = 'returned', \"limit\" = 1, {figures} WHERE id = %s", lot.pk)
    assert "a_returned_lot_is_over_its_limit" in said


def test_an_officer_sees_the_rounds_and_lots_of_their_area_only(tmp_path: Path) -> None:
    forms(tmp_path, *[{}] * 2, *[{"commune_code": make.NAM_TIN, "village": "", "perm_address": "Nam Tin"}] * 2)
    made = drawn([make.NAM_KHAN, make.NAM_TIN])
    drawn_there = {make.NAM_TIN}

    with acting_as(make.actor("checker", make.NAM_TIN)):
        assert set(made.lots.values_list("commune_code", flat=True)) == drawn_there
        assert Round.objects.count() == 1
    with acting_as(make.actor("checker", "03127")):
        assert (Round.objects.count(), Lot.objects.count()) == (0, 0)


def test_a_level_also_draws_directly_what_the_one_below_passed_over(tmp_path: Path) -> None:
    world.forms(tmp_path, 6)
    officer = make.actor("province_officer", "11", "province")
    first = world.drawn(size=2)
    world.check_all(first, make.actor("checker"))
    actions.accept_lot(lot_id=first.pk, by=officer, at=now())
    looked_at = {one.serial for one in first.forms.all()}

    directly = drawn(level=2, direct=True).lots.get()
    usual = drawn(level=2).lots.get()

    assert {serial for part in directly.frame.values() for serial in part}.isdisjoint(looked_at)
    assert (directly.size, usual.size, directly.round.direct) == (4, 2, True)
    with pytest.raises(rules.NothingBelow):
        drawn(direct=True)

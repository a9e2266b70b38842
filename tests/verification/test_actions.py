"""Rounds drawn, forms checked, corrections with a second officer, lots decided."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.base.errors import ChangedMeanwhile, NotAllowed
from hoaban.intake import queries as intake
from hoaban.officers.rules import AlreadyDecided, ReasonMissing, SameOfficer
from hoaban.people import actions as people
from hoaban.people import queries as register
from hoaban.people import rules as people_rules
from hoaban.verification import actions, commands, queries, rules
from hoaban.verification.engine import estimate, sampling
from hoaban.verification.models import Finding, Lot, Round, SampledForm
from hoaban.verification.rules import Mark, Verdict
from hoaban.web.actor import acting_as
from tests import make
from tests.verification import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.HOABAN_FILES = tmp_path / "files"


def recorded(action: str, subject: str) -> int:
    return audit.about(subject).filter(action=action).count()


def frame_of(lot: Lot) -> set[str]:
    return {serial for part in lot.frame.values() for serial in part}


# --- drawing --------------------------------------------------------------------------------------------


def test_a_round_can_be_drawn_again_by_anybody(tmp_path: Path) -> None:
    world.forms(tmp_path, 8)

    made = world.drawn(size=3, seed=42)

    serials = [one.serial for one in made.forms.order_by("place")]
    assert made.seed == rules.lot_seed(42, make.NAM_KHAN, "")
    assert serials == sampling.draw(frame_of(made), 3, made.seed)
    assert (made.size, made.sample, made.drawn, made.round.simulated) == (8, 3, 3, True)
    assert {one.weight for one in made.forms.all()} == {8 / 3}
    assert recorded("verification.drawn", made.round.subject) == 1


def test_level_one_looks_at_every_form_unless_told_how_many(tmp_path: Path) -> None:
    world.forms(tmp_path, 5)

    made = world.drawn()

    assert (made.sample, made.limit) == (5, None)


def test_a_form_is_in_one_frame_of_a_level(tmp_path: Path) -> None:
    world.forms(tmp_path, 2)
    first = world.drawn(size=1)
    with pytest.raises(rules.NothingToDraw):
        world.drawn()

    world.forms(tmp_path, 1)
    second = world.drawn()

    assert (first.round.number, second.round.number) == (1, 2)
    assert frame_of(first).isdisjoint(frame_of(second))


def test_level_two_draws_from_what_level_one_has_checked(tmp_path: Path) -> None:
    world.forms(tmp_path, 4)
    with pytest.raises(rules.NothingToDraw):
        world.drawn(level=2)
    first = world.drawn(size=2)
    world.check_all(first, make.actor("checker"))
    actions.accept_lot(lot_id=first.pk, by=make.actor("commune_officer"), at=now())

    second = world.drawn(level=2)

    assert frame_of(second) == {one.serial for one in first.forms.all()}
    with pytest.raises(rules.NothingToDraw):  # the lot is closed at level one, all of it
        world.drawn()


def test_an_officer_draws_where_and_at_the_level_they_may(tmp_path: Path) -> None:
    world.forms(tmp_path, 2)

    for role, unit, level in [("checker", make.NAM_KHAN, 1), ("commune_officer", make.NAM_TIN, 1)]:
        with pytest.raises(NotAllowed):
            actions.draw_round(communes=[make.NAM_KHAN], level=level, by=make.actor(role, unit), at=now())
    with pytest.raises(NotAllowed):
        actions.draw_round(communes=[make.NAM_KHAN], level=2, by=make.actor("commune_officer"), at=now())
    assert not Round.objects.exists()


def test_the_command_draws_too(tmp_path: Path) -> None:
    world.forms(tmp_path, 3)

    done = CliRunner().invoke(commands.app, ["draw", make.NAM_KHAN, "--size", "2", "--seed", "5", "--json"])

    told = json.loads(done.output)
    assert (told["forms"], told["of"], told["seed"], len(told["lots"])) == (2, 3, 5, 1)
    assert json.loads(CliRunner().invoke(commands.app, ["list", "--json"]).output)[0]["left"] == 2


# --- checking -------------------------------------------------------------------------------------------


def test_a_form_without_marks_is_right(tmp_path: Path) -> None:
    world.forms(tmp_path, 2)
    made = world.drawn()

    one = world.check(made, 1, make.actor("checker"))

    assert (one.outcome, one.findings.count()) == ("right", 0)
    assert recorded("verification.checked", one.subject) == 1
    assert queries.tally(made).left == 1
    assert queries.count_by_commune() == {make.NAM_KHAN: 1}
    assert list(queries.checked_in(make.NAM_KHAN)) == [one.person_id]


def test_the_same_check_twice_is_one(tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    made, checker = world.drawn(), make.actor("checker")

    world.check(made, 1, checker, world.wrong())
    again = world.check(made, 1, checker)

    assert again.outcome == "wrong"
    assert recorded("verification.checked", again.subject) == 1


def test_what_was_typed_is_kept_as_the_register_would_hold_it(tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    made, checker = world.drawn(), make.actor("checker")

    world.check(made, 1, checker, world.wrong("born", "9/3/1958") | {"blood": Mark(Verdict.ASK)})

    born, blood = Finding.objects.order_by("-field")[0], Finding.objects.get(field="blood")
    assert (born.register_value, born.paper_value, born.verdict) == ("1958-03-07", "1958-03-09", "rekeyed")
    assert (blood.register_value, blood.paper_value) == ("4", "")


def test_what_cannot_be_that_fact_is_refused(tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    made, checker = world.drawn(), make.actor("checker")

    with pytest.raises(people_rules.Unreadable):
        world.check(made, 1, checker, world.wrong("born", "never"))
    with pytest.raises(rules.ValueMissing):
        world.check(made, 1, checker, world.wrong("born", " "))
    assert SampledForm.objects.get().outcome == ""


def test_typing_what_the_register_says_finds_nothing(tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    made = world.drawn()

    one = world.check(made, 1, make.actor("checker"), world.wrong("father_name", "LÒ PAO SUNG"))

    assert one.outcome == "right"


def test_a_form_that_waits_for_the_family_is_checked_again(tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    made, checker = world.drawn(), make.actor("checker")
    asked = world.check(made, 1, checker, {"father_name": Mark(Verdict.ASK)})
    assert asked.outcome == "pending"

    answered = world.check(made, 1, checker, world.wrong())

    assert answered.outcome == "wrong"
    assert [one.verdict for one in answered.findings.all()] == ["rekeyed"]


def test_who_keyed_collected_or_checked_a_form_does_not_check_it(tmp_path: Path) -> None:
    world.forms(tmp_path, 2)
    made, checker = world.drawn(size=2), make.actor("checker")
    SampledForm.objects.filter(place=1).update(keyed_by_id=checker.id)
    SampledForm.objects.filter(place=2).update(collected_by=checker.name.upper())

    for place in (1, 2):
        with pytest.raises(rules.SawItBefore):
            world.check(made, place, checker)
    assert actions.take_next(lot_id=made.pk, by=checker, at=now()) is None


def test_the_checker_of_level_one_does_not_check_level_two(tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    checker = make.actor("checker")
    first = world.drawn()
    world.check_all(first, checker)
    actions.accept_lot(lot_id=first.pk, by=make.actor("commune_officer"), at=now())
    second = world.drawn(level=2)

    with pytest.raises(rules.SawItBefore):
        world.check(second, 1, checker)
    assert actions.take_next(lot_id=second.pk, by=checker, at=now()) is None
    assert actions.take_next(lot_id=second.pk, by=make.actor("checker"), at=now()) is not None


def test_two_checkers_are_given_different_forms(tmp_path: Path) -> None:
    world.forms(tmp_path, 2)
    made, one, two = world.drawn(), make.actor("checker"), make.actor("checker")

    first = actions.take_next(lot_id=made.pk, by=one, at=now())
    second = actions.take_next(lot_id=made.pk, by=two, at=now())

    assert first is not None
    assert second is not None
    assert (first.place, second.place) == (1, 2)
    with pytest.raises(rules.NotYours):
        world.check(made, 1, two)
    assert actions.take_next(lot_id=made.pk, by=one, at=now()) == first


def test_a_form_left_lying_goes_back_to_the_pile(tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    made, one, two = world.drawn(), make.actor("checker"), make.actor("checker")
    actions.take_next(lot_id=made.pk, by=one, at=now() - rules.HOLDS_FOR - rules.HOLDS_FOR)

    assert actions.take_next(lot_id=made.pk, by=two, at=now()) is not None


def test_a_checker_sees_what_was_changed_meanwhile(tmp_path: Path) -> None:
    [person] = world.forms(tmp_path, 1)
    made, checker = world.drawn(), make.actor("checker")
    form = SampledForm.objects.get(lot=made.pk)
    people.correct(
        person_id=person.pk, changes={"mother_name": "Mother New"}, source="decision:1", by=make.MAKER, at=now()
    )

    with pytest.raises(ChangedMeanwhile) as no:
        actions.check(form_id=form.pk, marks={}, version=person.version, by=checker, at=now())
    assert "Mother New" in str(no.value)


def test_the_last_check_can_be_taken_back(tmp_path: Path) -> None:
    world.forms(tmp_path, 2)
    made, checker = world.drawn(), make.actor("checker")
    world.check(made, 1, checker)
    world.check(made, 2, checker, world.wrong())

    undone = actions.undo_last(lot_id=made.pk, by=checker, at=now())

    assert (undone.place, undone.outcome, undone.held_by_id) == (2, "", checker.id)
    assert not Finding.objects.exists()
    [entry] = audit.about(undone.subject).filter(action="verification.undone")
    assert entry.facts["findings"] == {"father_name": ["rekeyed", "Lò Pao Dia"]}


def test_what_was_sent_is_not_taken_back(tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    made, checker = world.drawn(), make.actor("checker")
    world.check(made, 1, checker, world.wrong())
    actions.propose(lot_id=made.pk, by=checker, at=now())

    with pytest.raises(rules.NothingToUndo):
        actions.undo_last(lot_id=made.pk, by=checker, at=now())


# --- blind ----------------------------------------------------------------------------------------------


def blind(tmp_path: Path) -> tuple[Lot, SampledForm]:
    world.forms(tmp_path, 1)
    first = world.drawn()
    world.check_all(first, make.actor("checker"))
    actions.accept_lot(lot_id=first.pk, by=make.actor("commune_officer"), at=now())
    second = world.drawn(level=2)
    return second, SampledForm.objects.get(lot=second.pk)


def test_a_blind_check_types_name_and_birth_again(tmp_path: Path) -> None:
    made, form = blind(tmp_path)
    checker = make.actor("checker")

    with pytest.raises(rules.ValueMissing):
        world.check(made, 1, checker)
    done = actions.check(
        form_id=form.pk, marks={}, typed={"full_name": "LÒ PAO MAY", "born": "7/3/1958"}, by=checker, at=now()
    )

    assert done.outcome == "right"


def test_what_is_typed_differently_must_be_decided(tmp_path: Path) -> None:
    made, form = blind(tmp_path)
    checker, typed = make.actor("checker"), {"full_name": "LÒ PAO MÂY", "born": "7/3/1958"}

    with pytest.raises(rules.StillOpen) as no:
        actions.check(form_id=form.pk, marks={}, typed=typed, by=checker, at=now())
    assert no.value.facts["names"] == ["full_name"]
    done = actions.check(form_id=form.pk, marks={"full_name": Mark(Verdict.FORM)}, typed=typed, by=checker, at=now())

    assert (done.outcome, done.findings.get().paper_value) == ("wrong", "Lò Pao Mây")


# --- four eyes ------------------------------------------------------------------------------------------


def test_a_correction_reaches_the_register_after_a_second_officer(tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    made, checker, second = world.drawn(), make.actor("checker"), make.actor("commune_officer")
    one = world.check(made, 1, checker, world.wrong())
    assert list(queries.to_decide(second)) == []

    assert actions.propose(lot_id=made.pk, by=checker, at=now()) == 1
    assert actions.propose(lot_id=made.pk, by=checker, at=now()) == 0
    assert list(queries.to_decide(second)) == [one]
    actions.approve(form_id=one.pk, by=second, at=now())
    actions.approve(form_id=one.pk, by=second, at=now())

    assert register.facts_of(one.person_id).father_name == "Lò Pao Dia"
    [change] = register.history(one.person_id).filter(field="father_name")
    assert (change.source, change.by_id) == (f"finding:{made.pk}/1", second.id)
    assert recorded("verification.corrected", one.subject) == 1
    assert list(queries.to_decide(second)) == []


def test_who_found_it_does_not_approve_it(tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    made, officer = world.drawn(), make.actor("commune_officer")
    one = world.check(made, 1, officer, world.wrong())
    actions.propose(lot_id=made.pk, by=officer, at=now())

    with pytest.raises(SameOfficer):
        actions.approve(form_id=one.pk, by=officer, at=now())
    assert list(queries.to_decide(officer)) == []
    assert register.facts_of(one.person_id).father_name != "Lò Pao Dia"


def test_a_checker_alone_decides_no_correction(tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    made, checker = world.drawn(), make.actor("checker")
    one = world.check(made, 1, checker, world.wrong())
    actions.propose(lot_id=made.pk, by=checker, at=now())

    with pytest.raises(NotAllowed):
        actions.approve(form_id=one.pk, by=make.actor("checker"), at=now())


def test_a_declined_correction_sends_the_form_back_to_the_pile(tmp_path: Path) -> None:
    world.forms(tmp_path, 1)
    made, checker, second = world.drawn(), make.actor("checker"), make.actor("commune_officer")
    one = world.check(made, 1, checker, world.wrong())
    actions.propose(lot_id=made.pk, by=checker, at=now())

    with pytest.raises(ReasonMissing):
        actions.decline(form_id=one.pk, reason=" ", by=second, at=now())
    declined = actions.decline(form_id=one.pk, reason="It says Sung", by=second, at=now())
    with pytest.raises(AlreadyDecided):
        actions.approve(form_id=one.pk, by=second, at=now())

    assert (declined.outcome, declined.decline_reason) == ("", "It says Sung")
    assert actions.take_next(lot_id=made.pk, by=checker, at=now()) == one
    world.check(made, 1, checker, world.wrong(value="Lò Pao Zung"))
    world.corrected(made, checker, second)
    assert register.facts_of(one.person_id).father_name == "Lò Pao Zung"


def test_a_correction_overwrites_nothing_that_changed_meanwhile(tmp_path: Path) -> None:
    [person] = world.forms(tmp_path, 1)
    made, checker, second = world.drawn(), make.actor("checker"), make.actor("commune_officer")
    one = world.check(made, 1, checker, world.wrong())
    actions.propose(lot_id=made.pk, by=checker, at=now())
    for name, value in [("father_name", "Somebody Else"), ("mother_name", "Mother New")]:
        people.correct(person_id=person.pk, changes={name: value}, source="decision:1", by=make.MAKER, at=now())

    with pytest.raises(rules.RegisterMoved) as no:
        actions.approve(form_id=one.pk, by=second, at=now())

    assert "Mother" not in str(no.value)
    assert register.facts_of(person.pk).father_name == "Somebody Else"


def test_a_change_of_something_else_holds_no_correction_up(tmp_path: Path) -> None:
    [person] = world.forms(tmp_path, 1)
    made, checker = world.drawn(), make.actor("checker")
    world.check(made, 1, checker, world.wrong())
    people.correct(person_id=person.pk, changes={"phone": "0912"}, source="decision:1", by=make.MAKER, at=now())

    world.corrected(made, checker, make.actor("commune_officer"))

    assert register.facts_of(person.pk).father_name == "Lò Pao Dia"


# --- the gate -------------------------------------------------------------------------------------------


def test_a_lot_within_its_limit_is_accepted_with_its_interval(tmp_path: Path) -> None:
    world.forms(tmp_path, 8)
    made, checker, second = world.drawn(), make.actor("checker"), make.actor("commune_officer")
    with pytest.raises(rules.TooEarly):
        actions.accept_lot(lot_id=made.pk, by=second, at=now())
    world.check_all(made, checker, wrong_places=(3,))
    with pytest.raises(rules.CorrectionsWait):
        actions.accept_lot(lot_id=made.pk, by=second, at=now())
    world.corrected(made, checker, second)

    lot = actions.accept_lot(lot_id=made.pk, by=second, at=now())
    actions.accept_lot(lot_id=made.pk, by=second, at=now())

    assert (lot.state, lot.checked, lot.wrong) == ("accepted", 8, 1)
    assert queries.latest_rate(make.NAM_KHAN) == estimate.exact(1, 8, 8)
    assert recorded("verification.accepted", made.subject) == 1
    with pytest.raises(rules.LotDecided):
        actions.return_lot(lot_id=made.pk, by=second, at=now())


def test_the_rate_of_a_sample_has_its_bounds(tmp_path: Path) -> None:
    world.forms(tmp_path, 8)
    made = world.drawn(size=4)
    world.check_all(made, make.actor("checker"))

    actions.accept_lot(lot_id=made.pk, by=make.actor("commune_officer"), at=now())

    rate = queries.latest_rate(make.NAM_KHAN)
    assert rate is not None
    assert (rate.rate, rate.low, rate.n, rate.population) == (0, 0, 4, 8)
    assert rate.high > 0
    assert queries.latest_rate(make.NAM_TIN) is None


def test_a_lot_whose_errors_cluster_nowhere_goes_back_whole(tmp_path: Path) -> None:
    people_ = world.forms(tmp_path, 8)
    made, checker, second = world.drawn(size=4), make.actor("checker"), make.actor("commune_officer")
    world.check(made, 1, checker, world.wrong())

    with pytest.raises(rules.OverLimit):
        actions.accept_lot(lot_id=made.pk, by=second, at=now())
    lot = actions.return_lot(lot_id=made.pk, by=second, at=now())

    assert lot.sent_back == sorted(intake.form_of(one.pk).serial for one in people_)
    assert lot.sent_back_by == ""
    [entry] = audit.about(made.subject).filter(action="verification.returned")
    assert len(entry.person_ids) == 8
    assert queries.count_by_commune() == {}
    with pytest.raises(rules.NothingToDraw):
        world.drawn()


def test_a_lot_within_its_limit_is_not_returned(tmp_path: Path) -> None:
    world.forms(tmp_path, 2)
    made = world.drawn()
    world.check_all(made, make.actor("checker"))

    with pytest.raises(rules.WithinLimit):
        actions.return_lot(lot_id=made.pk, by=make.actor("commune_officer"), at=now())


def test_a_correction_of_a_returned_lot_can_still_be_decided(tmp_path: Path) -> None:
    world.forms(tmp_path, 8)
    made, checker, second = world.drawn(size=4), make.actor("checker"), make.actor("commune_officer")
    one = world.check(made, 1, checker, world.wrong())
    actions.propose(lot_id=made.pk, by=checker, at=now())
    actions.return_lot(lot_id=made.pk, by=second, at=now())

    declined = actions.decline(form_id=one.pk, reason="No", by=second, at=now())

    assert declined.outcome == "wrong"
    assert declined.declined_at is not None


def test_a_decided_lot_takes_no_more_checks(tmp_path: Path) -> None:
    world.forms(tmp_path, 8)
    made, checker = world.drawn(size=4), make.actor("checker")
    world.check(made, 1, checker, world.wrong())
    actions.return_lot(lot_id=made.pk, by=make.actor("commune_officer"), at=now())

    with pytest.raises(rules.LotDecided):
        world.check(made, 2, checker)


# --- walls ----------------------------------------------------------------------------------------------


def test_the_database_shows_an_officer_only_the_checks_of_their_area(tmp_path: Path) -> None:
    [person] = world.forms(tmp_path, 1)
    made = world.drawn()
    world.check(made, 1, make.actor("checker"), world.wrong())
    tables = (Round, Lot, SampledForm, Finding)

    with acting_as(make.actor("checker", make.NAM_TIN)):
        assert [model.objects.count() for model in tables] == [0, 0, 0, 0]
    with acting_as(make.actor("checker")):
        assert [model.objects.count() for model in tables] == [1, 1, 1, 1]
        assert SampledForm.objects.get().person_id == person.pk

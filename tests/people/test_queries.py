"""Asking the register: names, areas, and the plans that keep it quick under row security."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl
import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from hoaban.base.clock import now, today
from hoaban.base.errors import NotFound
from hoaban.people import actions, queries
from hoaban.people.models import Change, Household, NameKey, Number, Person, Relation, Residence
from hoaban.people.queries import Wanted
from hoaban.web.actor import NOBODY, Actor, Kind, acting_as
from tests import database, make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "text", ["lo pao may", "MAY LÒ", "pao", "Lò May", "011158000123", "011 158 000 123", "040123456"]
)
def test_somebody_is_found_by_number_and_by_name_in_any_order_without_marks(text: str) -> None:
    person = make.person("Lò Pao May", number="011158000123", number9="040123456")
    make.person("Giàng A Chu", sex="M")

    assert queries.find(text, make.MAKER) == [person]


def test_whoever_may_be_the_same_person_shares_a_key_with_them() -> None:
    one = make.person("Lò Thi Mai", born="1962-05-14", number9="040123456")
    alike = {
        make.person("Giàng A Chu", sex="M", born="1990", number9="040123456", commune_code="03156").pk,
        make.person("Lò Thi Mái", born="1963").pk,
        make.person("Lo Thi Mau", born="1962-01").pk,
        make.person("Vàng Mai", born="1962", commune_code="03156").pk,
    }
    make.person("Vàng Mai", born="1963", commune_code="03156")
    make.person("Lò Thi Hoa", born="1963")

    assert {other.pk for other in queries.alike(one.pk)} == alike


def test_mothers_are_told_of_several_people_at_once() -> None:
    one, other = make.person(mother_name="Lò Thi Inh"), make.person()

    assert queries.mothers_of([one.pk, other.pk]) == {one.pk: "Lò Thi Inh"}


def test_each_word_must_be_in_the_name() -> None:
    make.person("Lò Pao May")

    assert queries.find("Lò Pao Chu", make.MAKER) == []
    assert queries.find("  ", make.MAKER) == []


@pytest.mark.parametrize(
    ("written", "sought"), [("Dàng A Chu", "giang chu"), ("Giàng A Chu", "dang a chu"), ("Xùng Thi", "sung")]
)
def test_other_spellings_are_found_apart(written: str, sought: str) -> None:
    person = make.person(written)
    wanted = Wanted(sought)

    assert queries.found(wanted, 50) == []
    assert queries.otherwise_spelt(wanted, 50, []) == [person]
    assert queries.otherwise_spelt(Wanted("lo pao"), 50, []) == []


def test_a_person_is_found_by_another_name_a_year_a_head_and_a_number_of_before() -> None:
    head = make.person("Vàng A Chu", sex="M", born="1950", household="H1", relation_to_head="01")
    person = make.person(
        "Lò Pao May", household="H1", relation_to_head="04", number="011158000123", birth_reg_place="Dien Bien"
    )
    actions.correct(person_id=person.pk, changes={"other_name": "Nhia"}, source="t:1", by=make.MAKER, at=now())
    actions.cancel_number(person_id=person.pk, source="t:1", by=make.MAKER, at=now())

    assert queries.find("nhia", make.MAKER) == [person]
    assert queries.find("011158000123", make.MAKER) == [person]
    assert queries.find("may", make.MAKER, born_year=1958) == [person]
    assert queries.find("may", make.MAKER, born_year=1959) == []
    assert queries.find("", make.MAKER, head="chu vang") == [head, person]
    assert queries.find("may", make.MAKER, head="chu vang") == [person]
    assert queries.find("", make.MAKER, born_year=1958) == []


def test_results_come_in_vietnamese_order_given_name_first() -> None:
    for name in ("Lò Pao Ong", "Giàng Pao An", "Vàng Pao Dia"):
        make.person(name)

    assert [person.full_name for person in queries.find("pao", make.MAKER)] == [
        "Giàng Pao An", "Vàng Pao Dia", "Lò Pao Ong",
    ]  # fmt: skip


def test_an_officer_of_another_commune_sees_nothing_even_with_the_bare_tables() -> None:
    person = make.person(number="011158000123", household="H1", father_name="Lò Pao Sung")
    here, there = make.actor("commune_officer", make.NAM_KHAN), make.actor("commune_officer", make.NAM_TIN)
    tables: list[type[Model]] = [Person, Household, NameKey, Number, Relation, Residence, Change]

    with acting_as(here):
        assert all(table._default_manager.exists() for table in tables)
        assert queries.find("lo may", here) == [person]
    for stranger in (there, NOBODY):
        with acting_as(stranger):
            assert not any(table._default_manager.exists() for table in tables)
            assert queries.find("lo may", stranger) == []
            with pytest.raises(NotFound):
                queries.person(person.pk)


def test_a_citizen_sees_their_own_record_only() -> None:
    own, other = make.person(), make.person()
    citizen = Actor(Kind.CITIZEN, "1", own.full_name, person_id=own.pk)

    with acting_as(citizen):
        assert list(Person.objects.all()) == [own]
        assert queries.facts_of(own.pk).full_name == own.full_name
        assert not Change.objects.filter(person=other.pk).exists()


def test_an_old_area_does_not_linger_on_the_connection() -> None:
    make.person()
    with acting_as(make.actor("commune_officer", make.NAM_KHAN)):
        assert Person.objects.count() == 1

    with acting_as(NOBODY):
        assert Person.objects.count() == 0


def test_facts_are_printed_with_their_sources() -> None:
    person = make.person(born="1958-03", marital="2", blood="3", source="form:DC7")
    actions.correct(
        person_id=person.pk, changes={"marital": "3"}, source="finding:4", by=make.MAKER, at=now()
    )  # fmt: skip

    facts = {fact.name: fact for fact in queries.sourced_facts(queries.as_of(person.pk, today(), now()))}

    assert facts["born"].value == "03/1958"
    assert facts["blood"].value == "AB"
    assert "DC7" in facts["born"].source
    assert "4" in facts["marital"].source
    assert queries.facts_of(person.pk).version == 2


def test_living_in_a_village_leaves_out_the_dead() -> None:
    living = make.person(village_code="V1")
    dead = make.person(village_code="V1")
    make.person(village_code="V2")
    actions.correct(person_id=dead.pk, changes={"life": "dead"}, source="decision:1", by=make.MAKER, at=now())

    assert list(queries.living_in(make.NAM_KHAN, "V1")) == [living]


def test_a_household_names_its_head_first() -> None:
    child = make.person("Lò Pao Dia", born="1990", household="H1", relation_to_head="04")
    head = make.person("Lò Pao Sung", sex="M", born="1960", household="H1", relation_to_head="01")

    assert child.household is not None
    assert queries.members(child.household) == [head, child]
    assert queries.facts_of(child.pk).head_name == "Lò Pao Sung"


@pytest.mark.django_db(transaction=True)  # the tables' owner gathers statistics, and sees what was committed
def test_hot_queries_use_their_indexes_as_the_bound_role() -> None:
    rows = {"full_name": [f"Lò Pao {n}" for n in range(4000)], "born": "1990", "sex": "F", "village_code": "V1"}
    communes = ["03174", "03156", "03165", "03167"]
    people = pl.DataFrame(rows).with_columns(
        commune_code=pl.Series([communes[n % 4] for n in range(4000)]),
        household_code=pl.Series([f"H{n // 8}" for n in range(4000)]),
        relation_to_head=pl.Series(["01" if n % 8 < 4 else "04" for n in range(4000)]),
        number=pl.Series([f"011190{n:06d}" for n in range(4000)]),
        number9=pl.Series([f"{n:09d}" for n in range(4000)]),
        father_name=pl.lit("Lò Pao Ong"),
        source=pl.lit("form:T"),
    )
    actions.establish_many(people=people, by=make.MAKER, at=now())
    parts = ("person", "namekey", "number", "change", "household", "relation", "residence")
    database.gather_statistics(*(f"people_{part}" for part in parts))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolbypassrls, rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone()[1:] == (False, False)
    officer = make.actor("checker", "103", "district")
    area = ["03174"]

    with acting_as(make.actor("commune_officer")):
        one = queries.find("lo 2512", officer)[0]
        for ask in (
            lambda: queries.found(Wanted("lo pao 2512", communes=area), 50),
            lambda: queries.found(Wanted("pao 2516", 1990, "V1", communes=area), 50),
            lambda: queries.found(Wanted("2516", head="pao 2512", communes=area), 50),
            lambda: queries.found(Wanted(head="pao 2512", communes=area), 50),
            lambda: queries.found(Wanted("giang chu", communes=area, any_spelling=True), 50),
            lambda: queries.found(Wanted("011190002512", communes=area), 50),
            lambda: queries.found(Wanted("000002512", communes=area), 50),
            lambda: queries.known_old_numbers([f"{n:09d}" for n in range(150)]),  # as many as a load asks for at once
            lambda: queries.old_holders([f"{n:09d}" for n in range(150)]),
            lambda: queries.then(one, today(), now()),
            lambda: queries.household_as_of(one.household_id or 0, today(), now()),
            lambda: list(queries.history(one.pk)),
            lambda: list(queries.children_of(one.pk)),
        ):
            for plan in _plans(ask):
                assert not re.search("Seq Scan on people_(person|namekey|number|change|household|relation)", plan), plan


def _plans(ask: Callable[[], object]) -> list[str]:
    """How the database answers everything that is asked of it in there."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    plans = []
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            if '"people_' in query["sql"] or "people_person" in query["sql"]:
                cursor.execute(f"EXPLAIN {query['sql']}")
                plans.append("\n".join([query["sql"], *(line for (line,) in cursor.fetchall())]))
    assert plans
    return plans


def test_whoever_names_another_province_as_present_address_stays_elsewhere() -> None:
    away = make.person(current_address="Thanh pho Ha Noi")
    make.person(current_address="Nam Tin, tinh Dien Bien")
    make.person(current_address="at her daughter's")
    make.person()

    assert list(queries.staying_elsewhere()) == [away.pk]


def test_the_facts_of_many_are_those_of_each() -> None:
    people = [make.person(father_name="Lo Pao Sung", current_address="Nam Tin"), make.person(mother_name="Lo Pao Vi")]

    many = queries.stored_many(people)

    assert many == {one.pk: queries.stored(one) for one in people}
    assert many[people[0].pk]["father_name"] == "Lo Pao Sung"

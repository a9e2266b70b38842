"""Entering people into the register, as many at once as come: over columns, by COPY."""

from __future__ import annotations

import dataclasses
import datetime as dt

import polars as pl
from django.db import connection, transaction

from hoaban.audit import actions as audit
from hoaban.base import bulk
from hoaban.people import queries, rules
from hoaban.people.engine import columns, relations
from hoaban.people.models import Person
from hoaban.web.actor import Actor


@transaction.atomic
def establish(*, person: rules.NewPerson, by: Actor, at: dt.datetime) -> Person:
    """Enter one person.

    Raises NumberDisagrees and NumberTaken.
    """
    if person.number:
        rules.check_number(person.number, person.sex, person.born)
    [person_id] = establish_many(people=pl.DataFrame([dataclasses.asdict(person)]), by=by, at=at)
    return queries.person(person_id)


@transaction.atomic
def establish_many(*, people: pl.DataFrame, by: Actor, at: dt.datetime) -> list[int]:
    """Enter a chunk of people; their ids in the order of the rows.

    The columns are those of `rules.NewPerson`, checked and read; absent ones take its defaults. One
    audit entry covers the chunk with the Merkle root of its changes. Raises NumberTaken.
    """
    if people.is_empty():
        return []
    people = columns.with_defaults(people)
    _refuse_taken_numbers(people)
    people = columns.derived(people, bulk.new_ids("people_person", len(people)), at)
    people = people.join(_households(people), on=["commune_code", "household_code"], how="left", maintain_order="left")
    changes = columns.beginnings(people, queries.RECORD, by.id, by.name)
    named = _relations(people).with_columns(recorded_at=pl.lit(at))
    bulk.insert("people_person", people.select(columns.PERSON_COLUMNS))
    bulk.insert("people_namekey", columns.name_keys(people))
    bulk.insert("people_number", columns.numbers(people))
    bulk.insert("people_relation", named)
    bulk.insert("people_residence", columns.residences(people))
    bulk.insert("people_change", changes)
    _find_in_older_relations(people)
    ids = people["id"].to_list()
    audit.record(
        "people.established", f"people.Person:{ids[0]}", by=by, at=at, person_ids=ids if len(ids) == 1 else (),
        facts={"people": len(ids), "first": ids[0], "last": ids[-1], "changes_root": columns.root_of(changes)},
    )  # fmt: skip
    return ids


def _refuse_taken_numbers(people: pl.DataFrame) -> None:
    numbers = people.filter(pl.col("number") != "")["number"]
    twice = numbers.filter(numbers.is_duplicated()).to_list()
    taken = queries.known_numbers(numbers.to_list())
    for number in [*twice, *taken]:
        raise rules.NumberTaken(number=number)


def _households(people: pl.DataFrame) -> pl.DataFrame:
    """The ids of the households named in the chunk, which are made where they aren't there yet."""
    wanted = columns.households(people)
    bulk.insert("people_household", wanted, or_ignore=True)
    rows = queries.households_under(wanted["commune_code"].to_list(), wanted["code"].to_list())
    schema = {"household_id": pl.Int64, "commune_code": pl.String, "household_code": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _relations(people: pl.DataFrame) -> pl.DataFrame:
    """Who is named by the chunk, found in the chunk itself or among those who are in the register already."""
    declared = relations.declared(people)
    numbers = relations.numbers_to_find(declared, people)
    known = [*queries.known_numbers(numbers).items(), *queries.known_old_numbers(numbers)]
    members = queries.members_of(people["household_id"].drop_nulls().unique().to_list())
    return relations.found(
        declared,
        people,
        numbered=pl.DataFrame(known, schema=relations.NUMBERED, orient="row"),
        members=pl.DataFrame(members, schema=relations.MEMBERS, orient="row"),
    )


def _find_in_older_relations(people: pl.DataFrame) -> None:
    """Set the person in relations of the register that named one of these people by number before."""
    numbered = relations.own_numbers(people).filter(pl.col("number").is_unique())
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_relation r SET other_id = new.id"
            " FROM unnest(%s::bigint[], %s::text[]) AS new(id, number)"
            " WHERE r.superseded_at IS NULL AND r.other_id IS NULL"
            " AND r.number <> '' AND r.number = new.number AND r.person_id <> new.id",
            [numbered["other_id"].to_list(), numbered["number"].to_list()],
        )

"""The register's tables. Rows of persons are written by `actions` alone and seen through row security.

Both times of everything: a fact of a person's own row is told by `Change`; a relation, a residence is a
line that is never overwritten: it holds from `valid_from` to its last day `valid_to`, as the register
knew from `recorded_at` until another line took its place at `superseded_at`.

Two walls stand in the migrations rather than here: the policies of row security, and the constraint
`number_agrees_with_sex_and_birth_year`, which takes a number apart in SQL.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from hoaban.people.rules import (
    RELATION_WORDS,
    RESIDENCE_WORDS,
    Life,
    OrganisationKind,
    RelationKind,
    ResidenceKind,
    Sex,
    called,
)


class Household(models.Model):
    """People who live together under one head. The head is the member whose relation says so."""

    code = models.CharField(max_length=40)
    commune_code = models.CharField(max_length=10)
    village_code = models.CharField(max_length=12, blank=True)
    address = models.CharField(max_length=300, blank=True)
    established_at = models.DateTimeField()
    dissolved_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune_code", "code"], name="one_household_per_code"),
        ]

    def __str__(self) -> str:
        return called(self.code)


class Person(models.Model):
    """Somebody in the register, as they are now. What they were is in `Change`.

    `commune_code` says where they live now and decides which officers see them.
    """

    number = models.CharField(max_length=12, blank=True)
    number9 = models.CharField(max_length=9, blank=True)
    full_name = models.CharField(max_length=120)
    other_name = models.CharField(max_length=120, blank=True)
    name_fold = models.CharField(max_length=120)
    sort_key = models.CharField(max_length=400)
    sex = models.CharField(max_length=1, choices=[(sex.value, sex.name) for sex in Sex])
    born = models.CharField(max_length=10)
    blood = models.CharField(max_length=3, blank=True)
    marital = models.CharField(max_length=1, blank=True)
    ethnicity = models.CharField(max_length=2, blank=True)
    religion = models.CharField(max_length=2, blank=True)
    nationality = models.CharField(max_length=3, default="VN")
    birth_place = models.CharField(max_length=300, blank=True)
    birth_reg_place = models.CharField(max_length=300, blank=True)
    origin_place = models.CharField(max_length=300, blank=True)
    commune_code = models.CharField(max_length=10)
    village_code = models.CharField(max_length=12, blank=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="members")
    relation_to_head = models.CharField(max_length=2, blank=True)
    residence_file = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=120, blank=True)
    life = models.CharField(max_length=8, default=Life.LIVING.value, choices=[(life.value, life.name) for life in Life])
    closed_on = models.DateField(null=True)
    joined_to = models.ForeignKey("self", models.PROTECT, null=True, db_index=False, related_name="joined")
    simulated = models.BooleanField(default=False)
    established_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="one_person_per_number"),
            models.UniqueConstraint(
                fields=["household"], condition=Q(relation_to_head="01", life="living"), name="one_head_per_household"
            ),
            models.CheckConstraint(condition=Q(sex__in=[sex.value for sex in Sex]), name="sex_is_m_or_f"),
            models.CheckConstraint(condition=Q(life__in=[life.value for life in Life]), name="life_is_known"),
            models.CheckConstraint(
                condition=Q(born__regex=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"), name="born_is_a_partial_date"
            ),
            models.CheckConstraint(
                condition=Q(number9="") | Q(number9__regex=r"^[0-9]{9}$"), name="old_number_has_9_digits"
            ),
            models.CheckConstraint(condition=~Q(full_name="") & ~Q(name_fold=""), name="person_has_a_name"),
            models.CheckConstraint(
                condition=Q(life="living", closed_on=None) | ~Q(life="living"), name="the_living_are_not_closed"
            ),
            models.CheckConstraint(
                condition=Q(life="joined", joined_to__isnull=False) | (~Q(life="joined") & Q(joined_to=None)),
                name="a_joined_record_points_to_the_one_that_stays",
            ),
            models.CheckConstraint(
                condition=~Q(life="joined") | Q(number=""), name="a_joined_record_has_no_number_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(joined_to=None) | ~Q(joined_to=F("id")), name="nobody_is_joined_to_themselves"
            ),
        ]
        indexes = [
            models.Index(fields=["commune_code", "village_code", "sort_key"], name="people_of_a_place"),
            models.Index(fields=["number9"], condition=~Q(number9=""), name="people_by_old_number"),
            models.Index(fields=["joined_to"], condition=Q(joined_to__isnull=False), name="records_joined_to"),
        ]

    def __str__(self) -> str:
        return self.full_name


class NameKey(models.Model):
    """One folded word of a person's name. Names are found by equality on these keys.

    Under row security `LIKE` and trigrams can't use an index; equality on text can.
    """

    pk = models.CompositePrimaryKey("token", "commune_code", "person_id")
    token = models.CharField(max_length=60)
    commune_code = models.CharField(max_length=10)
    person = models.ForeignKey(Person, models.CASCADE, related_name="name_keys")


class Number(models.Model):
    """A 12-digit number that was ever somebody's. It stays theirs for ever, cancelled or not."""

    number = models.CharField(max_length=12, primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="numbers")
    given_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(cancelled_at=None), name="one_living_number_each"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | ~Q(reason=""), name="a_number_is_cancelled_for_a_reason"
            ),
        ]


class Relation(models.Model):
    """Father, mother, spouse or representative: a name and number as declared, and the person where known."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="relations", db_index=False)
    kind = models.CharField(max_length=14, choices=[(kind.value, kind.name) for kind in RelationKind])
    name = models.CharField(max_length=120)
    number = models.CharField(max_length=12, blank=True)
    other = models.ForeignKey(Person, models.PROTECT, null=True, related_name="named_by")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(valid_to=None, superseded_at=None),
                name="one_of_each_relation_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(other=None) | ~Q(other=F("person")), name="nobody_is_their_own_relation"
            ),
        ]
        indexes = [
            models.Index(fields=["number"], condition=Q(other=None) & ~Q(number=""), name="relations_not_yet_found"),
            models.Index(
                fields=["person"],
                condition=Q(valid_to__isnull=False) | Q(superseded_at__isnull=False),
                name="relations_of_before",
            ),
        ]

    @property
    def known_as(self) -> str:
        """The kind in words."""
        return str(RELATION_WORDS[RelationKind(self.kind)])


class Residence(models.Model):
    """Where somebody lives and in what standing. An unknown first day is null, an open end too."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="residences")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.name) for kind in ResidenceKind])
    commune_code = models.CharField(max_length=10, blank=True)
    village_code = models.CharField(max_length=12, blank=True)
    address = models.CharField(max_length=300)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(kind="permanent", valid_to=None, superseded_at=None),
                name="one_permanent_residence_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(kind="current", valid_to=None, superseded_at=None),
                name="one_current_residence_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="residence_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["temporary", "stay"]) | Q(valid_from__isnull=False, valid_to__isnull=False),
                name="temporary_residence_and_stay_have_their_dates",
            ),
            models.CheckConstraint(
                condition=~Q(kind="absence") | Q(valid_from__isnull=False), name="absence_has_its_first_day"
            ),
        ]

    @property
    def standing(self) -> str:
        """The kind in words."""
        return str(RESIDENCE_WORDS[ResidenceKind(self.kind)])


class Change(models.Model):
    """One fact of one person, before and after, with its source, its officer and both its dates.

    `valid_from` is the day from which the new value holds in the world, null where it always did;
    `recorded_at` is when the register learned it. `version` is the person's version that it led to. The
    record's own beginning is the change of `record`.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="changes", db_index=False)
    field = models.CharField(max_length=30)
    old = models.CharField(max_length=300, blank=True)
    new = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    by_id = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120)
    reason = models.CharField(max_length=3, blank=True)
    valid_from = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["person", "id"], name="changes_of_a_person"),
            models.Index(fields=["old"], condition=Q(field="household"), name="who_left_a_household"),
            models.Index(fields=["new"], condition=Q(field="household"), name="who_came_to_a_household"),
        ]


class Join(models.Model):
    """Two records of one person made one: which stays, which goes, and what moved where, to be undone.

    `moved` is the register's own; `followed` holds the ids of rows of other rooms that followed, by their names.
    """

    stays = models.ForeignKey(Person, models.PROTECT, related_name="joins")
    goes = models.ForeignKey(Person, models.PROTECT, related_name="went", db_index=False)
    moved = models.JSONField(default=dict)
    followed = models.JSONField(default=dict)
    source = models.CharField(max_length=60)
    joined_by = models.CharField(max_length=120)
    joined_at = models.DateTimeField()
    undone_by = models.CharField(max_length=120, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["goes"], condition=Q(undone_at=None), name="a_record_is_joined_once"),
            models.CheckConstraint(condition=~Q(stays=F("goes")), name="a_join_is_of_two_records"),
        ]


class Organisation(models.Model):
    """An agency, school, enterprise or association with the person who represents it by law."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    name_fold = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.name) for kind in OrganisationKind])
    commune_code = models.CharField(max_length=10)
    address = models.CharField(max_length=300, blank=True)
    representative = models.ForeignKey(Person, models.PROTECT, related_name="represents")
    established_at = models.DateTimeField()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="organisation_has_code_and_name"),
        ]
        indexes = [models.Index(fields=["commune_code", "name_fold"], name="organisations_of_a_place")]

    def __str__(self) -> str:
        return self.name


class GroupChange(models.Model):
    """One fact of a household or an organisation, before and after, with its source and both its dates."""

    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="changes")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="changes")
    field = models.CharField(max_length=30)
    old = models.CharField(max_length=300, blank=True)
    new = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=60)
    by_id = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120)
    reason = models.CharField(max_length=3, blank=True)
    valid_from = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(household=None, organisation__isnull=False) | Q(household__isnull=False, organisation=None),
                name="a_group_change_is_of_one_group",
            ),
        ]

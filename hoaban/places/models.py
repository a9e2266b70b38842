"""Units with the days on which they are valid, what became of them, villages, and how all of them are written.

A unit's row is never changed by a reform but for its last day: renaming, moving and merging make new rows,
tied to the old ones by `Succession`. Other rooms keep a unit by its `key`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import models
from django.db.models import F, Q

from hoaban.base.names import fold, nfc
from hoaban.places.rules import Level, MarkKind, Standing, bare

LONGEST_AROUND = 400  # letters of names of units above


class Reform(models.Model):
    """A change of the map on one day, as it was read from one file. `digest` lets it be done once."""

    name = models.CharField(max_length=200)
    valid_from = models.DateField()
    digest = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["valid_from", "digest"], name="a_reform_is_done_once")]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """An administrative unit. Its identity is (code, level, valid_from): codes were used again in 2025.

    `key` is that identity in one word, see `rules.key`. `valid_to` is its last day.
    """

    key = models.CharField(max_length=10, unique=True)
    code = models.CharField(max_length=5)
    level = models.CharField(max_length=10, choices=[(level.value, level.name) for level in Level])
    name = models.CharField(max_length=80)
    full_name = models.CharField(max_length=120)
    name_fold = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    seat_lat = models.FloatField(null=True)
    seat_lon = models.FloatField(null=True)
    population_2022 = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "level", "valid_from"], name="unit_is_code_and_day"),
            models.UniqueConstraint(
                fields=["code", "level"], condition=Q(valid_to=None), name="one_open_unit_of_a_code"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="unit_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name


class Succession(models.Model):
    """One unit went into another when the other began: whole, or with a part of it."""

    reform = models.ForeignKey(Reform, models.PROTECT, related_name="+")
    old = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    new = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    whole = models.BooleanField(default=True)
    certainty = models.CharField(max_length=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="one_succession_between_two_units"),
            models.UniqueConstraint(fields=["old"], condition=Q(whole=True), name="a_whole_unit_goes_into_one"),
            models.CheckConstraint(condition=~Q(old=F("new")), name="a_unit_does_not_succeed_itself"),
        ]


class Village(models.Model):
    """A village of a commune, as it is now. `invented` marks names and points made up for a demonstration.

    `commune_code` is the key of the commune in which it was recorded; a commune that went whole into another
    took its villages along.
    """

    code = models.CharField(max_length=12, unique=True)
    commune_code = models.CharField(max_length=10)
    name = models.CharField(max_length=80)
    name_fold = models.CharField(max_length=80)
    lat = models.FloatField()
    lon = models.FloatField()
    invented = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune_code", "name"], name="one_village_of_a_name_in_a_commune")
        ]

    def __str__(self) -> str:
        return self.name


class VillagePast(models.Model):
    """In which commune and under which name a village was until a last day."""

    village = models.ForeignKey(Village, models.CASCADE, related_name="past")
    reform = models.ForeignKey(Reform, models.PROTECT, related_name="+")
    commune_code = models.CharField(max_length=10)
    name = models.CharField(max_length=80)
    valid_to = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["village", "valid_to"], name="one_past_of_a_village_a_day")]


class Spellings(models.QuerySet["Spelling"]):
    """Ways of writing, kept once each."""

    def keep(self, place: Unit | Village, written: Iterable[str], standing: Standing) -> None:
        """Keep these ways of writing a place; those that it has stay as they are."""
        of = {"unit_id": place.pk} if isinstance(place, Unit) else {"village_id": place.pk}
        self.keep_all(Spelling(**of, **Spelling.forms(one), standing=standing) for one in written)

    def keep_all(self, spellings: Iterable[Spelling]) -> None:
        """Keep these; those that are there stay as they are."""
        self.bulk_create(spellings, ignore_conflicts=True)

    def tell_apart(self) -> None:
        """Write anew what stands around each place: the units above it, and those that they all became."""
        units = {one.pk: one for one in Unit.objects.all()}
        became: dict[int, list[int]] = defaultdict(list)
        for old, new in Succession.objects.values_list("old", "new"):
            became[old].append(new)
        keys = {one.key: one.pk for one in units.values()}
        village_in = {pk: keys.get(key) for pk, key in Village.objects.values_list("pk", "commune_code")}
        changed = []
        for one in self.all():
            start = units[one.unit_id].parent_id if one.unit_id else village_in[one.village_id or 0]
            own = became[one.unit_id] if one.unit_id else []
            around = " ".join(_above([start, *own], units, became))[:LONGEST_AROUND]
            if around != one.around:
                one.around = around
                changed.append(one)
        self.bulk_update(changed, ["around"], batch_size=500)


def _above(start: list[int | None], units: Mapping[int, Unit], became: Mapping[int, list[int]]) -> list[str]:
    """The folded names of these units, of those above them and of what they all became, the nearest first."""
    found: dict[int, str] = {}
    ahead = [one for one in start if one]
    while ahead:
        pk = ahead.pop(0)
        if pk not in found:
            found[pk] = fold(units[pk].full_name)
            ahead += [one for one in (units[pk].parent_id, *became.get(pk, [])) if one]
    return list(dict.fromkeys(found.values()))


class Spelling(models.Model):
    """One way in which a unit or a village is or was written.

    `fold` is it without marks, `bare` that without the word for the kind of place; `around` are the folded
    names of the units above it, then and now, by which people tell places of one name apart.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="spellings")
    village = models.ForeignKey(Village, models.CASCADE, null=True, related_name="spellings")
    name = models.CharField(max_length=120)
    fold = models.CharField(max_length=120)
    bare = models.CharField(max_length=120)
    around = models.CharField(max_length=400, blank=True)
    standing = models.CharField(max_length=8, choices=[(one.value, one.name) for one in Standing])

    objects = Spellings.as_manager()

    @staticmethod
    def forms(written: str) -> dict[str, str]:
        """A way of writing as it's kept: as it is, folded, and without the word for the kind of place."""
        name = nfc(written)
        folded = fold(name)
        return {"name": name, "fold": folded, "bare": bare(folded)}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(unit=None, village__isnull=False) | Q(unit__isnull=False, village=None),
                name="a_spelling_is_of_one_place",
            ),
            models.UniqueConstraint(fields=["unit", "name"], name="a_unit_is_written_so_once"),
            models.UniqueConstraint(fields=["village", "name"], name="a_village_is_written_so_once"),
        ]


class Mark(models.Model):
    """What marks a unit out: its difficulty zone, a border. With days, source and how sure we are of it."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.name) for kind in MarkKind])
    value = models.CharField(max_length=20)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    certainty = models.CharField(max_length=12)
    source = models.CharField(max_length=400)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "value"], name="a_unit_is_marked_so_once")]


class Stated(models.Model):
    """A number published of a unit (people, square kilometres) in a year, with source and certainty."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="stated")
    what = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    value = models.FloatField()
    certainty = models.CharField(max_length=12)
    source = models.CharField(max_length=400)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "what", "year"], name="one_number_of_a_year")]


class Neighbour(models.Model):
    """Two units of one level that touch; each pair stands in both directions."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    other = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    certainty = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "other"], name="neighbours_once")]


class Shape(models.Model):
    """The outline of a unit: closed rings of [lon, lat], outer ones and holes alike (even-odd)."""

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="shape")
    rings = models.JSONField()
    approximate = models.BooleanField()
    source = models.CharField(max_length=200)
    loaded_at = models.DateTimeField()

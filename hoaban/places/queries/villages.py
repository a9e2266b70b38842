"""Villages: of a commune, on a day, by any of their names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from hoaban.base.errors import NotFound
from hoaban.base.names import fold
from hoaban.places import rules
from hoaban.places.models import Village, VillagePast

_LINEAGE = "SELECT unnest(places_lineage(%s, true))"
_AT_ITS_END = """
SELECT p.village_id FROM places_villagepast p JOIN places_unit u ON u.key = %s AND u.valid_to = p.valid_to
 WHERE p.commune_code = ANY (places_lineage(%s, true))
"""


def villages_in(commune_key: str, on: dt.date | None = None) -> QuerySet[Village]:
    """The villages of a commune on that day, by code; without a day now, or at its end if it has ended."""
    here = RawSQL(_LINEAGE, [commune_key])
    if on is None:
        at_its_end = RawSQL(_AT_ITS_END, [commune_key, commune_key])
        return Village.objects.filter(Q(commune_code__in=here) | Q(pk__in=at_its_end)).order_by("code")
    return Village.objects.annotate(was_in=as_of("commune_code", on)).filter(was_in__in=here).order_by("code")


def named_as_of(found: QuerySet[Village], on: dt.date) -> QuerySet[Village]:
    """These villages with the name of that day in `was_named`."""
    return found.annotate(was_named=as_of("name", on))


def as_of(field: str, on: dt.date) -> Coalesce:
    """What a village's `commune_code` or `name` was on that day, within a query of villages."""
    past = VillagePast.objects.filter(village=OuterRef("pk"), valid_to__gte=on).order_by("valid_to")
    return Coalesce(Subquery(past.values(field)[:1]), F(field))


def village(code: str) -> Village:
    """The village under that code. Raises NotFound."""
    found = Village.objects.filter(code=code).first()
    if found is None:
        raise NotFound(what=code)
    return found


def past_of(village: Village) -> list[VillagePast]:
    """In which communes and under which names a village was before, the first first."""
    return list(VillagePast.objects.filter(village=village).select_related("reform").order_by("valid_to"))


def village_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of these villages, by code."""
    return dict(Village.objects.filter(code__in=list(codes)).values_list("code", "name"))


def village_named(commune_key: str, written: str) -> Village:
    """The village of a commune by its code or any of its names, with or without tone marks. Raises NotFound.

    The word for its kind may be left out; a name that several villages then have is nobody's.
    """
    folded = fold(written)
    ranked = Case(
        When(code=written, then=Value(0)), When(name_fold=folded, then=Value(1)),
        When(spellings__fold=folded, then=Value(2)), default=Value(3), output_field=IntegerField(),
    )  # fmt: skip
    asked = Q(code=written) | Q(name_fold=folded) | Q(spellings__fold=folded) | Q(spellings__bare=rules.bare(folded))
    found = list(villages_in(commune_key).filter(asked).annotate(ranked=ranked).order_by("ranked", "code")[:20])
    best = {one.code for one in found if one.ranked == found[0].ranked}
    if not found or (found[0].ranked > 1 and len(best) > 1):
        raise NotFound(what=written)
    return found[0]

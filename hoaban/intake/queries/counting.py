"""Counting forms by where they are from: files received, rows that wait to be mended, rows with questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from hoaban.intake import rules
from hoaban.intake.models import FormRow, Share
from hoaban.places import queries as places
from hoaban.web.actor import Actor

_FORM = Coalesce(NullIf("serial", Value("")), Cast("pk", CharField()))  # a row without a serial is a form of its own


def unknown_communes() -> set[str]:
    """What forms say for a commune where there never was one; all of them were returned."""
    known = places.ever().values_list("key", flat=True)
    return set(Share.objects.exclude(commune_code__in=list(known)).values_list("commune_code", flat=True))


def files_by_commune(communes: Collection[str] | None = None) -> dict[str, set[int]]:
    """The ids of the files in which each of these communes, or of all, has rows."""
    found = defaultdict[str, set[int]](set)
    shares = Share.objects.all() if communes is None else Share.objects.filter(commune_code__in=sorted(communes))
    for commune, batch in shares.values_list("commune_code", "batch_id"):
        found[commune].add(batch)
    return dict(found)


def waiting(communes: Collection[str] | None = None) -> QuerySet[FormRow]:
    """The returned rows of these communes, or of all, whose form hasn't been accepted since; in no order."""
    returned = FormRow.objects.filter(state=rules.RowState.RETURNED).exclude(_settled())
    return returned if communes is None else returned.filter(commune_code__in=sorted(communes))


def waiting_by_commune(communes: Collection[str] | None = None) -> dict[str, int]:
    """How many forms of each of these communes, or of all, wait to be mended."""
    return dict(waiting(communes).order_by().values_list("commune_code").annotate(forms=Count(_FORM, distinct=True)))


def waiting_forms(communes: Collection[str] | None) -> QuerySet[FormRow]:
    """The forms of these communes, or of all, that wait to be mended, each as it came last; by serial."""
    last = waiting(communes).annotate(form=_FORM).order_by("form", "-pk").distinct("form")
    return last.select_related("batch")


def count_to_mend(actor: Actor) -> int:
    """How many returned forms of the actor's area haven't been accepted since."""
    return waiting(actor.communes).aggregate(forms=Count(_FORM, distinct=True))["forms"] or 0


def questioned() -> QuerySet[FormRow, int]:
    """Ids of the people whose form was accepted with questions."""
    found = FormRow.objects.filter(state=rules.RowState.QUESTIONED)
    return found.order_by().values_list("person_id", flat=True)


def _settled() -> Q:
    """A returned row whose form was accepted since, under its serial or as the row that mends it."""
    same_serial = FormRow.objects.filter(serial=OuterRef("serial"), person__isnull=False)
    mended = FormRow.objects.filter(mends=OuterRef("pk"), person__isnull=False)
    return Q(Exists(same_serial)) | Q(Exists(mended))

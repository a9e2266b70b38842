"""Organisations and who represents them by law; changes keep old, new, source and both dates."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.base import names
from hoaban.people import queries, rules
from hoaban.people.actions.writing import Act
from hoaban.people.models import Organisation
from hoaban.web.actor import Actor


@transaction.atomic
def establish_organisation(
    *,
    code: str,
    name: str,
    kind: str,
    commune_code: str,
    address: str,
    representative_id: int,
    source: str,
    by: Actor,
    at: dt.datetime,
) -> Organisation:
    """Enter an organisation with its legal representative; the same code twice is entered once.

    Raises NotFound, NotLiving.
    """
    if (known := queries.organisation_under(code)) is not None:
        return known
    act = Act(source=source, by=by, at=at)
    representative = act.lock([representative_id])[representative_id]
    rules.check_living(representative.full_name, representative.life)
    made = Organisation.objects.create(
        code=code, name=names.nfc(name), name_fold=names.fold(name), kind=rules.OrganisationKind(kind),
        commune_code=commune_code, address=address, representative=representative, established_at=at,
    )  # fmt: skip
    audit.record(
        "people.organisation_established", f"people.Organisation:{made.pk}", by=by, at=at,
        person_ids=[representative_id], facts={"code": code, "source": source},
    )  # fmt: skip
    return made


@transaction.atomic
def change_representative(
    *, organisation_id: int, representative_id: int, day: dt.date, source: str, by: Actor, at: dt.datetime
) -> Organisation:
    """Another person represents an organisation by law from a day on. Twice is once.

    Raises NotFound, NotLiving, OrganisationClosed.
    """
    act = Act(source=source, by=by, at=at, valid_from=day)
    organisation = _open(organisation_id)
    new = act.lock([organisation.representative_id, representative_id])[representative_id]
    if organisation.representative_id == representative_id:
        return organisation
    rules.check_living(new.full_name, new.life)
    before = organisation.representative_id
    act.set_group(organisation, representative=new)
    audit.record(
        "people.representative_changed", f"people.Organisation:{organisation_id}", by=by, at=at,
        person_ids=[before, representative_id], facts={"source": source},
    )  # fmt: skip
    return organisation


@transaction.atomic
def close_organisation(
    *, organisation_id: int, day: dt.date, source: str, by: Actor, at: dt.datetime
) -> Organisation:  # fmt: skip
    """An organisation is no more from a day on. Twice is once. Raises NotFound."""
    act = Act(source=source, by=by, at=at, valid_from=day)
    organisation = Organisation.objects.select_for_update().get(pk=queries.organisation(organisation_id).pk)
    if organisation.closed_on is not None:
        return organisation
    act.set_group(organisation, closed_on=day)
    audit.record(
        "people.organisation_closed", f"people.Organisation:{organisation_id}", by=by, at=at,
        person_ids=[organisation.representative_id], facts={"source": source},
    )  # fmt: skip
    return organisation


def _open(organisation_id: int) -> Organisation:
    found = Organisation.objects.select_for_update().get(pk=queries.organisation(organisation_id).pk)
    if found.closed_on is not None:
        raise rules.OrganisationClosed(name=found.name)
    return found

"""What waits for a second officer, told in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hoaban.officers import queries as officers
from hoaban.people import rules
from hoaban.web.actor import Actor

if TYPE_CHECKING:
    from hoaban.officers.models import Approval


def waiting(actor: Actor) -> list[Approval]:
    """Proposed changes of the register that this officer may decide, oldest first."""
    found = [one for deed in rules.Deed for one in officers.waiting(rules.kind_of(deed), actor)]
    return sorted(found, key=lambda one: one.proposed_at)

"""Where errors cluster: by who wrote the forms, on which day, in which village.

The forms found wrong among those checked are laid on the groups. How strange it would be to find so many or more
of them in one group, if errors had no liking for it, is the tail of the hypergeometric law; with `k` groups looked
at, `k` times that chance is what counts (Bonferroni). A group is guilty below five per cent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from scipy import stats

from hoaban.verification.rules import By, Group, Paper, Return, belonging, value_of

STRANGE = 0.05


def groups(papers: Sequence[Paper], by: By) -> list[Group]:
    """The groups by one property, the strangest first; forms of which it isn't known are in none."""
    checked = [one for one in papers if one.wrong is not None and value_of(one, by)]
    rows = Counter(value_of(one, by) for one in papers)
    drawn = Counter(value_of(one, by) for one in checked)
    wrong = Counter(value_of(one, by) for one in checked if one.wrong)
    found = [
        Group(by, value, rows[value], count, wrong[value], _chance(wrong[value], len(checked), wrong.total(), count))
        for value, count in drawn.items()
    ]
    return sorted(
        (replace(one, back=one.chance * len(found) < STRANGE) for one in found),
        key=lambda one: (one.chance, -one.wrong, one.value),
    )


def goes_back(papers: Sequence[Paper], limit: int) -> Return:
    """What goes back of a lot over its limit.

    The rows of the writers, days or villages in which errors cluster: by the property whose strangest group is the
    strangest, if what is left of the lot without its guilty groups is within the limit. Where no property explains
    the errors, all rows go back.
    """
    looked = {by: groups(papers, by) for by in By}
    told = [one for by in By for one in looked[by]]
    errors = sum(1 for one in papers if one.wrong)
    ways = [by for by in By if any(one.back for one in looked[by])]
    for by in sorted(ways, key=lambda by: looked[by][0].chance * len(looked[by])):
        guilty = [one for one in looked[by] if one.back]
        if errors - sum(one.wrong for one in guilty) <= limit:
            shown = [replace(one, back=one.back and one.by is by) for one in told]
            return Return(by, shown, belonging(papers, by, (one.value for one in guilty)))
    return Return(None, [replace(one, back=False) for one in told], list(papers))


def _chance(wrong: int, checked: int, errors: int, drawn: int) -> float:
    """The chance of so many or more of the errors among the forms drawn of a group."""
    return float(stats.hypergeom.sf(wrong - 1, checked, errors, drawn))

"""What one person is to another: the codes of the relationship list, worked out from parents and marriages."""

from collections.abc import Iterator

from .people import Person


def parents(person: Person | None) -> list[Person]:
    """The known parents."""
    return [] if person is None else [parent for parent in (person.father, person.mother) if parent is not None]


def ancestors(person: Person, steps: int) -> Iterator[Person]:
    """Everybody that many generations up."""
    level = [person]
    for _ in range(steps):
        level = [parent for one in level for parent in parents(one)]
    return iter(level)


def is_child(child: Person | None, parent: Person) -> bool:
    """Whether the one is a parent of the other."""
    return child is not None and (child.father is parent or child.mother is parent)


def siblings(one: Person | None, other: Person | None) -> bool:
    """Whether they share a parent."""
    if one is None or other is None or one is other:
        return False
    return bool((one.father and one.father is other.father) or (one.mother and one.mother is other.mother))


def relation(head: Person, person: Person) -> str:
    """The code of what the person is to the head."""
    if person is head:
        return "01"
    if person.partner is head and person.marital != "divorced":
        return "02" if person.sex == "F" else "03"
    if is_child(person, head):
        return "05" if person.adopted else "04"
    for found in (_below(head, person), _above(head, person), _beside(head, person)):
        if found:
            return found
    return "25" if person.ward else "26" if person.lodger else "99"


def _below(head: Person, person: Person) -> str:
    if is_child(person.partner, head) and person.marital != "divorced":
        return "06" if person.sex == "F" else "07"
    couple = [one for one in (head, head.partner) if one is not None]
    if any(is_child(parent, one) or siblings(parent, one) for parent in parents(person) for one in couple):
        return "19"
    if any(one in ancestors(person, 3) for one in couple):
        return "20"
    return ""


def _above(head: Person, person: Person) -> str:
    male = person.sex == "M"
    if is_child(head, person):
        return "08" if male else "09"
    if is_child(head.partner, person) and head.marital != "divorced":
        return "10" if male else "11"
    for side, codes in ((head.father, "12 13"), (head.mother, "14 15")):
        if is_child(side, person):
            return codes.split()[0 if male else 1]
    if person in ancestors(head, 3):
        return "21"
    return "22" if any(siblings(parent, person) for parent in parents(head)) else ""


def _beside(head: Person, person: Person) -> str:
    if siblings(head, person):
        if person.born <= head.born:
            return "16" if person.sex == "M" else "17"
        return "18"
    in_law = siblings(head.partner, person) or siblings(head, person.partner)
    return "23" if in_law else ""

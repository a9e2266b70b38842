"""A reform of the map as a plan: what ends, what begins, what went into what. Overlaps and gaps are refused.

A line of a reform says that an old unit, or a part of it, goes into a new one. Several whole units into one
new unit are a merger, several parts of one a split, one whole unit into one a renaming or a move. A line
without a new unit dissolves the old one, which only a unit may whose every child goes elsewhere. Lines of the
level `village` move or rename a village.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from hoaban.base.words import _
from hoaban.places.rules.units import Fault, Level, key

VILLAGE = "village"
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """One line of a reform's file. `part` when only the named villages of the old unit go into the new one."""

    number: int
    level: str
    old: str
    new: str = ""
    name: str = ""
    kind: str = ""
    parent: str = ""
    part: bool = False
    villages: tuple[str, ...] = ()
    certainty: str = "sure"


@dataclass(frozen=True)
class UnitNow:
    """A unit as it stands before the reform."""

    key: str
    code: str
    level: str
    name: str
    kind: str
    parent: str  # its key
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True)
class VillageNow:
    """A village before the reform; `commune` is the key of the unit in which it is on the day before."""

    code: str
    commune: str
    name: str


class Act(StrEnum):
    """What a reform does to make a unit."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    MOVE = "move"


ACT_WORDS = {
    Act.MERGE: _("merged"),
    Act.SPLIT: _("split off"),
    Act.RENAME: _("renamed"),
    Act.MOVE: _("moved to another unit"),
}


@dataclass(frozen=True)
class From:
    """What a new unit is made of."""

    key: str
    whole: bool
    certainty: str


@dataclass(frozen=True)
class Begins:
    """A unit that begins with the reform."""

    key: str
    code: str
    level: str
    name: str
    kind: str
    parent: str  # its key
    made_of: tuple[From, ...]
    act: Act


@dataclass(frozen=True)
class VillageGoes:
    """A village that is in another commune, or has another name, from the reform on."""

    code: str
    commune: str
    name: str


@dataclass(frozen=True)
class Plan:
    """What a reform does, in the order in which it's done."""

    on: dt.date
    ends: tuple[str, ...]
    begins: tuple[Begins, ...]
    villages: tuple[VillageGoes, ...]


def plan(
    lines: Sequence[Line], units: Iterable[UnitNow], villages: Iterable[VillageNow], on: dt.date
) -> tuple[Plan, list[Fault]]:
    """What the lines do on that day, and every fault that forbids it. With faults the plan isn't to be done."""
    return _Drawing(lines, list(units), list(villages), on).draw()


@dataclass
class _Drawing:
    lines: Sequence[Line]
    units: list[UnitNow]
    villages: list[VillageNow]
    on: dt.date
    faults: list[Fault] = field(default_factory=list)

    def draw(self) -> tuple[Plan, list[Fault]]:
        self.before = {
            (one.level, name): one
            for one in self.units
            if one.valid_from < self.on and (one.valid_to is None or one.valid_to >= self.on - DAY)
            for name in (one.code, one.key)
        }
        if not self.lines:
            self._fault(0, _("there is no line in it"))
        of_units = [line for line in self.lines if line.level != VILLAGE and self._is_readable(line)]
        self.goes = [(line, old) for line in of_units if (old := self._old(line))]
        self.ends = {old.key: old for _line, old in self.goes}
        self._check_old_units()
        begins = self._begins()
        self._check_children(begins)
        moved = self._villages_alone(begins, self._villages_of_parts(begins))
        self._check_names(moved)
        return Plan(self.on, tuple(self.ends), tuple(begins), tuple(moved.values())), sorted(
            self.faults, key=lambda one: one.line
        )

    def _fault(self, line: int, message: object, **facts: object) -> None:
        self.faults.append(Fault(line, message, facts))

    # --- what ends ---

    def _is_readable(self, line: Line) -> bool:
        if line.level not in {level.value for level in Level}:
            self._fault(line.number, _("there is no level %(level)s"), level=line.level or "–")
            return False
        if not line.old:
            self._fault(line.number, _("gap: %(new)s is made of no unit; name the unit it comes from"), new=line.new)
            return False
        return True

    def _old(self, line: Line) -> UnitNow | None:
        old = self.before.get((line.level, line.old))
        if old is None:
            self._fault(
                line.number, _("no %(level)s had the code %(code)s on the day before"), level=line.level, code=line.old
            )
            return None
        if old.valid_to is not None:
            self._fault(
                line.number, _("overlap: %(code)s %(name)s is already ended by another reform"),
                code=old.code, name=old.name,
            )  # fmt: skip
            return None
        return old

    def _check_old_units(self) -> None:
        """A unit goes whole into one other, or by parts into several, or is dissolved: not two of these."""
        lines: dict[str, list[Line]] = defaultdict(list)
        for line, old in self.goes:
            lines[old.key].append(line)
        for where, of_one in lines.items():
            old, last = self.ends[where], of_one[-1]
            facts = {"code": old.code, "name": old.name}
            parts = [line for line in of_one if line.part]
            if len(of_one) > 1 and len(parts) < len(of_one):
                self._fault(last.number, _("overlap: %(code)s %(name)s goes whole into more than one unit"), **facts)
            if len(of_one) == 1 and parts:
                self._fault(last.number, _("gap: only a part of %(code)s %(name)s goes anywhere"), **facts)
            twice = [new for new, count in Counter(line.new for line in parts).items() if count > 1]
            for new in twice:
                self._fault(last.number, _("overlap: %(code)s %(name)s goes into %(new)s twice"), new=new, **facts)
            for line in of_one:
                if not line.new and not self._children(old):
                    self._fault(line.number, _("gap: %(code)s %(name)s ends and goes nowhere"), **facts)

    def _children(self, old: UnitNow) -> list[UnitNow]:
        return [one for one in set(self.before.values()) if one.parent == old.key]

    def _check_children(self, begins: Sequence[Begins]) -> None:
        """Whoever loses the unit above must end or have one unit in its place."""
        inherited = Counter(made.key for one in begins for made in one.made_of if made.whole)
        for where, old in self.ends.items():
            left = [child for child in self._children(old) if child.key not in self.ends]
            if left and not inherited[where]:
                self._fault(
                    0, _("gap: %(old)s ends and %(names)s would have no unit above"),
                    old=f"{old.code} {old.name}", names=", ".join(f"{one.code} {one.name}" for one in left),
                )  # fmt: skip

    # --- what begins ---

    def _begins(self) -> list[Begins]:
        made: dict[tuple[str, str], list[tuple[Line, UnitNow]]] = defaultdict(list)
        for line, old in self.goes:
            if line.new:
                made[line.level, line.new].append((line, old))
        keys = {where: self._key(*where, goes[0][0]) for where, goes in made.items()}
        begins = []
        for (level, code), goes in made.items():
            first = goes[0][0]
            for line, _old in goes[1:]:
                if (line.name, line.kind, line.parent) != (first.name, first.kind, first.parent):
                    self._fault(line.number, _("%(code)s is described otherwise than in line %(other)s"),
                                code=code, other=first.number)  # fmt: skip
            if not first.name or not first.kind:
                self._fault(first.number, _("%(code)s needs a name and a kind"), code=code)
            parent = self._parent(first, keys)
            sources = tuple(From(old.key, not line.part, line.certainty) for line, old in goes)
            act = _act(first.name, parent, [(line, old) for line, old in goes])
            begins.append(Begins(keys[level, code], code, level, first.name, first.kind, parent, sources, act))
        return sorted(begins, key=lambda one: (list(Level).index(Level(one.level)), one.code))

    def _key(self, level: str, code: str, line: Line) -> str:
        same = [one for one in self.units if (one.level, one.code) == (level, code)]
        named = {"code": code, "new": line.name}
        for one in same:
            if one.valid_to is None and one.key not in self.ends and one.valid_from < self.on:
                self._fault(line.number, _("overlap: %(code)s is the code of %(name)s, which goes on"),
                            name=one.name, **named)  # fmt: skip
            if one.valid_from >= self.on:
                self._fault(line.number, _("overlap: %(name)s begins with the code %(code)s on that day or later"),
                            name=one.name, **named)  # fmt: skip
        made = key(code, self.on, bool(same))
        if any(one.key == made and one.valid_from < self.on for one in self.units):
            self._fault(line.number, _("the code %(code)s was taken over in the same year before"), **named)
        return made

    def _parent(self, line: Line, keys: Mapping[tuple[str, str], str]) -> str:
        above = [level.value for level in Level if level.is_above(Level(line.level))]
        if not line.parent and not above:
            return ""
        for level in reversed(above):
            if (level, line.parent) in keys:
                return keys[level, line.parent]
            found = self.before.get((level, line.parent))
            if found is not None and found.key not in self.ends and found.valid_to is None:
                return found.key
        self._fault(line.number, _("gap: there is no unit %(parent)s above %(new)s from that day on"),
                    parent=line.parent or "–", new=f"{line.new} {line.name}")  # fmt: skip
        return ""

    # --- villages ---

    def _villages_of_parts(self, begins: Sequence[Begins]) -> dict[str, VillageGoes]:
        """Each village of a unit that is split goes with one part."""
        in_unit: dict[str, dict[str, VillageNow]] = defaultdict(dict)
        for one in self.villages:
            in_unit[one.commune][one.code] = one
        keys = {(one.level, one.code): one.key for one in begins}
        goes: dict[str, VillageGoes] = {}
        for line, old in self.goes:
            for code in line.villages if line.part else ():
                village = in_unit[old.key].get(code)
                if village is None:
                    self._fault(line.number, _("%(village)s is no village of %(old)s"), village=code, old=old.name)
                elif code in goes:
                    self._fault(line.number, _("overlap: the village %(village)s goes into two units"),
                                village=f"{code} {village.name}")  # fmt: skip
                else:
                    goes[code] = VillageGoes(code, keys.get((line.level, line.new), ""), village.name)
        split = {old.key: old for line, old in self.goes if line.part}
        alone = {line.old for line in self.lines if line.level == VILLAGE}
        for where, old in split.items():
            left = [one for code, one in in_unit[where].items() if code not in goes and code not in alone]
            if left:
                self._fault(0, _("gap: %(old)s is split and these villages go nowhere: %(names)s"),
                            old=old.name, names=", ".join(f"{one.code} {one.name}" for one in left))  # fmt: skip
        return goes

    def _villages_alone(self, begins: Sequence[Begins], goes: dict[str, VillageGoes]) -> dict[str, VillageGoes]:
        known = {one.code: one for one in self.villages}
        after = {one.code: one.key for one in begins if one.level == Level.COMMUNE} | {
            name: one.key
            for (level, name), one in self.before.items()
            if level == Level.COMMUNE and one.key not in self.ends
        }
        into = {made.key: one.key for one in begins for made in one.made_of if made.whole}
        for line in self.lines:
            if line.level != VILLAGE:
                continue
            found = known.get(line.old)
            if found is None:
                self._fault(line.number, _("there is no village %(village)s"), village=line.old)
                continue
            village = found
            commune = after.get(line.parent, "") if line.parent else into.get(village.commune, village.commune)
            if not commune:
                self._fault(line.number, _("gap: there is no commune %(commune)s from that day on"),
                            commune=line.parent)  # fmt: skip
            if village.code in goes:
                self._fault(line.number, _("overlap: the village %(village)s goes into two units"),
                            village=f"{village.code} {village.name}")  # fmt: skip
            goes[village.code] = VillageGoes(village.code, commune, line.name or village.name)
        return goes

    def _check_names(self, goes: Mapping[str, VillageGoes]) -> None:
        there = {(one.commune, one.name): one.code for one in self.villages if one.code not in goes}
        for one in goes.values():
            if (one.commune, one.name) in there:
                self._fault(0, _("overlap: %(commune)s has a village %(name)s already"),
                            commune=one.commune, name=one.name)  # fmt: skip
            there[one.commune, one.name] = one.code


def _act(name: str, parent: str, goes: Sequence[tuple[Line, UnitNow]]) -> Act:
    if any(line.part for line, _old in goes):
        return Act.SPLIT
    if len(goes) > 1:
        return Act.MERGE
    [(_line, old)] = goes
    return Act.MOVE if old.name == name and old.parent != parent else Act.RENAME

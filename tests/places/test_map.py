"""The map of 2023, the map of 2025, and the trap between them: codes that came to mean another place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from hoaban.audit.models import Entry
from hoaban.base.clock import now, today
from hoaban.base.errors import NotFound
from hoaban.base.names import fold
from hoaban.officers import queries as officers
from hoaban.people import queries as people
from hoaban.places import actions, queries, rules
from hoaban.places.models import Reform, Spelling, Succession, Unit, Village
from hoaban.steering import queries as steering
from hoaban.web.actor import acting_as
from tests import make
from tests.places import world

pytestmark = pytest.mark.usefixtures("db")
BEFORE = dt.date(2025, 6, 30)
AFTER = dt.date(2025, 7, 1)

# code: (its unit until 2025-06-30, its unit since, the code until then of the unit that had the new one's name)
TRAP = {
    "03127": ("him lam", "dien bien phu", None),
    "03151": ("na lay", "muong lay", None),
    "03158": ("leng su sin", "sin thau", "03154"),
    "03166": ("cha cang", "muong cha", "03172"),
    "03172": ("muong cha", "na sang", "03201"),
    "03176": ("vang dan", "na bung", "03170"),
    "03202": ("muong muon", "muong pon", "03319"),
    "03203": ("dien bien dong", "na son", "03205"),
    "03208": ("phi nhu", "xa dung", "03373"),
    "03220": ("huoi so", "tua thang", "03235"),
    "03226": ("ta sin thang", "sin chai", None),
    "03260": ("rang dong", "pu nhung", "03271"),
    "03283": ("na say", "chieng sinh", "03298"),
    "03328": ("thanh luong", "thanh nua", "03322"),
    "03334": ("thanh xuong", "muong thanh", "03136"),
    "03349": ("noong luong", "thanh yen", "03346"),
    "03352": ("noong het", "thanh an", "03343"),
    "03356": ("pom lot", "sam mun", "03355"),
    "03368": ("phu luong", "muong nha", "03364"),
    "03385": ("hang lia", "tia dinh", "03384"),
}


def test_the_map_of_2023_has_ten_districts_and_129_communes() -> None:
    assert queries.units("district", BEFORE).count() == 10
    assert queries.communes(BEFORE).count() == 129
    assert queries.levels(BEFORE) == ["province", "district", "commune"]
    assert all(one.key == one.code for one in queries.ever())


def test_the_map_of_2025_has_45_communes_and_no_districts() -> None:
    world.reformed()

    assert queries.communes(AFTER).count() == 45
    assert queries.units("district", AFTER).count() == 0
    assert queries.levels(AFTER) == ["province", "commune"]
    assert {one.parent.level for one in queries.communes(AFTER) if one.parent} == {"province"}
    assert queries.communes(BEFORE).count() == 129
    assert Succession.objects.filter(whole=True).count() == 129


@pytest.mark.parametrize("code", TRAP)
def test_a_code_that_was_used_again_means_another_unit_on_each_side_of_the_reform(code: str) -> None:
    world.reformed()
    old_name, new_name, namesake = TRAP[code]

    old, new = queries.key_of(code, BEFORE), queries.key_of(code, AFTER)

    assert (old, new) == (code, f"{code}-2025")
    assert queries.unit(old).name_fold == old_name
    assert queries.unit(new).name_fold == new_name
    assert new in {one.key for one in queries.successors(old)}
    if namesake:
        assert queries.unit(namesake).name_fold == new_name


def test_a_key_is_never_told_as_the_unit_that_has_its_code_now() -> None:
    world.reformed()

    with translation.override("vi"):
        told = {key: fold(queries.name(key)) for key in ("03158", "03158-2025", "03166", "03174")}

    assert told == {
        "03158": "xa leng su sin (nay xa sin thau)",
        "03158-2025": "xa sin thau",
        "03166": "xa cha cang (nay xa muong cha)",
        "03174": "xa nam khan (nay xa cha to)",
    }


def test_the_commune_that_was_a_district_town_is_not_its_namesake() -> None:
    world.reformed()

    [town] = queries.successors("03172")

    assert (town.key, town.name_fold) == ("03172-2025", "na sang")
    assert "03172" not in queries.lineage("03166-2025")


def test_every_unit_of_2025_bears_a_code_that_stood_for_one_of_its_parts() -> None:
    world.reformed()

    for one in queries.communes(AFTER):
        assert one.key == f"{one.code}-2025"
        assert one.code in queries.lineage(one.key)


def test_a_name_is_told_as_of_the_day_asked() -> None:
    world.reformed()

    assert fold(queries.name("03174", BEFORE)) == "xa nam khan"
    assert fold(queries.name("03174", AFTER)) == "xa nam khan (now xa cha to)"
    assert queries.name("no such key", AFTER) == "no such key"
    district = queries.unit("03174").parent
    assert district
    assert queries.name(district.key, AFTER).endswith("(until 30/06/2025)")


def test_a_code_of_no_unit_on_that_day_is_told() -> None:
    world.reformed()

    with pytest.raises(NotFound):
        queries.key_of("03174", AFTER)
    with pytest.raises(NotFound):
        queries.unit("03158-2025", BEFORE)


def test_a_reform_done_twice_is_done_once() -> None:
    first = world.reformed()

    again = world.reformed()

    assert again == first
    assert Reform.objects.count() == 1
    assert Unit.objects.count() == 140 + 45
    assert Entry.objects.filter(action="places.reformed").count() == 1


def test_a_dry_run_changes_nothing_and_says_all() -> None:
    plan = actions.plan_reform(by=make.MAKER)

    assert (len(plan.ends), len(plan.begins)) == (139, 45)
    assert Unit.objects.filter(valid_to__isnull=False).count() == 0


def test_a_reform_with_a_fault_changes_nothing(tmp_path: Path) -> None:
    head = ["level", "old_code", "new_code", "new_type", "new_name", "new_parent"]
    rows = [
        ("commune", "03174", "03174", "xa", "Nam Khan Moi", "101"),
        ("commune", "03175", "03158", "xa", "Cha To", "101"),
        ("commune", "99999", "03158", "xa", "Cha To", "101"),
    ]

    with pytest.raises(rules.FaultsInFile) as refused:
        actions.reform(
            path=world.table(tmp_path / "reform.csv", head, rows), on=dt.date(2027, 1, 1), by=make.MAKER, at=now()
        )

    assert refused.value.facts["count"] == len(refused.value.faults) >= 2
    assert "overlap: 03158" in str(refused.value)
    assert "99999" in str(refused.value)
    assert Unit.objects.count() == 140
    assert not Reform.objects.exists()


def test_a_renaming_leaves_what_was_recorded_as_it_was(tmp_path: Path) -> None:
    woman = make.person(commune_code="03174")
    head = ["level", "old_code", "new_code", "new_type", "new_name", "new_parent"]
    district = queries.unit("03174").parent
    assert district
    rows = [("commune", "03174", "03174", "xa", "Nam Khan Moi", district.code)]

    actions.reform(
        path=world.table(tmp_path / "reform.csv", head, rows), on=dt.date(2026, 3, 1), by=make.MAKER, at=now()
    )

    assert people.person(woman.pk).commune_code == "03174"
    assert queries.lineage("03174-2026") == {"03174", "03174-2026"}
    assert queries.name("03174").endswith("(now xa Nam Khan Moi)")
    assert "03174-2026" in queries.communes_under(district.key, "district")


def test_villages_go_along_with_their_commune(tmp_path: Path) -> None:
    world.with_villages(tmp_path)
    before = [one.code for one in queries.villages_in("03174")]

    world.reformed()

    assert before == ["0317401", "0317402"]
    assert [one.code for one in queries.villages_in("03174")] == before
    assert [one.code for one in queries.villages_in("03175-2025")] == [*before, "0317501"]
    assert [one.code for one in queries.villages_in("03158-2025")] == ["0315401", "0315801"]
    assert [one.code for one in queries.villages_in("03158")] == ["0315801"]
    assert queries.village_named("03175-2025", "huoi po") == Village.objects.get(code="0317401")


def test_a_village_changes_its_commune_on_a_day(tmp_path: Path) -> None:
    world.with_villages(tmp_path)
    head = ["level", "old_code", "new_code", "new_type", "new_name", "new_parent"]
    moved = dt.date(2024, 1, 1)
    rows = [("village", "0317402", "", "", "Ban Nam Pang Moi", "03175")]

    actions.reform(path=world.table(tmp_path / "reform.csv", head, rows), on=moved, by=make.MAKER, at=now())

    assert [one.code for one in queries.villages_in("03175")] == ["0317402", "0317501"]
    assert [one.code for one in queries.villages_in("03174")] == ["0317401"]
    day_before = moved - dt.timedelta(days=1)
    then = queries.named_as_of(queries.villages_in("03174", day_before), day_before)
    assert [(one.code, one.was_named) for one in then] == [  # type: ignore[attr-defined]
        ("0317401", "Ban Huoi Po"), ("0317402", "Ban Nam Pang"),
    ]  # fmt: skip
    assert queries.village_named("03175", "ban nam pang").code == "0317402"
    world.reformed()
    assert [one.code for one in queries.villages_in("03175-2025")] == ["0317401", "0317402", "0317501"]


def test_a_split_unit_is_found_in_its_parts(tmp_path: Path) -> None:
    world.with_villages(tmp_path)
    head = ["level", "old_code", "new_code", "new_type", "new_name", "new_parent", "part", "villages"]
    district = queries.unit("03174").parent
    assert district
    rows = [
        ("commune", "03174", "03174", "xa", "Nam Khan", district.code, "1", "0317401"),
        ("commune", "03174", "03999", "xa", "Nam Pang", district.code, "1", "0317402"),
    ]

    actions.reform(
        path=world.table(tmp_path / "reform.csv", head, rows), on=dt.date(2026, 3, 1), by=make.MAKER, at=now()
    )

    assert [one.key for one in queries.successors("03174")] == ["03174-2026", "03999"]
    assert queries.lineage("03999") == {"03999", "03174"}
    assert queries.lineage("03999", whole_only=True) == {"03999"}
    assert [one.code for one in queries.villages_in("03999")] == ["0317402"]
    assert [one.code for one in queries.villages_in("03174")] == ["0317401", "0317402"]
    assert queries.name("03174").endswith("(now xa Nam Khan, xa Nam Pang)")
    alone = [one for one in queries.held(frozenset({"03174", "03999"})) if one.unit.key == "03174"]
    assert [one.keys for one in alone] == [{"03174"}]


def test_a_second_reform_follows_the_first(tmp_path: Path) -> None:
    world.reformed()
    head = ["level", "old_code", "new_code", "new_type", "new_name", "new_parent"]
    rows = [
        ("commune", "03175", "03175", "xa", "Cha To Lon", "11"),
        ("commune", "03158", "03175", "xa", "Cha To Lon", "11"),
    ]

    actions.reform(
        path=world.table(tmp_path / "reform.csv", head, rows), on=dt.date(2026, 6, 1), by=make.MAKER, at=now()
    )

    assert {"03174", "03158", "03154", "03175-2025"} <= queries.lineage("03175-2026")
    assert queries.name("03154").endswith("(now xa Cha To Lon)")
    assert [one.key for one in queries.units_today("03154")] == ["03175-2026"]
    assert [one.key for one in queries.units_today("03154", dt.date(2026, 5, 31))] == ["03158-2025"]


# --- officers ---


def test_officers_of_before_and_of_now_see_the_right_people() -> None:
    in_nam_khan = make.person(commune_code="03174")
    in_cha_to = make.person(commune_code="03175")
    elsewhere = make.person(commune_code="03158")
    old = make.officer("commune_officer", "03174")
    world.reformed()
    new = make.officer("commune_officer", "03175-2025")
    recorded_after = make.person(commune_code="03175-2025")

    seen = {}
    for officer in (old, new):
        with acting_as(officers.actor_of(officer)) as actor:
            seen[officer] = (set(people.living().values_list("pk", flat=True)), actor.communes)

    assert seen[old] == ({in_nam_khan.pk}, frozenset({"03174"}))
    assert seen[new][0] == {in_nam_khan.pk, in_cha_to.pk, recorded_after.pk}
    assert seen[new][1] == frozenset({"03174", "03175", "03175-2025"})
    assert elsewhere.pk not in seen[new][0]


def test_an_officer_of_the_new_unit_with_a_reused_code_does_not_see_the_old_unit_of_that_code_alone() -> None:
    """03166 was Cha Cang; Muong Cha of 2025 holds that code, and Muong Cha of before is elsewhere."""
    in_the_old_town = make.person(commune_code="03172")
    in_cha_cang = make.person(commune_code="03166")
    world.reformed()

    with acting_as(make.actor("commune_officer", "03166-2025")):
        seen = set(people.living().values_list("pk", flat=True))

    assert seen == {in_cha_cang.pk}
    assert in_the_old_town.pk not in seen


def test_an_area_above_the_commune_is_seen_before_and_after_the_reform() -> None:
    district = queries.unit("03174").parent
    assert district
    before = queries.communes_under(district.key, "district")
    officer = make.officer("checker", district.key, "district")

    world.reformed()

    assert before == officers.actor_of(officer).communes
    assert {"03174", "03175"} <= before
    assert len(queries.communes_under("11", "province")) == 129 + 45
    assert len(queries.communes_under("11", "province", BEFORE)) == 129
    assert queries.communes_under("00000", "commune") == frozenset()


def test_the_board_adds_up_what_went_into_a_unit() -> None:
    make.person(commune_code="03174")
    make.person(commune_code="03175")
    world.reformed()
    make.person(commune_code="03175-2025")

    chair = steering.board(make.actor("chair", "11", "province"), now())
    old = steering.board(make.actor("commune_officer", "03174"), now())

    assert len(chair.untouched) == 44
    assert {one.code: one.counts["counted"].people for one in chair.lines}["03175-2025"] == 3
    assert [(fold(one.name), one.counts["counted"].people) for one in old.lines] == [("xa nam khan (now xa cha to)", 1)]
    assert steering.commune(make.actor("chair", "11", "province"), "03175-2025", now()).counts["counted"].people == 3


def test_a_unit_of_today_has_the_people_of_its_parts() -> None:
    world.reformed()

    assert sum(one.population_2022 or 0 for one in queries.communes(AFTER)) == 635_921


# --- ways of writing ---


def test_every_way_of_writing_is_there_for_bulk_matching(tmp_path: Path) -> None:
    world.with_villages(tmp_path)
    world.reformed()

    rows = set(queries.spellings().iter_rows())

    assert ("commune", "03174", "xa nam khan", "03174", False) in rows
    assert ("commune", "03174", "nam khan", "03174", False) in rows
    assert ("commune", "03158-2025", "sin thau", "03158-2025", True) in rows
    assert ("village", "03174", "huoi po", "0317401", True) in rows
    assert ("village", "03175-2025", "ban huoi po", "0317401", True) in rows


def test_old_names_of_villages_are_known(tmp_path: Path) -> None:
    world.with_villages(tmp_path)
    old = world.table(
        tmp_path / "old_names.csv", ["code", "commune_code", "old_name"], [("0317401", "03174", "Ban Huoi Cu")]
    )

    for _again in range(2):
        assert actions.load_villages(path=old, by=make.MAKER, at=now()) == 1

    assert queries.village_named("03174", "ban huoi cu").code == "0317401"
    assert ("village", "03174", "huoi cu", "0317401", False) in set(queries.spellings().iter_rows())
    assert Spelling.objects.filter(village__code="0317401").count() == 2


def test_every_fault_of_a_table_of_villages_is_told(tmp_path: Path) -> None:
    rows = [
        ("0317401", "03174", "Ban Huoi Po", "21.95", "102.95", "1"),
        ("0317401", "99999", "", "high", "102.95", "1"),
    ]

    with pytest.raises(rules.FaultsInFile) as refused:
        actions.load_villages(path=world.table(tmp_path / "v.csv", world.COLUMNS, rows), by=make.MAKER, at=now())

    said = str(refused.value)
    for words in ("stands in the file twice", "no commune 99999", "needs a code and a name", "no point in degrees"):
        assert words in said, said
    assert not Village.objects.exists()


def test_a_village_of_a_reused_code_is_put_where_the_day_says(tmp_path: Path) -> None:
    world.reformed()
    path = world.table(tmp_path / "v.csv", world.COLUMNS, [("0315899", "03158", "Ban Moi", "22.3", "102.3", "1")])

    actions.load_villages(path=path, by=make.MAKER, at=now())
    now_in = Village.objects.get(code="0315899").commune_code
    actions.load_villages(path=path, on=BEFORE, by=make.MAKER, at=now())
    then_in = Village.objects.get(code="0315899").commune_code

    assert (now_in, then_in) == ("03158-2025", "03158")
    assert today() > AFTER


def test_a_persons_page_tells_what_the_commune_of_an_address_is_now(client: Client) -> None:
    client.cookies["django_language"] = "vi"
    written = f"Ban Huoi Po, {queries.unit('03174').full_name}, {queries.units('district').get(code='103').full_name}"
    woman = make.person(commune_code="03174", permanent_address=written)
    world.reformed()
    client.force_login(make.officer("commune_officer", "03175-2025"))
    client.post("/dan-cu/ly-do", {"purpose": "service"})

    page = fold(client.get(f"/dan-cu/{woman.pk}", follow=True).content.decode())

    assert "<p>xa nam khan (nay xa cha to)" in page
    assert "ban huoi po, xa nam khan (nay xa cha to), huyen nam po" in page

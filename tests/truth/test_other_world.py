"""The second made-up province keeps its promises: its truth is complete, its people and errors are like the facts'."""

import csv
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.truth.other_world import write
from tests.truth.other_world.facts import facts

pytestmark = pytest.mark.xdist_group("other_world")

Row = dict[str, str]
COMMUNES = ("03127", "03155", "03160", "03178", "03223", "03256", "03322", "03208", "03286", "03199")
PEOPLE = 26_000


@dataclass(frozen=True)
class Written:
    """All files of one world, by what they hold."""

    forms: dict[str, Row]
    people: dict[str, Row]
    subject: dict[str, str]
    errors: list[Row]
    missed: set[str]
    folder: Path

    def whole_wrong(self, kind: str) -> set[str]:
        """Serials of the forms of that kind that are wrong as a whole."""
        return {error["form_serial"] for error in self.errors if error["kind"] == kind}


def rows(path: Path) -> list[Row]:
    """The rows of one file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Ten communes of eight districts, at about half their size."""
    folder = tmp_path_factory.mktemp("other_world")
    write(folder, PEOPLE, 7, COMMUNES)
    truth = folder / "truth"
    forms = [row for path in sorted((folder / "forms").iterdir()) for row in rows(path)]
    return Written(
        {row["form_serial"]: row for row in forms},
        {row["true_id"]: row for row in rows(truth / "people.csv")},
        {row["form_serial"]: row["true_id"] for row in rows(truth / "forms.csv")},
        rows(truth / "errors.csv"),
        {row["true_id"] for row in rows(truth / "missed.csv")},
        folder,
    )


def on_paper(born: str) -> str:
    """A date of the truth as officers write it."""
    return "/".join(reversed(born.split("-")))


def year(row: Row) -> float:
    """The time of birth in years, as well as it is known."""
    parts = [int(part) for part in row["born"].split("-")]
    return parts[0] + ((parts[1] - 0.5) / 12 if len(parts) > 1 else 0.5)


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("same", 3), ("other", 4)):
        write(tmp_path / name, 1_500, seed, ("03127", "03208"))

    def everything(name: str) -> dict[str, bytes]:
        files = [path for path in sorted((tmp_path / name).rglob("*")) if path.is_file()]
        return {str(path.relative_to(tmp_path / name)): path.read_bytes() for path in files}

    assert everything("one") == everything("same")
    assert everything("one") != everything("other")


def test_without_communes_every_commune_gets_a_file(tmp_path: Path) -> None:
    write(tmp_path, 4_000, 1)

    assert len(list((tmp_path / "forms").iterdir())) == len(facts().communes) == 129


def test_each_form_has_the_columns_of_the_intake_and_its_own_serial(world: Written) -> None:
    order = [row["column"] for row in rows(Path(__file__).parent / "other_world/facts/columns.csv")]

    assert len(order) == 33
    assert all(list(form) == order for form in world.forms.values())
    assert len(world.forms) == len(world.subject)
    assert all(re.fullmatch(r"SYN[A-Za-z0-9.-]{1,57}", serial) for serial in world.forms)


def test_every_error_shows_on_its_form(world: Written) -> None:
    for error in world.errors:
        form = world.forms[error["form_serial"]]
        assert form[error["field"]] == error["written"] != error["true"], error


def test_a_second_form_names_the_first_of_the_same_person(world: Written) -> None:
    seconds = [error for error in world.errors if error["kind"] == "E05"]

    assert seconds
    for error in seconds:
        assert world.subject[error["written"]] == world.subject[error["true"]]
        assert error["true"] not in world.whole_wrong("E05")


def test_no_error_is_listed_twice_for_one_cell(world: Written) -> None:
    cells = Counter((error["form_serial"], error["field"]) for error in world.errors if error["field"] != "form_serial")

    assert max(cells.values()) == 1


def test_with_the_errors_undone_the_forms_tell_the_truth(world: Written) -> None:
    table, mended = facts(), {serial: dict(form) for serial, form in world.forms.items()}
    for error in world.errors:
        mended[error["form_serial"]][error["field"]] = error["true"]
    elsewhere = world.whole_wrong("E05") | world.whole_wrong("E11")

    for serial, form in mended.items():
        person = world.people[world.subject[serial]]
        assert form["full_name"] == person["full_name"]
        assert form["dob"] == on_paper(person["born"])
        assert form["gender"] == table.word["gender", person["gender"]]
        assert form["ethnicity"] == table.ethnic_word[person["ethnicity"]]
        for parent in ("father", "mother"):
            if person[f"{parent}_id"]:
                assert form[f"{parent}_name"] == world.people[person[f"{parent}_id"]]["full_name"]
        for number in ("id12", "id9"):
            assert form[number] == person[number] or (serial in world.whole_wrong("E05") and not form[number])
        if serial not in elsewhere:
            assert (form["commune_code"], form["village"]) == (person["commune_code"], person["village"])
            assert form["rel_to_head"] == table.relation[person["relation"]]
            assert form["head_name"] == world.people[person["head_id"]]["full_name"]
            if person["spouse_id"]:
                assert form["spouse_name"] == world.people[person["spouse_id"]]["full_name"]


def test_what_is_known_of_a_birthday_is_marked_unless_typed_as_first_of_january(world: Written) -> None:
    typed = world.whole_wrong("E01")

    for serial, form in world.forms.items():
        slashes = form["dob"].count("/")
        assert form["dob_precision"] == ("year", "month", "day")[slashes], serial
        assert serial not in typed or form["dob"].startswith("01/01/")


def test_people_add_up(world: Written) -> None:
    seconds = world.whole_wrong("E05")
    counted = Counter(person for serial, person in world.subject.items() if serial not in seconds)

    assert len(world.people) == PEOPLE
    assert set(counted.values()) == {1}
    assert set(counted) == set(world.people) - world.missed


def test_errors_are_as_frequent_as_the_facts_say(world: Written) -> None:
    wrong: dict[str, set[str]] = defaultdict(set)
    for error in world.errors:
        wrong[error["kind"]].add(error["form_serial"])
    shares = {kind: len(serials) / len(world.forms) for kind, serials in wrong.items()}
    shares["E16"] = len(world.missed) / len(world.people)

    assert sorted(shares) == [f"E{number:02d}" for number in range(1, 18)]
    for kind, share in shares.items():
        assert 0.7 < share / facts().rate[kind] < 1.4, (kind, share)


def test_collectors_differ_several_times_in_care(world: Written) -> None:
    written, wrong = Counter[str](), Counter[str]()
    faulty = {error["form_serial"] for error in world.errors}
    for serial, form in world.forms.items():
        written[form["officer"]] += 1
        wrong[form["officer"]] += serial in faulty
    shares = sorted(wrong[officer] / count for officer, count in written.items() if count >= 150)

    tenth = max(1, len(shares) // 10)
    assert sum(shares[-tenth:]) > 3 * sum(shares[:tenth])


def test_ages_are_near_the_facts(world: Written) -> None:
    ages = [max(0.0, 2022.66 - year(person)) for person in world.people.values()]
    whole = sum(share for _, _, share, _ in facts().ages)

    for low in range(0, 75, 15):
        expected = sum(share for start, _, share, _ in facts().ages if low <= start < low + 15) / whole
        found = sum(low <= age < low + 15 for age in ages) / len(ages)
        assert abs(found - expected) < 0.02, (low, found, expected)


@pytest.mark.parametrize("ethnic", ["01", "03", "08"])
def test_household_sizes_are_near_the_facts(world: Written, ethnic: str) -> None:
    size = Counter(person["household_id"] for person in world.people.values())
    heads = [person for person in world.people.values() if person["relation"] == "01" and person["ethnicity"] == ethnic]
    found = Counter(size[head["household_id"]] for head in heads)
    weights = facts().sizes_of(ethnic)
    expected = {persons: weight / sum(weights.values()) for persons, weight in weights.items()}

    mean = sum(persons * share for persons, share in expected.items())
    assert abs(sum(found.elements()) / len(heads) - mean) < 0.5
    apart = sum(abs(found[persons] / len(heads) - expected.get(persons, 0)) for persons in range(1, 20)) / 2
    assert apart < 0.2


def test_parents_are_older_than_their_children(world: Written) -> None:
    for person in world.people.values():
        for parent, least, most in (("father_id", 15.9, 64), ("mother_id", 15.4, 46)):
            if person[parent]:
                assert least <= year(person) - year(world.people[person[parent]]) <= most


def test_households_have_one_head_and_marriages_are_mutual(world: Written) -> None:
    heads = Counter(person["household_id"] for person in world.people.values() if person["relation"] == "01")

    assert set(heads.values()) == {1}
    for key, person in world.people.items():
        assert world.people[person["head_id"]]["household_id"] == person["household_id"]
        if person["spouse_id"]:
            spouse = world.people[person["spouse_id"]]
            assert spouse["spouse_id"] == key
            assert spouse["gender"] != person["gender"]


def test_numbers_have_their_legal_structure(world: Written) -> None:
    provinces = {place.unit.province_id for place in facts().away} | {"011"}
    new = [person for person in world.people.values() if person["id12"]]

    for person in new:
        number, born = person["id12"], int(person["born"][:4])
        assert re.fullmatch(r"\d{12}", number)
        assert number[:3] in provinces
        assert int(number[3]) == (born // 100 - 19) * 2 + (person["gender"] == "F")
        assert number[4:6] == f"{born % 100:02d}"
    for column, digits in (("id12", 12), ("id9", 9)):
        numbers = [person[column] for person in world.people.values() if person[column]]
        assert len(set(numbers)) == len(numbers)
        assert {len(number) for number in numbers} == {digits}


def test_a_number_begins_with_the_province_of_birth_registration(world: Written) -> None:
    province_of = {place.unit.province: place.unit.province_id for place in facts().away}
    province_of[facts().word["province", "name"]] = "011"
    spoilt = {(error["form_serial"], error["field"]) for error in world.errors}

    for serial, form in world.forms.items():
        if form["id12"] and (serial, "birth_reg_place") not in spoilt:
            last = form["birth_reg_place"].split(", ")[-1]
            name = max((name for name in province_of if last.endswith(name)), key=len)
            assert form["id12"].startswith(province_of[name])


def test_right_forms_are_as_varied_as_life(world: Written) -> None:
    wrong = {error["form_serial"] for error in world.errors}
    right = [form for serial, form in world.forms.items() if serial not in wrong]
    people = world.people
    relations = Counter(form["rel_to_head"] for form in right)

    for code in ("03", "05", "06", "07", "08", "09", "11", "16", "18", "19", "20", "23"):
        assert relations[facts().relation[code]] > 0, code
    for column, value in (("dob_precision", "year"), ("dob_precision", "month"), ("id12", ""), ("father_name", "")):
        assert any(form[column] == value for form in right), (column, value)
    for state in ("single", "married", "divorced", "widowed"):
        assert any(form["marital"] == facts().word["marital", state] for form in right)
    assert any(form["cur_address"] for form in right)
    assert any(form["dob"].startswith("01/01/") for form in right)
    couples = [(p, people[p["spouse_id"]]) for p in people.values() if p["spouse_id"]]
    assert any(one["ethnicity"] != other["ethnicity"] for one, other in couples)
    births = Counter((p["mother_id"], p["born"]) for p in people.values() if p["mother_id"] and len(p["born"]) == 10)
    assert max(births.values()) >= 2


def test_children_under_fourteen_have_a_representative(world: Written) -> None:
    for serial, form in world.forms.items():
        born = world.people[world.subject[serial]]["born"]
        day, month, filled = (int(part) for part in form["filled_on"].split("/"))
        if len(born) == 10:
            birth = [int(part) for part in born.split("-")]
            age = filled - birth[0] - ([month, day] < birth[1:])
            assert bool(form["rep_name"]) == (age < 14)


def test_old_village_names_on_forms_are_listed(world: Written) -> None:
    villages = rows(world.folder / "places/villages.csv")
    names = {(row["commune_code"], row["name"]) for row in villages}
    former = {(row["commune_code"], row["old_name"]) for row in rows(world.folder / "places/old_names.csv")}

    assert not names & former
    assert len({row["code"] for row in villages}) == len(villages)
    assert all(row["code"].startswith(row["commune_code"]) and len(row["code"]) <= 12 for row in villages)
    for error in world.errors:
        if error["kind"] == "E15" and error["field"] == "village":
            commune = world.forms[error["form_serial"]]["commune_code"]
            assert (commune, error["written"]) in former
            assert (commune, error["true"]) in names

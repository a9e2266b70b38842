"""Writing the register: the only way in which a fact about a person comes to be or changes."""

from hoaban.people.actions.changing import correct
from hoaban.people.actions.civil import divorce, marry, register_birth
from hoaban.people.actions.closing import close, reopen
from hoaban.people.actions.deciding import approve, decline, propose
from hoaban.people.actions.drawing import give_numbers
from hoaban.people.actions.establishing import establish, establish_many
from hoaban.people.actions.following import remember, take_along
from hoaban.people.actions.households import (
    change_head,
    dissolve_household,
    enter_household,
    make_household,
    move_household,
    split_household,
)
from hoaban.people.actions.joining import join, part, split
from hoaban.people.actions.numbers import cancel_number, give_number
from hoaban.people.actions.organisations import change_representative, close_organisation, establish_organisation
from hoaban.people.actions.residing import (
    declare_absence,
    end_residence,
    note_stay,
    register_permanent_residence,
    register_temporary_residence,
    remove_permanent_residence,
)

__all__ = [
    "approve",
    "cancel_number",
    "change_head",
    "change_representative",
    "close",
    "close_organisation",
    "correct",
    "declare_absence",
    "decline",
    "dissolve_household",
    "divorce",
    "end_residence",
    "enter_household",
    "establish",
    "establish_many",
    "establish_organisation",
    "give_number",
    "give_numbers",
    "join",
    "make_household",
    "marry",
    "move_household",
    "note_stay",
    "part",
    "propose",
    "register_birth",
    "register_permanent_residence",
    "register_temporary_residence",
    "remember",
    "remove_permanent_residence",
    "reopen",
    "split",
    "split_household",
    "take_along",
]

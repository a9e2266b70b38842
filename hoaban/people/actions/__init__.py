"""Writing the register: the only way in which a fact about a person comes to be or changes."""

from hoaban.people.actions.changing import correct, give_number, register_temporary_residence
from hoaban.people.actions.establishing import establish, establish_many

__all__ = ["correct", "establish", "establish_many", "give_number", "register_temporary_residence"]

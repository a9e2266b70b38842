"""Another world: a second made-up province on DC01 forms, with its truth.

Made from the published facts and the columns of the form alone, without any
knowledge of the register's rules or of the first generator, and it must stay
so: whoever changes it reads `facts/` and the form, never the rules it tests.
Families are grown, not drawn: people marry, have children and share roofs;
then collectors with habits write them down on tired evenings.

The error table says what is false on a form. Four things to know when scoring:
- a second form (E05) and the form of somebody dead (E11) are wrong as a whole,
  field `form_serial`; the household columns of a second form are the second
  household's, and those of a dead head may still show him as head;
- E01 is listed at `dob` only; `dob_precision` follows from it;
- E08 is listed at the name; the parent's number goes with it;
- E12 is either `cur_address` left blank or `perm_address` outlived.
People who died (E11) or moved (E12) are among `people`, under their last roof.
"""

from .writing import write

__all__ = ["write"]

"""The words of intake: the form's columns, what becomes of a row, and when a file is refused whole."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum

from hoaban.base.dc01 import COLUMNS
from hoaban.base.errors import Refusal
from hoaban.base.words import _

# columns that we add to a workbook that goes back; a reader of forms knows them and keeps none of them
FAULTS, PROPOSALS, ACCEPT, REFERENCE = "_faults", "_proposals", "_accept", "_ref"
OWN_COLUMNS = {
    FAULTS: _("To mend"),
    PROPOSALS: _("Proposed"),
    ACCEPT: _("Take the proposals"),
    REFERENCE: _("Returned row"),
}
MAY_LACK = frozenset({"province_code", "dob_precision"})  # what a file may go without
MOST_ROWS, MOST_COLUMNS = 1_000_000, 100
SYNTHETIC = "SYN"  # serials of made-up forms begin so
SERIAL = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$"  # a serial also names the file of the form's image
NO_COMMUNE = "khong-ro"  # in an address: the forms that name no commune that there is
ROWS_AT_ONCE = 10_000
LOOKS_LIKE_A_SERIAL = re.compile(SERIAL)


class RowState(StrEnum):
    """What became of a row."""

    ACCEPTED = "accepted"
    QUESTIONED = "questioned"  # accepted, with questions that verification takes up
    RETURNED = "returned"


STATE_WORDS = {
    RowState.ACCEPTED: _("Accepted"),
    RowState.QUESTIONED: _("Accepted with questions"),
    RowState.RETURNED: _("Returned"),
}


def state_of(text: str) -> RowState | None:
    """The state that a page's address names, if any."""
    return next((state for state in RowState if state.value == text), None)


class Severity(StrEnum):
    """Whether a finding sends the row back or is a question on an accepted row."""

    ERROR = "error"
    QUESTION = "question"


class ColumnsMissing(Refusal):
    """The file isn't a file of DC01 forms: columns lack."""

    code = "intake.columns_missing"
    message = _("%(file)s lacks these columns of the form DC01: %(columns)s.")


class TooManyColumns(Refusal):
    """More columns than a form has by far."""

    code = "intake.too_many_columns"
    message = _("%(file)s has %(columns)s columns. The form has 33: leave out those that aren't of it.")


class ColumnTwice(Refusal):
    """Two columns are the same field of the form."""

    code = "intake.column_twice"
    message = _("%(file)s has two columns for the same field: %(columns)s. Leave one out.")


class NothingInside(Refusal):
    """The file holds no row."""

    code = "intake.nothing_inside"
    message = _("%(file)s holds no form.")


class NotKept(Refusal):
    """The server's disk takes nothing."""

    code = "intake.not_kept"
    message = _("The server can't keep files now: its disk is full or closed. Tell the administrator, then send again.")


class NoFiles(Refusal):
    """There is no CSV or XLSX at the named places."""

    code = "intake.no_files"
    message = _("No CSV or XLSX file was found under %(paths)s.")


def check_columns(columns: list[str], file: str, *, has_commune: bool = False) -> None:
    """Raise ColumnsMissing unless the columns of the form are there, TooManyColumns for far too many.

    More columns do no harm. `has_commune`: the commune is known without its column.
    """
    if len(columns) > MOST_COLUMNS:
        raise TooManyColumns(file=file, columns=len(columns))
    needed = set(COLUMNS) - MAY_LACK - ({"commune_code"} if has_commune else set())
    lacking = [name for name in COLUMNS if name in needed - set(columns)]
    if lacking:
        raise ColumnsMissing(file=file, columns=", ".join(lacking))


@dataclass(frozen=True)
class Loaded:
    """What a load did, over one or more files."""

    batches: int
    rows: int
    accepted: int
    questioned: int
    returned: int
    repeated: int
    findings: dict[str, int]
    seconds: float
    peak_mb: float

    @property
    def rows_per_second(self) -> float:
        """Rows read in a second."""
        return round(self.rows / self.seconds, 1) if self.seconds else 0.0

    def line(self) -> str:
        """The result as JSON for machines."""
        told = {
            "batches": self.batches, "rows": self.rows, "accepted": self.accepted, "questioned": self.questioned,
            "returned": self.returned, "findings": self.findings, "seconds": self.seconds,
            "rows_per_second": self.rows_per_second, "peak_mb": self.peak_mb,
        }  # fmt: skip
        return json.dumps(told, ensure_ascii=False)

"""What a service is, as its data file says: questions, papers and where they are read from, time limit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hoaban.base.errors import Refusal
from hoaban.base.words import Said, _

TEMPORARY_RESIDENCE = "DV04"


class QuestionKind(StrEnum):
    """What sort of answer a question wants."""

    PERSON = "person"
    PERIOD = "period"
    ADDRESS = "address"


@dataclass(frozen=True)
class Question:
    """One question whose answer the register doesn't hold, or which it lets the citizen confirm."""

    key: str
    kind: QuestionKind
    asks: Said
    hint: Said


@dataclass(frozen=True)
class Paper:
    """A paper that the law wants. With `read_from` the state reads it itself and nobody brings it."""

    code: str
    name: Said
    read_from: Said | None
    basis: str
    certainty: str


@dataclass(frozen=True)
class TimeLimit:
    """In how many working days the owner decides, by which law, and how sure we are of it."""

    working_days: int
    basis: str
    certainty: str

    @property
    def is_assumed(self) -> bool:
        """Whether the basis must still be checked against the law's text."""
        return self.certainty != "sure"


@dataclass(frozen=True)
class Definition:
    """A service that can be asked for here."""

    code: str
    slug: str
    version: int
    name: Said
    owner: Said
    for_whom: Said
    limit: TimeLimit
    papers: tuple[Paper, ...]
    questions: tuple[Question, ...]

    @property
    def to_bring(self) -> list[Paper]:
        """The papers that the citizen must bring."""
        return [paper for paper in self.papers if paper.read_from is None]

    @property
    def fields(self) -> dict[str, Said]:
        """What a decision may find fault with: each question and each paper, by key."""
        asked = {question.key: question.asks for question in self.questions}
        return asked | {paper.code: paper.name for paper in self.papers}

    def is_held(self, field: str) -> bool:
        """Whether the field is a paper that the state reads itself."""
        return any(paper.code == field and paper.read_from for paper in self.papers)


class NoSuchService(Refusal):
    """No service goes by that name here."""

    code = "services.no_such_service"
    message = _("No service goes by %(name)s here.")

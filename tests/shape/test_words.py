"""Vietnamese is complete: every marked word in code and templates has its translation."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).parent.parent.parent / "hoaban"
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "many": (1, 2), "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "gettext_noop": None,
}  # fmt: skip


def _marked(source: str) -> Iterator[tuple[str, str]]:
    """(context, words) of everything marked for translation in Python source."""
    for _line, message, _comments, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
        for words in message if isinstance(message, tuple) else (message,):
            if words:
                yield context or "", words


def _used() -> dict[tuple[str, str], str]:
    used: dict[tuple[str, str], str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for key in _marked(path.read_text()):
            used.setdefault(key, str(path.relative_to(PACKAGE)))
    for path in sorted(PACKAGE.rglob("*.html")):
        for key in _marked(templatize(path.read_text(), origin=str(path))):
            used.setdefault(key, str(path.relative_to(PACKAGE)))
    return used


def _read(path: Path) -> dict[tuple[str, str], str]:
    """What one catalogue says: by (context, phrase)."""
    found: dict[tuple[str, str], str] = {}
    with path.open("rb") as lines:
        for message in read_po(lines):
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            words = message.string if isinstance(message.string, str) else (message.string or [""])[0]
            for one in ids:
                if one and words:
                    found[(str(message.context or ""), str(one))] = str(words)
    return found


def _translated() -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for path in sorted((PACKAGE / "locale").glob("*/vi/LC_MESSAGES/django.po")):
        found |= _read(path)
    return found


def test_every_marked_word_is_translated() -> None:
    translated = _translated()

    lacking = [f"{where}: {key[1]!r}" for key, where in _used().items() if key not in translated]

    assert not lacking, f"{len(lacking)} without Vietnamese:\n" + "\n".join(lacking[:60])


def test_no_phrase_is_kept_that_nobody_says() -> None:
    """A catalogue's phrase is marked in code, or stands in a file of data; officers' pages also say the library's."""
    sources = [path.read_text() for kind in ("*.py", "*.html", "*.csv") for path in sorted(PACKAGE.rglob(kind))]
    said = {phrase for _context, phrase in _used()}

    stale = [
        f"{path.parts[-4]}: {phrase!r}"
        for path in sorted((PACKAGE / "locale").glob("*/vi/LC_MESSAGES/django.po"))
        for _context, phrase in _read(path)
        if path.parts[-4] != "officers" and phrase not in said and not any(phrase in text for text in sources)
    ]

    assert stale == []


@pytest.mark.parametrize("word", ["h\u1ec7 th\u1ed1ng", "kh\u00f4ng h\u1ee3p l\u1ec7"])
def test_words_that_help_nobody_are_not_used(word: str) -> None:
    for (_context, source), words in _translated().items():
        assert word not in words.lower(), f"{source!r} -> {words!r}"


def test_a_phrase_has_one_translation_in_all_rooms() -> None:
    """The catalogues are read as one: of two translations of a phrase the reader would see either, anywhere."""
    said: dict[tuple[str, str], dict[str, str]] = {}
    for path in sorted((PACKAGE / "locale").glob("*/vi/LC_MESSAGES/django.po")):
        for key, words in _read(path).items():
            said.setdefault(key, {}).setdefault(words, path.parts[-4])

    assert {key[1]: rooms for key, rooms in said.items() if len(rooms) > 1} == {}

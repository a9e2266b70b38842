"""Build the typefaces of Hoa Ban from Noto: small WOFF2 for pages, TTF for PDF and drawn images.

    python scripts/build_fonts.py

Takes Noto Sans, Noto Sans Mono, Noto Sans Symbols 2 and Tinos (SIL Open Font License 1.1) from the npm
packages named below through `npm pack`, keeps what Vietnamese needs, and adds the few signs
(≠ ↔ ✓ …) that Noto Sans itself lacks. Tinos stands in for Times New Roman, which official papers ask for:
its letters are as wide. The results are committed; run it again only to change them.
"""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

PACKAGES = {
    "sans": "@expo-google-fonts/noto-sans@0.4.2",
    "mono": "@expo-google-fonts/noto-sans-mono@0.4.2",
    "serif": "@expo-google-fonts/tinos@0.4.2",
    "symbols": "@expo-google-fonts/noto-sans-symbols-2@0.4.1",
}
ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "hoaban/web/static/web"
PRINT = ROOT / "hoaban/data/fonts"

_ASCII = "".join(map(chr, range(0x20, 0x7F)))
_VOWELS = "a\u0103\u00e2e\u00eaio\u00f4\u01a1u\u01b0y"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_MARKS = "\u0302\u0306\u031b" + _TONES
_PUNCTUATION = "\u00a0·–—‘’“”…×−±°§«»•₫"
FROM_MONO = "≠↔→←↑↓●○≥≤"
FROM_SYMBOLS = "✓☐☑⚠"


def vietnamese_letters() -> str:
    """Every Vietnamese letter in its composed form, both cases."""
    from unicodedata import normalize

    toned = "".join(normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in ("", *_TONES))
    small = toned + "\u0111"
    return small + small.upper()


def text_of_pages() -> str:
    """The letters that the page fonts hold: ASCII, Vietnamese, Latin-1 letters of foreign names."""
    latin1 = "".join(map(chr, range(0xC0, 0x100)))
    return _ASCII + vietnamese_letters() + latin1 + _PUNCTUATION


def fetch(into: Path) -> dict[str, Path]:
    """Unpack the packages; answers with the folder of each."""
    folders = {}
    for key, package in PACKAGES.items():
        done = subprocess.run(
            ["npm", "pack", "--silent", package], cwd=into, check=True, capture_output=True, text=True
        )
        folders[key] = into / key
        with tarfile.open(into / done.stdout.strip().splitlines()[-1]) as archive:
            archive.extractall(folders[key], filter="data")
    return folders


def face(folder: Path, weight: str) -> TTFont:
    """The upright face of that weight in an unpacked package."""
    [path] = (folder / "package" / weight).glob("*.ttf")
    return TTFont(path)


def add_signs(font: TTFont, source: TTFont, signs: str) -> None:
    """Copy the outlines of `signs` from `source` under the same code points; keeps the em of `font`."""
    scale = font["head"].unitsPerEm / source["head"].unitsPerEm
    names, outlines = source.getBestCmap(), source.getGlyphSet()
    order = font.getGlyphOrder()
    for sign in signs:
        name = f"uni{ord(sign):04X}"
        outline = DecomposingRecordingPen(outlines)
        outlines[names[ord(sign)]].draw(outline)
        pen = TTGlyphPen(None)
        outline.replay(TransformPen(pen, (scale, 0, 0, scale, 0, 0)))
        font["glyf"][name] = glyph = pen.glyph()
        advance = round(source["hmtx"][names[ord(sign)]][0] * scale)
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (advance, glyph.xMin)
        if name not in order:
            order.append(name)
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[ord(sign)] = name
    font.setGlyphOrder(order)
    font["maxp"].numGlyphs = len(order)


def keep(font: TTFont, text: str, features: list[str]) -> TTFont:
    """Throw away every letter that isn't in `text` and every feature not named."""
    options = Options()
    options.layout_features = features
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    options.glyph_names = False
    subsetter = Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    return font


def main() -> None:
    """Fetch, cut, write; prints the size of each file."""
    with tempfile.TemporaryDirectory() as scratch:
        folders = fetch(Path(scratch))
        mono, symbols = face(folders["mono"], "400Regular"), face(folders["symbols"], "400Regular")
        text = text_of_pages()
        for weight, folder in (("400", "400Regular"), ("700", "700Bold")):
            page = keep(face(folders["sans"], folder), text, ["kern"])
            _finish(page, mono, symbols, PAGES / f"noto-{weight}.woff2")
            full = keep(face(folders["sans"], folder), text + _MARKS, ["*"])
            _finish(full, mono, symbols, PRINT / f"NotoSans-{weight}.ttf")
            fixed = keep(face(folders["mono"], folder), text + _MARKS + FROM_MONO, ["ccmp", "mark", "mkmk", "locl"])
            fixed.save(_made(PRINT / f"NotoSansMono-{weight}.ttf"))
        _keep_serif(folders["serif"], text + _MARKS)
        licence = (folders["sans"] / "package" / "LICENSE_FONT").read_text()
        for place in (PAGES, PRINT):
            (place / "OFL.txt").write_text(licence)
    for made in sorted([*PAGES.glob("*.woff2"), *PRINT.glob("*.ttf")]):
        print(f"{made.stat().st_size:>8,}  {made.relative_to(ROOT)}")  # noqa: T201 - a script


def _keep_serif(folder: Path, text: str) -> None:
    for name, source in (
        ("400", "400Regular"),
        ("400i", "400Regular_Italic"),
        ("700", "700Bold"),
        ("700i", "700Bold_Italic"),
    ):
        keep(face(folder, source), text, ["ccmp", "mark", "mkmk", "kern", "locl"]).save(
            _made(PRINT / f"Tinos-{name}.ttf")
        )
    (PRINT / "Tinos-LICENSE.txt").write_text((folder / "package" / "LICENSE_FONT").read_text())


def _finish(font: TTFont, mono: TTFont, symbols: TTFont, path: Path) -> None:
    add_signs(font, mono, FROM_MONO)
    add_signs(font, symbols, FROM_SYMBOLS)
    font.flavor = "woff2" if path.suffix == ".woff2" else None
    font.save(_made(path))


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


if __name__ == "__main__":
    main()

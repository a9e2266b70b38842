"""Make the two typefaces of the drawn forms from npm packages: one handwritten, one printed.

Both packages (SIL Open Font License) split their letters over files; this joins the Latin and the
Vietnamese file, keeps what a form needs and drops layout tables. Run after a new release of either:

    python scripts/build_form_fonts.py

The outcome stands in `hoaban/data/fonts/` and is committed, so that nobody else needs the network.
"""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = {"patrick-hand": "form-hand", "noto-sans": "form-print"}
OUT = Path(__file__).parent.parent / "hoaban" / "data" / "fonts"
# Basic and supplementary Latin with the Vietnamese letters, and the dash a printer uses.
LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    0x1A0,
    0x1A1,
    0x1AF,
    0x1B0,
    *range(0x1EA0, 0x1EFA),
    0x2013,
    0x2019,
]


def fetch(package: str, into: Path) -> Path:
    """Unpack the package and return its folder."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", f"@fontsource/{package}"],
        cwd=into,
        check=True,
        capture_output=True,
        text=True,
    )
    folder = into / package
    with tarfile.open(into / packed.stdout.strip().splitlines()[-1]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def join(package: Path, name: str, into: Path) -> TTFont:
    """One font out of the Latin and the Vietnamese file."""
    parts = []
    for script in ("latin", "vietnamese"):
        font = TTFont(package / "files" / f"{name}-{script}-400-normal.woff2")
        font.flavor = None
        for table in ("GSUB", "GPOS", "GDEF", "STAT", "DSIG"):
            if table in font:
                del font[table]
        parts.append(into / f"{name}-{script}.ttf")
        font.save(parts[-1])
    return Merger().merge([str(part) for part in parts])


def main() -> None:
    """Build both fonts and keep their licences beside them."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for package, name in FONTS.items():
            folder = fetch(package, Path(scratch))
            font = join(folder, package, Path(scratch))
            options = Options(hinting=False, notdef_outline=True, name_IDs=["*"])
            subsetter = Subsetter(options)
            subsetter.populate(unicodes=LETTERS)
            subsetter.subset(font)
            font.recalcTimestamp = False
            font.save(OUT / f"{name}.ttf")
            (OUT / f"{name}-LICENSE.txt").write_bytes((folder / "LICENSE").read_bytes())


if __name__ == "__main__":
    main()

"""Promise: a whole province of forms with its truth is made up in two minutes and two gibibytes.

The yardstick reads the written files back and writes them out again: the part that no generator can save.
Scale 1 is 640,000 people.

2026-11: 22 s, 1.0 GiB, on 2 shared cores.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from benchmarks import Result

PEOPLE = 640_000
MOST_SECONDS, MOST_MB = 120, 2048
WRITE = (
    "import resource, sys; from pathlib import Path; import django; django.setup();"
    "from hoaban.synth import actions;"
    "actions.write(folder=Path(sys.argv[1]), people=int(sys.argv[2]), seed=1, images=0);"
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
)


def run(scale: float) -> Result:
    """Write a province in a process of its own, then its files once more."""
    with tempfile.TemporaryDirectory() as name:
        folder, people = Path(name) / "province", int(PEOPLE * scale)
        began = time.perf_counter()
        written = subprocess.run(
            [sys.executable, "-c", WRITE, str(folder), str(people)], check=True, capture_output=True, text=True
        )
        took, peak_mb = time.perf_counter() - began, int(written.stdout.split()[-1])
        yardstick = _again(folder, Path(name) / "again.csv")
    return Result(
        name="synth", value=round(took, 1), unit="s", yardstick="reading the same files and writing them again",
        ratio=round(took / yardstick, 1), goal=f"<= {MOST_SECONDS} s, <= {MOST_MB} MB at 640,000 people",
        met=took <= MOST_SECONDS and peak_mb <= MOST_MB, scale=scale,
        details={"people": people, "people_per_s": round(people / took), "peak_mb": peak_mb},
    )  # fmt: skip


def _again(folder: Path, out: Path) -> float:
    began = time.perf_counter()
    for path in [*folder.glob("forms/*.csv"), *folder.glob("truth/*.csv")]:
        pl.read_csv(path, infer_schema=False).write_csv(out)
    return time.perf_counter() - began

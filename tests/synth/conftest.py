"""Two provinces: a larger one for counting, a small one with workbooks and images for looking."""

from __future__ import annotations

from pathlib import Path

import pytest

from hoaban.synth import actions
from hoaban.synth.rules import Layout

DEMO = ("03174", "03165", "03167", "03156")


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("province") / "out"
    actions.write(folder=folder, people=20_000, seed=11, communes=DEMO, images=0)
    return folder


@pytest.fixture(scope="session")
def hamlet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hamlet") / "out"
    actions.write(folder=folder, people=600, seed=5, communes=DEMO[:2], layout=Layout.BOTH, images=3)
    return folder

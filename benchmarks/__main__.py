"""`python -m benchmarks [NAME] [--scale S]`: runs one benchmark or all; each ends with a line of JSON."""

from __future__ import annotations

import argparse
import os
import pkgutil
from importlib import import_module

import benchmarks


def main() -> None:
    """Run what was asked for; the last line printed is the last result."""
    names = sorted(one.name for one in pkgutil.iter_modules(benchmarks.__path__) if one.name != "__main__")
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("name", nargs="?", choices=names)
    asked.add_argument("--scale", type=float, default=1.0)
    chosen = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hoaban.site.settings")
    from hoaban.site.commands import ensure_database

    ensure_database()
    import django

    django.setup()
    for name in [chosen.name] if chosen.name else names:
        print(import_module(f"benchmarks.{name}").run(chosen.scale).line(), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()

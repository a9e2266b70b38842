"""`hoaban audit …`: whether the seals hold, the proof of an entry, the anchor to keep elsewhere."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Annotated

import typer

from hoaban.audit import queries, rules
from hoaban.audit.actions import seal as seal_now

app = typer.Typer(help="The audit: its seals, proofs and anchors.", no_args_is_help=True)
Kept = Annotated[str, typer.Option(help="an anchor that was kept, or the file that holds it")]


@app.command()
def verify(anchor: Kept = "") -> None:
    """Prove the whole chain, and that a kept anchor stands in it; or name the first break (exit code 2)."""
    began = time.perf_counter()
    check = queries.check_seals(_anchor(anchor) if anchor else None)
    seconds = time.perf_counter() - began
    if check.first_bad is not None:
        typer.echo(f"BROKEN {check.first_bad}", err=True)
        for name, value in (("sealed", check.first_bad.sealed), ("now", check.first_bad.now)):
            if value:
                typer.echo(f"{name:>6} {value}", err=True)
        raise typer.Exit(2)
    typer.echo(f"{check.entries} entries in {check.epochs} epochs hold ({seconds:.1f} s), {check.waiting} wait")
    if check.head:
        typer.echo(f"head {check.head}")
    if anchor:
        typer.echo("the anchor stands in this chain")


@app.command()
def proof(
    entry: Annotated[str, typer.Argument(help="the id of an entry (26 letters)")],
    anchor: Annotated[str, typer.Option(help="prove it up to this kept anchor, or the file that holds it")] = "",
) -> None:
    """Print the proof that an entry stands in the chain, as docs/audit.md tells to check it."""
    found = queries.proof_of(queries.entry_under(entry), _anchor(anchor).number if anchor else None)
    typer.echo(found.as_json())


@app.command()
def verify_export(
    file: Annotated[Path, typer.Argument(help="entries taken away as CSV, as downloaded")],
    anchor: Annotated[str, typer.Option(help="prove it up to this kept anchor, or the file that holds it")] = "",
) -> None:
    """Prove that a file is what somebody took away: the sealed entry of its export holds its hash."""
    one = queries.export_of(hashlib.sha256(file.read_bytes()).hexdigest())
    kept = _anchor(anchor) if anchor else None
    found = queries.proof_of(one, kept.number if kept else None)
    if not found.holds or (kept and found.hash != kept.hash):
        typer.echo(f"BROKEN entry {one.ulid} isn't as it was sealed", err=True)
        raise typer.Exit(2)
    by, when = f"{one.actor_name} ({one.actor_id})", rules.in_utc(one.at)
    typer.echo(f"taken away by {by} at {when}, {one.facts['entries']} entries")
    typer.echo(f"entry {one.ulid} in epoch {found.epoch.number} holds" + (", and leads to the anchor" if kept else ""))


@app.command()
def anchor() -> None:
    """Print the head of the chain in one line: keep it where nobody who runs the database can change it."""
    typer.echo(str(queries.anchor()))


@app.command()
def seal() -> None:
    """Seal now what waits, instead of at the next minute."""
    epochs = 0
    while seal_now() is not None:
        epochs += 1
    typer.echo(f"{epochs} epochs sealed, {queries.count_waiting()} entries wait for transactions that are open")


def _anchor(text: str) -> rules.Anchor:
    path = Path(text)
    return rules.read_anchor(path.read_text() if len(text) < 100 and path.is_file() else text)

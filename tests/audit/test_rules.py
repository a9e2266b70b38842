"""Merkle trees: every leaf can be proved, none can be replaced."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from hoaban.audit import rules

leaves = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40)


@given(leaves, st.data())
def test_each_leaf_leads_to_the_root_and_another_does_not(hashes: list[bytes], choose: st.DataObject) -> None:
    position = choose.draw(st.integers(0, len(hashes) - 1))

    steps = rules.proof(hashes, position)

    assert rules.leads_to(hashes[position], steps, rules.root(hashes))
    assert not rules.leads_to(hashlib.sha256(b"other").digest(), steps, rules.root(hashes))

"""A checkpoint's tree is the one of RFC 6962, and a short proof shows that a leaf is in it and where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.hashing import HASHES
from engine.model.merkle import Growing, root_by_path

RFC_6962 = [
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]  # fmt: skip


def tree_of(*leaves: bytes) -> Growing:
    tree = Growing("sha256")
    for leaf in leaves:
        tree.add(leaf)
    return tree


leaves = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


@pytest.mark.parametrize(
    ("count", "root"),
    [
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ],
)
def test_the_roots_are_those_that_others_publish_for_the_same_leaves(count: int, root: str) -> None:
    assert tree_of(*RFC_6962[:count]).root() == root


@given(leaves, st.sampled_from(HASHES), st.data())
def test_every_leaf_is_proved_at_its_own_place_and_at_no_other(
    found: list[bytes], hashed: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(found) - 1))
    tree = Growing(hashed, [place])
    for leaf in found:
        tree.add(leaf)
    path, root = tree.paths()[place], tree.root()

    assert root_by_path(hashed, found[place], place, len(found), path) == root
    assert root_by_path(hashed, found[place] + b"!", place, len(found), path) != root
    assert root_by_path(hashed, found[place], place, len(found), (*path, root)) != root
    for elsewhere in range(len(found)):
        if elsewhere != place and found[elsewhere] != found[place]:
            assert root_by_path(hashed, found[elsewhere], place, len(found), path) != root
    if path:
        assert root_by_path(hashed, found[place], place, len(found), path[:-1]) != root


def test_a_leaf_cannot_be_passed_off_as_two_others() -> None:
    one, other = b"one", b"other"
    assert tree_of(one + other).root() != tree_of(one, other).root()


def test_a_place_that_has_no_leaf_yet_has_no_proof() -> None:
    tree = Growing("sha256", [5])
    tree.add(b"one")
    assert tree.paths() == {}

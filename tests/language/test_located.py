"""Every part of a definition has a place, also what a chain or a standing move unfolded into."""

from __future__ import annotations

import pytest

from engine.language.located import locations
from tests.language.small import ROOT, SMALL

REVIEW = (ROOT / "workflows/award_review.yaml").read_text(encoding="utf-8")
LABOUR = (ROOT / "workflows/labour.yaml").read_text(encoding="utf-8")


def stands_at(text: str, path: str) -> str:
    """Return what is written at the place of *path*, to the end of its line."""
    mark = locations(text).at(path)
    return text.split("\n")[mark.line - 1][mark.column - 1 :]


@pytest.mark.parametrize(
    ("text", "path", "written"),
    [
        (SMALL, "procedure", "small"),
        (SMALL, "states.filed", "filed:"),
        (SMALL, "states.filed.moves.propose", "propose:"),
        (SMALL, "states.filed.moves.propose.to", "proposed}"),
        (SMALL, "states.filed.moves.propose.needs.0", "reason]"),
        (SMALL, "states.proposed.on.0.when", "review is approved"),
        (LABOUR, "states.drafting.moves.propose_suspension", "propose_suspension:"),
        (LABOUR, "states.drafting.moves.terminate.by.0", "any director"),
        (LABOUR, "states.drafting.moves.submit_draft", "submit_draft:"),
        (REVIEW, "states.level_2", "by: any reviewer_2"),
        (REVIEW, "states.level_2.within.limit", "2 work days"),
        (REVIEW, "states.level_2.moves.sign", "sign:"),
        (REVIEW, "states.level_2.moves.sign.by", "any reviewer_2"),
        (REVIEW, "states.level_2.moves.return.to", "answering"),
    ],
)
def test_a_path_leads_to_where_it_was_written(text: str, path: str, written: str) -> None:
    assert stands_at(text, path).lstrip("{").startswith(written)


def test_a_part_that_is_not_written_is_found_at_what_surrounds_it() -> None:
    assert stands_at(SMALL, "states.filed.moves.propose.not_by.3").startswith("propose:")
    assert stands_at(SMALL, "nothing.of.the.kind").startswith("procedure:")


def test_a_text_that_is_no_yaml_has_a_beginning_only() -> None:
    assert locations("a: [").at("a").line == 1

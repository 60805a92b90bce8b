"""Every sentence of the language has a file that needs it."""

from __future__ import annotations

from engine.language.sentences import SENTENCES
from tests.language.small import BROKEN
from tests.language.test_broken_proofs import BROKEN_ONES, expected
from tests.language.test_fragments import FRAGMENT_FAULTS, FRAGMENT_MISFITS
from tests.language.test_late_entries import LATE_MISFITS
from tests.language.test_own_roles import ROLE_MISFITS
from tests.language.test_policies import TARGET_MISFITS
from tests.language.test_together import MISFITS


def test_every_sentence_is_needed_by_a_broken_file_or_a_misfit() -> None:
    headers = [path.read_text(encoding="utf-8").partition("\n")[0] for path in BROKEN.glob("*.yaml")]
    broken = {entry.split()[1] for header in headers for entry in header.removeprefix("# ").split(", ")}
    misfits = {told.split()[1] for row in (*MISFITS, *LATE_MISFITS, *TARGET_MISFITS) for told in row[-1]}
    misfits |= {told.split()[1] for *_, found in FRAGMENT_FAULTS for told in found}
    misfits |= {told.split()[1] for _, _, found in FRAGMENT_MISFITS for told in found}
    misfits |= {told.split()[1] for _, found in ROLE_MISFITS for told in found}
    hostile = {
        "empty",
        "not_utf8",
        "too_deep",
        "too_large",
        "too_many",
        "too_many_here",
        "unreadable",
    }  # test_hostile.py

    proved = {told[2] for path in BROKEN_ONES for told in expected(path)}
    proved |= {"role_vacant", "too_few_to_sign", "too_few_with_one_away"}  # test_staffing.py
    proved |= {"not_proved", "signs_two_levels"}  # test_proofs.py
    proved |= {"still_opened"}  # tests/service/test_retiring.py

    assert broken | misfits | hostile | proved == set(SENTENCES)

"""How typed: which flag gives what a refused command lacks.

Room for: one flag a code of refusal, for `open` and `act`.
May not enter: why something is refused (`engine/core`), the sentences of a refusal.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.answers import Refusal
from engine.model.case import PARTY_TITLES
from engine.text import Text

_DAY = Text("--on 日期（YYYY-MM-DD）", "--on DATE (YYYY-MM-DD)")
_DATED = ("TERM_OVER", "DATE_IN_FUTURE", "DATE_OUT_OF_ORDER")


def flag_for(refusal: Refusal, places: Sequence[str] = ()) -> Text | None:
    """Return how what *refusal* misses is given on the command line; None where no flag gives it.

    *places* are those a case could be opened in where none was named.
    """
    named = refusal.fact or ""
    match refusal.code:
        case "not_yours" if len(places) > 1:
            return Text(f"--in {'|'.join(places)}", f"--in {'|'.join(places)}")
        case "missing_document":
            return Text(f"--doc {named or '类别'}=文件", f"--doc {named or 'KIND'}=FILE")
        case "missing_fact" | "bad_fact" if named == "override":
            return Text("--override 理由", "--override REASON")
        case "missing_fact" | "bad_fact" if named:
            return Text(f"--set {named}=…", f"--set {named}=…")
        case "bad_party":
            role = named if named in PARTY_TITLES else ""
            return Text(f"--party {role or '身份'}:姓名", f"--party {role or 'ROLE'}:NAME")
        case "which_matter":
            return Text("--matter 编号", "--matter ID")
        case "number_taken" | "bad_number":
            return Text("--number 案号", "--number N")
        case code if code in _DATED:
            return _DAY
    return None

"""Own register: the register of an institution, and the procedures and fragments it names, from its files.

Room for: reading what an office is founded with instead of the starter's, and where it cannot be that.
May not enter: making the office (`founding.py`), what is wrong with a definition (`checking.py`).
"""

from __future__ import annotations

from pathlib import Path

from engine.errors import WrongUse
from engine.run.checking import check_files, is_register
from engine.run.flags import read_text
from engine.run.settings import REGISTER_FILE
from engine.service.fitting import broken
from engine.text import Text


def own_texts(file: Path) -> dict[str, str]:
    """Return the register in *file* and exactly the files that it names, relative to it, file -> text.

    The register comes first, under the name it goes by in an office. Raises BrokenDefinition with every problem that
    `anxu check` finds, WrongUse where *file* is no register or cannot be read.
    """
    if not is_register(file, read_text(file)):
        raise WrongUse(
            Text(
                f"{file} 不是登记册：登记册写明 institution、offices、roles 和 procedures。",
                f"{file} is no register: a register says institution, offices, roles and procedures.",
            )
        )
    checked = check_files([file], None)
    if checked.problems or checked.material is None:
        raise broken(checked.problems)
    register, files = checked.material.register, checked.material.files
    named = [*(entry.file for entry in register.procedures.values()), *register.fragments.values()]
    if REGISTER_FILE in named:
        raise WrongUse(
            Text(
                f"{REGISTER_FILE} 在办公室中是登记册的文件名，程序和片段请用别的文件名。",
                f"In an office {REGISTER_FILE} is the register; give procedures and fragments other file names.",
            )
        )
    return {REGISTER_FILE: files[REGISTER_FILE]} | {name: files[name] for name in named}

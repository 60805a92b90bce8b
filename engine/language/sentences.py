"""Sentences: what a person is told about each kind of problem, and what to write instead.

Room for: the one table from a problem's code to its reason and its fix, and the words for unknown names.
May not enter: finding problems, places, printing.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.language.sentence import Sentence
from engine.language.sentences_files import FILES
from engine.language.sentences_machine import GUARD, MACHINE, TOGETHER
from engine.language.sentences_proof import PROOF
from engine.language.sentences_text import FILE, SHAPE
from engine.text import Text

NOUNS: Mapping[str, Text] = {
    "state": Text("状态", "state"),
    "stage": Text("阶段", "stage"),
    "fact": Text("事实", "fact"),
    "relation": Text("本案人员", "relation"),
    "role": Text("角色", "role"),
    "document": Text("文书", "document"),
    "clock": Text("审限时钟", "clock"),
    "term": Text("期限", "term"),
    "limit": Text("期限或时钟", "limit"),
    "matter": Text("事项", "matter"),
    "choice": Text("选项", "choice"),
    "outcome": Text("结果", "outcome"),
    "procedure": Text("程序", "procedure"),
    "ladder": Text("预警阶梯", "ladder"),
    "recipient": Text("接收人", "recipient"),
    "name": Text("名称", "name"),
    "fragment": Text("片段", "fragment"),
    "key": Text("键", "key"),
}


def _unknown(noun: Text) -> Sentence:
    return Sentence(
        Text(f"未知的{noun.zh}“{{name}}”", f"unknown {noun.en} '{{name}}'"),
        Text(
            f"{{hint}}可用的{noun.zh}：{{known}}。", f"{{hint}}{noun.en.capitalize()}s known here: {{known}}."
        ),
    )


_UNKNOWN = {f"unknown_{key}": _unknown(noun) for key, noun in NOUNS.items() if key != "key"}

SENTENCES: Mapping[str, Sentence] = {
    **FILE,
    **SHAPE,
    **_UNKNOWN,
    **FILES,
    **MACHINE,
    **GUARD,
    **TOGETHER,
    **PROOF,
}

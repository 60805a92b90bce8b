"""Sentences about fragments and roles: what is told where several files declare names for one procedure.

Room for: the codes of `fragments.py`, and of roles declared in more than one place.
May not enter: finding problems; one file's text, the machine (`sentences_text.py`, `sentences_machine.py`).
"""

from __future__ import annotations

from engine.language.sentence import sentence

FILES = {
    "unknown_fragment": sentence(
        "未知的片段“{name}”",
        "unknown fragment '{name}'",
        "{hint}可用的片段：{known}。在登记册中登记：fragments: {{名称: workflows/fragments/名称.yaml}}。",
        "{hint}fragments known here: {known}. The register names them: fragments: {{NAME: workflows/fragments/NAME.yaml}}.",
    ),
    "fragment_uses": sentence(
        "片段不能使用其他片段",
        "a fragment cannot use other fragments",
        "在使用它的程序的 uses 中列出各个片段。",
        "list every fragment under 'uses' of the procedure itself.",
    ),
    "fragment_first": sentence(
        "片段须以其名称开头",
        "a fragment begins with its name",
        "将 fragment 移到最前，前面只能有注释。",
        "move 'fragment' to the top; nothing but notes stands before it.",
    ),
    "fragment_differs": sentence(
        "登记名为“{name}”，而文件 {file} 中的片段名为“{found}”",
        "registered as '{name}', but {file} holds the fragment '{found}'",
        "使两处名称一致。",
        "give both the same name.",
    ),
    "fragment_unused": sentence(
        "没有程序使用片段“{name}”",
        "no procedure uses the fragment '{name}'",
        "在程序中写 uses: [{name}]，或从登记册中删除它。",
        "write uses: [{name}] in a procedure, or take it out of the register.",
    ),
    "part_unused": sentence(
        "其后的片段“{name}”未列入 uses",
        "the fragment '{name}' that follows is not among 'uses'",
        "写 uses: [{name}]，或删除该片段。",
        "write uses: [{name}], or remove the fragment.",
    ),
    "declared_twice": sentence(
        "“{name}”已在 {file} 第{line}行声明",
        "'{name}' is declared already, at {file} line {line}",
        "保留其中一处，或改用另一个名称。",
        "keep one of the two, or give this one another name.",
    ),
    "still_opened": sentence(
        "“{main}”还要开立“{name}”事项，而登记册不再登记它",
        "'{main}' still opens matters of '{name}', which the register does not name any more",
        "在登记册中保留“{name}”。",
        "keep '{name}' in the register.",
    ),
    "role_differs": sentence(
        "角色“{name}”在此称“{here}”，在{where}称“{there}”",
        "the role '{name}' is called '{here}' here and '{there}' in {where}",
        "两处写成相同的名称，或只在一处声明。",
        "give it the same title in both places, or declare it in one of them.",
    ),
}

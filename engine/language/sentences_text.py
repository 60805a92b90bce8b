"""Sentences about the text: what is told of a file that cannot be read and of values that do not fit.

Room for: the codes of `source.py`, `nodes.py`, `reader.py`, `values.py` and of what is declared.
May not enter: finding problems; the machine, guards and several files (`sentences_machine.py`).
"""

from __future__ import annotations

from engine.language.sentence import sentence

FILE = {
    "unreadable": sentence(
        "无法读取文件：{why}",
        "the file cannot be read: {why}",
        "检查路径和权限。",
        "check the path and the permissions.",
    ),
    "too_large": sentence(
        "文件超过 {most} 字节",
        "the file is larger than {most} bytes",
        "一个文件只写一个程序，并拆分过长的程序。",
        "write one procedure a file, and split one that is too long.",
    ),
    "not_utf8": sentence(
        "文件不是 UTF-8 编码{guess}",
        "the file is not UTF-8{guess}",
        "在编辑器中另存为 UTF-8。",
        "save it as UTF-8 in your editor.",
    ),
    "bad_character": sentence(
        "此处有不可见的字符 {name}",
        "here is an invisible character, {name}",
        "删除该字符。",
        "delete it.",
    ),
    "tab": sentence(
        "缩进使用了制表符",
        "a tab is used to indent",
        "改用空格，每级两个。",
        "use spaces, two for each level.",
    ),
    "full_width": sentence(
        "此处是全角标点“{found}”，YAML 只认半角标点",
        "'{found}' is a full-width mark, and YAML reads only the half-width one",
        "改为半角“{meant}”，其后加一个空格。",
        "write '{meant}' followed by a space.",
    ),
    "syntax": sentence(
        "YAML 语法有误：{why}",
        "this is not valid YAML: {why}",
        "检查本行和上一行的缩进、冒号、括号和引号。",
        "check indentation, colons, brackets and quotes here and on the line before.",
    ),
    "empty": sentence(
        "文件没有内容",
        "the file is empty",
        "按语言说明写入一个程序。",
        "write a procedure as the language page shows.",
    ),
    "second_document": sentence(
        "一个文件只能有一份定义",
        "a file holds one definition only",
        "删除“---”，把第二份定义写入另一个文件。",
        "remove the '---' and move what follows to a file of its own.",
    ),
    "anchor": sentence(
        "不支持锚点和别名（& 和 *）",
        "anchors and aliases (& and *) are not read",
        "把内容写全；若 & 或 * 是文字，请加引号。",
        "write the content out; put quotes around a & or * that is meant as text.",
    ),
    "tag": sentence(
        "不支持标签（!）",
        "tags (!) are not read",
        "删除标签；若 ! 是文字，请加引号。",
        "remove the tag; put quotes around a ! that is meant as text.",
    ),
    "too_deep": sentence(
        "嵌套超过 {most} 层", "nested deeper than {most} levels", "减少嵌套层数。", "nest less."
    ),
    "too_many": sentence(
        "内容超过 {most} 项", "more than {most} items in one file", "拆分该文件。", "split the file."
    ),
    "too_many_here": sentence(
        "此处并列超过 {most} 项", "more than {most} items beside each other", "减少项数。", "write fewer."
    ),
}

SHAPE = {
    "duplicate_key": sentence(
        "键“{name}”重复，首次出现在第 {line} 行",
        "the key '{name}' is given twice, first on line {line}",
        "删除其中一个，或改用另一个名称。",
        "remove one of the two, or give it another name.",
    ),
    "unknown_key": sentence(
        "{construct} 中没有键“{name}”",
        "there is no key '{name}' in a {construct}",
        "{hint}可用的键：{known}。",
        "{hint}Keys here: {known}.",
    ),
    "missing_key": sentence(
        "{construct} 缺少键“{name}”",
        "the key '{name}' is missing in this {construct}",
        "加上“{name}: …”。",
        "add '{name}: …'.",
    ),
    "wrong_type": sentence(
        "此处应为{expected}，而不是{found}",
        "here stands {found}, where {expected} is meant",
        "改写为{expected}，例如 {example}。",
        "write {expected}, such as {example}.",
    ),
    "bad_key": sentence(
        "键必须是一个词，不超过100个字符",
        "a key must be one word of 100 characters at most",
        "把键写成一个词。",
        "write the key as one word.",
    ),
    "empty_value": sentence(
        "此处缺少内容",
        "nothing is written here",
        "写入内容，或删除该键。",
        "write a value, or remove the key.",
    ),
    "comma": sentence(
        "“{name}”之前的逗号结束了这句话",
        "a comma before '{name}' ended the sentence",
        "给整句话加上引号。",
        "put quotes around the whole sentence.",
    ),
    "bad_name": sentence(
        "“{name}”不能用作名称",
        "'{name}' is no name",
        "名称由文字、数字和下划线组成，以文字开头。",
        "a name has letters, digits and underscores and begins with a letter.",
    ),
    "reserved_name": sentence(
        "“{name}”是语言的保留字",
        "'{name}' is a word of the language itself",
        "换一个名称。",
        "choose another name.",
    ),
    "name_collision": sentence(
        "名称“{name}”已用于{noun}",
        "the name '{name}' is already that of a {noun}",
        "换一个名称，使其只有一种读法。",
        "rename one of them, so that the name can be read in one way only.",
    ),
    "named_twice": sentence(
        "“{name}”重复列出", "'{name}' is listed twice", "删除重复的一个。", "remove one of the two."
    ),
    "bad_boolean": sentence(
        "“{found}”应为 true 或 false",
        "'{found}' should be true or false",
        "写 true 或 false。",
        "write true or false.",
    ),
    "bad_number": sentence(
        "“{found}”不是{expected}",
        "'{found}' is not {expected}",
        "写一个数字，例如 15。",
        "write a number, such as 15.",
    ),
    "bad_date": sentence(
        "“{found}”不是日期",
        "'{found}' is no date",
        "按 2026-03-01 的格式写一个存在的日期。",
        "write a date that exists, as 2026-03-01.",
    ),
    "bad_time": sentence(
        "“{found}”不是时刻", "'{found}' is no time of day", "按 09:00 的格式写。", "write it as 09:00."
    ),
    "bad_zone": sentence(
        "没有时区“{found}”",
        "there is no time zone '{found}'",
        "例如 Asia/Shanghai。",
        "write one such as Asia/Shanghai.",
    ),
    "bad_word": sentence(
        "“{found}”不在可用的词之内",
        "'{found}' is none of the words known here",
        "{hint}可用：{known}。",
        "{hint}Write one of: {known}.",
    ),
    "bad_duration": sentence(
        "“{found}”不是期限",
        "'{found}' is no duration",
        "写成如 45 days（自然日）、5 work days（工作日）或 2 months（月）。",
        "write one such as 45 days, 5 work days or 2 months.",
    ),
    "bad_period": sentence(
        "时钟不能计{found}",
        "a clock cannot run for {found}",
        "写自然日或月，至少为1，例如 45 days 或 2 months；工作日只用于一般期限。",
        "write days or months, one at least, such as 45 days or 2 months; work days belong to a term.",
    ),
    "bad_limits": sentence(
        "least（{least}）大于 most（{most}）",
        "least ({least}) is more than most ({most})",
        "对调两个数。",
        "exchange the two numbers.",
    ),
    "bad_bounds": sentence(
        "{type} 类型的事实不能写“{name}”",
        "a fact of type {type} has no '{name}'",
        "删除“{name}”，或更改 type。",
        "remove '{name}', or change the type.",
    ),
    "bad_when": sentence(
        "“{found}”不是触发时点",
        "'{found}' is no moment of a rung",
        "写成如 10 days before limit、on target、1 day after limit 或 30 days after stop。",
        "write one such as '10 days before limit', 'on target', '1 day after limit' or '30 days after stop'.",
    ),
    "bad_every": sentence(
        "“{found}”不是重复间隔",
        "'{found}' is no interval",
        "写成如 1 day 或 7 days（自然日）。",
        "write one such as '1 day' or '7 days'.",
    ),
    "bad_pattern": sentence(
        "案号格式“{found}”必须含 {{year}} 和 {{n}}，且不得有其他占位",
        "the pattern '{found}' needs {{year}} and {{n}} and no other field",
        '例如 "仲案〔{{year}}〕{{n}}号"。',
        'write one such as "〔{{year}}〕{{n}}".',
    ),
    "bad_path": sentence(
        "“{found}”不是本目录下的 YAML 文件",
        "'{found}' is no YAML file under the register's folder",
        "例如 workflows/labour.yaml。",
        "write one such as workflows/labour.yaml.",
    ),
    "not_together": sentence(
        "“{first}”和“{second}”不能同时出现",
        "'{first}' and '{second}' exclude each other",
        "保留其中一个。",
        "keep one of them.",
    ),
    "procedure_needed": sentence(
        "写了“{name}”的目标须写明 procedure",
        "a target with '{name}' must say of which procedure",
        "加上 procedure，或删除“{name}”。",
        "add 'procedure', or remove '{name}'.",
    ),
    "bad_form": sentence(
        "“{found}”写法不对，应为：{expected}",
        "'{found}' is not {expected}",
        "按该格式写。",
        "write it in that form.",
    ),
    "bad_quiet": sentence(
        "免打扰时段须写两个不同的时刻",
        "quiet hours are two different times of day",
        "写成 [20:00, 08:00]，可跨夜。",
        "write them as [20:00, 08:00]; they may go over midnight.",
    ),
    "channel_needs": sentence(
        "{kind} 渠道须写明“{name}”",
        "a channel of the kind {kind} needs '{name}'",
        "加上“{name}”。",
        "add '{name}'.",
    ),
    "channel_has_no": sentence(
        "{kind} 渠道没有“{name}”",
        "a channel of the kind {kind} has no '{name}'",
        "删除“{name}”。",
        "remove '{name}'.",
    ),
    "rehearsal_only": sentence(
        "渠道“{name}”写入文件，只能用于演练机构",
        "the channel '{name}' writes to a file, which is for rehearsals alone",
        "改用真实渠道，或写 rehearsal: true。",
        "use a real channel, or say rehearsal: true.",
    ),
    "number_and_series": sentence(
        "series 和 number 必须同时写",
        "series and number belong together",
        "两个都写，或都不写。",
        "write both, or neither.",
    ),
}

"""Sentences about the machine: what is told of states, moves, guards, and files that do not fit together.

Room for: the codes of moves and states, of the proofs, of guards, of the register beside its procedures.
May not enter: finding problems; the text itself (`sentences_text.py`).
"""

from __future__ import annotations

from engine.language.sentence import sentence

MACHINE = {
    "wrong_fact_type": sentence(
        "事实“{name}”的类型是 {type}，此处需要 {expected}",
        "the fact '{name}' is of type {type}, and {expected} is needed here",
        "换用 {expected} 类型的事实。",
        "name a fact of type {expected}.",
    ),
    "cannot_set": sentence(
        "“{found}”不能写入 {type} 类型的事实“{name}”",
        "'{found}' cannot be put into the fact '{name}' of type {type}",
        "写入与类型相符的值；日期可写 act date。",
        "give a value of that type; a date may be 'act date'.",
    ),
    "borrowed_only": sentence(
        "“{name}”属于案件，本事项只能读取",
        "'{name}' belongs to the case; this matter may only read it",
        "改用本程序自己的名称，或在主程序中办理。",
        "use a name of this procedure's own, or do it in the main procedure.",
    ),
    "wrong_place": sentence(
        "“{name}”属于案件，不能写在事项的程序中",
        "'{name}' belongs to the case and cannot stand in the procedure of a matter",
        "写入主程序；时钟和人员可用 borrows 借用。",
        "move it to the main procedure; clocks and persons can be named in 'borrows'.",
    ),
    "nobody_awaited": sentence(
        "状态“{name}”没有写明等待谁",
        "the state '{name}' does not say who is awaited",
        "加上 awaits，或用 final 结束。",
        "add 'awaits', or end here with 'final'.",
    ),
    "no_limit": sentence(
        "状态“{name}”没有期限",
        "the state '{name}' has no limit",
        "加上 within：一个期限或一个时钟的名称。",
        "add 'within' with a term or the name of a clock.",
    ),
    "awaited_cannot_act": sentence(
        "状态“{name}”等待“{who}”，但没有该人可办的操作",
        "the state '{name}' awaits '{who}', who can do nothing there",
        "把其写入一个操作的 by，或更改 awaits。",
        "name them in the 'by' of a move there, or change 'awaits'.",
    ),
    "final_state_acts": sentence(
        "结束状态“{name}”不能有“{key}”",
        "the final state '{name}' cannot have '{key}'",
        "删除“{key}”，或删除 final。",
        "remove '{key}', or remove 'final'.",
    ),
    "unreachable_state": sentence(
        "没有操作能到达状态“{name}”",
        "no move leads to the state '{name}'",
        "让一个操作的 to 指向它，或删除它。",
        "let the 'to' of a move name it, or remove it.",
    ),
    "no_way_out": sentence(
        "从状态“{name}”出发不能到达任何结束状态",
        "no final state can be reached from the state '{name}'",
        "加一个通往结束状态的操作。",
        "add a move that leads on to a final state.",
    ),
    "without_default": sentence(
        "有条件的 to 没有 otherwise",
        "this conditional 'to' has no 'otherwise'",
        "在末尾加上 - otherwise: 状态。",
        "end the list with '- otherwise: STATE'.",
    ),
    "after_default": sentence(
        "otherwise 之后的分支永远不会被采用",
        "a branch after 'otherwise' is never taken",
        "把 otherwise 移到末尾。",
        "move 'otherwise' to the end.",
    ),
    "reaction_loop": sentence(
        "状态自动转移形成循环：{way}",
        "these states lead to each other by themselves: {way}",
        "让其中一步由人办理。",
        "let a person do one of the steps.",
    ),
    "move_never_allowed": sentence(
        "操作“{name}”永远无人可办：by 中的人都在 not_by 中",
        "nobody can ever do '{name}': everyone in 'by' is also in 'not_by'",
        "从 not_by 中去掉一人，或在 by 中另加一人。",
        "take one out of 'not_by', or add another to 'by'.",
    ),
    "never_assigned": sentence(
        "没有操作指定“{name}”，因此永远无人担任",
        "no move ever assigns '{name}', so nobody is it",
        "在一个操作中写 assign: {{{name}: …}}。",
        "write 'assign: {{{name}: …}}' in a move or in 'opening'.",
    ),
    "move_twice": sentence(
        "状态“{state}”已有操作“{name}”",
        "the state '{state}' already has a move '{name}'",
        "换一个名称，或从 from 中去掉该状态。",
        "rename one of them, or take the state out of 'from'.",
    ),
    "nobody_may_open": sentence(
        "主程序没有写明谁可以立案",
        "this main procedure does not say who may open a case",
        "加上 opening: {{by: [any 角色]}}；若是事项的程序，加上 borrows。",
        "add 'opening: {{by: [any ROLE]}}'; to a matter's procedure add 'borrows'.",
    ),
    "too_few_apart": sentence(
        "须列出至少两种人员，才谈得上分离",
        "at least two persons are needed to keep apart",
        "写成 [clerk, tribunal]。",
        "write a list such as [clerk, tribunal].",
    ),
    "role_needed": sentence(
        "此处须为角色，而“{name}”是本案人员",
        "a role is needed here, and '{name}' is a relation",
        "写成 any 角色，例如 any director。",
        "write 'any ROLE', such as 'any director'.",
    ),
    "any_missing": sentence(
        "“{name}”是角色，须写成 any {name}",
        "'{name}' is a role, which is written 'any {name}'",
        "写 any {name}；不写 any 的是本案人员。",
        "write 'any {name}'; a bare name is a person of this case.",
    ),
    "clock_among_terms": sentence(
        "时钟“{name}”不能与其他期限并列",
        "the clock '{name}' cannot stand in a list with terms",
        "只写 within: {name}，或只列期限。",
        "write 'within: {name}' alone, or list terms only.",
    ),
    "target_of_nothing": sentence(
        "目标的天数“{name}”可以填成不足1日",
        "'{name}' may be given as less than 1, and a target has one day at least",
        "在该事实中加上 least: 1。",
        "add 'least: 1' to that fact.",
    ),
    "term_without_a_date": sentence(
        "期限“{name}”没有写明从哪个日期起算",
        "the term '{name}' does not say which date it is counted from",
        "在该期限下加上 of 或 before，写一个日期类型的事实。",
        "add 'of' or 'before' with a date fact to that term.",
    ),
    "joins_unnamed": sentence(
        "加入的当事人以“{name}”为名，但本操作不要求填写它",
        "the party that joins is named by '{name}', which this move does not need",
        "把“{name}”列入 needs。",
        "list '{name}' in 'needs'.",
    ),
    "new_draft_under_signature": sentence(
        "操作“{name}”在签署途中附上新的“{document}”，此前的签署仍算有效",
        "'{name}' attaches another '{document}' while it is being signed, and the signatures before it would stand",
        "退回后再提交新稿，或从 attach 中删除“{document}”。",
        "return the draft first and hand in the new one after that, or take '{document}' out of 'attach'.",
    ),
    "majority_of_nobody": sentence(
        "没有写 members 的级次由一人签署，不谈多数",
        "a level without 'members' is signed by one person and has no majority",
        "加上 members，或删除 majority。",
        "add 'members', or remove 'majority'.",
    ),
    "bad_members": sentence(
        "小组人数应为2至{most}，此处为 {found}",
        "a group has 2 to {most} members; this says {found}",
        "写小组人数；由一人签署的级次不写 members。",
        "say how many vote; leave 'members' out where one person signs.",
    ),
    "no_majority": sentence(
        "{members}人小组中的 {found} 人不是多数",
        "{found} of {members} is no majority of the group",
        "写过半数而不超过人数的数目，或不写（过半数）。",
        "say more than half and no more than all, or leave it out for more than half.",
    ),
    "exceptions_needed": sentence(
        "写了 late 的时钟须写明谁有权例外",
        "a clock with 'late' must say who may make exceptions",
        "加上 exceptions: [director]；有此权的人补录无须再核准。",
        "add 'exceptions: [director]'; what they enter late needs nobody else.",
    ),
    "late_for_parties": sentence(
        "事项“{name}”按当事人各开一件，而一次补录只核准一次",
        "a '{name}' opens for each party, and one late entry is decided once",
        "另用一种没有 per 的事项。",
        "name a kind of matter without 'per'.",
    ),
    "late_cancelled": sentence(
        "案件终结时事项“{name}”即被取消，待核准的补录将无人决定",
        "a '{name}' is cancelled when the case ends, and the late entry would never be decided",
        "在该事项中写 at_end: kept 或 at_end: blocks。",
        "write 'at_end: kept' or 'at_end: blocks' in that matter.",
    ),
    "strike_elsewhere": sentence(
        "此处没有可以不予计入的补录",
        "there is no late entry to strike here",
        "把 strike 写在该时钟的 late 所指事项的操作中。",
        "move 'strike' into a move of the matter that the clock's 'late' names.",
    ),
    "takes_nothing": sentence(
        "“{name}”之下不写其他内容",
        "'{name}' takes nothing",
        "写成 {clock}: {name}。",
        "write '{clock}: {name}'.",
    ),
    "relation_needed": sentence(
        "此处须为本案人员，而“{name}”是角色",
        "a relation is needed here, and '{name}' is a role",
        "写 persons 或 borrows 中的名称。",
        "write a name from 'persons' or 'borrows'.",
    ),
}

GUARD = {
    "guard_syntax": sentence(
        "条件读到此处不通：{why}",
        "the guard cannot be read from here: {why}",
        "条件的写法见语言说明，例如 award_review is approved。",
        "the language page lists the forms, such as 'award_review is approved'.",
    ),
    "guard_type": sentence(
        "{type} 类型的事实“{name}”不能这样比较",
        "the fact '{name}' of type {type} cannot be compared so",
        "{wanted}",
        "{wanted}",
    ),
    "guard_too_long": sentence(
        "条件超过 {most} 个字符",
        "the guard is longer than {most} characters",
        "拆成几项 requires。",
        "split it into several 'requires'.",
    ),
    "guard_too_deep": sentence(
        "条件的括号或 not 超过 {most} 层",
        "parentheses or 'not' are nested deeper than {most} levels",
        "减少嵌套层数。",
        "nest less.",
    ),
}

TOGETHER = {
    "handed_in_another_type": sentence(
        "本操作填写的“{name}”为 {type}，而所开事项的程序“{procedure}”中同名事实为 {expected} 或选项不同，无法带入",
        "'{name}' is filled in here as {type}, and '{procedure}', which this move opens, has it as {expected} or with other choices",
        "使两处类型和选项一致，或改用不同的名称。",
        "give both the same type and choices, or another name.",
    ),
    "bars_nobody": sentence(
        "“{name}”不是该事项或主程序中人员类型的事实，写明不了谁应暂停参与",
        "'{name}' is no fact of persons of this matter or of the case, so it names nobody who steps back",
        "写一个 person 或 persons 类型的事实。",
        "name a fact of type person or persons.",
    ),
    "file_not_given": sentence(
        "登记的文件“{file}”不存在",
        "the registered file '{file}' is not there",
        "更正路径，或加上该文件。",
        "correct the path, or add the file.",
    ),
    "name_differs": sentence(
        "登记名为“{name}”，而文件 {file} 中的程序名为“{found}”",
        "registered as '{name}', but {file} holds the procedure '{found}'",
        "使两处名称一致。",
        "give both the same name.",
    ),
    "not_offered": sentence(
        "主程序“{main}”没有{noun}“{name}”可供借用",
        "the main procedure '{main}' has no {noun} '{name}' to lend",
        "在主程序中声明它，或不再借用。",
        "declare it there, or borrow it no longer.",
    ),
    "not_a_matter": sentence(
        "“{name}”是主程序，不能作为事项",
        "'{name}' is a main procedure and cannot be a matter",
        "在其程序文件中加上 borrows。",
        "add 'borrows' to its file.",
    ),
    "not_numbered": sentence(
        "主程序“{name}”没有案号格式",
        "the main procedure '{name}' does not say how its cases are numbered",
        "加上 series 和 number。",
        "add 'series' and 'number'.",
    ),
    "not_extendable": sentence(
        "主程序“{main}”的时钟“{name}”没有写明可以延长",
        "the clock '{name}' of '{main}' does not say that it can be extended",
        "在该时钟下加上 extension。",
        "add 'extension' to that clock.",
    ),
    "handler_needed": sentence(
        "预警阶梯“{ladder}”通知 handler，而程序“{name}”没有写 handler",
        "the ladder '{ladder}' tells the handler, and '{name}' names none",
        "在程序中加上 handler。",
        "add 'handler' to the procedure.",
    ),
    "outcome_unanswered": sentence(
        "状态“{state}”等待事项“{kind}”，但其结果“{outcome}”没有去处",
        "the state '{state}' awaits '{kind}' and has no answer to its outcome '{outcome}'",
        "在 on 中加上 {{when: {kind} is {outcome}, to: …}}。",
        "add {{when: {kind} is {outcome}, to: …}} to 'on'.",
    ),
    "target_beyond_limit": sentence(
        "目标 {target} 长于法定期限 {limit}",
        "the target of {target} is longer than the legal limit of {limit}",
        "缩短目标，或写明它所指的时钟。",
        "shorten the target, or name the clock it is for.",
    ),
    "no_tracks": sentence(
        "程序“{name}”没有写 track，不分轨道",
        "the procedure '{name}' has no 'track'",
        "在程序中加上 track: 选项类型的事实，或从目标中删除 track。",
        "add 'track' with a choice fact to the procedure, or take it out of the target.",
    ),
    "no_clocks": sentence(
        "程序“{name}”没有自己的时钟，目标无处适用",
        "the procedure '{name}' has no clock of its own to set a target for",
        "改写时钟所在的主程序。",
        "name the main procedure that has the clock.",
    ),
    "late_not_borrowed": sentence(
        "事项“{kind}”的程序“{procedure}”没有借用时钟“{name}”，不能核准其补录",
        "the procedure '{procedure}' of '{kind}' does not borrow the clock '{name}' whose late entries it decides on",
        "在该程序中加上 borrows: {{clocks: [{name}]}}。",
        "add 'borrows: {{clocks: [{name}]}}' there.",
    ),
    "never_struck": sentence(
        "事项“{kind}”的程序“{procedure}”没有不予计入的操作",
        "no move of '{procedure}', the procedure of '{kind}', rejects a late entry",
        "在其一个操作中写 clock: {{{name}: strike}}。",
        "write 'clock: {{{name}: strike}}' in one of its moves.",
    ),
    "always_struck": sentence(
        "事项“{kind}”的程序“{procedure}”只能以不予计入结束",
        "'{procedure}', the procedure of '{kind}', cannot end without rejecting the late entry",
        "加一个没有 strike 而通往结束状态的操作。",
        "add a move to a final state without 'strike'.",
    ),
}

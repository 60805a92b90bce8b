"""Sentences about what is proved: what is told of a procedure that reads well and cannot work.

Room for: the codes of the proofs.
May not enter: finding faults (`proof/`); what every check tells (`sentences_machine.py`).
"""

from __future__ import annotations

from engine.language.sentence import sentence

PROOF = {
    "never_reached": sentence(
        "状态“{name}”到不了：通往它的条件都不可能成立",
        "the state '{name}' is never reached: no guard on a way to it can hold",
        "改正该条件，或删除该状态。",
        "mend that guard, or remove the state.",
    ),
    "cannot_end": sentence(
        "从状态“{name}”出发，条件能够成立的路都到不了结束状态",
        "from the state '{name}' no way whose guards can hold leads to a final state",
        "加一个条件能够成立、通往结束状态的操作。",
        "add a move to a final state whose guards can hold.",
    ),
    "branches_overlap": sentence(
        "操作“{name}”的第{first}、第{second}个分支会同时成立：{example}",
        "branches {first} and {second} of '{name}' can both hold: {example}",
        "使两个条件互斥；若先写的优先，加上 in_order: true。",
        "let one exclude the other; where the first is meant to win, add 'in_order: true'.",
    ),
    "branch_never_taken": sentence(
        "该分支永远不会被采用：{when}",
        "this branch is never taken: {when}",
        "改正条件，或删除该分支。",
        "mend its guard, or remove it.",
    ),
    "requirement_never_holds": sentence(
        "操作“{name}”所要求的永远不会成立：{that}",
        "what '{name}' requires can never be so: {that}",
        "改正该条件，或让先前的操作填写它所问的事实。",
        "mend it, or let an earlier move bring what it asks about.",
    ),
    "requirements_exclude": sentence(
        "操作“{name}”的各项要求不能同时成立",
        "the requirements of '{name}' exclude each other",
        "删除或改正其中一项。",
        "remove or mend one of them.",
    ),
    "guards_too_wide": sentence(
        "“{name}”的条件情形过多，无法证明",
        "the guards of '{name}' have too many cases to be proved",
        "拆成几个操作，或减少 or。",
        "split it into several moves, or write fewer 'or'.",
    ),
    "owner_missing": sentence(
        "状态“{name}”等待“{who}”，而沿此路到达时尚未指定其人",
        "the state '{name}' awaits '{who}', whom nothing on this way to it has assigned",
        "在此前的操作中写 assign: {{{who}: …}}，或等待一个角色。",
        "write 'assign: {{{who}: …}}' in a move before it, or await a role.",
    ),
    "owner_released": sentence(
        "状态“{name}”等待“{who}”，而沿此路其人已被解除，此处也没有他人能重新指定",
        "the state '{name}' awaits '{who}', who was released on this way, and nobody else can assign another there",
        "在解除的操作中同时指定他人，或加一个由他人办理、写有 assign: {{{who}: …}} 的操作。",
        "assign another in the move that releases them, or add a move of somebody else with 'assign: {{{who}: …}}'.",
    ),
    "term_without_ladder": sentence(
        "状态“{name}”的期限没有预警阶梯，超期无人知晓",
        "this term of the state '{name}' has no ladder: nobody is told when it is over",
        "加上 ladder。",
        "add 'ladder' to it.",
    ),
    "term_may_not_run": sentence(
        "状态“{name}”的期限自“{title}”（{fact}）起算，而沿此路到达时它可能尚未填写",
        "the term of the state '{name}' hangs on '{fact}' ({title}), which need not be known on this way to it",
        "在此前的操作中写 needs 或 set。",
        "let a move before it need or set that date.",
    ),
    "limit_not_always": sentence(
        "状态“{name}”的期限都附有条件，此时一个也不适用：{example}",
        "all terms of the state '{name}' are conditional, and here none of them applies: {example}",
        "加一个没有 when 的期限。",
        "add a term without 'when'.",
    ),
    "clock_without_ladder": sentence(
        "时钟“{name}”没有预警阶梯，以它为期限的状态超期无人知晓",
        "the clock '{name}' has no ladder: nobody is told when a state it limits is overdue",
        "在该时钟下加上 ladder。",
        "add 'ladder' to that clock.",
    ),
    "ladder_without_limit": sentence(
        "预警阶梯“{ladder}”没有一级在期限（limit）当日或其后",
        "no rung of the ladder '{ladder}' comes on the limit or after it",
        "加上 when: 1 day after limit 的一级。",
        "add a rung such as 'when: 1 day after limit'.",
    ),
    "ladder_ends_with_nobody": sentence(
        "在状态“{name}”，预警阶梯“{ladder}”的最后一级“{rung}”通知 {to}，其中没有人",
        "in the state '{name}' the last rung '{rung}' of the ladder '{ladder}' tells {to}, and that is nobody",
        "让最后一级通知一个角色，例如 supervisor。",
        "let the last rung tell a role, such as supervisor.",
    ),
    "clock_not_started": sentence(
        "状态“{name}”以时钟“{clock}”为期限，而沿此路到达时它尚未起算",
        "the state '{name}' is limited by the clock '{clock}', which has not started on this way to it",
        "让此前的操作起算该时钟，或另写期限。",
        "start the clock in a move before it, or give the state a term.",
    ),
    "clock_over": sentence(
        "状态“{name}”以时钟“{clock}”为期限，而沿此路到达时它已经结束",
        "the state '{name}' is limited by the clock '{clock}', which has ended on this way to it",
        "给该状态另写期限，或让时钟在其后结束。",
        "give the state a term, or end the clock later.",
    ),
    "never_resumed": sentence(
        "时钟“{clock}”停止后{stop}，从{where}出发既不能恢复也不能结束",
        "the clock '{clock}' stands still{stop}, and from {where} nothing can resume or end it",
        "加一个以同一事实为 ref 的 resume，且在此处可办。",
        "add a 'resume' with the same 'ref' that can be done here.",
    ),
    "endless_loop": sentence(
        "可以无限循环而无人得到预警：{way}",
        "this can go round for ever and nobody is told: {way}",
        "在其中一个操作上加 at_most，或让循环中的一个状态有不随循环重新起算的期限和预警阶梯。",
        "add 'at_most' to a move of it, or give a state of it a term with a ladder that does not begin anew on the way.",
    ),
    "signs_two_levels": sentence(
        "“{title}”的签署人可能已在“{who}”签署：not_by 中没有它",
        "whoever signs '{level}' ({title}) may have signed '{who}': 'not_by' does not name it",
        "在 not_by 中加上“{who}”。",
        "add '{who}' to 'not_by'.",
    ),
    "drafter_signs": sentence(
        "“{who}”提交所签文书，却可以在“{title}”签署",
        "'{who}' hands in what is signed, and may sign it at '{level}' ({title})",
        "在 chain 的 not_by 中加上“{who}”（事项还须在 borrows 中借用）。",
        "add '{who}' to the chain's 'not_by' (a matter borrows it as well).",
    ),
    "sitter_signs": sentence(
        "“{who}”审理本案，却可以在“{title}”签署",
        "'{who}' decides the case, and may sign at '{level}' ({title})",
        "在 chain 的 not_by 中加上“{who}”（事项还须在 borrows 中借用）。",
        "add '{who}' to the chain's 'not_by' (a matter borrows it as well).",
    ),
    "drafter_unnamed": sentence(
        "操作“{name}”由角色或他事项自己的人员提交所签文书，无从防止提交的人再签署",
        "'{name}' lets a mere role, or a person of another matter, hand in what is signed, so nothing can keep them from signing",
        "由本案人员办理，或加上 assign: {{拟稿人: actor}} 并列入 not_by。",
        "let a person of the case do it, or add 'assign: {{PERSON: actor}}' and name that person in 'not_by'.",
    ),
    "waits_in_a_circle": sentence(
        "事项互相等待，没有一件能先动：{way}",
        "these matters wait for each other in a circle: {way}",
        "让其中一个状态由人办理。",
        "let a person decide in one of these states.",
    ),
    "never_opened": sentence(
        "状态“{name}”等待事项“{kind}”，而没有任何操作开立它",
        "the state '{name}' awaits '{kind}', which nothing ever opens",
        "在通往该状态的操作中写 open: [{kind}]。",
        "write 'open: [{kind}]' in the move that leads here.",
    ),
    "awaits_nothing": sentence(
        "状态“{name}”可能空等事项“{kind}”：{how}",
        "the state '{name}' can be waiting for a '{kind}' that is not open: {how}",
        "在通往该状态的操作中开立它，或在 on 中写明此时的去处。",
        "open it in the move that leads here, or answer this in 'on'.",
    ),
    "stuck": sentence(
        "案件可能停在{where}，再不能走到结束",
        "the case can come to {where} and never to an end from there",
        "加一个在此时可办的操作，或放宽挡住它的条件、期限或次数。",
        "add a move that can be done then, or loosen the guard, term or bound that is in the way.",
    ),
    "reviewed_without_chain": sentence(
        "文书“{name}”须先经事项“{kind}”，而其程序没有签署链",
        "the document '{name}' needs a '{kind}', whose procedure has no chain of signatures",
        "在该程序中写 chain，或更正 after。",
        "write a 'chain' in that procedure, or correct 'after'.",
    ),
    "released_unreviewed": sentence(
        "操作“{name}”可在未经全部核阅时发出“{document}”：{example}",
        "'{name}' can release the {document} unreviewed: {example}",
        "在 requires 中写 that: {wanted}。",
        "require 'that: {wanted}'.",
    ),
    "released_after_change": sentence(
        "操作“{name}”发出文书前，已核阅的“{draft}”还可以被换掉而不再核阅",
        "'{name}' can release the document after the {draft} was changed without another review",
        "让提交新稿的操作同时写 open: [{kind}]。",
        "let the move that brings the new draft 'open: [{kind}]' as well.",
    ),
    "released_twice": sentence(
        "操作“{name}”可凭同一次核阅再次发出“{document}”",
        "'{name}' can release the {document} once more on the same review",
        "写 at_most: 1；或由发出的操作设一个事实，使其 requires 不再成立，到下次开立 {kind} 时再恢复。",
        "write 'at_most: 1', or let the release set a fact that makes its 'requires' false until a {kind} is opened again.",
    ),
    "passes_unsigned": sentence(
        "可在“{title}”对现稿只有{valid}份有效签署时通过，须有{needed}份",
        "this can be passed with too few valid signatures of the present draft at '{level}' ({title}): {valid} of {needed}",
        "让每一新稿重新从一级签起，或由 carry 记明沿用先前的签署。",
        "let every new draft begin at level_1 again, or carry the signatures by 'carry'.",
    ),
    "not_proved": sentence(
        "{names}：情形超过{most}种，未能证明",
        "{names}: more than {most} situations, not proved",
        "减少互相影响的事项，或把其中的状态合并。",
        "let fewer matters depend on each other, or use fewer states in them.",
    ),
    "role_vacant": sentence(
        "{office}没有人担任“{title}”",
        "nobody in {office} holds: {title}",
        "用 anxu people give 任命。",
        "give the role with 'anxu people give'.",
    ),
    "too_few_to_sign": sentence(
        "{office}的人员不足以由不同的人完成各级签署：“{title}”无人可签",
        "{office} has too few people for every signature to be another person's: nobody is left for '{title}'",
        "为该级另任命一人。",
        "give that role to another person.",
    ),
    "too_few_with_one_away": sentence(
        "{office}的{away}缺席时，各级签署无法由不同的人完成：“{title}”无人可签",
        "with {away} of {office} away, not every signature can be another person's: nobody is left for '{title}'",
        "为该级另任命一人。",
        "give that role to another person.",
    ),
}

"""The rules: what each of K1 to K22 says, in a line, and the article it rests on.

Room for: titles and articles, for count sheets and explanations.
May not enter: counting, refusals, the basis an institution's own procedure names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.text import Text

_OURS = Text("本系统规则", "rule of this system")


@dataclass(frozen=True, slots=True)
class ClockLaw:
    """One rule of counting. *article* is its source, or says that the law is silent and we chose."""

    title: Text
    article: Text


RULES: Mapping[str, ClockLaw] = {
    "K1": ClockLaw(
        Text("起算日不计入，自次日起算", "the start day is not counted, day 1 is the next"),
        Text("办案规则第45条；民事诉讼法第85条", "Case-Handling Rules art. 45; Civil Procedure Law art. 85"),
    ),
    "K2": ClockLaw(
        Text("中止期间不计入，恢复当日计入", "suspended days are not counted, the day of resumption is"),
        Text("办案规则第46条第6项、第47条", "Case-Handling Rules arts. 46(6), 47"),
    ),
    "K3": ClockLaw(
        Text("公告等扣除期间不计入", "days of publication and other excluded days are not counted"),
        Text(
            "办案规则第46条第6项；民事诉讼法第95条",
            "Case-Handling Rules art. 46(6); Civil Procedure Law art. 95",
        ),
    ),
    "K4": ClockLaw(Text("重叠的中止只扣一次", "overlapping stops count once"), _OURS),
    "K5": ClockLaw(
        Text("重新计算，已用天数和延期清零", "counted anew, used days and extensions drop to nothing"),
        Text("办案规则第46条第1、3、4、5项", "Case-Handling Rules art. 46(1), (3), (4), (5)"),
    ),
    "K6": ClockLaw(
        Text("补正只移动收件日", "corrected papers move the receipt day only"),
        Text("办案规则第46条第2项", "Case-Handling Rules art. 46(2)"),
    ),
    "K7": ClockLaw(
        Text("延期并入总期限，末日只顺延一次", "an extension joins the total, rolled once at the end"),
        Text("办案规则第45条", "Case-Handling Rules art. 45"),
    ),
    "K8": ClockLaw(
        Text(
            "逾期、越权或超限的延期不生效", "an extension too late, without power or too long has no effect"
        ),
        Text("办案规则第45条", "Case-Handling Rules art. 45"),
    ),
    "K9": ClockLaw(
        Text("届满后的中止、重算须主任特批", "a stop or restart after expiry needs the director's override"),
        _OURS,
    ),
    "K10": ClockLaw(
        Text("末日为休息日的，顺延至其后第一个工作日", "a last day of rest moves to the next working day"),
        Text("民事诉讼法第85条第3款", "Civil Procedure Law art. 85(3)"),
    ),
    "K11": ClockLaw(
        Text("中止未恢复时无届满日", "no last day while a suspension is open"),
        Text("办案规则第46条第6项", "Case-Handling Rules art. 46(6)"),
    ),
    "K12": ClockLaw(
        Text(
            "先行裁决、简易转普通、延期开庭、委托调解不影响审限",
            "a partial award, a turn to ordinary procedure, a postponed hearing or delegated conciliation "
            "changes nothing",
        ),
        Text("办案规则第46、49、61、70条", "Case-Handling Rules arts. 46, 49, 61, 70"),
    ),
    "K13": ClockLaw(Text("审限止于裁决作出等事实", "the clock ends with the award or its like"), _OURS),
    "K14": ClockLaw(Text("内部目标不因延期而放宽", "an extension never lengthens the target"), _OURS),
    "K15": ClockLaw(Text("用时不超过法定期限一半为快结", "quick: within half of the limit"), _OURS),
    "K16": ClockLaw(
        Text("按月期限折算为天", "months are turned into days"),
        Text("民法典第202条", "Civil Code art. 202"),
    ),
    "K17": ClockLaw(
        Text("工作日期限逐日计数，不再顺延", "work days are counted one by one, never rolled"),
        Text("办案规则第80条", "Case-Handling Rules art. 80"),
    ),
    "K18": ClockLaw(
        Text("开庭前若干工作日倒推计算", "work days before a hearing are counted back"),
        Text("办案规则第38条、第80条", "Case-Handling Rules arts. 38, 80"),
    ),
    "K19": ClockLaw(
        Text("以交邮日为准，在途时间不计", "the postmark decides, transit does not count"),
        Text("民事诉讼法第85条第4款", "Civil Procedure Law art. 85(4)"),
    ),
    "K20": ClockLaw(
        Text("尚待放假通知决定的日子为暂定", "days that a notice has yet to decide are provisional"), _OURS
    ),
    "K21": ClockLaw(Text("按生效日期、再按录入先后排序", "by effective date, then by recording"), _OURS),
    "K22": ClockLaw(
        Text("期内发生、期后录入须主任批准", "dated in time but entered late needs the director's approval"),
        _OURS,
    ),
}
"""Rule number -> the rule, in the numbers' order."""

"""Texts: what cases are about and what people write in forms, plainly fictional, in natural Chinese.

Room for: parties, claims, opinions, reasons, drawn by chance.
May not enter: documents (`papers.py`), who writes what when (`chapters.py`).
"""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dispute:
    """A kind of dispute: its cause, what is claimed and answered, what the tribunal may come to think, a usual settlement."""

    cause: str
    title: str
    claims: tuple[str, ...]
    defences: tuple[str, ...]
    opinions: tuple[str, ...]
    settlements: tuple[str, ...]
    least: int
    most: int
    """Bounds of the amount claimed, in yuan."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What one case is about, and between whom. *parties* are (role, name)."""

    dispute: Dispute
    claim: str
    defence: str
    amount: str
    parties: tuple[tuple[str, str], ...]

    @property
    def respondents(self) -> tuple[int, ...]:
        """Where the respondents stand among the parties."""
        return tuple(n for n, (role, _) in enumerate(self.parties) if role == "respondent")

    @property
    def third_parties(self) -> tuple[int, ...]:
        """Where the third parties stand among the parties."""
        return tuple(n for n, (role, _) in enumerate(self.parties) if role == "third_party")

    def names(self, role: str) -> str:
        """Return the names of everybody of that role."""
        return "、".join(name for one, name in self.parties if one == role)


WAGES = Dispute(
    "wages", "劳动报酬争议",
    ("请求支付拖欠的三个月工资及加班费", "请求支付未休年休假工资报酬和拖欠的绩效工资",
     "请求补足被扣减的提成工资差额", "请求支付未签订书面劳动合同期间的二倍工资差额"),
    ("公司经营困难，工资已部分发放，双方对加班时数有出入", "绩效未达约定标准，公司不应支付全部提成",
     "考勤记录显示申请人未实际加班", "双方曾就工资调整口头达成一致"),
    ("考勤与银行流水能够相互印证，拖欠工资的事实成立，加班时数以门禁记录为准，部分支持申请人请求。",
     "用人单位未能举证已足额支付，应承担举证不能的后果，支持申请人主张的工资差额。",
     "提成办法经公示且申请人签收，扣减部分有据；未付部分应予支付。"),
    ("被申请人于十日内一次性支付工资差额，双方再无其他争议", "拖欠工资分三期支付，每月五日前转入申请人账户"),
    3_000, 180_000,
)  # fmt: skip

DISMISSAL = Dispute(
    "dismissal", "解除劳动合同争议",
    ("请求支付违法解除劳动合同赔偿金", "请求支付解除劳动合同经济补偿及代通知金",
     "请求撤销解除通知，继续履行劳动合同", "请求支付经济补偿并出具离职证明"),
    ("申请人连续旷工五日，公司依规章制度解除合同", "部门撤并属客观情况发生重大变化，公司已依法协商",
     "申请人系主动辞职，有辞职邮件为证", "申请人严重违反操作规程，造成设备损坏"),
    ("解除所依据的规章制度未经民主程序并公示，解除行为违法，应支付赔偿金。",
     "岗位撤并属实，但未经协商变更即通知解除，程序不当，应支付经济补偿和代通知金。",
     "旷工事实有考勤和当事人陈述佐证，解除并无不当，驳回赔偿金请求，支持离职证明一项。"),
    ("双方确认劳动合同协商解除，被申请人支付经济补偿，于七日内出具离职证明",
     "被申请人支付补偿金四万元，申请人放弃其他请求"),
    12_000, 420_000,
)  # fmt: skip

INJURY = Dispute(
    "injury", "工伤待遇争议",
    ("请求支付一次性伤残补助金和停工留薪期工资", "请求支付一次性工伤医疗补助金和就业补助金",
     "请求支付住院伙食补助费、护理费及交通费"),
    ("申请人受伤并非发生在工作时间和工作场所", "医疗费用已由公司垫付，应当从中扣除",
     "伤残等级尚在复查，待遇数额不能确定"),
    ("工伤认定和劳动能力鉴定结论均已生效，未参保的法律后果由用人单位承担，支持法定项目。",
     "停工留薪期以鉴定机构确认的六个月为准，垫付费用凭票据予以抵扣。"),
    ("被申请人一次性支付工伤待遇，分两期付清", "双方按九级伤残标准结算，扣除已垫付的医疗费"),
    20_000, 560_000,
)  # fmt: skip

INSURANCE = Dispute(
    "insurance", "社会保险争议",
    ("请求赔偿未参加失业保险造成的损失", "请求赔偿因未缴生育保险不能享受的津贴",
     "请求返还代垫的社会保险单位缴费部分"),
    ("申请人书面放弃参保，公司已以补贴形式发放", "公司已为申请人补缴，损失并不存在"),
    ("放弃参保的约定无效，用人单位应赔偿失业保险待遇损失。",
     "代垫事实有缴费凭证证明，被申请人应予返还。"),
    ("被申请人赔偿失业保险待遇损失，一个月内付清",),
    5_000, 90_000,
)  # fmt: skip

DISPUTES = (WAGES, DISMISSAL, INJURY, INSURANCE)

_SURNAMES = "王李张刘陈杨黄赵周徐孙马朱胡郭"
_GIVEN = (
    "小禾",
    "听雨",
    "阿麦",
    "南星",
    "知夏",
    "青禾",
    "望舒",
    "半夏",
    "晚晴",
    "一舟",
    "若谷",
    "向阳",
    "星河",
    "长风",
    "小满",
)
_TRADES = (
    "纺织", "物流", "餐饮管理", "精密机械", "电子科技", "家政服务", "建筑劳务", "食品加工", "人力资源服务",
    "物业管理", "汽车配件", "包装材料", "教育咨询", "医疗器械", "园林绿化", "冷链仓储",
)  # fmt: skip
_MARKS = ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛")


def setting(
    rng: random.Random, dispute: Dispute | None = None, respondents: int = 1, claimants: int = 1, third_party: bool = False
) -> Setting:  # fmt: skip
    """Return a dispute between fictional people and companies of Shuanghe."""
    about = dispute or rng.choice(DISPUTES)
    people = rng.sample([family + given for family in _SURNAMES for given in _GIVEN], claimants)
    companies = rng.sample(
        [f"双河{mark}{trade}有限公司" for trade in _TRADES for mark in _MARKS], respondents + third_party
    )
    sides = [("claimant", name) for name in people] + [
        ("respondent", name) for name in companies[:respondents]
    ]
    sides += [("third_party", name) for name in companies[respondents:]]
    amount = f"{rng.randrange(about.least, about.most, 50)}.{rng.choice(('00', '00', '50', '36', '80'))}"
    return Setting(about, rng.choice(about.claims), rng.choice(about.defences), amount, tuple(sides))


MISSING_PAPERS = (
    "申请人身份证复印件、被申请人工商登记信息",
    "劳动关系证明材料（工资单、工作证或考勤记录任一）",
    "申请书副本份数不足，请按被申请人人数补交",
    "授权委托书未写明委托权限，请补正",
)
NOT_ACCEPTED = (
    "争议属于公积金缴存纠纷，不属于劳动人事争议受案范围，告知向住房公积金管理中心反映。",
    "被申请人住所地和劳动合同履行地均不在本市，本委无管辖权。",
    "申请人系退休返聘人员，双方为劳务关系，告知向人民法院起诉。",
    "同一请求已由本委受理并审理终结，不得重复申请。",
)
SENT_BACK = (
    "管辖依据不足，请补充核实劳动合同履行地后再报。",
    "请求事项第二项与第三项重复，请与申请人核实。",
)
PLACES = ("第一仲裁庭", "第二仲裁庭", "第三仲裁庭", "调解室（二）", "互联网仲裁庭")
MINORITY = ("对加班时数的认定有不同看法，认为应以考勤表为准。", "认为补偿基数应计入年终奖金。")
SIGNED = (
    "同意。事实清楚，适用法律准确。",
    "同意，请校对当事人名称和金额大小写。",
    "同意签发。",
    "论理充分，同意报下一级。",
    "同意，附页计算表已核对。",
)
RETURNED = (
    ("substance", "关于加班费基数的论证不足，请补充适用标准及计算过程。"),
    ("substance", "对被申请人关键抗辩未作回应，请在“本委认为”部分逐项评述。"),
    ("form", "当事人住所与身份信息前后不一致，主文金额漏写大写，请校对。"),
)
REPLIES = (
    "采纳意见，已在第三部分补充计算表和依据，见第6页。",
    "已逐项回应抗辩意见，修改处用下划线标出。",
    "已更正当事人信息，主文金额补写大写。",
)
EXTENSIONS = (
    ("案情复杂，涉及多份考勤数据比对", "核对考勤原始数据，合议并制作裁决书"),
    ("需调取社会保险经办机构缴费记录", "等待调取回函并组织质证"),
    ("被申请人为多家关联企业，用工主体需进一步查明", "补充询问证人，查明用工主体"),
    ("申请人人数较多，计算项目繁杂", "逐人核算金额并制作附表"),
)
CHECKED = ("案卷材料齐备，理由属实。", "已核对，剩余期限充足，符合申请条件。")
EXTENSION_REFUSED = (
    "案情并不复杂，余期足以结案，不予延期。",
    "所述待办工作可在期限内完成，请抓紧办理。",
)
SUSPENDED = ("须以有关结论为依据，结论尚未作出。", "已向有关部门函询，需等待答复。")
RESUMED = ("有关结论已经作出并质证。", "已收到有关部门答复，中止事由消除。")
POSTPONED = ("被申请人代理人因病住院，提交了医院证明。", "需待证人到庭，双方同意改期。")
RECUSED = ("与被申请人法定代表人系亲属关系，主动申请回避。", "曾在被申请人处担任兼职顾问，可能影响公正审理。")
HANDED_OVER = ("原秘书工作岗位调整，移交在办案件。", "原秘书案件积压较多，按分案平衡调整。")
WITHDRAWN = ("双方已自行和解，申请人书面申请撤回。", "申请人另行主张权利，自愿撤回仲裁申请。")
DEEMED_WITHDRAWN = ("申请人经书面通知，无正当理由拒不到庭。", "申请人未经仲裁庭同意中途退庭。")
CHANGED_MINDS = ("申请人签收前反悔，不同意分期支付。", "被申请人不认可调解书载明的付款期限。")
NOT_CLOSED = (
    "被申请人两次提出管辖异议，影响审理进度。",
    "关键证人未能到庭，待补充询问。",
    "调取的工资流水数据量较大，正在比对。",
    "双方正在调解，申请人要求宽限数日答复。",
    "裁决书草稿正在按核阅意见修改。",
)
NEXT_STEPS = (
    "联系双方代理人，确定补充质证时间",
    "完成金额核算并提交合议",
    "督促仲裁庭提交裁决书草稿",
    "约谈被申请人负责人，争取调解",
)
INSTRUCTIONS = (
    "请承办人每周五前报送进展，重点说明核算情况。",
    "涉及人数较多，注意做好申请人解释疏导工作。",
    "请科室负责人参加下次合议，限期结案。",
)
DELISTING = ("裁决书已送核阅，预计一周内签发。", "当事人诉求已回应，信访事项办结。")

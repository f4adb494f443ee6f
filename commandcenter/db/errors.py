"""Drivers' and the database's errors, translated at the door into sentences for people."""

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy.exc import DBAPIError

from commandcenter.db import (
    gateway_errors,
    import_errors,
    learning_errors,
    merging_errors,
    placing_errors,
    slip_errors,
    whistle_errors,
)
from commandcenter.errors import (
    LoginRefused,
    NotNow,
    NotVisible,
    PersonError,
    ReadOnly,
    Refused,
    StaleVersion,
    Unreachable,
    UsedBefore,
)

_STATE_WORDS = ("待受理", "待派单", "待签收", "办理中", "退单待审", "已挂起", "待回访", "已归档", "已并入", "已作废")
_VERB_WORDS = {
    "register": "受理", "grade": "定级", "dispatch": "派单", "accept": "签收", "return": "退单", "review_return": "退单审核",
    "reassign": "改派", "apply_extension": "申请延期", "review_extension": "延期审核", "pause": "挂起", "resume": "恢复办理",
    "finish": "办结", "follow_up": "回访", "redo": "重办", "archive": "归档", "void": "作废", "take": "认领", "release": "放回",
    "note": "批注", "attach": "添加附件", "import": "导入", "people": "管理人员", "alarm": "处理告警",
    "apply_appeal": "申请剔除或申诉", "review_appeal": "审核剔除和申诉",
    "duty_list": "修改事项清单", "gateway": "使用网关", "api_key": "管理网关密钥", "look": "查看诉求人信息", "move_to_archive": "归档移库",
    **learning_errors.VERB_WORDS,
    **merging_errors.VERB_WORDS,
    **placing_errors.VERB_WORDS,
}  # fmt: skip
_FIELD_WORDS = {
    "reason": "理由", "unit": "单位", "content": "诉求内容", "channel": "渠道", "grade": "等级", "discussed_with": "与谁商议",
    "discussed_at": "何时商议", "done": "做了什么", "done_by": "何时办成", "reached": "已接通", "solved": "问题已解决",
    "satisfied": "满意程度", "report": "诉求", "text": "批注内容", "name": "姓名", "verifier": "密码", "key": "写入标识",
    "code": "序号", "field": "领域", "matter": "事项", "ground": "依据",
    "file_name": "文件名", "area": "所属区域", "point": "坐标", "category": "分类", "approved": "同意",
    **whistle_errors.FIELD_WORDS,
    **slip_errors.FIELD_WORDS,
    **merging_errors.FIELD_WORDS,
    **gateway_errors.FIELD_WORDS,
    **learning_errors.FIELD_WORDS,
    "kind": "种类", "then": "随后的操作",
}  # fmt: skip
_ENTITY_WORDS = {"whistle": "这个哨", "party": "这个单位的应哨", "slip": "这份单子"}
_INVALID = {
    "extended": ("这件工单已经延期过一次。", "延期只能批准一次。"),
    "extension": ("这件工单没有待审核的延期申请。", ""),
    "file:size": ("附件须在 20 MB 以内，且不能是空文件。", "请压缩或拆分后再添加。"),
    "login:exists": ("这个登录名已被使用。", "请换一个登录名。"),
    "login:missing": ("没有这个登录名的人员。", "请核对登录名。"),
    "login:reserved": ("登录名不能以 cc_ 开头。", "请换一个登录名。"),
    **whistle_errors.INVALID,
    **slip_errors.INVALID,
    **placing_errors.INVALID,
    "post": ("没有这个职务。", "可用：town_head、section_head、director、leader；留空为无。"),
}

_CHECKS = {
    **slip_errors.CHECKS,
    **merging_errors.CHECKS,
    **import_errors.CHECKS,
    **learning_errors.CHECKS,
    "people_login_check": ("登录名须以小写字母开头，只含小写字母、数字和下划线，2 到 41 个字符。", "请换一个登录名。"),
    "people_role_check": ("没有这个岗位。", "请从列出的岗位中选择。"),
    "work_hours_periods_check": ("作息时段不正确：须成对、由早到晚、互不重叠。", "请改正后再提交。"),
    "grade_limits_soon_share_check": ("临期比例须在 0 与 1 之间。", "请改正后再提交。"),
    "follow_ups_satisfied_check": ("满意情况只能是满意、基本满意或不满意。", "请改正后再提交。"),
    "cases_title_check": ("标题中有不能显示的字符。", "请改正后再提交。"),
    "cases_place_check": ("地点中有不能显示的字符。", "请改正后再提交。"),
}
"""Constraints that a person can run into, by their names in sql/tables.sql."""

OTHER_HOST = frozenset({62, 64})
"""OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH."""

UNREACHABLE = (
    ConnectionError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InternalClientError,
    asyncpg.InterfaceError,
)
"""What a driver raises when the server is away, going down, or fell in the middle of a talk."""


def _refused(detail: str) -> Refused:
    try:
        facts = json.loads(detail)
    except ValueError:
        return Refused("当前岗位或工单状态不允许这样做。", "请刷新后再看可用的操作。")
    verb = _VERB_WORDS.get(facts.get("verb", ""), "这样做")
    if facts.get("verb") == "look" and facts.get("confidential"):
        return Refused("诉求人要求保密，承办单位不能查看其信息。", "如确需联系，请通过市中心转达。")
    if "state" in facts:
        return Refused(
            f"工单现为“{_STATE_WORDS[facts['state']]}”，您的岗位不能对它{verb}。", "请看工单页上可用的操作。"
        )
    return Refused(f"您的岗位不能{verb}。", "如有需要，请联系系统管理员。")


def _invalid(detail: str) -> PersonError:
    if detail in _INVALID:
        return PersonError(*_INVALID[detail])
    if detail.startswith("photos:"):
        return PersonError(f"一件诉求最多 {detail.partition(':')[2]} 张照片。", "请减少照片后再提交。")
    if detail.startswith("days:"):
        most = detail.partition(":")[2]
        if most == "0":
            return PersonError("这个等级的工单不能延期。", "确有困难的，请报督导协调。")
        return PersonError(f"延期天数应在 1 到 {most} 天之间。", "请改正后再提交。")
    return PersonError(f"“{_FIELD_WORDS.get(detail, detail)}”没有填写或不正确。", "请补充后再提交。")


def _stale(detail: str) -> StaleVersion:
    entity = json.loads(detail).get("entity", "") if detail.startswith("{") else ""
    return StaleVersion(f"{_ENTITY_WORDS.get(entity, '这件工单')}刚被别人改过。", "已为您刷新，请看过最新情况再操作。")


def _not_called_back(detail: str) -> PersonError:
    kind, _, count = detail.partition(":")
    if kind == "missing":
        return Refused(f"还有 {count} 位诉求人没有回访到，不能归档。", "请逐一回访；一直未接通的，须拨满规定的次数。")
    return Refused(f"有 {count} 位诉求人未解决或不满意，回访员不能归档。", "请重办，或请督导审定。")


def _checked(error: BaseException) -> PersonError:
    sentence = _CHECKS.get(getattr(error, "constraint_name", None) or "", ("所填内容不符合规定。", "请改正后再提交。"))
    return PersonError(*sentence)


_INTEGRITY = {
    "23502": ("有必填的内容没有填写。", "请补充后再提交。"),
    "23503": ("所选的内容不存在，或仍被别处使用。", "请刷新后重新选择。"),
}

_SENTENCES: dict[str, Callable[[str], PersonError]] = {
    "CC001": _refused,
    "CC002": _stale,
    "CC003": lambda _: NotVisible("没有找到这件工单，或它不在您的管辖范围。", "它可能已转给别的单位。"),
    "CC004": _invalid,
    "CC005": lambda _: Refused("已过退单时限，不能退单。", "请先行办理；确不属本单位职责的，请报市中心裁定。"),
    "CC006": lambda _: PersonError("这次提交的标识已用于别的操作。", "请重新打开表单再提交。"),
    "CC007": lambda _: PersonError("工作日历没有覆盖所需的日期。", "请管理员在“管理→日历”中补充。"),
    "CC008": lambda _: UsedBefore("这条诉求已经登记过。", "请用渠道编号查找原工单。"),
    "CC009": lambda _: Refused("这件工单不是由您的单位主办。", "请由主办单位操作。"),
    "CC010": _not_called_back,
    "CC011": lambda _: Refused("这件工单正由别的值班员处理。", "请换一件，或稍后再试。"),
    "CC012": lambda _: Refused("这件工单没有等您的单位签收的任务。", "可能已经签收过；请刷新后再看。"),
    "CC055": lambda _: NotVisible("没有这个告警，或它不在您的管辖范围。", "它可能已经处理完了。"),
    "CC056": lambda detail: PersonError(f"告警最多搁置 {detail} 分钟。", "请选短一些的时间；到时它会再来。"),
    "CC057": lambda _: Refused("还没有到期限，不是告警。", "过了期限才需要确认。"),
    "CC060": lambda _: StaleVersion("这一项刚被别人改过。", "已读入最新内容，请看过再改。"),
    "CC061": lambda _: PersonError("失效日期早于生效日期。", "请改正后再提交。"),
    "CC062": lambda _: PersonError("同一个单位写了两次。", "主责单位不再列入配合单位，配合单位各写一次。"),
    "CC063": lambda detail: PersonError(f"序号 {detail} 在这段时间里已有事项。", "请换一个序号，或先让原事项失效。"),
    "CC064": lambda _: Refused("已有吹哨以这个事项为依据，它的序号不能改。", "可以让它失效，另立一项。"),
    "CC050": lambda _: Refused("您的岗位不能执行定时任务。", "定时任务由 worker 或市中心的值班席位执行。"),
    "CC051": lambda _: Refused("另一个程序正在执行定时任务。", "一个数据库同时只由一个程序执行，其余的待命。"),
    "CC052": lambda _: PersonError("没有这项定时任务。", "请把程序和数据库升级到同一版本。"),
    "CC040": lambda detail: Refused("这位诉求人刚拨过，没有接通。", f"请在 {detail} 以后换个时段再拨。"),
    "CC041": lambda _: Refused("接通且未解决或不满意的才重办。", "双是的请直接保存。"),
    "CC042": lambda _: NotVisible("没有这项抽查，或它不由您来拨。", "抽查由另一位回访员进行。"),
    "CC043": lambda _: Refused("这项抽查已经拨过。", "请看下一项。"),
    "CC044": lambda _: Refused("没有可以剔除或申诉的回访结果。", "未接通的本来就不计入。"),
    "CC045": lambda _: Refused("这一项已经申请过，还没有审核。", "请等审核结果。"),
    "CC046": lambda _: Refused("自己申请的不能自己审核。", "请由另一位督导审核。"),
    "CC047": lambda _: StaleVersion("这项申请已经审核过。", "已读入最新内容。"),
    "CC048": lambda _: NotVisible("没有这项申请。", "请刷新后再看。"),
    **whistle_errors.SENTENCES,
    **gateway_errors.SENTENCES,
    **import_errors.SENTENCES,
    **learning_errors.SENTENCES,
    "25006": lambda _: ReadOnly("这里连的是只读副本，只能查看。", "要办理，请连接主库。"),
    "40001": lambda _: StaleVersion("这一项刚被别人改过。", "已读入最新内容，请看过再改。"),
    "23505": lambda _: PersonError("同样的内容刚刚已由别人写入。", "请刷新后再看，需要时重试。"),
    "55P03": lambda _: NotNow(
        "要用的编号或工单正被别的程序占着，没有办成。", "请稍后再试；占着不放的连接会被自动断开。"
    ),
    "42501": lambda _: Refused("您的岗位没有这项权限。", "如有需要，请联系系统管理员。"),
    **merging_errors.SENTENCES,
    **placing_errors.SENTENCES,
    **slip_errors.SENTENCES,
    **dict.fromkeys(("28P01", "28000"), lambda _: LoginRefused("登录名或密码不对，或账号已停用。", "请核对后重试。")),
    "3D000": lambda _: NotNow("服务器上没有这个数据库。", "请核对数据库地址，或先运行 python main.py db init。"),
    **dict.fromkeys(
        ("3F000", "42P01", "42883"),
        lambda _: NotNow("这个数据库还没有建好，或版本较旧。", "请先运行 python main.py db upgrade。"),
    ),
}


def translate(error: BaseException) -> PersonError | None:
    """The sentence for a driver's error; None where it is a bug of ours."""
    while isinstance(error, DBAPIError) and error.orig is not None:
        error = error.orig
    cause = error.__cause__ if isinstance(error.__cause__, (asyncpg.PostgresError, *UNREACHABLE)) else error
    code = getattr(cause, "sqlstate", None) or ""
    if code in _SENTENCES:
        return _SENTENCES[code](getattr(cause, "detail", None) or "")
    if code == "23514":
        return _checked(cause)
    if code in _INTEGRITY:
        return PersonError(*_INTEGRITY[code])
    if isinstance(cause, UNREACHABLE) or code.startswith(("08", "57P")):
        return unreachable()
    return None


def unreachable() -> Unreachable:
    """The sentence for a server that does not answer."""
    return Unreachable("连不上数据库。", "请检查网络和服务器；已有数据仍可查看，连上后会自动补齐。")


def _untrusted(error: ssl.SSLCertVerificationError) -> Unreachable:
    advice = "请核对数据库地址中的主机名和 sslrootcert 证书，不要改用不加密的连接。"
    if error.verify_code in OTHER_HOST:
        return Unreachable("服务器证书与地址不符，没有连接。", advice)
    return Unreachable(f"服务器证书不可信，没有连接（{error.verify_message}）。", advice)


@contextmanager
def translated(*, connecting: bool = False) -> Iterator[None]:
    """Let what is raised inside leave as a `PersonError` where it is one; bugs pass unchanged.

    `connecting`: any OSError is the server's (no such socket, no route); otherwise it may be a file's of the caller.
    """
    try:
        yield
    except PersonError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise _untrusted(error) from error
    except OSError as error:
        if connecting or isinstance(error, UNREACHABLE):
            raise unreachable() from error
        raise
    except Exception as error:
        sentence = translate(error)
        if sentence is None:
            raise
        raise sentence from error

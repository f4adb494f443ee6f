"""The facts an import understands, and the column names other systems give them.

Names are folded before they are compared (see ``fold``): width, case, spaces, punctuation, remarks in brackets and
traditional characters do not count. The order of the names is the order of trust: where a file has several columns for one fact, the first
that is filled wins.
"""

import re
import unicodedata

REQUIRED = ("content", "received_at")

LABELS = {
    "content": "诉求内容",
    "received_at": "时间",
    "received_on": "日期",
    "title": "标题",
    "channel": "渠道",
    "foreign_number": "编号",
    "kind": "诉求类型",
    "category": "分类",
    "category_1": "一级分类",
    "category_2": "二级分类",
    "category_3": "三级分类",
    "category_4": "四级分类",
    "grade": "等级",
    "place": "地点",
    "lon": "经度",
    "lat": "纬度",
    "lonlat": "坐标",
    "town": "镇街",
    "community": "社区",
    "grid": "网格",
    "citizen_name": "诉求人",
    "citizen_phone": "电话",
    "citizen_address": "联系地址",
    "citizen_gender": "性别",
    "confidential": "是否保密",
    "public": "是否公开",
    "unit": "承办单位",
    "assist_units": "协办单位",
    "status": "状态",
    "reply": "办理结果",
    "replied_at": "答复时间",
    "dispatched_at": "派单时间",
    "accepted_at": "签收时间",
    "due_at": "办理时限",
    "finished_at": "办结时间",
    "archived_at": "归档时间",
    "followed_up_at": "回访时间",
    "occurred_at": "事发时间",
    "contacted": "是否联系",
    "solved": "是否解决",
    "satisfied": "是否满意",
    "follow_up_words": "回访内容",
    "returns": "退单次数",
    "urges": "催办次数",
    "repeated": "是否重复",
    "parent_number": "原单编号",
    "operator": "受理员",
    "handler": "经办人",
    "attachments": "附件",
    "remark": "备注",
}

SYNONYMS: dict[str, str] = {
    "content": "诉求内容 主要内容 来电内容 诉求描述 问题描述 事件描述 案件描述 反映内容 留言内容 留言详情 来信内容 "
    "信件内容 工单内容 投诉内容 举报内容 信访内容 咨询内容 求助内容 建议内容 上报内容 受理内容 事项内容 案件内容 "
    "事件内容 警情内容 报警内容 简要警情 诉求详情 工单描述 详细内容 详细描述 具体内容 问题内容 情况描述 诉求事项 "
    "反映问题 问题详情 正文 内容 描述 content text body message description case_content "
    "order_content appeal_content problem_desc event_desc complaint details",
    "received_at": "来电时间 诉求时间 留言时间 来信时间 写信时间 反映时间 投诉时间 举报时间 信访时间 提交时间 "
    "登记时间 创建时间 受理时间 上报时间 接报时间 报警时间 接警时间 接收时间 接件时间 收件时间 建单时间 立案时间 "
    "发现时间 采集时间 录入时间 发布时间 发帖时间 发起时间 工单时间 工单创建时间 工单生成时间 生成时间 接听时间 "
    "呼入时间 通话时间 时间 create_time created_time created_at created_date create_date "
    "createtime accept_time call_time report_time receive_time received_at register_time reg_time submit_time "
    "add_time insert_time open_time opened datetime timestamp time",
    "received_on": "来电日期 诉求日期 留言日期 登记日期 创建日期 受理日期 上报日期 提交日期 接收日期 信访日期 "
    "反映日期 日期 date",
    "title": "标题 诉求标题 工单标题 留言主题 留言标题 主题 事件标题 案件标题 信件标题 来信标题 事项标题 诉求主题 "
    "工单主题 问题标题 案件名称 事件名称 事项名称 摘要 title subject case_title order_title",
    "channel": "渠道 诉求渠道 来源渠道 受理渠道 诉求来源 工单来源 来源 案件来源 事件来源 问题来源 信息来源 来电渠道 "
    "受理方式 诉求方式 渠道来源 来源平台 平台 上报渠道 上报来源 channel source origin source_channel case_source "
    "order_source",
    "foreign_number": "工单编号 工单号 诉求编号 案件编号 案件号 事件编号 留言编号 受理编号 受理单号 信件编号 "
    "来信编号 信访编号 任务号 任务编号 登记编号 工单流水号 业务编号 业务流水号 流水号 单号 办件编号 事项编号 "
    "警情编号 接警编号 投诉编号 编号 case_no case_number case_id case_code order_no order_id order_code "
    "order_number sr_number task_no event_no ticket_no ticket_id work_order_no number id",
    "kind": "诉求类型 诉求性质 诉求类别 工单类型 来电类型 事件性质 留言类型 信件类型 信访目的 来电目的 诉求目的 "
    "业务类型 案件性质 类型 性质 appeal_type case_type order_type kind type",
    "category": "分类 类别 问题分类 问题类别 诉求分类 工单分类 事件分类 事件类别 案件分类 案件类别 归口分类 内容分类 "
    "事项分类 热点分类 领域 所属领域 问题类型 事件类型 案件类型 事项类型 category case_category category_name "
    "sr_type label",
    "category_1": "一级分类 一级类别 一级标签 问题大类 大类 大类名称 案件大类 事件大类 诉求大类 一级事项 归口一级 "
    "一级归口 category1 level1 first_category",
    "category_2": "二级分类 二级类别 二级标签 问题小类 小类 小类名称 案件小类 事件小类 诉求小类 二级事项 归口二级 "
    "二级归口 category2 level2 second_category",
    "category_3": "三级分类 三级类别 三级标签 问题细类 细类 子类 三级事项 归口三级 三级归口 category3 level3 "
    "third_category",
    "category_4": "四级分类 四级类别 四级标签 四级事项 category4 level4",
    "grade": "等级 工单等级 紧急程度 紧急等级 紧急级别 事件等级 案件等级 优先级 诉求等级 预警等级 grade priority "
    "urgency level",
    "place": "地点 事发地点 事发地址 事发位置 发生地点 发生地址 问题地点 问题地址 诉求地点 诉求地址 案发地点 "
    "案发地址 事件地点 事件地址 事件位置 反映地址 位置 位置描述 地址描述 具体位置 具体地址 详细地址 详细位置 "
    "案件地址 投诉地址 上报地址 地址 place location_desc address event_address case_address street_address "
    "occur_place position",
    "lon": "经度 坐标经度 经度坐标 x坐标 坐标x lon lng long longitude coord_x x",
    "lat": "纬度 坐标纬度 纬度坐标 y坐标 坐标y lat latitude coord_y y",
    "lonlat": "坐标 经纬度 地理坐标 位置坐标 空间坐标 gps坐标 gps location lonlat lnglat coordinate coordinates point",
    "town": "镇街 街道 乡镇 镇 街镇 乡镇街道 镇街道 所属镇街 所属街道 所属乡镇 街道名称 乡镇名称 镇街名称 事发镇街 "
    "事发街道 街道乡镇 所在街道 所在镇街 town street street_name town_name",
    "community": "社区 村居 村社区 社区村 所属社区 社区名称 所属村居 村 村庄 行政村 所在社区 事发社区 居委会 "
    "村居委会 community community_name village",
    "grid": "网格 所属网格 网格名称 网格编号 网格编码 单元网格 万米单元 grid grid_name grid_code",
    "citizen_name": "诉求人 诉求人姓名 姓名 来电人 来电人姓名 反映人 反映人姓名 投诉人 投诉人姓名 举报人 举报人姓名 "
    "信访人 信访人姓名 市民姓名 联系人 联系人姓名 来信人 写信人 写信人姓名 留言用户 留言人 报警人 报警人姓名 "
    "上报人 上报人姓名 客户姓名 群众姓名 当事人 用户名 name citizen_name caller caller_name customer_name contact "
    "user_name",
    "citizen_phone": "电话 联系电话 来电号码 来电电话 手机 手机号 手机号码 联系方式 电话号码 诉求人电话 反映人电话 "
    "投诉人电话 主叫号码 联系号码 联系手机 来电人电话 报警电话 信访人电话 市民电话 联系人电话 回访电话 "
    "诉求人联系方式 phone phone_number tel telephone mobile caller_phone contact_phone phone_no",
    "citizen_address": "联系地址 家庭住址 住址 家庭地址 诉求人地址 通讯地址 来电人地址 信访人住址 住所 居住地址 "
    "居住地 现住址 诉求人住址 反映人地址 citizen_address home_address contact_address",
    "citizen_gender": "性别 诉求人性别 来电人性别 gender sex",
    "confidential": "是否保密 保密 信息保密 个人信息保密 是否匿名 匿名 要求保密 隐私保护 confidential secret "
    "is_secret anonymous",
    "public": "是否公开 公开 信息是否公开 is_public",
    "unit": "承办单位 办理单位 处置部门 主办单位 责任单位 处理单位 处置单位 承办部门 办理部门 责任部门 主责单位 "
    "主责部门 二级承办单位简称 二级承办单位 一级承办单位 承办单位名称 转办单位 派往单位 主办部门 处理部门 交办单位 "
    "答复单位 回复单位 接收单位 牵头单位 部门 单位 dispose_unit_name dispose_unit unit unit_name department "
    "owner_department dept dept_name handle_unit responsible_unit",
    "assist_units": "协办单位 配合单位 协同单位 协办部门 配合部门 会办单位 assist_unit assist_units",
    "status": "状态 工单状态 办理状态 案件状态 事件状态 处理状态 当前状态 办件状态 诉求状态 当前环节 办理环节 "
    "流程状态 阶段 status state case_status order_status",
    "reply": "办理结果 处理结果 答复内容 回复内容 办理情况 处置结果 处理情况 处置情况 办结内容 办结意见 答复意见 "
    "办理意见 处理意见 结果 答复 回复 反馈内容 办理反馈 办结结果 处置反馈 reply result answer handle_result "
    "dispose_result reply_content",
    "replied_at": "答复时间 回复时间 反馈时间 reply_time replied_at",
    "dispatched_at": "派单时间 转办时间 交办时间 派发时间 派遣时间 下派时间 分派时间 dispatch_time assign_time",
    "accepted_at": "签收时间 接单时间 部门签收时间 sign_time",
    "due_at": "办理时限 截止时间 办结时限 处置时限 到期时间 截止日期 要求办结时间 处理时限 应办结时间 限办时间 "
    "due_time deadline due_date limit_time",
    "finished_at": "办结时间 办理时间 处理时间 完成时间 处置时间 结束时间 实际办结时间 处置完成时间 finish_time "
    "close_time closed_date closed_at end_time dispose_time",
    "archived_at": "归档时间 结案时间 关闭时间 archive_time",
    "followed_up_at": "回访时间 回访日期 visit_time",
    "occurred_at": "事发时间 发生时间 案发时间 事件时间 事件发生时间 问题发生时间 发生日期 occur_time event_time",
    "contacted": "是否联系 联系情况 是否见面 见面情况 是否响应",
    "solved": "是否解决 解决情况 是否办结 解决结果",
    "satisfied": "是否满意 满意度 满意情况 满意度评价 评价结果 评价 回访满意度 群众评价 市民评价 办理结果满意度 "
    "satisfaction",
    "follow_up_words": "回访内容 回访情况 回访结果 回访意见 回访备注 评价内容",
    "returns": "退单次数 退回次数 退办次数 return_count",
    "urges": "催办次数 催单次数 urge_count",
    "repeated": "是否重复 重复件 是否重复件 重复标识 duplicate is_repeat",
    "parent_number": "原单编号 主单编号 父工单号 关联工单 关联工单编号 原工单号 parent_sr_number parent_id parent_no",
    "operator": "受理员 受理人 登记人 话务员 坐席 坐席工号 受理人员 录入人 接线员 值班员 operator creator create_user",
    "handler": "经办人 办理人 处理人 承办人 处置人 责任人 处置人员 handler",
    "attachments": "附件 图片 照片 附件地址 图片地址 附件数 attachment attachments image images photo",
    "remark": "备注 备注信息 说明 remark remarks memo note",
}

_BRACKETS = re.compile(r"[((\[【〔<〈{][^))\]】〕>〉}]*[))\]】〕>〉}]")
_SILENT = re.compile(r"[\W_]+")
_TRADITIONAL = (
    "話經緯證編號訴內時間來電區類別聯繫係標題詳細記錄處辦單狀態創發點鎮鄉戶網絡責門結復覆見滿評價備註說圖郵問級緊優領屬現場確認轉達員簽歸"
    "檔訪訊實際關閉開報舉諮詢議貼會協導質種項務業當環節進階執續權縣莊車農碼檢監應該過聽撥線熱書寫稱機構隱護牽頭約組總數據傳參與擔裡裏樓"
    "棟採佈預簡補審終暫歷驗還從體專劃範圍歲齡對請誤徑長掛極風險"
)
_SIMPLIFIED = (
    "话经纬证编号诉内时间来电区类别联系系标题详细记录处办单状态创发点镇乡户网络责门结复复见满评价备注说图邮问级紧优领属现场确认转达员签归"
    "档访讯实际关闭开报举咨询议贴会协导质种项务业当环节进阶执续权县庄车农码检监应该过听拨线热书写称机构隐护牵头约组总数据传参与担里里楼"
    "栋采布预简补审终暂历验还从体专划范围岁龄对请误径长挂极风险"
)
_PLAIN = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
"""The characters that names of columns are made of, and a few around them."""


def fold(name: str) -> str:
    """Return a column name with everything removed that does not carry meaning (``*訴求內容 (必填)`` → 诉求内容)."""
    name = unicodedata.normalize("NFKC", name).lower().translate(_PLAIN)
    return _SILENT.sub("", _BRACKETS.sub("", name)) or _SILENT.sub("", name)


RANKS: dict[str, tuple[str, int]] = {
    fold(name): (field, rank) for field, names in SYNONYMS.items() for rank, name in enumerate(names.split())
}

_GUESSES = (
    (
        "content",
        re.compile(r"内容|描述|详情|事由"),
        re.compile(r"回复|答复|处理|办理|处置|办结|回访|评价|反馈|审核|意见|审批|退|延期|位置|地址|地点|是否|状态|类"),
    ),
    (
        "received_at",
        re.compile(
            r"(来电|来信|诉求|登记|创建|受理|提交|上报|反映|留言|接报|接警|报警|投诉|举报|生成|接收|录入).*(时间|日期)"
        ),
        re.compile(r"回复|答复|处理|办理|处置|办结|回访|派|签收|截止|期限|时限|审核|结束|完成|更新|修改|限"),
    ),
)
GUESS_RANK = 1000  # a guessed name is trusted less than every known one


def known(name: str) -> tuple[str, int] | None:
    """Return (field, rank of trust, 0 best) for a column name in the list above, None for any other."""
    return RANKS.get(fold(name))


def guessed(name: str) -> tuple[str, int] | None:
    """Return a required field for a name that sounds like it (市民诉求内容简述, 首次登记时间), None for any other."""
    folded = fold(name)
    if 2 <= len(folded) <= 16:
        for field, like, unlike in _GUESSES:
            if like.search(folded) and not unlike.search(folded):
                return field, GUESS_RANK
    return None


def contradicts(group: str, field: str) -> bool:
    """Tell whether a group's heading (办理信息) shows that a bare 内容 or 时间 beneath it is not the citizen's."""
    return any(name == field and unlike.search(group) for name, _, unlike in _GUESSES)

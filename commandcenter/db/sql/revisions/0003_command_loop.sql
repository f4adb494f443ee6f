-- 吹哨报到, 三单, 回访: whistles with their parties and scores, slips with their facts and signatures, calls and their review,
-- alarms acknowledged, and who keeps the time. Words: design glossary. [S] source document, [P] public practice, [D] our default.

-- 职务: what a person may approve or sign for, beyond the role.
alter table cc.people add column post text not null default ''
    check (post in ('', 'town_head', 'section_head', 'director', 'leader'));

-- Which step of a whistle, a party or a slip follows which, by whose hand; from_state -1: it does not exist yet.
create table cc.steps (
    district_id integer not null default cc.home_district(),
    entity text not null check (entity in ('whistle', 'party', 'slip')),
    from_state smallint not null,
    verb text not null,
    to_state smallint not null,
    role text not null,
    primary key (district_id, entity, from_state, verb, to_state, role)
);

create table cc.whistle_levels (  -- 四级哨
    district_id integer not null default cc.home_district(),
    level smallint not null check (level between 1 and 4),
    name text not null,
    meeting text not null,  -- 会商形式
    convener_kind text not null check (convener_kind in ('grid_team', 'community', 'town', 'centre')),
    caller_kinds text[] not null,  -- kinds of units that may blow it
    answer_minutes integer not null check (answer_minutes > 0),  -- natural time, as arrive_minutes
    arrive_minutes integer not null check (arrive_minutes > 0),
    danger_answer_minutes integer not null check (danger_answer_minutes > 0),
    danger_arrive_minutes integer not null check (danger_arrive_minutes > 0),
    finish_clock text not null check (finish_clock in ('natural', 'working', 'plan')),  -- plan: as planned, and reported on
    finish_amount integer not null check (finish_amount > 0),  -- minutes of natural time, or working days; of a plan, its longest
    report_days integer not null default 0 check (report_days >= 0),  -- days between two reports of progress; 0: none
    primary key (district_id, level)
);

create table cc.whistles (
    district_id integer not null default cc.home_district(),
    id bigint not null default cc.new_id(),
    number text not null,
    version integer not null default 1,
    case_id bigint not null,
    path text collate "C" not null,  -- the case's place when it was blown
    state smallint not null check (state between 0 and 7),
    level smallint not null check (level between 1 and 4),
    gather boolean not null default false,  -- 集结哨: many units; otherwise 职能哨, one
    caller text not null,  -- login
    caller_unit_id integer not null,
    approver_unit_id integer not null,  -- the town whose head approves; the centre for its own
    convener_unit_id integer,
    duty_item_id integer,  -- null: the centre rules who comes
    ground text check (ground in ('法定', '商定', '指定')),
    ground_words text not null default '',  -- the list item as it read then, or the ruling
    matter text not null,
    demand text not null,
    danger boolean not null default false,
    danger_words text not null default '',
    meeting_at timestamptz,
    meeting_place text not null default '',
    plan_until timestamptz,
    report_due_at timestamptz,
    blown_at timestamptz not null,
    approved_at timestamptz,
    approved_by text,
    approval_skipped boolean not null default false,
    rule_due_at timestamptz,  -- until when the centre has to say who comes
    rule_missed_at timestamptz,
    pushed_at timestamptz,
    confirmed_at timestamptz,
    closed_at timestamptz,
    changed_at timestamptz not null,
    verb text not null,
    actor text not null,
    detail jsonb not null default '{}',
    primary key (district_id, id),
    unique (district_id, number),
    foreign key (district_id, caller_unit_id) references cc.units (district_id, id),
    foreign key (district_id, duty_item_id) references cc.duty_list (district_id, id)
);
create index whistles_case on cc.whistles (district_id, case_id);
create index whistles_live on cc.whistles (district_id, state, id) where state < 6;

create table cc.whistle_rounds (  -- every level a whistle went through
    district_id integer not null default cc.home_district(),
    whistle_id bigint not null,
    round smallint not null,
    case_id bigint not null,
    level smallint not null,
    convener_unit_id integer,
    began_at timestamptz not null,
    began_by text not null,
    cause text not null check (cause in ('blow', 'unanswered', 'late', 'by_hand')),
    reason text not null default '',
    primary key (district_id, whistle_id, round)
);

create table cc.whistle_parties (
    district_id integer not null default cc.home_district(),
    id bigint not null default cc.new_id(),
    version integer not null default 1,
    whistle_id bigint not null,
    case_id bigint not null,
    unit_id integer not null,
    part text not null check (part in ('lead', 'assist')),
    ground text not null check (ground in ('法定', '商定', '指定')),
    state smallint not null check (state between 0 and 7),
    called_at timestamptz not null,  -- at the present level
    answer_due_at timestamptz not null,
    arrive_due_at timestamptz not null,
    finish_due_at timestamptz not null,
    answered_at timestamptz,
    answered_by text,
    objected_at timestamptz,
    objected_by text,
    objection text not null default '',
    ruling_due_at timestamptz,
    ruled_at timestamptz,
    ruled_by text,
    ruling text not null default '',
    checked_in_at timestamptz,
    checked_in_by text,
    came text not null default '',  -- who came, by name and post
    check_in_place text not null default '',
    lon double precision,
    lat double precision,
    photo_id bigint,
    done_at timestamptz,
    done_by text,
    done_words text not null default '',
    met boolean,  -- 见面: they met the citizen
    confirmed_at timestamptz,
    confirmed_by text,
    sent_back smallint not null default 0,
    sent_back_words text not null default '',
    answer_missed_at timestamptz,  -- set once, at the first miss
    arrive_missed_at timestamptz,
    finish_missed_at timestamptz,
    noted_due_at timestamptz,  -- the clock for answering, or ruling, whose miss was written down last: each is, once
    changed_at timestamptz not null,
    verb text not null,
    actor text not null,
    detail jsonb not null default '{}',
    primary key (district_id, id),
    unique (district_id, whistle_id, unit_id),
    foreign key (district_id, unit_id) references cc.units (district_id, id)
);
create index whistle_parties_case on cc.whistle_parties (district_id, case_id);
create index whistle_parties_live on cc.whistle_parties (district_id, unit_id) where state < 5;

create table cc.whistle_scores (  -- 评哨, 一事一考: one row a party
    district_id integer not null default cc.home_district(),
    party_id bigint not null,
    whistle_id bigint not null,
    case_id bigint not null,
    unit_id integer not null,
    scored_at timestamptz not null,
    scored_by text not null,
    scorer_unit_id integer not null,
    proposed_speed smallint not null check (proposed_speed between 0 and 100),  -- from the measured times
    speed smallint not null check (speed between 0 and 100),
    quality smallint not null check (quality between 0 and 100),
    met boolean not null,
    finished boolean not null,
    satisfied boolean,  -- null: not known yet
    words text not null default '',
    answer text not null default '',  -- what the scored says to it
    answered_at timestamptz,
    answered_by text,
    primary key (district_id, party_id)
);
create index whistle_scores_unit on cc.whistle_scores (district_id, unit_id, scored_at);

create table cc.duty_candidates (  -- rulings (指定) that may become items of the responsibility list
    district_id integer not null default cc.home_district(),
    id integer not null default nextval('cc.reference_ids'),
    whistle_id bigint not null,
    case_id bigint not null,
    matter text not null,
    category_id integer,
    lead_unit_id integer not null,
    assist_unit_ids integer[] not null default '{}',
    reason text not null,
    ruled_at timestamptz not null,
    ruled_by text not null,
    decision text not null default '' check (decision in ('', 'taken', 'dismissed')),
    decided_at timestamptz,
    decided_by text,
    item_id integer,
    primary key (district_id, id),
    unique (district_id, whistle_id)
);

create table cc.slip_kinds (  -- 三单
    district_id integer not null default cc.home_district(),
    kind smallint not null check (kind between 1 and 3),
    name text not null,
    word text not null,  -- 荣社提
    style text not null default '{word}〔{year}〕{serial}号' check (style like '%{word}%{year}%{serial}%'),
    addressee text not null,
    receipt_minutes integer not null check (receipt_minutes > 0),  -- working time
    reply_days integer not null check (reply_days > 0),  -- working days
    signers text[] not null check (cardinality(signers) > 0 and signers <@ array['section_head', 'director', 'leader']
                                   and array_position(signers, null) is null),  -- posts that sign, in turn; a number is given with the last
    copies text[] not null default '{}',
    demand text not null,  -- what a new draft demands
    primary key (district_id, kind)
);

create table cc.slip_rules (  -- what makes the timekeeper draft one
    district_id integer not null default cc.home_district(),
    id integer not null default nextval('cc.reference_ids'),
    kind smallint not null,
    trigger text not null check (trigger in ('soon', 'overdue', 'same_kind', 'satisfaction', 'redo', 'return', 'whistle_unanswered',
        'whistle_late', 'slip_unanswered', 'slips_in_month', 'false_reply', 'bottom_three')),
    name text not null,
    threshold numeric not null,  -- a count, or of satisfaction a share of 1
    window_days integer not null default 0 check (window_days >= 0),  -- 0: no window
    grades smallint[] not null default '{0,1,2,3,4}',
    active boolean not null default true,
    primary key (district_id, id),
    foreign key (district_id, kind) references cc.slip_kinds (district_id, kind)
);

create table cc.slips (
    district_id integer not null default cc.home_district(),
    id bigint not null default cc.new_id(),
    version integer not null default 1,
    kind smallint not null,
    state smallint not null check (state between 0 and 8),
    rule_id integer,  -- null: drafted by a person, on a leader's note
    trigger text not null,
    day date not null,  -- in Shanghai, on which it was drafted: a rule drafts one slip a unit and day
    unit_id integer not null,
    path text collate "C" not null,  -- the unit's
    number text,  -- at signing
    year integer,
    serial integer,
    urgency text not null default '一般' check (urgency in ('一般', '加急', '特急')),
    addressee text not null,
    copies text[] not null default '{}',
    subject text not null,
    wrong text not null,  -- what is wrong
    demand text not null,
    contact text not null default '',
    edited boolean not null default false,  -- a person's hand was on it: no facts are added any more
    drafted_at timestamptz not null,
    drafted_by text not null,
    signed_at timestamptz,
    receipt_due_at timestamptz,
    reply_due_at timestamptz,
    received_at timestamptz,
    received_by text,
    replied_at timestamptz,
    replied_by text,
    reply text not null default '',
    plan text not null default '',  -- 整改方案, with a warning slip's reply
    verdict text not null default '',
    judged_at timestamptz,
    judged_by text,
    sent_back smallint not null default 0,
    ended_words text not null default '',  -- why it was dismissed or made void
    receipt_missed_at timestamptz,  -- set once, by the timekeeper
    reply_missed_at timestamptz,
    changed_at timestamptz not null,
    verb text not null,
    actor text not null,
    detail jsonb not null default '{}',
    primary key (district_id, id),
    unique (district_id, kind, year, serial),
    foreign key (district_id, unit_id) references cc.units (district_id, id),
    foreign key (district_id, kind) references cc.slip_kinds (district_id, kind)
);
create index slips_open on cc.slips (district_id, state) where state < 6;
create index slips_unit on cc.slips (district_id, unit_id, signed_at);
create unique index slips_growing on cc.slips (district_id, rule_id, unit_id, day) where state = 0 and not edited;

create table cc.slip_facts (  -- what a slip was drafted for, as it was then; a fact serves a rule once
    district_id integer not null default cc.home_district(),
    rule_id integer not null,  -- 0: chosen by a person, who may choose again: the key then begins with the slip's id
    key text not null,
    slip_id bigint not null,
    case_id bigint,
    whistle_id bigint,
    of_slip_id bigint,
    at timestamptz not null,
    fact jsonb not null,  -- no citizen's data: number, title, grade, limits, counts
    primary key (district_id, rule_id, key)
);
create index slip_facts_slip on cc.slip_facts (district_id, slip_id);
create index slip_facts_case on cc.slip_facts (district_id, case_id) where case_id is not null;

create table cc.slip_numbers (  -- the last number given, by kind and year
    district_id integer not null default cc.home_district(),
    kind smallint not null,
    year integer not null,
    last integer not null,
    primary key (district_id, kind, year)
);

create table cc.slip_signatures (
    district_id integer not null default cc.home_district(),
    slip_id bigint not null,
    place smallint not null,  -- 1, 2: its place among the kind's signers
    post text not null,
    login text not null,
    name text not null,
    signed_at timestamptz not null,
    primary key (district_id, slip_id, place)
);

create table cc.slip_copies (  -- to whom a copy went, and that it was filed
    district_id integer not null default cc.home_district(),
    slip_id bigint not null,
    recipient text not null,
    sent_at timestamptz not null,
    sent_by text not null,
    primary key (district_id, slip_id, recipient)
);

create table cc.slip_files (  -- files of a reply
    district_id integer not null default cc.home_district(),
    id bigint not null default cc.new_id(),
    slip_id bigint not null,
    name text not null,
    media_type text not null,
    size integer not null check (size between 1 and 20971520),
    sha256 bytea not null,
    content bytea not null,
    added_at timestamptz not null,
    added_by text not null,
    primary key (district_id, id)
);
create index slip_files_slip on cc.slip_files (district_id, slip_id);
-- What the rules look for every round, among hundreds of thousands of open cases.
create index cases_soon on cc.cases (district_id, soon_at) where state in (2, 3, 4);
create index cases_redone on cc.cases (district_id, redos) where redos > 0 and state < 7;
create index cases_returned on cc.cases (district_id, returns) where returns > 0 and state < 7;

create table cc.second_calls (  -- 抽查: citizens who said they were content, called once more by somebody else
    district_id integer not null default cc.home_district(),
    follow_up_id bigint not null,
    case_id bigint not null,
    report_id bigint not null,
    first_caller text not null,
    day date not null,  -- in Shanghai, of the first call
    drawn_at timestamptz not null,
    called_at timestamptz,  -- reached, or tried often enough
    called_by text,
    reached boolean,
    solved boolean,
    satisfied text check (satisfied in ('满意', '基本满意', '不满意')),
    tries smallint not null default 0,
    tried_at timestamptz,
    agrees boolean,  -- whether the second answer is as good as the first
    words text not null default '',
    primary key (district_id, follow_up_id)
);
create index second_calls_open on cc.second_calls (district_id, drawn_at) where called_at is null;

create index follow_ups_at on cc.follow_ups (district_id, at);

create table cc.appeals (  -- 剔除 and 申诉: applied for, reviewed, both figures kept
    district_id integer not null default cc.home_district(),
    id bigint not null default cc.new_id(),
    kind text not null check (kind in ('exclusion', 'appeal')),
    case_id bigint not null,
    follow_up_id bigint,  -- null: the whole case
    unit_id integer not null,
    reason text not null,
    applied_at timestamptz not null,
    applied_by text not null,
    granted boolean,  -- null: not reviewed yet
    reviewed_at timestamptz,
    reviewed_by text,
    words text not null default '',
    primary key (district_id, id),
    foreign key (district_id, unit_id) references cc.units (district_id, id)
);
create index appeals_case on cc.appeals (district_id, case_id);
create unique index appeals_open on cc.appeals (district_id, case_id, coalesce(follow_up_id, 0)) where granted is null;

create table cc.schemes (  -- 考核方案: how results count
    district_id integer not null default cc.home_district(),
    id integer not null default nextval('cc.reference_ids'),
    code text not null,
    name text not null,
    citizen text not null check (citizen in ('each', 'worst')),  -- of a case with several citizens: each one's result, or the worst
    basic_weight numeric(4, 3) not null default 1 check (basic_weight between 0 and 1),  -- what 基本满意 counts
    weights jsonb not null,  -- rate -> share of 1
    active boolean not null default false,
    primary key (district_id, id),
    unique (district_id, code)
);
create unique index schemes_active on cc.schemes (district_id) where active;

create table cc.alarm_marks (  -- an alarm acknowledged, or shelved for a time; the newest of a key holds
    district_id integer not null default cc.home_district(),
    id bigint not null default cc.new_id(),
    key text not null check (key ~ '^[a-z_]+:[0-9]+(:[0-9]+)?$'),
    mark text not null check (mark in ('acknowledged', 'shelved')),
    until timestamptz,  -- of a shelved one
    reason text not null default '',
    at timestamptz not null,
    login text not null,
    primary key (district_id, id)
);
create index alarm_marks_key on cc.alarm_marks (district_id, key, at);
create index alarm_marks_at on cc.alarm_marks (district_id, at);

create table cc.timekeeper (  -- who does what time does
    district_id integer primary key default cc.home_district(),
    holder text not null,
    pid integer not null,  -- the server's process that holds the lock: of another one, the row is the past's
    since timestamptz not null,
    beat_at timestamptz not null
);
create index cases_ended on cc.cases (district_id, archived_at) where state >= 7;  -- what waits for the archive

insert into cc.settings (name, value, note) values
    ('ruling_minutes', '120', '没有事项清单依据或对应哨有异议时，市中心作出指定的时限（分钟） [D]'),
    ('score_low', '60', '评哨低于此分须写明理由 [D]'),
    ('speed_answer', '40', '评哨速度分：按时应哨占的分 [D]'),
    ('speed_arrive', '30', '评哨速度分：按时报到占的分 [D]'),
    ('speed_finish', '30', '评哨速度分：按时办完占的分 [D]'),
    ('call_due_minutes', '1440', '办结后须在此分钟数内回访 [D]'),
    ('call_gap_minutes', '120', '未接通后至少隔此分钟数再拨 [D]'),
    ('call_bands', '[[510,720],[810,1050],[1080,1230]]', '重拨的时段（一天中的分钟数）：未接通的换一个没有拨过的时段再拨 [D]'),
    ('second_call_share', '0.05', '“满意”的回访每天按此比例抽查 [D]'),
    ('alarm_flood', '10', '十分钟内新告警超过此数，合并显示 [P]'),
    ('shelve_minutes', '240', '告警搁置的最长时间（分钟） [D]'),
    ('hot_days', '60', '归档或作废的工单过此天数移入档案 [D]'),
    ('key_days', '7', '写入标识保留的天数：过后同一标识不再认作重试 [D]');

insert into cc.whistle_levels (level, name, meeting, convener_kind, caller_kinds, answer_minutes, arrive_minutes, danger_answer_minutes,
    danger_arrive_minutes, finish_clock, finish_amount, report_days) values
    (1, '常规哨', '小区党支部牵头', 'grid_team', '{grid_team,community,town,centre}', 30, 120, 15, 30, 'natural', 1440, 0),
    (2, '重点哨', '社区大党委会议', 'community', '{grid_team,community,town,centre}', 60, 240, 15, 30, 'working', 3, 0),
    (3, '联合哨', '镇街班子成员牵头，工作专线', 'town', '{community,town,centre}', 60, 1440, 15, 30, 'working', 5, 0),
    (4, '攻坚哨', '镇街大工委会议', 'town', '{town,centre}', 30, 240, 15, 30, 'plan', 30, 7);

insert into cc.slip_kinds (kind, name, word, addressee, receipt_minutes, reply_days, signers, copies, demand) values
    (1, '提示单', '荣社提', '联络员、分管副职', 240, 2, '{section_head}', '{}', '请对照上述情况抓紧办理，并按期书面回复办理情况。'),
    (2, '督办单', '荣社督', '分管负责人', 120, 3, '{director}', '{市委办公室,市政府办公室,市纪委监委}',
     '请立即组织办理，查明原因，按期书面回复办理结果。'),
    (3, '警示单', '荣社警', '主要负责人', 120, 5, '{director,leader}', '{市委办公室,市政府办公室,市纪委监委}',
     '请主要负责同志亲自过问，按期报送整改方案和整改结果。');

insert into cc.slip_rules (id, kind, trigger, name, threshold, window_days, grades) values
    (1, 1, 'soon', '红橙工单临近超期', 1, 0, '{0,1}'),
    (2, 1, 'same_kind', '同一地方同类诉求反复出现', 3, 7, '{0,1,2,3,4}'),
    (3, 1, 'satisfaction', '满意率低于标准', 0.9, 30, '{0,1,2,3,4}'),
    (4, 1, 'whistle_unanswered', '吹哨逾时未应', 1, 0, '{0,1,2,3,4}'),
    (5, 1, 'whistle_late', '应哨后逾时未报到或未办完', 1, 0, '{0,1,2,3,4}'),
    (6, 2, 'overdue', '工单超期', 1, 0, '{0,1,2,3,4}'),
    (7, 2, 'redo', '重办达到次数', 2, 0, '{0,1,2,3,4}'),
    (8, 2, 'return', '退单达到次数', 2, 0, '{0,1,2,3,4}'),
    (9, 2, 'whistle_unanswered', '攻坚哨逾时未应，无上级可提', 4, 0, '{0,1,2,3,4}'),
    (10, 3, 'slip_unanswered', '督办单逾期未复', 1, 0, '{0,1,2,3,4}'),
    (11, 3, 'slips_in_month', '一月内督办单达到次数', 3, 31, '{0,1,2,3,4}'),
    (12, 3, 'false_reply', '查实虚假回复', 1, 0, '{0,1,2,3,4}'),
    (13, 3, 'bottom_three', '连续两月排名末三位（月度考核启用后再启用）', 2, 0, '{0,1,2,3,4}');
update cc.slip_rules set active = false where id = 13;  -- no month is scored yet
-- Of whistle_unanswered the threshold is the lowest level it is drafted at: 1, any; 4, where no level is above.

insert into cc.schemes (code, name, citizen, basic_weight, weights, active) values
    ('rongcheng', '荣成：满意率、结案率、退办率', 'each', 1, '{"satisfied": 0.7, "finished": 0.2, "not_returned": 0.1}', true),
    ('pingyin', '平阴：见面率、办结率、满意率', 'each', 1, '{"met": 0.3333, "finished": 0.3333, "satisfied": 0.3334}', false),
    ('beijing', '北京：响应率、解决率、满意率', 'each', 0.9, '{"responded": 0.1, "solved": 0.5, "satisfied": 0.4}', false),
    ('digital', '数字城管：按期、结案、返工', 'each', 1, '{"in_time": 0.6, "finished": 0.3, "not_redone": 0.1}', false);

-- Whistle: 0 退回修改, 1 待审签, 2 待指定, 3 进行中, 4 待销哨确认, 5 待评哨, 6 已归档, 7 已撤回.
-- Party: 0 已推送, 1 有异议, 2 已应哨, 3 已报到, 4 申请销哨, 5 已销哨, 6 已评, 7 免到.
-- 'system' is the timekeeper; what follows from a party's step (settle) is done by the same hand.
insert into cc.steps (entity, from_state, verb, to_state, role)
select e, f, v, t, r from (values
    ('whistle', -1, 'blow', 1, '{cc_caller,cc_duty,cc_supervisor}'::text[]),
    ('whistle', -1, 'blow', 2, '{cc_caller,cc_duty,cc_supervisor}'),  -- danger, or the head's own: approved as it is blown
    ('whistle', -1, 'blow', 3, '{cc_caller,cc_duty,cc_supervisor}'),
    ('whistle', 0, 'amend', 1, '{cc_caller,cc_duty,cc_supervisor}'),
    ('whistle', 1, 'approve', 3, '{cc_caller,cc_supervisor}'), ('whistle', 1, 'approve', 2, '{cc_caller,cc_supervisor}'),
    ('whistle', 1, 'decline', 0, '{cc_caller,cc_supervisor}'),
    ('whistle', 2, 'rule', 3, '{cc_duty,cc_supervisor}'),
    ('whistle', 3, 'escalate', 3, '{cc_caller,cc_duty,cc_supervisor,system}'),
    ('whistle', 3, 'meet', 3, '{cc_caller,cc_duty,cc_supervisor}'), ('whistle', 3, 'plan', 3, '{cc_caller,cc_duty,cc_supervisor}'),
    ('whistle', 3, 'settle', 3, '{cc_caller,cc_responder,cc_duty,cc_supervisor,system}'),
    ('whistle', 3, 'settle', 4, '{cc_caller,cc_responder,cc_duty,cc_supervisor}'),
    ('whistle', 3, 'settle', 5, '{cc_caller,cc_duty,cc_supervisor}'),
    ('whistle', 3, 'settle', 6, '{cc_duty,cc_supervisor}'),  -- nobody had to come after all
    ('whistle', 4, 'settle', 3, '{cc_caller,cc_duty,cc_supervisor}'), ('whistle', 4, 'settle', 4, '{cc_caller,cc_duty,cc_supervisor}'),
    ('whistle', 4, 'settle', 5, '{cc_caller,cc_duty,cc_supervisor}'),
    ('whistle', 5, 'settle', 5, '{cc_caller,cc_duty,cc_supervisor}'), ('whistle', 5, 'settle', 6, '{cc_caller,cc_duty,cc_supervisor}'),
    ('whistle', 0, 'withdraw', 7, '{cc_caller,cc_duty,cc_supervisor,system}'), ('whistle', 1, 'withdraw', 7, '{cc_caller,cc_duty,cc_supervisor}'),
    ('whistle', 2, 'withdraw', 7, '{cc_caller,cc_duty,cc_supervisor}'), ('whistle', 3, 'withdraw', 7, '{cc_supervisor}'),
    ('whistle', 4, 'withdraw', 7, '{cc_supervisor}'), ('whistle', 5, 'withdraw', 7, '{cc_supervisor}'),
    ('whistle', 2, 'missed', 2, '{system}'),
    ('party', -1, 'call', 0, '{cc_caller,cc_duty,cc_supervisor}'),
    ('party', 0, 'call_again', 0, '{cc_caller,cc_duty,cc_supervisor,system}'),  -- after an escalation
    ('party', 0, 'answer', 2, '{cc_responder,cc_caller}'), ('party', 0, 'object', 1, '{cc_responder,cc_caller}'),
    ('party', 1, 'rule', 0, '{cc_duty,cc_supervisor}'), ('party', 1, 'rule', 7, '{cc_duty,cc_supervisor}'),
    ('party', 2, 'check_in', 3, '{cc_responder,cc_caller}'),
    ('party', 3, 'progress', 3, '{cc_responder,cc_caller}'),
    ('party', 3, 'stand_down', 4, '{cc_responder,cc_caller}'),
    ('party', 4, 'confirm', 5, '{cc_caller,cc_duty,cc_supervisor}'), ('party', 4, 'send_back', 3, '{cc_caller,cc_duty,cc_supervisor}'),
    ('party', 5, 'score', 6, '{cc_caller,cc_duty,cc_supervisor}'),
    ('party', 6, 'answer_score', 6, '{cc_responder,cc_caller}'),
    ('party', 0, 'plan', 0, '{cc_caller,cc_duty,cc_supervisor}'), ('party', 1, 'plan', 1, '{cc_caller,cc_duty,cc_supervisor}'),
    ('party', 2, 'plan', 2, '{cc_caller,cc_duty,cc_supervisor}'), ('party', 3, 'plan', 3, '{cc_caller,cc_duty,cc_supervisor}'),
    ('party', 0, 'missed', 0, '{system}'), ('party', 1, 'missed', 1, '{system}'), ('party', 2, 'missed', 2, '{system}'),
    ('party', 3, 'missed', 3, '{system}'),
    ('party', 0, 'withdraw', 7, '{cc_supervisor}'), ('party', 1, 'withdraw', 7, '{cc_supervisor}'),
    ('party', 2, 'withdraw', 7, '{cc_supervisor}'), ('party', 3, 'withdraw', 7, '{cc_supervisor}'),
    ('party', 4, 'withdraw', 7, '{cc_supervisor}'), ('party', 5, 'withdraw', 7, '{cc_supervisor}'),
-- Slip: 0 草稿, 1 待会签, 2 待签收, 3 待回复, 4 待评定, 5 退回再复, 6 已办结, 7 不发, 8 作废.
    ('slip', -1, 'draft', 0, '{cc_supervisor,system}'), ('slip', 0, 'gather', 0, '{system}'),
    ('slip', 0, 'edit', 0, '{cc_supervisor}'), ('slip', 0, 'sign', 1, '{cc_supervisor}'), ('slip', 0, 'sign', 2, '{cc_supervisor}'),
    ('slip', 1, 'sign', 2, '{cc_supervisor}'), ('slip', 1, 'edit', 0, '{cc_supervisor}'),  -- edited: signatures so far are void
    ('slip', 0, 'dismiss', 7, '{cc_supervisor}'), ('slip', 1, 'dismiss', 7, '{cc_supervisor}'),
    ('slip', 2, 'receive', 3, '{cc_responder,cc_caller}'), ('slip', 3, 'reply', 4, '{cc_responder,cc_caller}'),
    ('slip', 5, 'reply', 4, '{cc_responder,cc_caller}'),
    ('slip', 4, 'pass', 6, '{cc_supervisor}'), ('slip', 4, 'send_back', 5, '{cc_supervisor}'),
    ('slip', 2, 'void', 8, '{cc_supervisor}'), ('slip', 3, 'void', 8, '{cc_supervisor}'), ('slip', 4, 'void', 8, '{cc_supervisor}'),
    ('slip', 5, 'void', 8, '{cc_supervisor}'),
    ('slip', 2, 'missed', 2, '{system}'), ('slip', 3, 'missed', 3, '{system}'), ('slip', 5, 'missed', 5, '{system}')
) as law (e, f, v, t, roles), unnest(roles) r
union all
select 'slip', s, 'copy', s, 'cc_supervisor' from generate_series(2, 6) s;

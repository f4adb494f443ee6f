-- What a new centre starts with: the rules of domain.md as data an administrator edits. [S] from a source document,
-- [P] public practice, [D] our default.

insert into cc.centre (name) values ('荣成市社会治理服务中心');
insert into cc.secrets (name, value) values ('phone', sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
insert into cc.work_hours (id, name, periods) values (1, '机关作息', '{510,720,810,1050}');
insert into cc.areas (id, level, code, name, path) values (1, 'county', '371082', '荣成市', '01.');
insert into cc.units (id, kind, name, short_name, path, area_id, hours_id) values (1, 'centre', '荣成市社会治理服务中心', '市中心', '01.', 1, 1);

insert into cc.grade_limits (grade, clock, accept_minutes, finish_amount, finish_unit, return_minutes, extension_days, soon_share)
values (0, 'natural', 15, 1440, 'minutes', 30, 0, 0.25),  -- 红: finished within 24 hours [S]
       (1, 'natural', 30, 2880, 'minutes', 60, 0, 0.25),
       (2, 'working', 120, 2, 'days', 120, 0, 0.25),
       (3, 'working', 240, 3, 'days', 240, 2, 0.25),
       (4, 'working', 240, 3, 'days', 240, 0, 0.25);  -- 绿: at most 3 working days [S]

insert into cc.settings (name, value, note) values
    ('problem_returns', '3', '退单达到此次数即为问题工单 [P]'),
    ('problem_redos', '3', '重办达到此次数即为问题工单 [P]'),
    ('hold_minutes', '15', '值班员占用工单后无动作，过此分钟数可由他人接手 [D]'),
    ('call_attempts', '3', '回访未接通满此次数，该诉求人可视为无法联系，工单可归档 [D]'),
    ('late_hours', '24', '断网期间记下的诉求，恢复后补登时可写明的最早收到时间（小时前） [D]');

insert into cc.channels (id, code, name, online) values
    (1, '12345', '12345热线', true), (2, 'app', '荣成民生APP', true), (3, 'mxw', '民心网', true), (4, 'mayor', '市长信箱', true),
    (5, 'people', '人民网领导留言板', true), (6, 'gov', '互联网+督查', true), (7, 'firm', '省企业诉求平台', true),
    (8, 'petition', '网上信访', true), (9, '110', '110非警务联动', true), (10, 'merged', '12315/12319并线', true),
    (11, 'wechat', '微信公众号', true), (12, 'opinion', '舆情监测', true), (13, 'grid', '网格员', false),
    (14, 'visit', '大走访', false), (15, 'patrol', '数字城管巡查员', false);

insert into cc.transitions (from_state, verb, to_state, role)
select f, v, t, r from (values
    (-1, 'register', 0, '{cc_duty,cc_caller,cc_intake,cc_supervisor,system}'::text[]),
    (-1, 'register', 1, '{cc_duty,cc_supervisor,system}'),
    (-1, 'import', 0, '{cc_duty,cc_supervisor,cc_intake,cc_admin,system}'),
    (0, 'grade', 1, '{cc_duty,cc_supervisor}'), (1, 'grade', 1, '{cc_duty,cc_supervisor}'), (2, 'grade', 2, '{cc_duty,cc_supervisor}'),
    (3, 'grade', 3, '{cc_duty,cc_supervisor}'), (4, 'grade', 4, '{cc_duty,cc_supervisor}'),
    (1, 'dispatch', 2, '{cc_duty,cc_supervisor}'),
    (2, 'accept', 3, '{cc_responder,cc_caller}'),
    (2, 'accept', 2, '{cc_responder,cc_caller}'), (3, 'accept', 3, '{cc_responder,cc_caller}'),  -- who assists
    (2, 'return', 4, '{cc_responder,cc_caller}'), (3, 'return', 4, '{cc_responder,cc_caller}'),
    (4, 'review_return', 2, '{cc_duty,cc_supervisor}'),
    (2, 'reassign', 2, '{cc_duty,cc_supervisor}'), (3, 'reassign', 2, '{cc_duty,cc_supervisor}'),
    (3, 'apply_extension', 3, '{cc_responder,cc_caller}'), (3, 'review_extension', 3, '{cc_supervisor}'),
    (3, 'pause', 5, '{cc_duty,cc_supervisor}'), (5, 'resume', 3, '{cc_duty,cc_supervisor}'),
    (3, 'finish', 6, '{cc_responder,cc_caller}'),
    (6, 'follow_up', 6, '{cc_followup,cc_supervisor}'), (6, 'redo', 3, '{cc_followup,cc_supervisor}'),
    (6, 'archive', 7, '{cc_followup,cc_supervisor}'),
    (0, 'void', 9, '{cc_duty,cc_supervisor}'), (1, 'void', 9, '{cc_duty,cc_supervisor}'), (2, 'void', 9, '{cc_supervisor}'),
    (3, 'void', 9, '{cc_supervisor}'), (4, 'void', 9, '{cc_supervisor}'), (5, 'void', 9, '{cc_supervisor}')
) as law (f, v, t, roles), unnest(roles) r
union all
select s, v, s, r from generate_series(0, 6) s, unnest('{take,release}'::text[]) v, unnest('{cc_duty,cc_supervisor}'::text[]) r where s in (0, 1, 4)
union all
select 6, v, 6, r from unnest('{take,release}'::text[]) v, unnest('{cc_followup,cc_supervisor}'::text[]) r
union all
select s, v, s, r from generate_series(0, 6) s, unnest('{note,attach}'::text[]) v,
    unnest('{cc_duty,cc_supervisor,cc_caller,cc_responder,cc_followup}'::text[]) r
union all
select -1, 'load', s, 'system' from generate_series(0, 9) s;

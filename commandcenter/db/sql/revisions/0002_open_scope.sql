-- Sight of open cases by a set of open cases alone: true where in doubt, which costs time; false would cost sight.
alter table cc.case_scope add column open boolean not null default true;
update cc.case_scope s set open = false
where not exists (select from cc.cases c where c.district_id = s.district_id and c.id = s.case_id and c.state < 7);
create index case_scope_open on cc.case_scope (district_id, path, case_id) where open;

-- A page of a queue is found in the index alone, and with it everything that the policy asks.
drop index cc.cases_queue;
create index cases_queue on cc.cases (district_id, grade, due_at, id) include (path, state) where state < 7;

-- Cases that nobody has been given yet are due at no time: they stay out of the index of what is due, which every import and
-- every case taken from the queue would have to write to.
drop index cc.cases_due;
create index cases_due on cc.cases (district_id, due_at, id) where state < 7 and due_at is not null;

-- panels.sql - the panels of the city: beside cases.sql, since it needs nothing of it but the ids.
\set ON_ERROR_STOP on
set client_min_messages = warning;
set session_replication_role = replica;
set enable_nestloop = off;
-- panels of five with twenty subjects; expert 1 on one of a thousand
insert into workflow.item (id, preset, machine, state, title, batch, since, created_at)
select bench.id('panel', n), 'jinzhou', 'panel', (array['open','closed','closed','closed'])[1 + n % 4], '示例论证组' || n, bench.id('batch', 1 + n % batches),
       now(), timestamptz '2020-01-01' + n * interval '3 hours' from bench.size, generate_series(1, few) n;
insert into core.panel (id, batch, kind, name, criteria, quorum)
select bench.id('panel', n), bench.id('batch', 1 + n % batches), 'need', '示例论证组' || n, '[]', 3 from bench.size, generate_series(1, few) n;
insert into core.panel_member (panel, person, state)
select bench.id('panel', n), case when k = 0 and n % 1000 = 0 then fixture.id('expert') else bench.id('person', 1 + (n * 5 + k) % units) end, 'accepted'
  from bench.size, generate_series(1, few) n, generate_series(0, 4) k;
insert into core.panel_subject (panel, subject, ordinal)
select bench.id('panel', n), bench.id('need', 1 + (n * 20 + k) % rows), k + 1 from bench.size, generate_series(1, few) n, generate_series(0, 19) k;
insert into workflow.party (item, role, person) select s.subject, 'member', m.person
  from core.panel_subject s join core.panel_member m on m.panel = s.panel on conflict do nothing;

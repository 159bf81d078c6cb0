-- libraries.sql - :rows experts, a fifth as many achievements, patents and earlier needs. The search
-- lines are those of lib.project(), made in bulk: terms of the words, joined.
\set ON_ERROR_STOP on
set client_min_messages = warning;
set session_replication_role = replica;
set enable_nestloop = off;
create temp table stem as
select w, row_number() over () - 1 as n
  from unnest(array['半导体', '硅片', '抛光', '二氧化钛', '电驱动', '减速器', '陶瓷', '滤波器', '石英', '坩埚', '储能', '钒电池', '抗体',
                    '药物', '海参', '嫁接', '碳化硅', '单晶', '衬底', '离子液体']) w;
create temp table research as
select a.n + b.n * 20 + c.n * 400 as n, concat_ws('与', a.w, b.w, c.w) as text, lib.terms(concat_ws('与', a.w, b.w, c.w)) as terms from stem a, stem b, stem c;
create temp table keeper as select n, '示例大学' || n as name, lib.terms('示例大学' || n) as terms from generate_series(0, 4999) n;
-- What lib.terms says of '专家7', without asking it a million times; divides by zero if that is not so.
create function pg_temp.numbered(p_head tsvector, p_n int) returns tsvector language sql immutable as
$$ select p_head || (p_n || ':3')::tsvector $$;
select 1 / (lib.terms('专家1234') = pg_temp.numbered(lib.terms('专家'), 1234))::int;
create temp table head as select kind, lib.terms(case kind when 'expert' then '专家' else '技术' end) as terms from lib.kind;
alter table research add primary key (n);
alter table keeper add primary key (n);
analyze research, keeper;

insert into lib.record (id, kind, key, title, unit, person, data, state, source, refreshed_at, created_at)
select bench.id('expert', g.n), 'expert', 'bench ' || g.n, '专家' || g.n, case when g.n % 1000 = 0 then bench.id('unit', 1) end,
       case when g.n = 1 then fixture.id('expert') end,
       jsonb_build_object('name', '专家' || g.n, 'unit_name', k.name, 'title_level', (array['senior', 'associate', 'middle'])[1 + g.n % 3],
         'fields', jsonb_build_array((array['material', 'energy', 'bio', 'agri', 'health'])[1 + g.n % 5]),
         'division', (array['210702', '210711', '210781', '210102', '210202'])[1 + (g.n / 7) % 5], 'research', r.text),
       case when g.n % 500 = 0 then 'pending' else 'active' end, 'bench', now(), timestamptz '2020-01-01' + g.n * interval '1 minute'
  from generate_series(1, :rows) g (n) join research r on r.n = g.n % 8000 join keeper k on k.n = g.n % 5000;
insert into lib.record (id, kind, key, title, unit, data, state, source, refreshed_at, created_at)
select bench.id(kind, g.n), kind, 'bench ' || g.n, w.w || r.text || '技术' || g.n, case when g.n % 200 = 0 then bench.id('unit', 1) end,
       jsonb_build_object('title', w.w || r.text || '技术' || g.n, 'unit_name', k.name, 'trl', 1 + g.n % 9, 'year', 2010 + g.n % 16,
         'fields', jsonb_build_array((array['material', 'energy', 'bio', 'agri', 'health'])[1 + g.n % 5]),
         'division', (array['210702', '210711', '210781', '210102', '210202'])[1 + (g.n / 7) % 5]),
       case when g.n % 500 = 0 then 'pending' else 'active' end, 'bench', now(), timestamptz '2020-01-01' + g.n * interval '5 minutes'
  from unnest(array['achievement', 'patent', 'need']) kind, generate_series(1, :rows / 5) g (n)
  join research r on r.n = g.n % 8000 join keeper k on k.n = g.n % 5000 join bench.word w on w.n = g.n % 225;

create temp table filter_term as
select distinct data - array['name', 'unit_name', 'research', 'title'] as rest from (select data from lib.record where source = 'bench') d;
alter table filter_term add column terms tsvector;
update filter_term set terms = lib.filter_terms(rest);
create index on filter_term using hash (rest);
analyze filter_term, lib.record, bench.word;
insert into lib.search (record, kind, title, unit, division, fields, trl, title_level, year, terms, created_at)
select r.id, r.kind, r.title, r.unit, r.data ->> 'division', array(select jsonb_array_elements_text(r.data -> 'fields')),
       (r.data ->> 'trl')::int, r.data ->> 'title_level', (r.data ->> 'year')::int,
       pg_temp.numbered(h.terms, i.n) || case r.kind when 'expert' then '' else w.terms end || x.terms || k.terms || f.terms, r.created_at
  from lib.record r join head h on h.kind = r.kind join filter_term f on f.rest = r.data - array['name', 'unit_name', 'research', 'title']
  cross join lateral (select substr(r.key, 7)::int as n) i join research x on x.n = i.n % 8000 join keeper k on k.n = i.n % 5000
  join (select n, lib.terms(w) as terms from bench.word offset 0) w on w.n = i.n % 225
 where r.source = 'bench' and r.state = 'active';
insert into lib.version (record, version, why, data, state, at)
select r.id, 1, 'create', r.data, r.state, r.created_at from lib.record r where r.kind = 'achievement';

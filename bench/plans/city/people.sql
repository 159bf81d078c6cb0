-- people.sql - people, units and programmes of a city in which :rows needs have been asked; cases.sql
-- and libraries.sql bring what hangs on them and may run side by side. Run by a superuser on a
-- migrated database of its own, never on a city's. The rows are consistent by construction: nothing
-- checks them (session_replication_role), and whoever reads them cannot tell.
--
-- Unit 1 is a hundred times as busy as the others, recommender 1 one of eight, expert 1 on a panel of
-- every thousand: their lists are long. Ids are digests, as random as real ones.
\set ON_ERROR_STOP on
set client_min_messages = warning;
\ir ../../../tests/sql/fixtures/people.sql
create schema bench;
create function bench.id(p_kind text, p_n bigint) returns uuid language sql immutable parallel safe as
$$ select md5('bench ' || p_kind || ' ' || p_n)::uuid $$;
-- how many of each kind
create table bench.size as
select :rows::bigint as rows, :rows / 5 as items, greatest(:rows / 10, 100) as units,
       greatest(:rows / 50, 100) as few, greatest(:rows / 5000, 40) as batches, greatest(:rows / 250, 40) as lists;

-- The big tables are filled without their plain indexes, which are made at the end.
create table bench.kept_index as
select i.indrelid::regclass as tab, i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as def
  from pg_index i left join pg_constraint c on c.conindid = i.indexrelid
 where not i.indisunique and c.oid is null
   and i.indrelid in ('workflow.item'::regclass, 'workflow.history'::regclass, 'workflow.party'::regclass, 'core.need'::regclass,
                      'core.claim'::regclass, 'core.list_item'::regclass, 'lib.record'::regclass, 'lib.search'::regclass,
                      'party.unit'::regclass);
select format('drop index %s', name) from bench.kept_index \gexec

create table bench.word as
select row_number() over () - 1 as n, a || b as w
  from unnest(array['高纯','低缺陷','电子级','耐高温','轻量化','智能','绿色','柔性','超细','复合','高效','新型','精密','长寿命','低成本']) a,
       unnest(array['石英玻璃','抛光硅片','二氧化钛','动力系统','单晶炉','压缩机','锆材','润滑油','海参养殖','花生油','中药膏剂','光伏组件','安全气囊','陶瓷滤波器','秸秆材料']) b;

set session_replication_role = replica;
insert into party.unit (id, name, kind, division, recommender, state, source, sample, created_at)
select bench.id('unit', n), '示例企业' || n, case when n % 5 = 0 then 'university' else 'enterprise' end,
       (array['210702','210703','210711','210726','210727','210781','210782'])[1 + n % 7], bench.id('recommender', 1 + n % 8),
       case n % 50 when 7 then 'pending' when 8 then 'rejected' else 'verified' end, 'bench', true, timestamptz '2019-01-01' + n * interval '20 minutes'
  from bench.size, generate_series(1, units) n;
insert into party.recommender (id, code_local, name, kind, division, unit)
select bench.id('recommender', n), 'B' || n, '示例推荐单位' || n, 'county', '2107', case when n = 1 then fixture.unit('示例区科技局', 'government') end
  from generate_series(1, 8) n;

-- accounts of a good part of the units
insert into party.person (id, name, sample) select bench.id('person', n), '示例人员' || n, true from bench.size, generate_series(1, units) n;
insert into auth.account (id, login, hash, created_at, state)
select bench.id('person', n), 'bench' || n, '$argon2id$bench', timestamptz '2019-01-01' + n * interval '20 minutes',
       case when n % 100 = 0 then 'disabled' else 'active' end from bench.size, generate_series(1, units) n;
insert into party.membership (id, person, unit, roles)
select bench.id('membership', n), bench.id('person', n), bench.id('unit', 1 + n % units), '{member}' from bench.size, generate_series(1, units) n;
insert into auth.event (kind, actor, account, object, at)
select (array['sign_in','sign_in','sign_out','password_changed','profile_changed'])[1 + n % 5], bench.id('person', 1 + n % units),
       bench.id('person', 1 + n % units), bench.id('unit', 1 + n % units), timestamptz '2020-01-01' + n * interval '3 minutes'
  from bench.size, generate_series(1, rows / 2) n;
insert into auth.role_grant (membership, person, action, roles, reason, asked_by, asked_at, decision, decided_by, decided_at)
select bench.id('membership', n), bench.id('person', n), 'add', '{signatory}', '示例', bench.id('person', n + 1), timestamptz '2020-01-01' + n * interval '1 hour',
       case when n % 100 > 0 then 'granted' end, case when n % 100 > 0 then bench.id('person', n + 2) end,
       case when n % 100 > 0 then now() end
  from bench.size, generate_series(1, few) n;
insert into party.credit (unit, name, level, decision, starts, ends, source, created_at)
select bench.id('unit', case when n % 50 = 0 then 1 else 1 + n % units end), '示例企业', 'general', '示例' || n, '2024-01-01', '2027-01-01', 'bench',
       timestamptz '2020-01-01' + n * interval '1 hour' from bench.size, generate_series(1, few) n;
insert into party.unit_relation (unit, parent, kind, source)
select bench.id('unit', n), bench.id('unit', 1 + n / 10), 'subordinate', 'bench' from bench.size, generate_series(11, few) n;

-- the people who ask
select fixture.person('member', '企业甲', bench.id('unit', 1), '{member,signatory}'),
       fixture.person('county', '推荐甲', fixture.id('示例区科技局'), '{county}'),
       fixture.person('expert', '专家甲', fixture.unit('示例大学甲', 'university'), '{expert}'),
       fixture.person('broker', '经纪甲', fixture.unit('示例机构甲', 'other'), '{broker}');
select fixture.person(r, '工作人员', fixture.unit('示例市科学技术局', 'government'), array[r])
  from unnest(array['officer', 'leader', 'city', 'auditor', 'sysadmin', 'secadmin']) r;
insert into workflow.inbox (person, outbox, kind, item, at, read_at)
select case when n % 4 = 0 then fixture.id('member') else bench.id('person', 1 + n % units) end, n, 'moved', bench.id('need', 1 + n),
       timestamptz '2020-01-01' + n * interval '9 minutes', case when n % 8 <> 0 then now() end
  from bench.size, generate_series(1, rows / 5) n;

insert into core.programme (id, preset, code, name, year, industries, rules, state, sample)
select bench.id('programme', n), 'jinzhou', 'BENCH' || n, '示例计划' || n, 2020 + n % 7,
       array['新材料','新能源','先进装备制造','生物医药','精细化工','现代农业'], core.default_rules('jinzhou'), 'active', true
  from generate_series(1, 20) n;
insert into workflow.item (id, preset, machine, state, title, public, since, created_at)
select bench.id('batch', n), 'jinzhou', 'batch', 'published', '示例批次' || n, true, now(), timestamptz '2020-01-01' + n * interval '50 days'
  from bench.size, generate_series(1, batches) n;
insert into core.batch (id, programme, name)
select bench.id('batch', n), bench.id('programme', 1 + n % 20), '示例批次' || n from bench.size, generate_series(1, batches) n;

-- cases.sql - what happens in the city of people.sql: needs, lists, challenges, claims, and what follows.
\set ON_ERROR_STOP on
set client_min_messages = warning;
set session_replication_role = replica;
set enable_nestloop = off;

create temp table case_row as
select g.n, s.*, w.w || '关键技术研发第' || g.n || '号' as title, bench.id('need', g.n) as need,
       bench.id('batch', 1 + g.n % batches) as batch, bench.id('unit', case when g.n % 1000 = 0 then 1 else 1 + g.n % units end) as unit,
       bench.id('recommender', 1 + g.n % 8) as recommender,
       (array['新材料','新能源','先进装备制造','生物医药','精细化工','现代农业'])[1 + g.n % 6] as industry,
       timestamptz '2020-01-01' + g.n * interval '3 minutes' as at
  from bench.size s, generate_series(1, s.rows) g (n) join bench.word w on w.n = (g.n * 7) % 225;
insert into workflow.item (id, preset, machine, state, title, batch, owner, recommender, due, since, created_at)
select need, 'jinzhou', 'need',
       (array['draft','submitted','submitted','recommended','pooled','pooled','kept','published','withdrawn','returned'])[1 + n / 13 % 10],
       title, batch, unit, recommender, case when n % 3 = 0 then at + interval '30 days' end, at, at from case_row;
insert into core.need (id, batch, unit, title, industry, field, division, budget_fen, cash_fen, content)
select need, batch, unit, title, industry, '新材料及应用', '210726', 30000000, 10000000,
       jsonb_build_object('title', title, 'problem', title || '存在的主要问题', 'indicators', '[]'::jsonb) from case_row;
insert into workflow.history (item, machine, version, event, from_state, to_state, role, at)
select need, 'need', 1, 'create', null, 'draft', 'poster', at from case_row;

-- letters, each with three needs
insert into core.recommendation (id, batch, recommender, letter_no, letter_date, signer, summary, by, at)
select bench.id('letter', n), bench.id('batch', 1 + n % batches), bench.id('recommender', 1 + n % 8), '示例函' || n, '2026-01-01', '推荐甲', '示例',
       fixture.id('county'), timestamptz '2020-01-01' + n * interval '3 hours' from bench.size, generate_series(1, few) n;
insert into core.recommended_need (recommendation, need, ordinal, opinion)
select bench.id('letter', n), bench.id('need', n * 3 + k), k + 1, '同意推荐' from bench.size, generate_series(1, few) n, generate_series(0, 2) k;

insert into workflow.item (id, preset, machine, state, title, batch, public, since, created_at)
select bench.id('list', n), 'jinzhou', 'list', 'published', '示例榜单' || n, bench.id('batch', 1 + n % batches), true, now(),
       timestamptz '2020-01-01' + n * interval '5 hours' from bench.size, generate_series(1, lists) n;
insert into core.list (id, batch, number, title, claim_until, published_at)
select bench.id('list', n), bench.id('batch', 1 + n % batches), 'BL' || n, '示例榜单' || n, now(), now() from bench.size, generate_series(1, lists) n;

-- what is open may still be claimed, for two months at most; the rest could be for a year
create temp table item_row as select *, bench.id('item', n) as item, bench.id('list', 1 + n % lists) as list,
       case when n / 11 % 8 < 2 then now() + (1 + n % 60) * interval '1 day' else at + interval '1 year' end as claim_until from case_row where n <= items;
insert into workflow.item (id, preset, machine, state, title, batch, owner, recommender, parent, public, due, since, created_at)
select item, 'jinzhou', 'list_item', (array['open','interested','matching','chosen','noticing','signed','started','unclaimed'])[1 + n / 11 % 8],
       title, batch, unit, recommender, list, true, case when n % 3 = 0 then at + interval '90 days' end, at, at from item_row;
insert into core.list_item (id, list, need, ordinal, number, title, industry, field, division, poster, claim_until, sealed, budget_fen, content)
select item, list, need, n, 'BI' || n, title, industry, '新材料及应用', '210726', unit, claim_until, true, 30000000,
       jsonb_build_object('title', title, 'indicators', '[]'::jsonb) from item_row;
insert into core.face (item, number, list, industry, field, division, named, at, state, batch, poster, claim_until, version, public, face, doc)
select item, 'BI' || n, list, industry, '新材料及应用', (array['210726','210702','210781'])[1 + n % 3], true, at,
       (array['open','interested','matching','chosen','noticing','signed','started','unclaimed'])[1 + n / 11 % 8], batch, unit, claim_until, 1, true,
       f.face, (f.face::jsonb || jsonb_build_object('id', item, 'version', 1))::json
  from item_row cross join lateral (select json_build_object('number', 'BI' || n, 'title', title, 'industry', industry, 'field', '新材料及应用', 'budget_wan', 30,
    'content', json_build_object('problem', title || '存在的主要问题，现有工艺的成品率不能满足用户的要求')) as face) f;
-- the words of core.face_terms(), joined from those of the parts; divides by zero if a number's are not these
select 1 / (lib.terms('1234 BI1234') = '1234:1 bi1234:3'::tsvector)::int;
create temp table title_term as
select n, lib.terms(w || '关键技术研发第') as terms, lib.terms('号 存在的主要问题，现有工艺的成品率不能满足用户的要求') as rest from bench.word;
insert into core.face_word (item, terms)
select bench.id('item', g.n), t.terms || format('%1$s:1 bi%1$s:3', g.n)::tsvector || t.rest
  from bench.size s, generate_series(1, s.items) g (n) join title_term t on t.n = (g.n * 7) % 225;

insert into workflow.item (id, preset, machine, state, title, batch, owner, parent, since, created_at)
select bench.id('claim', n), 'jinzhou', 'claim', (array['draft','submitted','eligible','chosen','won','turned_down','withdrawn','reserve'])[1 + n / 7 % 8],
       title, batch, bench.id('unit', case when n % 1000 = 3 then 1 else 1 + n * 7 % units end), bench.id('item', 1 + n % items), at, at from case_row;
insert into core.claim (id, item, unit, leader, content, digest, submitted_at, opened_at, live)
select bench.id('claim', n), bench.id('item', 1 + n % items), bench.id('unit', case when n % 1000 = 3 then 1 else 1 + n * 7 % units end), '负责人' || n,
       jsonb_build_object('plan', title), md5(n::text), case when n / 7 % 8 > 0 then at end, case when n / 7 % 8 > 0 then at end, false from case_row;
-- partners: unit 1 in one claim of two thousand
insert into core.claim_partner (claim, unit, duty, state)
select bench.id('claim', n), bench.id('unit', case when n % 2000 = 5 then 1 else 2 + n * 11 % (units - 1) end), '试验', 'signed' from case_row where n % 5 = 0;
insert into workflow.party (item, role, unit) select claim, 'partner', unit from core.claim_partner;
insert into core.intent (item, unit, person, statement, at) select item, bench.id('unit', 1 + n * 3 % units), fixture.id('member'), '示例', at from item_row;

-- notices, objections, contracts and projects of the first challenges
create temp table late_row as select *, bench.id('notice', n) as notice from item_row where n <= few;
insert into workflow.item (id, preset, machine, state, title, batch, parent, public, since, created_at)
select notice, 'jinzhou', 'notice', (array['running','ended','ended'])[1 + n / 3 % 3], title, batch, item, true, at, at from late_row;
insert into core.notice (id, kind, batch, item, title, doc_no, issuer, basis, body, how, rule, from_at, until_at)
select notice, 'award', batch, item, title, '示例' || n, '示例市科学技术局', '示例', '{}', '{}', '{}', at, at + interval '7 days' from late_row;
insert into workflow.item (id, preset, machine, state, title, batch, parent, since, created_at)
select bench.id('objection', n), 'jinzhou', 'objection', (array['received','rejected','upheld'])[1 + n / 3 % 3], title, batch, notice, at, at from late_row;
insert into core.objection (id, notice, receipt_no, name, is_unit, contact, text, evidence, channel, received_at, in_time)
select bench.id('objection', n), notice, 'YY' || n, '示例', false, '{}', '示例', '示例', 'online', at, true from late_row;
insert into workflow.item (id, preset, machine, state, title, batch, owner, parent, since, created_at)
select bench.id('contract', n), 'jinzhou', 'contract', 'signed', title, batch, unit, item, at, at from late_row;
insert into core.contract (id, item, claim, kind, number, content, total_fen, digest, live)
select bench.id('contract', n), item, bench.id('claim', n), 'task', 'HT' || n, '{}', 30000000, md5(n::text), true from late_row;
insert into workflow.item (id, preset, machine, state, title, batch, owner, parent, public, since, created_at)
select bench.id('project', n), 'jinzhou', 'project', (array['signed','running'])[1 + n / 3 % 2], title, batch, unit, item, true, at, at from late_row;
insert into core.project (id, contract, item, claim, number, end_on)
select bench.id('project', n), bench.id('contract', n), item, bench.id('claim', n), 'XM' || n, '2027-12-31' from late_row;

-- what the worker asks for: nearly all of it done
insert into workflow.outbox (kind, item, payload, done_at) select 'moved', need, '{}', case when n % 5000 > 0 then now() end from case_row where n % 2 = 0;
insert into workflow.timer (item, event, due, done_at) select need, 'expire', at, case when n % 5000 > 0 then now() end from case_row where n % 5 = 0;

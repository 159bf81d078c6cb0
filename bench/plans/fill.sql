-- fill.sql - a city of :rows needs, as many claims, experts and achievements, and :rows / 5
-- challenges, for looking at plans. Run by a superuser on a database of its own, never on a city's.
\set ON_ERROR_STOP on
set synchronous_commit = off;
set session_replication_role = replica;      -- the rows are consistent by construction
select setseed(0.42);

create temp table word (n int, w text);
insert into word
select row_number() over (), a || b
  from unnest(array['高纯','低缺陷','电子级','耐高温','轻量化','智能','绿色','柔性','超细','复合','高效','新型','精密','长寿命','低成本']) a,
       unnest(array['石英玻璃','抛光硅片','二氧化钛','动力系统','单晶炉','压缩机','锆材','润滑油','海参养殖','花生油','中药膏剂','光伏组件','安全气囊','陶瓷滤波器','秸秆材料']) b;

insert into party.unit (id, code, name, kind, division, state, source, sample)
select ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, null, '示例企业' || n,
       case when n % 5 = 0 then 'university' else 'enterprise' end,
       (array['210702','210703','210711','210726','210727','210781','210782'])[1 + n % 7], 'verified', 'bench', true
  from generate_series(1, 20000) n;
insert into party.recommender (id, code_local, name, kind, division)
select ('00000000-0000-4000-9000-' || lpad(to_hex(n), 12, '0'))::uuid, 'B' || n, '示例推荐单位' || n, 'county', '2107'
  from generate_series(1, 8) n;
insert into core.programme (id, preset, code, name, year, industries, rules, state, sample)
select ('00000000-0000-4000-a000-' || lpad(to_hex(n), 12, '0'))::uuid, 'jinzhou', 'BENCH' || n, '示例计划' || n, 2026,
       array['新材料','新能源','先进装备制造','生物医药','精细化工','现代农业'], core.default_rules('jinzhou'), 'active', true
  from generate_series(1, 4) n;
insert into workflow.item (id, preset, machine, state, title, public, since, created_at)
select ('00000000-0000-4000-b000-' || lpad(to_hex(n), 12, '0'))::uuid, 'jinzhou', 'batch', 'published', '示例批次' || n, true, now(), now()
  from generate_series(1, 40) n;
insert into core.batch (id, programme, name)
select ('00000000-0000-4000-b000-' || lpad(to_hex(n), 12, '0'))::uuid,
       ('00000000-0000-4000-a000-' || lpad(to_hex(1 + n % 4), 12, '0'))::uuid, '示例批次' || n
  from generate_series(1, 40) n;

create temp table need_row as
select ('00000000-0000-4000-8100-' || lpad(to_hex(n), 12, '0'))::uuid as id, n,
       (select w from word where word.n = 1 + i.n % 225) || '关键技术研发第' || i.n || '号' as title,
       ('00000000-0000-4000-b000-' || lpad(to_hex(1 + n % 40), 12, '0'))::uuid as batch,
       ('00000000-0000-4000-8000-' || lpad(to_hex(1 + n % 20000), 12, '0'))::uuid as unit,
       ('00000000-0000-4000-9000-' || lpad(to_hex(1 + n % 8), 12, '0'))::uuid as recommender,
       (array['新材料','新能源','先进装备制造','生物医药','精细化工','现代农业'])[1 + n % 6] as industry,
       (array['draft','submitted','recommended','pooled','kept','published','withdrawn','returned'])[1 + n % 8] as state,
       timestamptz '2020-01-01' + n * interval '3 minutes' as at
  from generate_series(1, :rows) i (n);
insert into workflow.item (id, preset, machine, state, title, batch, owner, recommender, since, created_at)
select id, 'jinzhou', 'need', state, title, batch, unit, recommender, at, at from need_row;
insert into core.need (id, batch, unit, title, industry, field, division, budget_fen, cash_fen, content)
select id, batch, unit, title, industry, '新材料及应用', '210726', 30000000, 10000000,
       jsonb_build_object('title', title, 'problem', title || '存在的主要问题', 'indicators', '[]'::jsonb) from need_row;

insert into workflow.item (id, preset, machine, state, title, batch, public, since, created_at)
select ('00000000-0000-4000-8300-' || lpad(to_hex(n), 12, '0'))::uuid, 'jinzhou', 'list', 'published', '示例榜单' || n,
       ('00000000-0000-4000-b000-' || lpad(to_hex(1 + n % 40), 12, '0'))::uuid, true, now(), now()
  from generate_series(1, 400) n;
insert into core.list (id, batch, number, title, claim_until, published_at)
select ('00000000-0000-4000-8300-' || lpad(to_hex(n), 12, '0'))::uuid,
       ('00000000-0000-4000-b000-' || lpad(to_hex(1 + n % 40), 12, '0'))::uuid, 'BL' || n, '示例榜单' || n, now(), now()
  from generate_series(1, 400) n;

insert into workflow.item (id, preset, machine, state, title, batch, owner, recommender, parent, public, since, created_at)
select ('00000000-0000-4000-8400-' || lpad(to_hex(n), 12, '0'))::uuid, 'jinzhou', 'list_item',
       (array['open','interested','matching','chosen','noticing','signed','started','unclaimed'])[1 + n % 8],
       title, batch, unit, recommender, ('00000000-0000-4000-8300-' || lpad(to_hex(1 + n % 400), 12, '0'))::uuid, true, at, at
  from need_row where n <= :rows / 5;
insert into core.list_item (id, list, need, ordinal, number, title, industry, field, division, poster, claim_until, sealed, budget_fen, content)
select ('00000000-0000-4000-8400-' || lpad(to_hex(n), 12, '0'))::uuid, ('00000000-0000-4000-8300-' || lpad(to_hex(1 + n % 400), 12, '0'))::uuid,
       id, n, 'BI' || n, title, industry, '新材料及应用', '210726', unit, at + interval '1 year', true, 30000000,
       jsonb_build_object('title', title, 'indicators', '[]'::jsonb)
  from need_row where n <= :rows / 5;

insert into workflow.item (id, preset, machine, state, title, batch, owner, parent, since, created_at)
select ('00000000-0000-4000-8500-' || lpad(to_hex(n), 12, '0'))::uuid, 'jinzhou', 'claim',
       (array['draft','submitted','eligible','chosen','won','turned_down','withdrawn','reserve'])[1 + (n / 7) % 8],
       title, batch, ('00000000-0000-4000-8000-' || lpad(to_hex(1 + (n * 7) % 20000), 12, '0'))::uuid,
       ('00000000-0000-4000-8400-' || lpad(to_hex(1 + n % (:rows / 5)), 12, '0'))::uuid, at, at
  from need_row;
insert into core.claim (id, item, unit, leader, content, digest, live)
select ('00000000-0000-4000-8500-' || lpad(to_hex(n), 12, '0'))::uuid,
       ('00000000-0000-4000-8400-' || lpad(to_hex(1 + n % (:rows / 5)), 12, '0'))::uuid,
       ('00000000-0000-4000-8000-' || lpad(to_hex(1 + (n * 7) % 20000), 12, '0'))::uuid, '负责人' || n,
       jsonb_build_object('plan', title), md5(n::text), false
  from need_row;
set session_replication_role = default;
vacuum analyze;

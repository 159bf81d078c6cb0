-- claims.sql - :n challenges, each with a complete draft claim of one unit, to be submitted once.
-- Run by a superuser on the played sample city of the bench.
\set ON_ERROR_STOP on
create schema bench;
grant usage on schema bench to jb_gateway;
create table bench.todo (n int primary key, item uuid not null, claim uuid not null);
grant select on bench.todo to jb_gateway;
create sequence bench.seq;
grant usage on sequence bench.seq to jb_gateway;

update core.programme set rules = jsonb_set(rules, '{claims,leader_max_items}', 'null');
select l.id as base, l.need as need, c.id as claim, m.unit as unit
  from core.list_item l
  join core.claim c on c.item = l.id and c.content is not null
  join auth.account a on a.login = 'team4'
  join party.membership m on m.person = a.id and m.unit = c.unit
 limit 1 \gset

create temp table row_of as
select n, gen_random_uuid() as need, gen_random_uuid() as item, gen_random_uuid() as claim from generate_series(1, :n) n;

insert into workflow.item (id, preset, machine, state, title, batch, owner, recommender, since, created_at)
select r.need, i.preset, 'need', 'published', i.title, i.batch, i.owner, i.recommender, i.since, i.created_at
  from row_of r, workflow.item i where i.id = :'need';
insert into core.need (id, batch, unit, kind, origin, title, industry, field, division, budget_fen, cash_fen, keywords, content)
select r.need, x.batch, x.unit, x.kind, x.origin, x.title, x.industry, x.field, x.division, x.budget_fen, x.cash_fen, x.keywords, x.content
  from row_of r, core.need x where x.id = :'need';

insert into workflow.item (id, preset, machine, state, title, batch, parent, owner, recommender, public, since, created_at)
select r.item, i.preset, 'list_item', 'open', i.title, i.batch, i.parent, i.owner, i.recommender, true, i.since, i.created_at
  from row_of r, workflow.item i where i.id = :'base';
insert into core.list_item (id, list, need, ordinal, number, title, industry, field, division, poster, claim_until, sealed, budget_fen, content)
select r.item, x.list, r.need, 1000 + r.n, 'BENCH-' || r.n, x.title, x.industry, x.field, x.division, x.poster, '2099-01-01', true, x.budget_fen, x.content
  from row_of r, core.list_item x where x.id = :'base';

insert into workflow.item (id, preset, machine, state, title, batch, parent, owner, since, created_at)
select r.claim, i.preset, 'claim', 'draft', i.title, i.batch, r.item, i.owner, i.since, i.created_at
  from row_of r, workflow.item i where i.id = :'claim';
insert into workflow.history (item, machine, version, event, to_state, role, at)
select r.claim, 'claim', 1, 'create', 'draft', 'creator', now() from row_of r;
insert into core.claim (id, item, unit, leader, content, digest)
select r.claim, r.item, x.unit, x.leader, x.content, x.digest from row_of r, core.claim x where x.id = :'claim';
insert into bench.todo select n, item, claim from row_of;
vacuum analyze;

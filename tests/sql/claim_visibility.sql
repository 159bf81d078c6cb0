-- Row by row: what each role gets of the tables themselves when nothing but the row policies stands
-- before them (S19, S20).
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
select fixture.challenge('item');
select fixture.claim('item', 'team', jsonb_build_array(jsonb_build_object('unit', fixture.id('partner单位'), 'duty', '中试')));
select fixture.claim('item', 'team3');
select api.claim_sign_off(fixture.session('partner'), fixture.req(), fixture.is('item'), fixture.is('item team'),
  jsonb_build_object('decision', 'sign', 'digest', (select digest from core.claim where id = fixture.is('item team'))));
select fixture.submit('item', 'team');
select api.item_intend(fixture.session('team2'), fixture.req(), fixture.is('item'), '{"statement": "有意"}');
grant usage on schema fixture to jb_api;
grant select on fixture.thing to jb_api;

-- how many rows of a table somebody gets who enters as this login (null: nobody has entered)
create function pg_temp.rows_as(p_login text, p_table text) returns bigint language plpgsql as $$
declare
  v_count bigint;
begin
  if p_login is null then
    perform set_config('jb.context', '', true);
  elsif p_login = 'public' then
    perform auth.enter_public('{}');
  else
    perform auth.enter(fixture.session(p_login), fixture.req());
  end if;
  set local role jb_api;
  execute format('select count(*) from %s', p_table) into v_count;
  reset role;
  return v_count;
end;
$$;
create function pg_temp.matrix(p_table text) returns text language sql as $$
  select string_agg(coalesce(l, 'nobody') || ' ' || pg_temp.rows_as(l, p_table), ', ' order by n)
    from unnest(array[null, 'public', 'stranger', 'team', 'partner', 'team3', 'poster', 'officer', 'city1']) with ordinality t (l, n) $$;

select is(pg_temp.matrix('core.claim'), 'nobody 0, public 0, stranger 0, team 1, partner 1, team3 1, poster 0, officer 1, city1 1', 'claims before the opening');
select is(pg_temp.matrix('core.claim where content is not null'), 'nobody 0, public 0, stranger 0, team 0, partner 0, team3 1, poster 0, officer 0, city1 0', 'of which only a draft is readable, by its own side');
select is(pg_temp.matrix('core.claim_partner'), 'nobody 0, public 0, stranger 0, team 1, partner 1, team3 0, poster 0, officer 1, city1 1', 'partners');
select is(pg_temp.matrix('core.intent'), 'nobody 0, public 0, stranger 0, team 0, partner 0, team3 0, poster 1, officer 1, city1 0', 'intents');
select is(pg_temp.matrix('core.list_item'), 'nobody 0, public 1, stranger 1, team 1, partner 1, team3 1, poster 1, officer 1, city1 1', 'challenges');
select fixture.until('2026-09-15 17:00+08');
select api.item_opening(fixture.session('officer'), fixture.req(), fixture.is('item'), fixture.key('item'));
select is(pg_temp.matrix('core.opening'), 'nobody 0, public 0, stranger 0, team 0, partner 0, team3 0, poster 0, officer 1, city1 0', 'openings');
select api.item_opening(fixture.session('officer2'), fixture.req(), fixture.is('item'), fixture.key('item'));
select is(pg_temp.matrix('core.claim where content is not null'), 'nobody 0, public 0, stranger 0, team 1, partner 1, team3 1, poster 1, officer 1, city1 1', 'claims after it');
select is((select count(*)::int from api.claims(fixture.session('officer'), fixture.req()) a, json_array_elements(a.body -> 'items') d where d ->> 'id' is not null), 1, 'the bureau''s list has what was submitted');
select fixture.event('officer', 'item team', 'qualify', fixture.checks());
select fixture.choose('item', 'team');
select is(pg_temp.matrix('core.choice'), 'nobody 0, public 0, stranger 0, team 0, partner 0, team3 0, poster 1, officer 1, city1 1', 'choices');
select is(pg_temp.matrix('core.choice_rank'), 'nobody 0, public 0, stranger 0, team 1, partner 0, team3 0, poster 1, officer 1, city1 1', 'ranks: a team its own');
select fixture.file('item');
select is(pg_temp.matrix('core.approval'), 'nobody 0, public 0, stranger 0, team 0, partner 0, team3 0, poster 1, officer 1, city1 1', 'approvals');
select fixture.decide('item');
select fixture.notice('item');
select is(pg_temp.matrix('core.notice'), 'nobody 0, public 1, stranger 1, team 1, partner 1, team3 1, poster 1, officer 1, city1 1', 'notices are public');
select fixture.at('2026-09-17 10:00+08');
select api.object(fixture.req(), fixture.is('item notice'), '{"name": "李某某", "contact": {"phone": "13900000000", "address": "示例路 3 号"}, "text": "业绩与事实不符", "evidence": "复印件一份"}');
select is(pg_temp.matrix('core.objection'), 'nobody 0, public 0, stranger 0, team 0, partner 0, team3 0, poster 0, officer 1, city1 0', 'objections');
update workflow.item set state = 'dismissed' where machine = 'objection';
select fixture.until('2026-09-22 00:00+08');
select fixture.contract('item', 'team');
select is(pg_temp.matrix('core.contract'), 'nobody 0, public 0, stranger 0, team 1, partner 1, team3 0, poster 1, officer 1, city1 1', 'contracts');
select is(pg_temp.matrix('core.contract_party'), 'nobody 0, public 0, stranger 0, team 3, partner 3, team3 0, poster 3, officer 3, city1 3', 'signatures');
select * from finish();
rollback;

-- What waits for whom, and who is told.
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
select fixture.challenge('item');

create function pg_temp.desk(p_login text) returns jsonb language sql as $$ select body::jsonb from api.desk(fixture.session(p_login), fixture.req()) $$;
-- "machine event" of what waits
create function pg_temp.waits(p_login text) returns text[] language sql as $$
  select coalesce(array_agg((r ->> 'machine') || ' ' || (a ->> 'event') order by r ->> 'machine', a ->> 'event'), '{}')
    from jsonb_array_elements(pg_temp.desk(p_login) -> 'waiting') r, jsonb_array_elements(r -> 'actions') a $$;
create function pg_temp.deliver() returns int language sql as $$
  select coalesce(sum(job.deliver_inbox(o.id)), 0)::int from (select id from workflow.outbox where done_at is null order by id) o $$;
create function pg_temp.told(p_login text) returns text[] language sql as $$
  select coalesce(array_agg((i ->> 'kind') || ' ' || coalesce(i #>> '{params,event}', '') order by i ->> 'id'), '{}')
    from api.inbox(fixture.session(p_login), fixture.req(null, '{"unread": true}')) b, jsonb_array_elements(b.body::jsonb -> 'items') i $$;
create function pg_temp.read_all(p_login text) returns int language sql as $$
  select (body ->> 'read')::int from api.inbox_read(fixture.session(p_login), fixture.req(), '{"until": 2000000000}') $$;

select is(pg_temp.waits('leader'), '{}', 'an open challenge waits for nobody, though a leader could withdraw it');
select fixture.claim('item', 'team');
select fixture.claim('item', 'team2');
select is(pg_temp.waits('team'), '{"claim submit"}', 'a draft waits for its claimant');
select fixture.submit('item', 'team');
select fixture.submit('item', 'team2');
select is(pg_temp.waits('officer'), '{}', 'a sealed claim waits for nobody');
select is(pg_temp.deliver(), 2, 'a submission is told to the colleagues');
select is(pg_temp.told('team_staff'), '{"moved submit"}', 'of the unit');
select is(pg_temp.told('team'), '{}', 'not to who did it');
select is(pg_temp.told('officer'), '{}', 'and not to the bureau while it is sealed');
select fixture.until('2026-09-15 17:00+08');
select is(pg_temp.waits('officer'), '{"batch choose","list_item unseal"}', 'after the deadline the opening waits for the bureau, and the batch to go on');
select api.item_opening(fixture.session('officer'), fixture.req(), fixture.is('item'), fixture.key('item'));
select api.item_opening(fixture.session('officer2'), fixture.req(), fixture.is('item'), fixture.key('item'));
select is(pg_temp.waits('officer'), '{"batch choose","claim disqualify","claim disqualify","claim qualify","claim qualify"}', 'then the claims');
select fixture.event('officer', 'item team', 'qualify', fixture.checks());
select fixture.event('officer', 'item team2', 'qualify', fixture.checks());
select is(pg_temp.waits('poster'), '{"list_item choose"}', 'then the choice waits for the poster');
select is((pg_temp.desk('poster') #>> '{waiting,0,late}'), 'false', 'which is not late');
select is(pg_temp.desk('poster') -> 'counts' ->> 'waiting', '1', 'and is counted');
select is(array(select core.due_when(workflow.now() + d) from unnest(array['-1 minute', '6 days', '8 days', null]::interval[]) d),
          '{late,week,later,none}', 'a due time is late, near, far or not there');
select is(core.due_when((workflow.today() + time '23:59:59') at time zone 'Asia/Shanghai'), 'today', 'or today, by the city''s calendar');
select fixture.choose('item', 'team', 'team2');
select pg_temp.deliver();
select ok('moved hold' = any (pg_temp.told('team2_staff')), 'the reserve hears of it');
select ok('moved choose' = any (pg_temp.told('officer')), 'so does the bureau, whose turn it is');
select is((select i #>> '{params,label,zh}' from api.inbox(fixture.session('officer'), fixture.req()) b, jsonb_array_elements(b.body::jsonb -> 'items') i
            where i #>> '{params,event}' = 'choose' and i #>> '{params,machine}' = 'list_item'), '择优', 'in words');
select is(pg_temp.deliver(), 0, 'delivering twice tells nobody twice');
select ok(pg_temp.read_all('officer') > 0, 'what was read is ticked off');
select is(pg_temp.told('officer'), '{}', 'and gone from the unread');
select is((pg_temp.desk('officer') ->> 'unread')::int, 0, 'also on the desk');
select fixture.file('item');
select is(pg_temp.waits('city1'), '{"list_item approve","list_item refuse"}', 'a filing waits for the city');
select fixture.decide('item');
select fixture.notice('item');
select fixture.at('2026-09-25 10:00+08');
update workflow.item set due = '2026-09-24 10:00+08' where id = fixture.is('item');
update workflow.item set state = 'chosen' where id = fixture.is('item');
select is((pg_temp.desk('officer') #>> '{waiting,0,late}'), 'true', 'what is past its due time is late');
select is((pg_temp.desk('stranger') -> 'waiting'), '[]', 'nothing waits for a stranger');
select is((select count(*)::int from jsonb_array_elements(pg_temp.desk('team') -> 'claims')), 1, 'my claims stand on my desk');
select fixture.at('2026-09-01 10:00+08');
select fixture.challenge('other');
select fixture.claim('other', 'team3', jsonb_build_array(jsonb_build_object('unit', fixture.id('partner单位'), 'duty', '中试')));
select pg_temp.deliver();
select is(pg_temp.told('partner'), '{"partnership "}', 'a partner hears that it is asked');
select is(pg_temp.waits('partner'), '{"claim sign_off"}', 'and finds the sign-off on its desk');
-- whose desks are told to look though nobody is told anything
select auth.enter_system('test');
create function pg_temp.had(p_key text, p_from text) returns text[] language sql as $$
  select coalesce(array_agg(distinct a.login order by a.login), '{}') from workflow.item i cross join unnest(job.had_turn(i, p_from)) p
    join auth.account a on a.id = p where i.id = fixture.is(p_key) $$;
select ok(pg_temp.had('item', 'filed') @> '{city1}' and not pg_temp.had('item', 'filed') && '{poster,team}',
          'an item that moves on leaves the desks of those whose turn it was');
select is(pg_temp.had('other', 'open'), '{}', 'not where nothing waited');
select is(pg_temp.had('other team3', 'submitted'), '{}', 'and nobody hears that a sealed claim has moved');
select * from finish();
rollback;

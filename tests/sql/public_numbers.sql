-- Statistics, service clocks and the late list: sums over all, names of what is public alone.
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
create function pg_temp.numbers() returns jsonb language sql as $$ select core.statistics() $$;
create function pg_temp.step(p_code text) returns int language sql as
$$ select (s ->> 'n')::int from jsonb_array_elements(core.statistics() -> 'funnel') s where s ->> 'code' = p_code $$;
select is(pg_temp.step('published'), 0, 'an empty city has published nothing');
select is(pg_temp.numbers() -> 'industries', '[]', 'in no field');
select is(core.clocks() -> 'late', '[]', 'and nothing is late');

select fixture.challenge('a'), fixture.challenge('b');
select is(pg_temp.step('published'), 2, 'what is public counts as published');
select is(pg_temp.numbers() -> 'total' ->> 'budget_wan', '2000.00', 'with its budget');
select is(pg_temp.numbers() #> '{industries,0}', '{"code": "半导体材料", "n": 2, "open": 2, "signed": 0, "budget_wan": 2000.00}', 'by industry');
select is(pg_temp.numbers() #>> '{divisions,0,code}', '210702', 'by county');
select fixture.to_noticing('a', 'team', 'team2');
select is(pg_temp.step('claimed'), 1, 'a challenge with two claims has been claimed once');
select is(pg_temp.step('chosen'), 1, 'one has been chosen for');
select is(pg_temp.step('noticed'), 1, 'and is under notice');
select is(pg_temp.step('signed'), 0, 'nothing is signed');
select is(exists (select from jsonb_array_elements(pg_temp.numbers() -> 'times') t
  where t #>> '{state,code}' = 'open' and t ->> 'machine' = 'list_item'), true, 'how long it stood open is known');
select is(exists (select from jsonb_array_elements(pg_temp.numbers() -> 'times') t
  where t #>> '{state,code}' = 'noticing'), false, 'how long the notice takes is not, as it still runs');
select is(pg_temp.numbers()::text ~ 'team|poster|低缺陷', false, 'nobody and no title is in it');

-- the late list
select fixture.challenge('hidden');
select set_config('jb.context', 'system', true);
update core.face set public = false where item = fixture.is('hidden');
update workflow.item set public = false where id = fixture.is('hidden');
select set_config('jb.context', '', true);
select set_config('jb.context', 'system', true);
delete from core.summary;
update workflow.item set due = workflow.now() - interval '3 days 1 hour', state = case when id = fixture.is('a') then state else 'matching' end
 where id in (fixture.is('a'), fixture.is('hidden'));
select set_config('jb.context', '', true);
select is(jsonb_array_length(core.clocks() -> 'late'), 1, 'what is public and past its time is listed');
select is(core.clocks() #>> '{late,0,number}', 'N-a', 'by its number');
select is(core.clocks() #>> '{late,0,days}', '3', 'with the days');
select is(core.clocks()::text ~ 'hidden', false, 'what is not public is not');
select is((select count(*) from jsonb_array_elements(core.clocks() -> 'stages') s where (s ->> 'late')::int > 0) > 0, true, 'but counted at its stage');

-- reckoned by the worker, every five minutes
delete from core.summary;
select is((api.statistics()).body #>> '{total,n}', '2', 'where there are none yet, the first who asks reckons');
select fixture.challenge('later');
select is((api.statistics()).body #>> '{total,n}', '2', 'the next reads what was reckoned');
select core.keep_summaries();
select is((api.statistics()).body #>> '{total,n}', '2', 'the worker leaves alone what is fresh');
update core.summary set at = at - interval '6 minutes';
select is((api.statistics()).body #>> '{total,n}', '2', 'nobody who asks waits for new ones');
select job.housekeeping();
select is((api.statistics()).body #>> '{total,n}', '3', 'the worker reckons them anew');
update core.summary set at = at - interval '13 hours';
select fixture.challenge('latest');
select is((api.statistics()).body #>> '{total,n}', '4', 'without a worker for hours, whoever asks does');
select is((api.clocks()).status, 200, 'so are the clocks');
select * from finish();
rollback;

-- A published solicitation is given a later end, or ended early; both stay public.
begin;
select no_plan();
\ir fixtures/people.sql
\ir fixtures/programme.sql
select fixture.city();
create function pg_temp.prolong(p_by text, p_until text, p_reason text default '部分县区请求延长申报时间', p_batch text default 'batch') returns api.answer language sql as $$
  select api.batch_prolong(fixture.session(p_by), fixture.req(), fixture.id(p_batch), jsonb_build_object('solicit_until', p_until, 'reason', p_reason)) $$;
create function pg_temp.shown() returns jsonb language sql as $$ select (api.batch_public(fixture.id('batch'))).body::jsonb -> 'changes' $$;
create function pg_temp.due() returns timestamptz language sql as $$ select due from workflow.timer where item = fixture.id('batch') and event = 'solicit_end' and done_at is null $$;

select is(pg_temp.shown(), '[]', 'a window that stays as it was announced has no changes');
select fixture.draft('need');
select fixture.at('2026-03-30 09:00+08');
select throws_ok($$ select pg_temp.prolong('leader1', '2026-04-10T00:00:00+08:00') $$, 'WF403', 'role_missing', 'windows are the officers'' work');
select is(fixture.errors($$ select pg_temp.prolong('officer1', '2026-04-01T00:00:00+08:00') $$), 'solicit_until too_early', 'the same end is no later one');
select is(fixture.errors($$ select pg_temp.prolong('officer1', '2026-03-31T00:00:00+08:00') $$), 'solicit_until too_early', 'nor is an earlier one');
select is(fixture.errors($$ select pg_temp.prolong('officer1', '2026-04-10T00:00:00+08:00', null) $$), 'reason required', 'it has a reason');
select throws_ok($$ select pg_temp.prolong('officer1', '2026-04-10T00:00:00+08:00', p_batch => 'need') $$, 'WF404', 'not_found', 'a need has no window');
select throws_ok($$ select fixture.event('officer1', 'batch', 'prolong', '{"reason": "没有新的截止时间"}') $$, 'WF409', 'step_not_allowed', 'nor is there a prolongation without its end');
select is((pg_temp.prolong('officer1', '2026-04-10T00:00:00+08:00')).body #>> '{state,code}', 'soliciting', 'with one it goes on');
select is(pg_temp.due(), '2026-04-10 00:00+08', 'until the new end');
select is((select due from workflow.item where id = fixture.id('batch')), '2026-04-10 00:00+08', 'which is the deadline shown');
select is(pg_temp.shown(), jsonb_build_array(jsonb_build_object('event', 'prolong', 'at', '2026-03-30 09:00+08'::timestamptz, 'before', '2026-04-01 00:00+08'::timestamptz,
          'until', '2026-04-10 00:00+08'::timestamptz, 'reason', '部分县区请求延长申报时间')), 'the public reads what was, what is, and why');
select is((select (actor, reason, data ->> 'solicit_until')::text from workflow.history where item = fixture.id('batch') and event = 'prolong'),
          (fixture.id('officer1'), '部分县区请求延长申报时间'::text, '2026-04-10T00:00:00+08:00'::text)::text, 'the record says who');
select job.deliver_inbox(id) from workflow.outbox where item = fixture.id('batch') and payload ->> 'event' = 'prolong';
select ok(exists (select from workflow.inbox where person = fixture.id('clerk1') and params ->> 'event' = 'prolong'), 'whoever has begun a need is told');
select ok(not exists (select from workflow.inbox where person = fixture.id('poster2') and params ->> 'event' = 'prolong'), 'others are not');
select fixture.at('2026-04-05 09:00+08');
select is(job.run_timers(10), 0, 'the old end ends nothing');
select lives_ok($$ select fixture.submit('need') $$, 'what comes after it is in time');
select is((pg_temp.prolong('officer2', '2026-04-12T00:00:00+08:00')).body -> 'changes' -> 1 ->> 'before', to_jsonb('2026-04-10 00:00+08'::timestamptz) #>> '{}', 'it may be prolonged again');

-- an early end
select fixture.at('2026-04-06 09:00+08');
select fixture.event('officer1', 'batch', 'close', '{"reason": "征集任务已完成"}');
select is(pg_temp.shown() -> 2, jsonb_build_object('event', 'close', 'at', '2026-04-06 09:00+08'::timestamptz, 'before', '2026-04-12 00:00+08'::timestamptz,
          'until', '2026-04-06 09:00+08'::timestamptz, 'reason', '征集任务已完成'), 'an early end is shown like that');
select is((select solicit_until from core.batch where id = fixture.id('batch')), '2026-04-06 09:00+08', 'and is the end');
select is(pg_temp.due(), null, 'no timer is left');
select throws_ok($$ select pg_temp.prolong('officer1', '2026-05-01T00:00:00+08:00') $$, 'WF409', 'step_not_allowed', 'what is over is not prolonged');

-- rolling ones
select fixture.keep('rolling', ((api.batch_create(fixture.session('officer1'), fixture.req(), fixture.id('programme'),
  fixture.batch_body() || '{"name": "常态化征集", "rolling": true, "solicit_from": null, "solicit_until": null}')).body ->> 'id')::uuid);
select fixture.event('officer1', 'rolling', 'solicit');
select throws_ok($$ select pg_temp.prolong('officer1', '2026-05-01T00:00:00+08:00', p_batch => 'rolling') $$, 'WF409', 'batch_without_end', 'what has no end cannot be prolonged');
select fixture.event('officer1', 'rolling', 'close', '{"reason": "征集任务已完成"}');
select fixture.event('officer1', 'rolling', 'build');
select ok(not core.batch_takes_needs(fixture.id('rolling')), 'a rolling one that was closed takes no more');
select * from finish();
rollback;

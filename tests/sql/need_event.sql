-- The generic events: what is not for this route, versions, retries, weighty acts.
begin;
select no_plan();
\ir fixtures/people.sql
\ir fixtures/programme.sql
select fixture.city();
select fixture.pooled('n');
create function pg_temp.try(p_login text, p_req jsonb, p_body jsonb) returns api.answer language sql as
$$ select api.event(fixture.session(p_login), p_req, fixture.id('n')::text, p_body) $$;
select throws_ok($$select pg_temp.try('poster1', fixture.req(), '{"event": "submit"}')$$, 'WF409', 'step_not_allowed', 'an event with a route of its own is not for here');
select throws_ok($$select pg_temp.try('officer1', fixture.req(), '{"event": "argue"}')$$, 'WF409', 'step_not_allowed', 'nor one that only the system fires');
select throws_ok($$select pg_temp.try('officer1', fixture.req(), '{"event": "dance"}')$$, 'WF409', 'step_not_allowed', 'nor one that there is not');
select throws_ok($$select pg_temp.try('officer1', fixture.req(2), '{"event": "nurture", "reason": "转入长期攻关"}')$$, 'WF409', 'version_conflict', 'whoever read an old version is told');
select throws_ok($$select pg_temp.try('poster1', fixture.req(), '{"event": "nurture", "reason": "转入长期攻关"}')$$, 'WF403', 'not_your_step', 'another''s step');
select throws_ok($$select pg_temp.try('poster2', fixture.req(), '{"event": "withdraw", "reason": "不再需要"}')$$, 'WF404', 'not_found', 'what one may not see is not there');
select throws_ok($$select api.event(fixture.session('officer1'), fixture.req(), 'x', '{"event": "nurture"}')$$, 'WF404', 'not_found', 'a path that is no id');
select throws_ok($$select api.event(fixture.session('poster1'), fixture.req(), fixture.id('n')::text, '{"event": "withdraw", "reason": "不再需要"}', 'batch')$$, 'WF404', 'not_found', 'a need is not found among the batches');
select throws_ok($$select api.event(null, fixture.req(), fixture.id('n')::text, '{"event": "nurture"}')$$, 'WF401', 'session_missing', 'nobody');
create temp table sent as select fixture.req() as r;
select is((select (pg_temp.try('officer1', r, '{"event": "nurture", "reason": "转入长期攻关"}')).version from sent), 5, 'an event makes a version');
select is((select (pg_temp.try('officer1', r, '{"event": "nurture", "reason": "转入长期攻关"}')).version from sent), 5, 'sent again under its key it is answered again');
select is((select count(*)::int from workflow.history where item = fixture.id('n') and event = 'nurture'), 1, 'and done once');
select throws_ok($$select pg_temp.try('officer1', (select r || '{"fp": "other"}' from sent), '{"event": "repool"}')$$, 'WF422', 'key_reused', 'a key serves one request');
select fixture.session('leader1');
update auth.session set reauth_at = now() - interval '11 minutes' where hash = fixture.session('leader1');
select throws_ok($$select fixture.event('leader1', 'batch', 'cancel', '{"reason": "本批次不再进行"}')$$, 'WF403', 'reauth_needed', 'a weighty event needs a fresh password');
select * from finish();
rollback;

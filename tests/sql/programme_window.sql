-- The window of a solicitation is half-open, by the database's clock; the worker ends it.
begin;
select no_plan();
\ir fixtures/people.sql
\ir fixtures/programme.sql
select fixture.city();
select fixture.draft('early'), fixture.draft('late', 'poster2'), fixture.draft('returned', 'poster3');
select fixture.submit('returned', 'poster3');
select fixture.event('county2', 'returned', 'return', '{"reason": "请补充检测方法"}');

select fixture.at('2026-03-31 23:59:59+08');
select lives_ok($$select fixture.submit('early')$$, 'the last second is in time');
select fixture.at('2026-04-01 00:00:00+08');
select throws_ok($$select fixture.submit('late', 'poster2')$$, 'WF409', 'batch_not_open', 'midnight is late, also before the worker has come');
select is(job.run_timers(10), 1, 'the worker ends the window');
select is((select state from workflow.item where id = fixture.id('batch')), 'solicited', 'by moving the batch');
select throws_ok($$select fixture.draft('later', 'poster2')$$, 'WF409', 'batch_not_open', 'no draft is begun any more');
select lives_ok($$select fixture.submit('returned', 'poster3')$$, 'what was returned may still come back corrected');
select fixture.letter('county1', array['early']), fixture.letter('county2', array['returned']), fixture.accept('early');
select fixture.event('officer1', 'returned', 'return', '{"reason": "指标口径不一致"}');
select fixture.event('officer1', 'batch', 'build'), fixture.event('officer1', 'batch', 'select');
select throws_ok($$select fixture.submit('returned', 'poster3')$$, 'WF409', 'batch_not_open', 'until the bureau has turned to selecting');
select * from finish();
rollback;

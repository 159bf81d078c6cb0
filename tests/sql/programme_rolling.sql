-- A rolling batch: ready needs go on while others still come (成熟一批、发布一批).
begin;
select no_plan();
\ir fixtures/people.sql
\ir fixtures/programme.sql
select fixture.city(p_batch => '{"rolling": true, "solicit_until": null}');
select is((select count(*)::int from workflow.timer), 0, 'a rolling batch has no end');
select fixture.pooled('first');
select lives_ok($$select fixture.event('officer1', 'batch', 'build')$$, 'its needs are distilled while it runs');
select fixture.draft('second', 'poster2');
select lives_ok($$select fixture.submit('second', 'poster2')$$, 'and more may come');
select * from finish();
rollback;

-- What an embedding endpoint said of texts is kept by model and digest, and forgotten when nobody asks.
begin;
\ir fixtures/people.sql
select no_plan();
select auth.enter_system($$test$$);
create function pg_temp.sum(p text) returns uuid language sql as $$ select md5(p)::uuid $$;
create function pg_temp.known(p_model text) returns bigint language sql as
$$ select count(*) from feed.vectors(p_model, array[pg_temp.sum('a'), pg_temp.sum('b')]) $$;
select auth.enter_system('feed');

select is(pg_temp.known('m'), 0::bigint, 'nothing is known');
select feed.keep_vectors('m', array[pg_temp.sum('a'), pg_temp.sum('a')], array['\x0000803f'::bytea, '\x0000803f']);
select results_eq($$ select * from feed.vectors('m', array[pg_temp.sum('a'), pg_temp.sum('b')]) $$,
  $$ values (pg_temp.sum('a'), '\x0000803f'::bytea) $$, 'what was said of a text, and of no other');
select is(pg_temp.known('another'), 0::bigint, 'by this model alone');
select feed.keep_vectors('m', array[pg_temp.sum('a')], array['\x00000040'::bytea]);
select is((select vector from feed.vectors('m', array[pg_temp.sum('a')])), '\x00000040'::bytea, 'the last word counts');

update feed.vector set used_on = workflow.today() - 200;
select is(pg_temp.known('m'), 1::bigint, 'who asks');
select feed.sweep();
select is(pg_temp.known('m'), 1::bigint, 'keeps it from being forgotten');
update feed.vector set used_on = workflow.today() - 200;
select feed.sweep();
select is(pg_temp.known('m'), 0::bigint, 'what nobody has asked for in half a year goes');
select ok(has_function_privilege('jb_match', 'feed.keep_vectors(text, uuid[], bytea[])', 'execute'), 'the engine may');
select ok(not has_table_privilege('jb_match', 'feed.vector', 'select'), 'and reads no table');
select * from finish();
rollback;

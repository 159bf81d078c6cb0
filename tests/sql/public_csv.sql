-- Notices and projects as tables for spreadsheets.
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
select fixture.challenge('item');
create function pg_temp.notices(p_query jsonb default '{}') returns text language sql as $$ select text from api.notices_csv(p_query) $$;
create function pg_temp.projects(p_query jsonb default '{}') returns text language sql as $$ select text from api.projects_csv(p_query) $$;
select is(regexp_count(pg_temp.notices(), E'\r\n'), 1, 'without notices there is a header alone');
select fixture.to_noticing('item', 'team', 'team2');
select ok(pg_temp.notices() like E'\uFEFF文号,标题,状态,%', 'the first line says what the columns are');
select is(regexp_count(pg_temp.notices(), E'\r\n'), 2, 'then comes a line for each candidate');
select ok(pg_temp.notices() like '%,team单位,%', 'with the unit');
select is(regexp_count(pg_temp.notices('{"state": "ended"}'), E'\r\n'), 1, 'what is not asked for is not in it');
select is(regexp_count(pg_temp.notices(jsonb_build_object('item', fixture.is('item'))), E'\r\n'), 2, 'of one challenge');
select is(regexp_count(pg_temp.projects(), E'\r\n'), 1, 'there is no project yet');
select ok(pg_temp.projects() like E'\uFEFF编号,名称,状态,%', 'its header says what there will be');
select auth.enter_system('test');
update core.notice set title = '=HYPERLINK("http://x","a")', doc_no = '@SUM(1)';
select ok(pg_temp.notices() !~ '(^|,|\n)"?[=+@]', 'no cell is one that a spreadsheet would run');
select * from finish();
rollback;

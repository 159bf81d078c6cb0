-- Challenges as a table for spreadsheets.
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
select fixture.challenge('item'), fixture.challenge('other');
create function pg_temp.csv(p_query jsonb default '{}') returns text language sql as $$ select text from api.items_csv(p_query) $$;
create function pg_temp.lines(p_query jsonb default '{}') returns int language sql as $$ select regexp_count(pg_temp.csv(p_query), E'\r\n') $$;

select ok(pg_temp.csv() like E'\uFEFF编号,名称,状态,%', 'the first line says what the columns are');
select is(pg_temp.lines(), 3, 'then comes a line for each challenge');
select ok(pg_temp.csv() like '%' || (select number from core.list_item where id = fixture.is('item')) || ',%', 'with its number');
select is(pg_temp.lines('{"state": "withdrawn"}'), 1, 'what a search does not find is not in it');
select is(pg_temp.lines(jsonb_build_object('list', (select list from core.list_item where id = fixture.is('item')))),
          1 + (select count(*)::int from core.list_item where list = (select list from core.list_item where id = fixture.is('item'))), 'what it finds is');
update core.face set doc = (doc::jsonb || '{"title": "=HYPERLINK(\"http://x\",\"a\")", "industry": "+1", "field": "@SUM(1)"}')::json where item = fixture.is('item');
select ok(pg_temp.csv() !~ '(^|,|\n)"?[=+@]', 'no cell is one that a spreadsheet would run');
update core.face set public = false where item = fixture.is('item');
select is(pg_temp.lines(), 2, 'what is not public is not in it');
select * from finish();
rollback;

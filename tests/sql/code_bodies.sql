-- Functions are created without a look at their bodies (they name one another in any order), so that
-- a wrong column would show only when it runs. Here every body is read.
begin;
select plan(4);
create extension plpgsql_check schema public;

create temp view code as
  select p.oid, p.oid::regprocedure::text as name, l.lanname as language
  from pg_catalog.pg_proc p
  join pg_catalog.pg_language l on l.oid = p.prolang
  join meta.code c on c.oid = p.oid;

select cmp_ok((select count(*) from code where language = 'plpgsql'), '>', 50::bigint, 'there are functions in plpgsql to read');
select cmp_ok((select count(*) from code where language = 'sql'), '>', 20::bigint, 'there are functions in sql to read');

select is_empty($$
  select c.name, f.lineno, f.sqlstate, f.message
  from code c
  cross join lateral plpgsql_check_function_tb(c.oid, fatal_errors => false, other_warnings => false,
                                               extra_warnings => false, performance_warnings => false) f
  where c.language = 'plpgsql' and f.level = 'error'
  order by 1, 2
$$, 'no body in plpgsql names what is not there');

create temp table wrong (name text, message text);
set local check_function_bodies = on;
do $do$
declare
  v_code record;
begin
  for v_code in select * from code where language = 'sql' loop
    begin
      execute pg_catalog.pg_get_functiondef(v_code.oid);
    exception when others then
      insert into wrong values (v_code.name, sqlerrm);
    end;
  end loop;
end;
$do$;
select is_empty('select * from wrong order by 1', 'no body in sql names what is not there');

select * from finish();
rollback;

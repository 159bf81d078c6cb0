-- Without a context nothing is visible (S20): every table that is closed by row, in a city with data, as
-- the functions' own role.
begin;
select no_plan();
-- rows of a table, as p_role, in p_context
create function pg_temp.count(p_name text, p_role text, p_context text) returns bigint language plpgsql as $$
declare
  v_n bigint;
begin
  perform set_config('jb.' || s, case s when 'context' then p_context else '' end, true)
     from unnest(array['context', 'person', 'unit', 'roles', 'recommender']) s;
  execute 'set local role ' || p_role;
  execute 'select count(*) from ' || p_name into v_n;
  reset role;
  return v_n;
end;
$$;
create temp table seen as
  select name, pg_temp.count(name, 'none', '') as all_rows, pg_temp.count(name, 'jb_api', '') as no_context,
         pg_temp.count(name, 'jb_api', 'public') as public_rows
    from (select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where c.relkind in ('r', 'p') and c.relrowsecurity and c.relforcerowsecurity
             and n.nspname in ('party', 'lib', 'core', 'workflow', 'auth', 'audit') and c.relname <> 'person') t;

select cmp_ok((select count(*) from seen where all_rows > 0), '>', 8::bigint, 'the city has rows in many tables');
select is((select array_agg(name order by name) from seen where no_context > 0 and name not in ('core.face', 'core.face_word')), '{lib.search}',
          'without a context nothing is there but what everybody reads and the words by which it is found');
select is((select array_agg(name order by name) from seen
            where public_rows > 0 and (name like 'auth.%' or name in ('party.membership', 'party.credit', 'party.unit_relation',
                                                                      'workflow.history', 'workflow.inbox'))),
          null, 'the public sees no accounts, memberships or records');
select cmp_ok((select public_rows from seen where name = 'party.unit'), '>', 0::bigint, 'it sees units');

-- persons have columns that the functions cannot select: counted by their id
set local role jb_api;
select set_config('jb.context', 'public', true);
create temp table people on commit drop as select count(id) as n from party.person;
reset role;
select is((select n from people), 0::bigint, 'but not one person');
select cmp_ok((select count(*) from party.person), '>', 20::bigint, 'of those that there are');
select finish();
rollback;

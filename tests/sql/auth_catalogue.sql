-- Who may do what in the database itself (S20), asked of its catalogue, so that a table or function
-- that comes tomorrow is asked too.
begin;
\ir fixtures/people.sql
select no_plan();
create view pg_temp.tab as
  select c.oid, n.nspname || '.' || c.relname as name, n.nspname as schema, c.relrowsecurity and c.relforcerowsecurity as closed
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p') and n.nspname in ('meta', 'ref', 'party', 'lib', 'core', 'workflow', 'auth', 'audit');
create view pg_temp.fn as
  select p.oid, p.oid::regprocedure::text as name, n.nspname as schema, p.prosecdef, p.proconfig, p.provolatile
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where n.nspname in ('meta', 'ref', 'party', 'lib', 'core', 'workflow', 'guard', 'effect', 'auth', 'audit', 'api', 'job', 'feed', 'ops');

select cmp_ok((select count(*) from pg_temp.tab), '>', 60::bigint, 'there are tables to ask about');
select cmp_ok((select count(*) from pg_temp.fn), '>', 200::bigint, 'and functions');

-- Tables of people and units are closed by row. Not so: the procedure as rows, code lists, settings,
-- and what only jobs of the service read (deadlines, outbox, counters), which name items and no more.
select is(array(select name from pg_temp.tab
                 where not closed and schema in ('party', 'lib', 'core', 'workflow', 'auth', 'audit')
                   and name not in ('workflow.preset', 'workflow.machine', 'workflow.state', 'workflow.event', 'workflow.guard',
                                    'workflow.transition', 'workflow.outbox', 'workflow.timer', 'core.counter', 'lib.kind', 'lib.field')
                 order by 1), '{}', 'every table of people, units and items has row level security, for its owner too');
select is(array(select t.name from pg_temp.tab t where t.closed
                   and not exists (select from pg_policy p where p.polrelid = t.oid and p.polpermissive and p.polcmd in ('r', '*')) order by 1),
          '{}', 'and says who may see its rows');
select is(array(select t.name || '.' || p.polname from pg_temp.tab t join pg_policy p on p.polrelid = t.oid
                 where coalesce(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) in ('true', '(true)') order by 1),
          '{core.face_word.see,lib.search.see}', 'no policy lets everything through, but that of the words by which public records are found');

-- the roles
select is(array(select rolname::text from pg_roles where rolname like 'jb\_%' order by 1), '{jb_api,jb_backup,jb_gateway,jb_match,jb_ops,jb_owner,jb_worker}', 'the roles are there');
select is(array(select rolname::text from pg_roles where rolname like 'jb\_%' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication) order by 1),
          '{}', 'none of them stands above the rules');
select is(array(select rolname::text from pg_roles where rolname in ('jb_owner', 'jb_api') and rolcanlogin), '{}', 'owners of tables and functions cannot log in');
select is(array(select r.rolname || ' in ' || g.rolname from pg_auth_members m join pg_roles r on r.oid = m.member join pg_roles g on g.oid = m.roleid
                 where r.rolname like 'jb\_%' and g.rolname <> 'pg_read_all_data' order by 1), '{}', 'none is a member of another');

create view pg_temp.login as select rolname::text as role from pg_roles where rolname in ('jb_gateway', 'jb_worker', 'jb_match', 'jb_ops');
select is(array(select role || ' ' || privilege || ' ' || name from pg_temp.login, pg_temp.tab,
                       unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) privilege
                 where has_table_privilege(role, oid, privilege) or (privilege in ('select', 'insert', 'update') and has_any_column_privilege(role, oid, privilege))
                 order by 1), '{}', 'no login may touch a table at all');
-- what a login may read by itself: the ready documents of published challenges, which anybody gets
-- for the asking; its barrier keeps a predicate of the asker's off the rest
select is(array(select c.oid::regclass || ' ' || l.role || ' ' || array_to_string(c.reloptions, ',') from pg_class c, pg_temp.login l
                 where c.relkind in ('v', 'm', 'f') and c.relnamespace::regnamespace::text in (select schema from pg_temp.tab union select schema from pg_temp.fn)
                   and has_table_privilege(l.role, c.oid, 'select') order by 1),
          '{api.public_item jb_gateway security_barrier=true}', 'nor to look through a view but that of what is public');
select is(array(select role || ' ' || nspname from pg_temp.login, pg_namespace where has_schema_privilege(role, pg_namespace.oid, 'create')
                   and nspname !~ '^pg_(toast_)?temp' order by 1), '{}', 'nor make anything in a schema');
select is(array(select role || ' ' || f.name from pg_temp.login l join pg_temp.fn f on has_function_privilege(l.role, f.oid, 'execute')
                 where f.schema <> case role when 'jb_gateway' then 'api' when 'jb_worker' then 'job' when 'jb_match' then 'feed' else 'ops' end order by 1),
          '{}', 'each calls its own schema''s functions and no others');
select is(array(select name from pg_temp.fn where schema = 'api' and not has_function_privilege('jb_gateway', oid, 'execute') order by 1), '{}', 'and all of those');
select is(array(select name from pg_temp.tab where has_table_privilege('jb_backup', oid, 'insert, update, delete, truncate') order by 1), '{}', 'backup writes nothing');

-- the functions' owner
select is(array(select name || ' ' || privilege from pg_temp.tab, unnest(array['update', 'delete', 'truncate']) privilege
                 where name in ('workflow.history', 'core.need_version', 'core.item_version', 'auth.event') and has_table_privilege('jb_api', oid, privilege)
                 order by 1), '{}', 'what has happened cannot be changed, not even by the functions');
select is(array(select name from pg_temp.tab where schema = 'audit' and has_table_privilege('jb_api', oid, 'update, delete, truncate')), '{}', 'nor the audit log');
select is(array(select name from pg_temp.tab where has_table_privilege('jb_api', oid, 'truncate') or pg_has_role('jb_api', (select relowner from pg_class c where c.oid = tab.oid), 'usage')
                 order by 1), '{}', 'the functions own no table');
select is(array(select name from pg_temp.fn where schema in ('api', 'job', 'ops', 'feed', 'guard', 'effect', 'core', 'party', 'lib', 'auth')
                   and not (prosecdef and proconfig::text like '%search_path=%') and provolatile <> 'i'
                   and name not in ('auth.me()', 'auth.my_unit()', 'auth.my_recommender()', 'auth.my_roles()', 'auth.has(text)', 'auth.context()',
                                    'auth.is_bureau()', 'auth.is_admin()', 'auth.my_session_kind()', 'auth.my_session_id()',
                                    'api.item_public(uuid)') -- asks for what the gateway may read by itself
                 order by 1), '{}', 'every function that looks at anything has its own rights and a search path that nobody can bend');
select is(has_column_privilege('jb_api', 'party.person', 'phone', 'select') or has_column_privilege('jb_api', 'party.person', 'email', 'select'), false,
          'no function can select a telephone number');

-- asked directly, as the gateway would after an injection
create function pg_temp.as_gateway(p_sql text) returns text language plpgsql as $$
declare
  v_state text := 'done';
begin
  set local role jb_gateway;
  begin
    execute p_sql;
  exception when others then
    v_state := sqlstate;
  end;
  reset role;
  return v_state;
end;
$$;
select is(pg_temp.as_gateway('select * from ' || t), '42501', 'the gateway cannot read ' || t)
  from unnest(array['party.unit', 'core.claim', 'workflow.item', 'auth.account', 'auth.session', 'meta.setting']) t;
select is(pg_temp.as_gateway('create table api.mine (x int)'), '42501', 'nor create');
select is(pg_temp.as_gateway($$ select auth.set_context('system', '{}') $$), '42501', 'nor say who it is');
select is(pg_temp.as_gateway($$ select api.recommenders_list() $$), 'done', 'it can ask what it may');

-- how to reach a person
select fixture.person('boss', '甲', fixture.unit('示例企业甲'), '{member,signatory}');
select fixture.person('clerk', '乙', fixture.id('示例企业甲'), '{member}');
select fixture.person('rival', '丙', fixture.unit('示例企业乙'), '{member,signatory}');
select fixture.person('officer', '局甲', fixture.unit('示例市科技局', 'government'), '{officer}');
select fixture.session(login) from auth.account;
create function pg_temp.reaches(p_by text, p_whom text) returns boolean language plpgsql as $$
begin
  perform auth.enter(fixture.session(p_by), fixture.req());
  return coalesce(auth.person_contact(fixture.id(p_whom)) ->> 'phone', '') <> '';
end;
$$;
select is(pg_temp.reaches(a, b), want, a || case when want then ' reaches ' else ' does not reach ' end || b)
  from (values ('clerk', 'clerk', true), ('boss', 'clerk', true), ('officer', 'rival', true),
               ('clerk', 'boss', false), ('rival', 'boss', false), ('boss', 'officer', false)) v (a, b, want);
select finish();
rollback;

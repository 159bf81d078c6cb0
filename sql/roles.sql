-- roles.sql - who may do what at all (S20). Run first, by whoever may create roles; repeatable.
--
-- jb_owner    owns schemas and tables; nobody logs in as it
-- jb_api      owns the functions (security definer); no DDL on tables, no DELETE on history, and
--             row level security applies to it like to anybody
-- jb_gateway  executes schema api        jb_worker  executes schema job
-- jb_match    executes schema feed       jb_ops     executes schema ops (operators, tests)
-- jb_backup   reads everything, writes nothing
do $$
declare
  v_role text;
begin
  foreach v_role in array array['jb_owner', 'jb_api', 'jb_gateway', 'jb_worker', 'jb_match', 'jb_ops', 'jb_backup'] loop
    if not exists (select from pg_catalog.pg_roles where rolname = v_role) then
      execute format('create role %I nosuperuser nocreatedb nocreaterole noinherit %s', v_role,
                     case when v_role in ('jb_owner', 'jb_api') then 'nologin' else 'login' end);
    end if;
  end loop;
  -- the migrating user acts as owner and as author of the functions
  if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
    execute format('grant jb_owner, jb_api to %I', current_user);
  end if;
end;
$$;

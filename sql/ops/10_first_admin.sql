-- A one-time token for the next of the three administrators (system, security, audit: S14, S22) that
-- this city does not have yet; good for a day. The caller keeps the token, here is its SHA-256. An
-- earlier unused token for the same post is void. Returns the role.
create or replace function ops.first_admin_token(p_hash bytea) returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_role text;
begin
  perform auth.enter_system('first-admin');
  select r into v_role from unnest(array['sysadmin', 'secadmin', 'auditor']) with ordinality as t (r, n)
   where not exists (select from party.membership m join auth.account a on a.id = m.person
                      where m.state = 'active' and a.state = 'active' and t.r = any (m.roles))
   order by n limit 1;
  if v_role is null then
    perform workflow.refuse(409, 'admins_exist');
  end if;
  delete from auth.one_time where kind = 'first_admin' and role = v_role and used_at is null;
  insert into auth.one_time (hash, kind, role, ends_at) values (p_hash, 'first_admin', v_role, now() + interval '1 day');
  perform auth.log('first_admin_token', null, null, jsonb_build_object('role', v_role));
  return v_role;
end;
$$;

-- What a step may ask for after entering. Each refuses, or returns nothing.

-- A weighty act (S13): the password or code was given within the last ten minutes. A token cannot.
create or replace function auth.require_recent(p_req jsonb default '{}') returns void
language plpgsql security definer set search_path = '' as $$
begin
  if auth.my_session_kind() = 'token' then
    perform workflow.refuse(403, 'session_only');
  elsif coalesce(nullif(current_setting('jb.reauth', true), '')::numeric, 0)
        < extract(epoch from now() - interval '10 minutes') then
    perform workflow.refuse(403, 'reauth_needed');
  end if;
end;
$$;

-- An API token without this scope is refused; sessions have all scopes.
create or replace function auth.require_scope(p_scope text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if not (p_scope = any (string_to_array(coalesce(current_setting('jb.scopes', true), ''), ','))) then
    perform workflow.refuse(403, 'scope_missing', jsonb_build_object('scope', p_scope));
  end if;
end;
$$;

-- Managing an account or its tokens is for a person who has signed in, not for a token.
create or replace function auth.require_session() returns void
language plpgsql security definer set search_path = '' as $$
begin
  if auth.my_session_kind() is distinct from 'session' then
    perform workflow.refuse(403, 'session_only');
  end if;
end;
$$;

-- One of these roles, in the membership that the session acts by.
create or replace function auth.require_role(variadic p_roles text[]) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if not (auth.my_roles() && p_roles) then
    perform workflow.refuse(403, 'role_missing', jsonb_build_object('roles', to_jsonb(p_roles)));
  end if;
end;
$$;

-- Needs and claims come from units that the bureau has verified.
create or replace function auth.require_verified() returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_state text;
begin
  select u.state into v_state from party.unit u where u.id = auth.my_unit();
  if v_state is distinct from 'verified' then
    perform workflow.refuse(403, 'unit_not_verified', jsonb_build_object('state', v_state));
  end if;
end;
$$;

-- Writes one row of the record (S32): who, what, to whom, from where, under which request.
create or replace function auth.log(p_kind text, p_account uuid, p_object uuid default null, p_data jsonb default '{}')
returns void language sql security definer set search_path = '' as $$
  insert into auth.event (kind, actor, account, object, data, session, ip, rid)
  values (p_kind, auth.me(), p_account, p_object, p_data, auth.my_session_id(),
          nullif(current_setting('jb.ip', true), ''), nullif(current_setting('jb.rid', true), ''))
$$;

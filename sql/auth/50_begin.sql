-- The first line of what a person does to the own account: as workflow.begin, but also open to whom
-- auth.enter refuses for want of a second factor or for an old password. Never for tokens.
create or replace function auth.begin_own(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_as(p_session, p_req, true);
  perform auth.require_session();
  return workflow.replay(p_req);
end;
$$;

-- workflow.begin for the administration of accounts: by session, in one of these roles.
create or replace function auth.begin_admin(p_session bytea, p_req jsonb, variadic p_roles text[]) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v api.answer;
begin
  v := workflow.begin(p_session, p_req);
  perform auth.require_session();
  perform auth.require_role(variadic p_roles);
  return v;
end;
$$;

-- Sessions and tokens of an account end now; p_keep is a session to leave.
create or replace function auth.end_sessions(p_account uuid, p_keep uuid default null) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_context text := workflow.as_system();
begin
  delete from auth.session where account = p_account and id is distinct from p_keep;
  perform auth.tell_ended(p_account);
  perform workflow.back_to(v_context);
end;
$$;

-- Page and size of a list, from the query: (limit, offset). Refuses 422 page_too_deep.
create or replace function auth.page(p_req jsonb, out page int, out size int, out skip int)
language plpgsql immutable security definer set search_path = '' as $$
begin
  page := coalesce((p_req -> 'query' ->> 'page')::int, 1);
  size := core.page_size(p_req -> 'query');
  skip := core.page_offset(p_req -> 'query');
end;
$$;

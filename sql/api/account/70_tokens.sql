-- API tokens: a program acts as the person who made it, by one membership, within scopes, for a year
-- at most. A token manages no account and does no weighty act.

create or replace function api.token_document(p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', t.id, 'name', t.name, 'scopes', to_jsonb(t.scopes), 'membership', t.membership,
           'unit', u.name, 'created_at', t.created_at, 'seen_at', t.seen_at, 'ends_at', t.ends_at, 'revoked_at', t.revoked_at)
    from auth.token t join party.membership m on m.id = t.membership join party.unit u on u.id = m.unit
   where t.id = p_id and t.account = auth.me()
$$;

-- body: {"name","scopes":["read","write"],"days"}. p_random is the token itself, shown this once: a
-- retry under the same key is answered without it.
create or replace function api.token_create(p_session bytea, p_req jsonb, p_body jsonb, p_random text) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v            api.answer;
  v_id         uuid;
  v_membership uuid;
  v_scopes     text[] := array(select distinct jsonb_array_elements_text(p_body -> 'scopes'));
begin
  v := workflow.begin(p_session, p_req);
  if v.status is not null then
    return v;
  end if;
  perform auth.require_session();
  perform auth.require_recent(p_req);
  if v_scopes = '{}' or not v_scopes <@ array['read', 'write'] then
    perform workflow.refuse_fields(jsonb_build_array(
      workflow.bad('scopes', 'bad_choice', '{"choices": ["read", "write"]}')));
  end if;
  select membership into v_membership from auth.session where id = auth.my_session_id();
  if v_membership is null then
    perform workflow.refuse(409, 'no_membership');
  end if;
  insert into auth.token (hash, account, membership, name, scopes, ends_at)
  values (sha256(decode(p_random, 'hex')), auth.me(), v_membership, p_body ->> 'name', v_scopes,
          now() + least(coalesce((p_body ->> 'days')::int, 90), 366) * interval '1 day')
  returning id into v_id;
  perform auth.log('token_created', auth.me(), v_id, jsonb_build_object('scopes', v_scopes));
  v := workflow.done(p_req, 201, api.token_document(v_id)::json, null, '/account/tokens/' || v_id);
  v.body := (api.token_document(v_id) || jsonb_build_object('token', p_random))::json;
  return v;
end;
$$;

create or replace function api.tokens_list(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_session();
  return row(200, (select json_build_object('items', coalesce(json_agg(api.token_document(t.id) order by t.created_at desc, t.id), '[]'),
                                            'total', count(*))
                     from auth.token t where t.account = auth.me()), null, null)::api.answer;
end;
$$;

create or replace function api.token_revoke(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_session();
  update auth.token set revoked_at = coalesce(revoked_at, now()) where id = p_id and account = auth.me();
  if not found then
    perform workflow.refuse(404, 'not_found');
  end if;
  perform auth.log('token_revoked', auth.me(), p_id);
  perform auth.tell_ended(auth.me());
  return row(204, null, null, null)::api.answer;
end;
$$;

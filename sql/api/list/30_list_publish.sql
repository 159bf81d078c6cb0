-- Fixing and publishing a list.

-- Fixed (定稿): numbers are given, everything that will be public is written into one document and
-- hashed. Refuses 409 list_empty, other_list_frozen, 422 list_not_ready.
create or replace function api.list_freeze(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
begin
  if v.status is not null then
    return v;
  end if;
  perform core.lock_in(p_id, p_req, 'list', array['draft', 'frozen', 'published', 'dropped']);
  v_item := workflow.advance(p_id, 'freeze');
  return workflow.done(p_req, 200, api.list_document(p_id)::json, v_item.version);
end;
$$;

-- Published (发榜) by another leader, after re-authentication. From here on it never changes.
create or replace function api.list_publish(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_recent(p_req);
  perform core.lock_in(p_id, p_req, 'list', array['draft', 'frozen', 'published', 'dropped']);
  v_item := workflow.advance(p_id, 'publish');
  return workflow.done(p_req, 200, api.list_document(p_id)::json, v_item.version);
end;
$$;

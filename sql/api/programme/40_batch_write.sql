-- Drawing up a batch. Takes form_batch. Refuses 403 role_missing, 404, 409 programme_not_active,
-- 422 invalid (window the wrong way round, or missing where the batch is not rolling).
create or replace function core.check_batch_window(p_body jsonb) returns void
language plpgsql stable security definer set search_path = '' as $$
declare
  v_errors  jsonb := '[]';
  v_rolling boolean := coalesce((p_body ->> 'rolling')::boolean, false);
begin
  if not v_rolling and p_body ->> 'solicit_from' is null then
    v_errors := v_errors || workflow.bad('solicit_from', 'required');
  end if;
  if not v_rolling and p_body ->> 'solicit_until' is null then
    v_errors := v_errors || workflow.bad('solicit_until', 'required');
  elsif (p_body ->> 'solicit_from')::timestamptz >= (p_body ->> 'solicit_until')::timestamptz then
    v_errors := v_errors || workflow.bad('solicit_until', 'time_order');
  end if;
  perform workflow.refuse_fields(v_errors);
end;
$$;

create or replace function api.batch_create(p_session bytea, p_req jsonb, p_programme uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_prog core.programme;
  v_id   uuid;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer');
  select * into v_prog from core.programme where id = p_programme for share;
  if not found then
    perform workflow.refuse(404, 'not_found');
  elsif v_prog.state <> 'active' then
    perform workflow.refuse(409, 'programme_not_active');
  end if;
  perform core.check_batch_window(p_body);
  v_id := workflow.create_item('batch', v_prog.preset, p_body ->> 'name', null, null);
  insert into core.batch (id, programme, name, doc_no, body, solicit_from, solicit_until, rolling)
  values (v_id, p_programme, p_body ->> 'name', p_body ->> 'doc_no', coalesce(p_body ->> 'body', ''),
          (p_body ->> 'solicit_from')::timestamptz, (p_body ->> 'solicit_until')::timestamptz,
          coalesce((p_body ->> 'rolling')::boolean, false));
  return workflow.done(p_req, 201, api.batch_document(v_id)::json, 1, '/batches/' || v_id);
end;
$$;

-- Only while it is a draft: 409 step_not_allowed. What has been announced is not rewritten.
create or replace function api.batch_edit(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
  v_n    int;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer');
  v_item := core.lock_in(p_id, p_req, 'batch', array['draft']);
  perform core.check_batch_window(p_body);
  update core.batch
     set name = p_body ->> 'name', doc_no = p_body ->> 'doc_no', body = coalesce(p_body ->> 'body', ''),
         solicit_from = (p_body ->> 'solicit_from')::timestamptz, solicit_until = (p_body ->> 'solicit_until')::timestamptz,
         rolling = coalesce((p_body ->> 'rolling')::boolean, false)
   where id = p_id;
  update workflow.item set title = p_body ->> 'name' where id = p_id;
  v_n := workflow.touch(p_id, 'edit', 'officer');
  return workflow.done(p_req, 200, api.batch_document(p_id)::json, v_n);
end;
$$;

-- A published solicitation gets a later end. body: {"solicit_until","reason"}. Refuses 409
-- step_not_allowed (over, or not published), batch_without_end, 422 when it is not later.
create or replace function api.batch_prolong(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer');
  v_item := core.lock_in(p_id, p_req, 'batch', array['soliciting']);
  v_item := workflow.advance(p_id, 'prolong', p_body);
  return workflow.done(p_req, 200, api.batch_document(p_id)::json, v_item.version);
end;
$$;

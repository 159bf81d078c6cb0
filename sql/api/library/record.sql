-- Records by hand: the bureau keeps the libraries, a unit its own entries (they wait for the bureau's
-- word), an expert the own one. Refusals: 404 not_found, 403 role_missing, 409 record_exists,
-- 409 version_conflict, 422 invalid with the faulty fields. DOMAIN 4.4, 4.5.

create or replace function api.record_add(p_session bytea, p_req jsonb, p_kind text, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v    api.answer := workflow.begin(p_session, p_req);
  v_id uuid;
  v_mine boolean := not auth.has('officer');
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer', 'member', 'signatory');
  if v_mine then
    perform auth.require_verified();
    p_body := p_body || (select jsonb_build_object('unit_name', u.name, 'unit_code', u.code) from party.unit u where u.id = auth.my_unit());
  end if;
  perform workflow.refuse_fields(lib.check_document(p_kind, p_body));
  v_id := lib.save(p_kind, null, p_body, jsonb_build_object('source', case when v_mine then 'self' else '科技局' end)
    || case when v_mine then jsonb_build_object('unit', auth.my_unit(), 'state', 'pending') else '{}' end);
  return workflow.done(p_req, 201, api.library_document(p_kind, v_id)::json, 1, '/' || lib.path(p_kind) || '/' || v_id);
end;
$$;

-- The segment of a kind in a URL.
create or replace function lib.path(p_kind text) returns text
language sql immutable security definer set search_path = '' as
$$ select case p_kind when 'need' then 'earlier-needs' else p_kind || 's' end $$;

-- Takes the row for a change: 404 when the asker does not see it, 403 when seeing is all, 409 when it
-- is no longer the version that was read.
create or replace function lib.take(p_kind text, p_id uuid, p_req jsonb) returns lib.record
language plpgsql security definer set search_path = '' as $$
declare
  v lib.record;
begin
  select * into v from lib.record where id = p_id and kind = p_kind for update;
  if not found then
    perform workflow.refuse(404, 'not_found');
  elsif not lib.may_edit(v) then
    perform workflow.refuse(403, 'role_missing', '{"roles": ["officer"]}');
  elsif (p_req ->> 'version')::int <> v.version then
    perform workflow.refuse(409, 'version_conflict', jsonb_build_object('expected', (p_req ->> 'version')::int, 'version', v.version,
      'changes', (select coalesce(jsonb_agg(jsonb_build_object('version', o.version, 'event', o.why, 'at', o.at) order by o.seq), '[]')
                    from lib.version o where o.record = p_id and o.version > (p_req ->> 'version')::int)));
  end if;
  return v;
end;
$$;

create or replace function api.record_edit(p_session bytea, p_req jsonb, p_kind text, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v api.answer := workflow.begin(p_session, p_req);
  v_record lib.record;
begin
  if v.status is not null then
    return v;
  end if;
  v_record := lib.take(p_kind, p_id, p_req);
  if not auth.has('officer') then  -- whom it belongs to is not theirs to change
    p_body := p_body || jsonb_strip_nulls(jsonb_build_object('unit_name', v_record.data -> 'unit_name', 'unit_code', v_record.data -> 'unit_code'));
  end if;
  perform workflow.refuse_fields(lib.check_document(p_kind, p_body));
  perform lib.save(p_kind, p_id, p_body, jsonb_build_object('source', v_record.source));
  return workflow.done(p_req, 200, api.library_document(p_kind, p_id)::json, v_record.version + 1);
end;
$$;

-- pending -> active (the bureau has looked), active -> removed (by whoever keeps it, with a reason), back.
create or replace function api.record_state(p_session bytea, p_req jsonb, p_kind text, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v api.answer := workflow.begin(p_session, p_req);
  v_record lib.record;
begin
  if v.status is not null then
    return v;
  end if;
  v_record := lib.take(p_kind, p_id, p_req);
  if p_body ->> 'state' <> 'removed' then
    perform auth.require_role('officer');
  elsif p_body ->> 'reason' is null then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('reason', 'required')));
  end if;
  if v_record.state = p_body ->> 'state' then
    perform workflow.refuse(409, 'record_state', jsonb_build_object('state', v_record.state));
  end if;
  update lib.record set state = p_body ->> 'state', state_reason = p_body ->> 'reason', version = version + 1 where id = p_id;
  perform lib.project(p_id);
  perform lib.keep_version(p_id, 'state', null, p_body ->> 'reason');
  return workflow.done(p_req, 200, api.library_document(p_kind, p_id)::json, v_record.version + 1);
end;
$$;

-- Anybody; private data by who asks.
create or replace function api.record_get(p_session bytea, p_req jsonb, p_kind text, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  if p_session is null then
    perform auth.enter_public(p_req);
  else
    perform auth.enter(p_session, p_req);
  end if;
  v_doc := api.library_document(p_kind, p_id);
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_doc::json, (v_doc ->> 'version')::int, null)::api.answer;
end;
$$;

-- Every version, newest first, for the bureau, auditors and the unit that keeps it.
create or replace function api.record_history(p_session bytea, p_req jsonb, p_kind text, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter(p_session, p_req);
  if not exists (select from lib.record where id = p_id and kind = p_kind) then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, (select json_build_object('items', coalesce(json_agg(json_build_object('version', o.version, 'why', o.why,
           'data', lib.shown(p_kind, o.data), 'private', o.private, 'state', o.state, 'reason', o.reason, 'import', o.import,
           'person', (select name from party.person where id = o.person),
           'by', (select name from party.person where id = o.by), 'at', o.at) order by o.seq desc), '[]'))
           from lib.version o where o.record = p_id), null, null)::api.answer;
end;
$$;

-- What the bureau has to look at, or what a unit keeps: records in any state, newest first.
create or replace function api.record_kept(p_session bytea, p_req jsonb, p_kind text) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_size int := coalesce((p_req -> 'query' ->> 'size')::int, 20);
  v_page int := coalesce((p_req -> 'query' ->> 'page')::int, 1);
  v_where text;
  v_body json;
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader', 'auditor', 'member', 'signatory', 'expert');
  v_where := format('kind = %L', p_kind) || case when p_req #>> '{query,state}' is null then '' else format(' and state = %L', p_req #>> '{query,state}') end
    || case when auth.is_bureau() or auth.has('auditor') then '' when auth.has('expert') then format(' and person = %L', auth.me())
            else format(' and unit = %L', auth.my_unit()) end;
  execute format($q$
    select json_build_object(
      'items', (select coalesce(json_agg(api.library_document(%1$L, s.id) order by s.created_at desc, s.id), '[]')
                  from (select id, created_at from lib.record where %2$s order by created_at desc, id limit %3$s offset %4$s) s),
      'page', %5$s, 'size', %3$s, 'total', (select count(*) from (select from lib.record where %2$s order by created_at desc, id limit 1001) c))$q$,
    p_kind, v_where, v_size, (v_page - 1) * v_size, v_page) into v_body;
  return row(200, v_body, null, null)::api.answer;
end;
$$;

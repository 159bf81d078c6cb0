-- Objections (异议): by real name, in writing, with evidence, inside the window (DOMAIN 0.5, 3.6, 8).
-- Who objects is never public; the bureau alone reads it.

create or replace function api.objection_document(p_id uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_row core.objection;
begin
  select * into v_row from core.objection where id = p_id;
  if not found then
    return null;
  end if;
  return workflow.head(p_id) || jsonb_build_object('notice', v_row.notice, 'receipt_no', v_row.receipt_no, 'name', v_row.name,
    'is_unit', v_row.is_unit, 'contact', v_row.contact, 'text', v_row.text, 'evidence', v_row.evidence, 'channel', v_row.channel,
    'received_at', v_row.received_at, 'postmark', v_row.postmark, 'in_time', v_row.in_time, 'finding', v_row.finding,
    'correction', v_row.correction, 'answer', v_row.answer, 'answered_at', v_row.answered_at, 'claims', to_jsonb(v_row.claims),
    'award', (select coalesce(jsonb_agg(jsonb_build_object('claim', l -> 'claim', 'claimant', l -> 'claimant') order by n), '[]')
                from core.notice t, jsonb_array_elements(coalesce(nullif(t.body -> 'lines', 'null'), '[]')) with ordinality e (l, n)
               where t.id = v_row.notice and l ? 'claim'),
    'steps', workflow.steps(p_id));
end;
$$;

-- A notice that may be objected to; 404 when it is not public.
create or replace function core.lock_notice(p_notice uuid) returns core.notice
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_notice core.notice;
  v_item   workflow.item;
begin
  select * into v_item from workflow.item where id = p_notice and machine = 'notice' and public for share;
  select * into v_notice from core.notice where id = v_item.id;
  perform workflow.back_to(v_before);
  if v_notice.id is null or v_item.state = 'revoked' then
    perform workflow.refuse(404, 'not_found');
  end if;
  return v_notice;
end;
$$;

-- Real name, contact and evidence, or a refusal that names what is missing: 422 objection_anonymous,
-- objection_without_evidence (DOMAIN 8).
create or replace function core.check_objector(p_body jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_errors jsonb := '[]';
  v_field  text;
begin
  if coalesce(p_body ->> 'name', '') ~ '匿名|不具名|anonym' or char_length(coalesce(p_body ->> 'name', '')) < 2 then
    v_errors := v_errors || workflow.bad('name', 'required');
  end if;
  foreach v_field in array array['phone', 'address'] loop
    if coalesce(p_body #>> array['contact', v_field], '') = '' then
      v_errors := v_errors || workflow.bad('contact.' || v_field, 'required');
    end if;
  end loop;
  if v_errors <> '[]' then
    perform workflow.refuse(422, 'objection_anonymous', jsonb_build_object('errors', v_errors));
  elsif char_length(coalesce(p_body ->> 'evidence', '')) < 5 then
    perform workflow.refuse(422, 'objection_without_evidence', jsonb_build_object('errors',
      jsonb_build_array(workflow.bad('evidence', 'too_short', '{"min": 5}'))));
  end if;
end;
$$;

-- The row; returns its id.
create or replace function core.add_objection(p_notice core.notice, p_body jsonb, p_channel text, p_received timestamptz,
                                              p_in_time boolean) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_item workflow.item;
  v_id   uuid;
begin
  select * into v_item from workflow.item where id = p_notice.id;
  v_id := workflow.create_item('objection', v_item.preset, p_notice.title, p_notice.batch, null, null, p_notice.id);
  insert into core.objection (id, notice, receipt_no, name, is_unit, contact, text, evidence, channel, received_at, postmark, in_time, recorded_by)
  values (v_id, p_notice.id, format('YY%s-%s', to_char(workflow.today(), 'YYYYMMDD'), lpad(workflow.next_number('objection')::text, 4, '0')),
          p_body ->> 'name', coalesce((p_body ->> 'is_unit')::boolean, false), p_body -> 'contact', p_body ->> 'text', p_body ->> 'evidence',
          p_channel, p_received, (p_body ->> 'postmark')::date, p_in_time, auth.me());
  perform workflow.emit('inbox', v_id, jsonb_build_object('what', 'objection', 'notice', p_notice.id, 'by', auth.me()));
  return v_id;
end;
$$;

-- POST /notices/{id}/objections, public: {name, is_unit, contact: {phone, address, email?}, text,
-- evidence}. Answers a receipt. Refuses 409 notice_not_begun, notice_over, 403 written_only.
create or replace function api.object(p_req jsonb, p_notice uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v        api.answer := workflow.begin_public(p_req);
  v_notice core.notice;
  v_id     uuid;
  v_receipt jsonb;
begin
  if v.status is not null then
    return v;
  end if;
  v_notice := core.lock_notice(p_notice);
  perform core.check_objector(p_body);
  if v_notice.from_at > workflow.now() then
    perform workflow.refuse(409, 'notice_not_begun', jsonb_build_object('from', core.shanghai(v_notice.from_at)));
  elsif v_notice.paused_at is null and workflow.now() >= v_notice.until_at then
    perform workflow.refuse(409, 'notice_over', jsonb_build_object('until', core.shanghai(v_notice.until_at)));
  end if;
  v_id := core.add_objection(v_notice, p_body, 'online', workflow.now(), true);
  perform workflow.as_system();     -- the objector may not read the record, but gets a receipt of it
  select jsonb_build_object('receipt_no', o.receipt_no, 'received_at', o.received_at, 'notice', o.notice, 'in_time', o.in_time,
           'digest', workflow.digest(jsonb_build_object('name', o.name, 'text', o.text, 'evidence', o.evidence)))
    into v_receipt from core.objection o where o.id = v_id;
  perform workflow.back_to('public');
  return workflow.done(p_req, 201, v_receipt::json);
end;
$$;

-- POST /notices/{id}/letters: an officer records what came by letter, visit or phone {channel,
-- received_on, postmark?, ...}. Where the rule takes the postmark, it decides, however late the letter
-- came. Refuses 422 written_only (visit, phone), 409 notice_over.
create or replace function api.objection_record(p_session bytea, p_req jsonb, p_notice uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v        api.answer := workflow.begin(p_session, p_req);
  v_notice core.notice;
  v_id     uuid;
  v_day    date;
  v_in     boolean;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer', 'leader');
  v_notice := core.lock_notice(p_notice);
  perform core.check_objector(p_body);
  if p_body ->> 'channel' <> 'letter' and coalesce((v_notice.rule ->> 'written_only')::boolean, true) then
    perform workflow.refuse(422, 'written_only');
  elsif (p_body ->> 'received_on')::date > workflow.today() then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('received_on', 'in_future')));
  elsif (p_body ->> 'postmark')::date > (p_body ->> 'received_on')::date then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('postmark', 'in_future')));
  end if;
  v_day := case when v_notice.rule ->> 'objection_timestamp' = 'postmark' and p_body ->> 'channel' = 'letter'
                then coalesce((p_body ->> 'postmark')::date, (p_body ->> 'received_on')::date) else (p_body ->> 'received_on')::date end;
  v_in := v_notice.paused_at is not null and v_day <= workflow.today() or workflow.day_start(v_day) < v_notice.until_at;
  if not v_in then
    perform workflow.refuse(409, 'notice_over', jsonb_build_object('until', core.shanghai(v_notice.until_at)));
  end if;
  v_id := core.add_objection(v_notice, p_body, p_body ->> 'channel', workflow.day_start((p_body ->> 'received_on')::date), v_in);
  return workflow.done(p_req, 201, api.objection_document(v_id)::json, 1, '/objections/' || v_id);
end;
$$;

-- GET /objections?state=&page=: the bureau's.   GET /objections/{id}
create or replace function api.objections(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_query jsonb := coalesce(p_req -> 'query', '{}');
  v_from  text := $q$from workflow.item i where i.machine = 'objection'$q$
    || case when v_query ->> 'state' is not null then $q$ and i.state = $1 ->> 'state'$q$ else '' end
    || case when v_query ->> 'batch' is not null then $q$ and i.batch = ($1 ->> 'batch')::uuid$q$ else '' end;
  v_items jsonb;
  v_count bigint;
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader', 'auditor');
  execute format('select jsonb_agg(api.objection_document(r.id) order by r.created_at desc, r.id)
                    from (select i.id, i.created_at %s order by i.created_at desc, i.id limit %s offset %s) r',
                 v_from, core.page_size(v_query), core.page_offset(v_query)) into v_items using v_query;
  execute format('select count(*) from (select 1 %s limit 1001) c', v_from) into v_count using v_query;
  return row(200, core.page(v_query, v_items, v_count)::json, null, null)::api.answer;
end;
$$;

create or replace function api.objection(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  perform auth.enter(p_session, p_req);
  v_doc := api.objection_document(p_id);
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_doc::json, (v_doc ->> 'version')::int, null)::api.answer;
end;
$$;

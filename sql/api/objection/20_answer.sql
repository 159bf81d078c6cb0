-- POST /objections/{id}/answer {result: rejected|partly|upheld, finding, answer, correction?, claims?}:
-- every objection that was admitted is answered in writing. Not upheld by an officer; upheld, wholly
-- or in part, by a leader.
create or replace function api.objection_answer(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
begin
  if v.status is not null then
    return v;
  end if;
  v_item := workflow.lock(p_id, p_req);
  perform core.require_machine(v_item, 'objection');
  if p_body ->> 'result' = 'upheld' then
    perform auth.require_recent(p_req);
  end if;
  v_item := workflow.advance(p_id, case p_body ->> 'result' when 'upheld' then 'uphold' when 'partly' then 'correct' else 'reject' end, p_body);
  return workflow.done(p_req, 200, api.objection_document(p_id)::json, v_item.version);
end;
$$;

create or replace function guard.objection_in_time(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'notice_over') from core.objection where id = p_item and not in_time
$$;

-- Finding and answer are there; a correction where the result is one; the claims struck out stand on
-- the notice.
create or replace function guard.objection_answered(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_errors jsonb := '[]';
  v_claims jsonb := (select to_jsonb(n.claims) from core.objection o join core.notice n on n.id = o.notice where o.id = p_item);
begin
  if char_length(coalesce(p_data ->> 'finding', '')) < 5 then
    v_errors := v_errors || workflow.bad('finding', 'required');
  end if;
  if char_length(coalesce(p_data ->> 'answer', '')) < 5 then
    v_errors := v_errors || workflow.bad('answer', 'required');
  end if;
  if p_data ->> 'result' = 'partly' and coalesce(p_data ->> 'correction', '') = '' then
    v_errors := v_errors || workflow.bad('correction', 'required');
  end if;
  if exists (select from jsonb_array_elements_text(coalesce(nullif(p_data -> 'claims', 'null'), '[]')) c where not v_claims ? c) then
    v_errors := v_errors || workflow.bad('claims', 'not_known');
  end if;
  return case when v_errors <> '[]' then jsonb_build_object('status', 422, 'slug', 'invalid', 'errors', v_errors) end;
end;
$$;

-- The notice of an objection, locked before its challenge: the timer that ends it takes them in the same
-- order.
create or replace function core.notice_of(p_objection uuid) returns core.notice
language plpgsql security definer set search_path = '' as $$
declare
  v_notice core.notice;
begin
  select n.* into v_notice from core.objection o join core.notice n on n.id = o.notice where o.id = p_objection;
  perform from workflow.item i where i.id = v_notice.id for update;
  return v_notice;
end;
$$;

-- Is this the notice that counts now? What is said against an earlier one, whose candidates have fallen,
-- is answered, and does nothing to those who came after them.
create or replace function core.is_live_notice(p_notice core.notice) returns boolean
language sql stable security definer set search_path = '' as
$$ select p_notice.item is not null and core.live_notice(p_notice.item) = p_notice.id $$;

-- Admitted: the challenge is paused.
create or replace function effect.objection_admitted(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_notice core.notice;
begin
  v_notice := core.notice_of(p_item);
  if core.is_live_notice(v_notice) then
    perform workflow.cascade(v_notice.item, 'dispute', jsonb_build_object('objection', p_item));
  end if;
end;
$$;

-- Settled (not admitted, not upheld, corrected): kept; a correction is published with the notice; when
-- nothing more is open, the challenge goes on.
create or replace function effect.objection_settled(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_notice core.notice;
begin
  update core.objection
     set finding = p_data ->> 'finding', answer = coalesce(p_data ->> 'answer', p_data ->> 'reason'),
         correction = p_data ->> 'correction', answered_at = workflow.now()
   where id = p_item;
  v_notice := core.notice_of(p_item);
  if p_data ->> 'correction' is not null then
    update core.notice set body = body || jsonb_build_object('corrections',
             coalesce(body -> 'corrections', '[]') || jsonb_build_object('on', workflow.today(), 'text', p_data ->> 'correction'))
     where id = v_notice.id;
  end if;
  perform core.go_on(v_notice);
end;
$$;

create or replace function effect.objection_upheld(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_notice core.notice;
begin
  v_notice := core.notice_of(p_item);
  update core.objection
     set finding = p_data ->> 'finding', answer = p_data ->> 'answer', correction = p_data ->> 'correction', answered_at = workflow.now(),
         claims = array(select c::uuid from jsonb_array_elements_text(coalesce(nullif(p_data -> 'claims', 'null'), '[]')) c)
   where id = p_item;
  if core.is_live_notice(v_notice) then
    perform workflow.cascade(v_notice.item, 'overturn', jsonb_build_object('objection', p_item, 'reason', p_data ->> 'finding',
                                                                         'claims', coalesce(p_data -> 'claims', '[]')));
  end if;
  perform core.go_on(v_notice);
end;
$$;

-- With nothing open any more a paused challenge resumes, and a window that has passed meanwhile ends.
create or replace function core.go_on(p_notice core.notice) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_live uuid := case when p_notice.item is null then p_notice.id else core.live_notice(p_notice.item) end;
begin
  if core.open_objections(coalesce(p_notice.item, p_notice.id)) > 0 then
    return;
  end if;
  if (select state from workflow.item where id = p_notice.item) = 'disputed' then
    perform workflow.cascade(p_notice.item, 'resume');
  elsif (select state from workflow.item where id = v_live) = 'running' then
    perform workflow.set_timer(v_live, 'end', (select until_at from core.notice where id = v_live));
  end if;
end;
$$;

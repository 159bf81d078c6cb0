-- Null while questions are taken; else {"until"} as people write it.
create or replace function core.not_asking(p_item uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_no     jsonb;
begin
  select case when core.not_open(p_item) is not null or workflow.now() >= core.questions_until(l.claim_until)
           then jsonb_build_object('until', core.shanghai(core.questions_until(l.claim_until)::text)) end
    into v_no from core.list_item l where l.id = p_item;
  perform workflow.back_to(v_before);
  return v_no;
end;
$$;

-- POST /items/{id}/questions {text}: a member of a verified unit asks. Refuses 409 own_question,
-- questions_closed {until}, questions_waiting {count}: five of a unit may wait at a time.
create or replace function api.item_ask(p_session bytea, p_req jsonb, p_item uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v         api.answer := workflow.begin(p_session, p_req);
  v_item    workflow.item;
  v_no      jsonb;
  v_waiting int;
  v_id      uuid;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_verified();
  v_item := workflow.lock(p_item);
  perform core.require_machine(v_item, 'list_item');
  v_no := core.not_asking(p_item);
  select count(*) into v_waiting from core.question q where q.item = p_item and q.unit = auth.my_unit() and q.answer is null;
  if auth.my_unit() = any (core.posters(p_item)) then
    perform workflow.refuse(409, 'own_question');
  elsif v_no is not null then
    perform workflow.refuse(409, 'questions_closed', v_no);
  elsif v_waiting >= 5 then
    perform workflow.refuse(409, 'questions_waiting', jsonb_build_object('count', v_waiting));
  end if;
  insert into core.question (item, no, unit, person, text, at)
  values (p_item, core.next_question(p_item), auth.my_unit(), auth.me(), core.question_text(p_item, p_body ->> 'text'), workflow.now())
  returning id into v_id;
  perform workflow.emit('inbox', p_item, jsonb_build_object('what', 'question', 'question', v_id, 'by', auth.me()));
  return workflow.done(p_req, 201, api.question_document(v_id)::json, null, '/questions/' || v_id);
end;
$$;

-- The number of the next question on a challenge, which the caller has locked.
create or replace function core.next_question(p_item uuid) returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_no     int;
begin
  select coalesce(max(no), 0) + 1 into v_no from core.question where item = p_item;
  perform workflow.back_to(v_before);
  return v_no;
end;
$$;

-- POST /questions/{id}/answer {answer}: the poster's, or the bureau's; once, and for everybody to
-- read. Refuses 403 not_a_party, 409 question_answered, not_open.
create or replace function api.question_answer(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v     api.answer := workflow.begin(p_session, p_req);
  v_row core.question;
  v_no  jsonb;
begin
  if v.status is not null then
    return v;
  end if;
  select * into v_row from core.question where id = p_id for update;
  if not found then
    perform workflow.refuse(404, 'not_found');
  end if;
  v_no := core.not_open(v_row.item);
  if not core.may_answer(v_row.item) then
    perform workflow.refuse(403, 'not_a_party');
  elsif v_row.answer is not null then
    perform workflow.refuse(409, 'question_answered');
  elsif v_no is not null then
    perform workflow.refuse(409, 'not_open', v_no);
  end if;
  update core.question
     set answer = core.question_text(v_row.item, p_body ->> 'answer'), answered_by = auth.me(), answered_at = workflow.now(),
         answered_as = case when auth.my_unit() = any (core.posters(v_row.item)) then 'poster' else 'bureau' end
   where id = p_id;
  perform workflow.emit('inbox', v_row.item, jsonb_build_object('what', 'answer', 'question', p_id, 'by', auth.me()));
  perform pg_notify('public_changed', v_row.item::text);
  return workflow.done(p_req, 200, api.question_document(p_id)::json);
end;
$$;

-- Questions on a challenge (问答): asked by teams, answered by the poster or the bureau before
-- everybody's eyes, so that all who claim know the same (DOMAIN 9). Asking ends some days before the
-- claims do, so that nobody is left with an answer too late to use.

-- How many days before the end of the claims asking ends.
create or replace function core.question_days() returns int
language sql immutable security definer set search_path = '' as $$ select 7 $$;

create or replace function core.questions_until(p_claim_until timestamptz) returns timestamptz
language sql immutable security definer set search_path = '' as
$$ select p_claim_until - make_interval(days => core.question_days()) $$;

-- A poster that is not named is not named by a question or its answer either.
create or replace function core.question_text(p_item uuid, p_text text) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_text   text := p_text;
  v_name   text;
begin
  if (select masking from core.list_item where id = p_item) <> 'open' then
    for v_name in select u.name from party.unit u where u.id = any (core.posters(p_item)) order by char_length(u.name) desc loop
      v_text := replace(v_text, v_name, '该企业');
    end loop;
  end if;
  perform workflow.back_to(v_before);
  return v_text;
end;
$$;

-- May the actor answer questions on this challenge?
create or replace function core.may_answer(p_item uuid) returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
  return coalesce(auth.context() = 'person' and (auth.is_bureau() or auth.my_unit() = any (core.posters(p_item))), false);
end;
$$;

-- One question. Who asked stands in it for the bureau and for whoever asked.
create or replace function api.question_document(p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select jsonb_build_object('id', q.id, 'no', q.no, 'text', q.text, 'asked_at', q.at, 'answer', q.answer,
             'answered_at', q.answered_at, 'by', q.answered_as, 'mine', coalesce(q.unit = auth.my_unit(), false),
             'unit', case when auth.is_bureau() or q.unit = auth.my_unit() then core.unit_ref(q.unit) end,
             'item', jsonb_build_object('id', l.id, 'number', l.number, 'title', l.title, 'claim_until', l.claim_until),
             'may_answer', q.answer is null and core.may_answer(l.id) and core.not_open(l.id) is null)
      from core.question q join core.list_item l on l.id = q.item
     where q.id = p_id);
end;
$$;

-- GET /items/{id}/questions: what has been answered, in the order it was asked; until when one may ask.
create or replace function api.item_questions(p_item uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_body jsonb;
begin
  perform workflow.as_reader();
  select jsonb_build_object('id', l.id, 'number', l.number, 'title', l.title, 'until', core.questions_until(l.claim_until),
           'open', i.state in ('open', 'interested') and workflow.now() < core.questions_until(l.claim_until),
           'items', coalesce(q.items, '[]'), 'total', coalesce(q.n, 0))
    into v_body
    from core.list_item l
    join workflow.item i on i.id = l.id and i.public
    cross join lateral (
      select jsonb_agg(jsonb_build_object('id', x.id, 'no', x.no, 'text', x.text, 'asked_at', x.at, 'answer', x.answer,
               'answered_at', x.answered_at, 'by', x.answered_as) order by x.no) as items, count(*) as n
        from core.question x where x.item = l.id and x.answer is not null) q
   where l.id = p_item;
  if v_body is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_body::json, null, null)::api.answer;
end;
$$;

-- GET /items/{id}/questions/work: what of them concerns the actor: the own ones, and for the poster
-- and the bureau all.
create or replace function api.item_questions_work(p_session bytea, p_req jsonb, p_item uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_item   workflow.item;
  v_answer boolean;
begin
  perform auth.enter(p_session, p_req);
  select * into v_item from workflow.item where id = p_item and machine = 'list_item';
  if not found then
    perform workflow.refuse(404, 'not_found');
  end if;
  v_answer := core.may_answer(p_item);
  return row(200, (
    select json_build_object('id', p_item, 'may_answer', v_answer and core.not_open(p_item) is null,
             'may_ask', not v_answer and auth.has('member') and core.not_asking(p_item) is null,
             'items', coalesce(json_agg(api.question_document(q.id) order by q.no), '[]'), 'total', count(*))
      from core.question q
     where q.item = p_item and (v_answer or auth.has('auditor') or q.unit = auth.my_unit())), null, null)::api.answer;
end;
$$;

-- GET /questions/{id}
create or replace function api.question(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  perform auth.enter(p_session, p_req);
  v_doc := api.question_document(p_id);
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_doc::json, null, null)::api.answer;
end;
$$;

-- A need as a draft: it may be incomplete; only the shape has been checked. DOMAIN 3.2, 4.1.
-- Refuses 403 role_missing, 404 (no such batch), 409 batch_not_open.
create or replace function api.need_create(p_session bytea, p_req jsonb, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v         api.answer := workflow.begin(p_session, p_req);
  v_batch   workflow.item;
  v_unit    party.unit;
  v_content jsonb := core.need_content(p_body);
  v_id      uuid;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('member', 'signatory');
  select * into v_batch from workflow.item where id = (p_body ->> 'batch')::uuid and machine = 'batch';
  if not found then
    perform workflow.refuse(404, 'not_found');
  end if;
  if v_batch.state <> 'soliciting' and not core.batch_takes_needs(v_batch.id) then
    perform workflow.refuse(409, 'batch_not_open', jsonb_build_object('state', v_batch.state));
  end if;
  select * into v_unit from party.unit where id = auth.my_unit();
  v_id := workflow.create_item('need', v_batch.preset, p_body ->> 'title', v_batch.id, v_unit.id, v_unit.recommender,
                               p_role => 'poster');
  insert into core.need (id, batch, unit, kind, title, division, content, sample)
  values (v_id, v_batch.id, v_unit.id, coalesce(p_body ->> 'kind', case v_batch.preset when 'chengguo' then 'achievement' else 'tech' end),
          p_body ->> 'title', v_unit.division, v_content, v_unit.sample);
  perform core.set_need_content(v_id, v_content);
  return workflow.done(p_req, 201, api.need_document(v_id)::json, 1, '/needs/' || v_id);
end;
$$;

-- The whole form again; only while it lies with the poster (draft, returned): 409 step_not_allowed
-- otherwise, since what has been submitted cannot be altered. 403 not_your_step for others.
create or replace function api.need_edit(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
  v_n    int;
begin
  if v.status is not null then
    return v;
  end if;
  v_item := core.lock_in(p_id, p_req, 'need', array['draft', 'returned']);
  if not 'poster' = any (workflow.roles_on(v_item)) then
    perform workflow.refuse(403, 'not_your_step', '{"event": "edit"}');
  end if;
  perform core.set_need_content(p_id, core.need_content(p_body));
  update workflow.item i set recommender = u.recommender from party.unit u where i.id = p_id and u.id = i.owner and i.state = 'draft';
  v_n := workflow.touch(p_id, 'edit', 'poster');
  return workflow.done(p_req, 200, api.need_document(p_id)::json, v_n);
end;
$$;

-- Submission: all guards of the machine; the snapshot is kept with its hash (effect need_submitted).
-- A draft goes through whoever recommends the unit now, which may have been settled since it was written.
create or replace function api.need_submit(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
begin
  if v.status is not null then
    return v;
  end if;
  v_item := workflow.lock(p_id, p_req);
  if v_item.machine <> 'need' then
    perform workflow.refuse(404, 'not_found');
  end if;
  update workflow.item i set recommender = u.recommender from party.unit u where i.id = p_id and u.id = i.owner and i.state = 'draft';
  v_item := workflow.advance(p_id, 'submit');
  return workflow.done(p_req, 200, api.need_document(p_id)::json, v_item.version);
end;
$$;

-- The bureau proposes a wording after the experts' opinion; the poster agrees or contests. What is
-- not between bureau and poster to reword (contact, commitments, secrecy) stays as submitted.
-- Refuses 422 invalid with the gaps of the new wording.
create or replace function api.need_word(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v         api.answer := workflow.begin(p_session, p_req);
  v_item    workflow.item;
  v_base    jsonb;
  v_content jsonb;
begin
  if v.status is not null then
    return v;
  end if;
  v_item := workflow.lock(p_id, p_req);
  if v_item.machine <> 'need' then
    perform workflow.refuse(404, 'not_found');
  end if;
  select content into v_base from core.need where id = p_id;
  v_content := core.reworded(v_base, core.need_content(p_body));
  perform workflow.refuse_fields(core.gap_errors(core.need_gaps(v_content, core.rules_of(p_id), workflow.today())));
  v_item := workflow.advance(p_id, 'word', jsonb_strip_nulls(jsonb_build_object('note', p_body ->> 'note')));
  perform core.keep_need_version(p_id, 'argued', v_content, p_body ->> 'note');
  return workflow.done(p_req, 200, api.need_document(p_id)::json, v_item.version);
end;
$$;

create or replace function core.reworded(p_base jsonb, p_new jsonb) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select (p_base || p_new) || (select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(p_base)
                                where key in ('contact', 'commitments', 'secret', 'finance', 'tried', 'disclosure'))
$$;

-- What the bureau may change of a published challenge. Each change is a new revision with a public
-- difference; nothing published is ever overwritten without one (DOMAIN 3.3, exits of 流榜).

-- Keeps the present state of a list item as its next revision. p_was: the row before the change.
create or replace function core.new_revision(p_was core.list_item, p_note text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_now    core.list_item;
  v_change jsonb;
begin
  update core.list_item set revision = revision + 1 where id = p_was.id returning * into v_now;
  v_change := core.diff(core.public_revision(p_was), core.public_revision(v_now));
  insert into core.item_version (item, revision, content, hash, change, note, by, at)
  values (v_now.id, v_now.revision, v_now.content, workflow.digest(v_now.content), v_change, p_note, auth.me(), workflow.now());
  perform core.refresh_face(v_now.id);
end;
$$;

-- What the public may compare between revisions.
create or replace function core.public_revision(p_row core.list_item) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select core.public_content(p_row.content, p_row.masking) || jsonb_build_object('title', p_row.title,
           'claim_until', p_row.claim_until, 'budget_wan', core.to_wan(p_row.budget_fen), 'max_winners', p_row.max_winners,
           'masking', p_row.masking)
$$;

-- A new deadline is in the future and later than the one before, or is named as a bad field.
create or replace function core.check_deadline(p_item uuid, p_until timestamptz) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if p_until <= workflow.now() then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('claim_until', 'not_in_future')));
  elsif p_until <= (select claim_until from core.list_item where id = p_item) then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('claim_until', 'not_later')));
  end if;
end;
$$;

-- POST /items/{id}/extension {claim_until, reason} (延期发榜): before the deadline, or after it when nobody
-- came. Refuses 409 not_open in between, while the deadline waits to be acted on.
create or replace function api.item_extend(p_session bytea, p_req jsonb, p_item uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
begin
  if v.status is not null then
    return v;
  end if;
  v_item := workflow.lock(p_item, p_req);
  perform core.check_deadline(p_item, (p_body ->> 'claim_until')::timestamptz);
  if v_item.state in ('open', 'interested') and core.not_open(p_item) is not null then
    perform workflow.refuse(409, 'not_open', core.not_open(p_item));
  end if;
  v_item := workflow.advance(p_item, 'extend', p_body);
  return workflow.done(p_req, 200, api.list_item_document(p_item)::json, v_item.version);
end;
$$;

create or replace function effect.item_extended(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_was core.list_item;
begin
  select * into v_was from core.list_item where id = p_item;
  update core.list_item set claim_until = (p_data ->> 'claim_until')::timestamptz, extensions = extensions + 1 where id = p_item;
  perform core.new_revision(v_was, p_data ->> 'reason');
  perform workflow.set_timer(p_item, 'claims_close', (p_data ->> 'claim_until')::timestamptz);
end;
$$;

-- What a re-issue may change of the content, and what each member is; the form passes it unlooked at.
create or replace function core.rewording_errors(p_content jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  c_kinds constant jsonb := '{"problem": "string", "key_tech": "string", "goal": "string", "conditions": "string", "ip": "string",
    "ip_note": "string", "industry": "string", "industry_code": "string", "activity": "string", "solution": "string",
    "year_from": "number", "year_until": "number", "keywords": "array", "fields": "array", "indicators": "array"}';
  v_errors jsonb := '[]';
  v_row    record;
begin
  for v_row in select e.key, e.value, jsonb_typeof(e.value) as kind from jsonb_each(p_content) e order by e.key loop
    if not c_kinds ? v_row.key then
      v_errors := v_errors || workflow.bad('content.' || v_row.key, 'unknown_field');
    elsif v_row.kind not in ('null', c_kinds ->> v_row.key) then
      v_errors := v_errors || workflow.bad('content.' || v_row.key,
        case c_kinds ->> v_row.key when 'array' then 'not_a_list' when 'number' then 'not_a_number' else 'not_a_text' end);
    elsif v_row.kind = 'string' and char_length(v_row.value #>> '{}') > 1000 then
      v_errors := v_errors || workflow.bad('content.' || v_row.key, 'too_long', '{"max": 1000}');
    elsif v_row.key = 'indicators' and v_row.kind = 'array' then
      if exists (select from jsonb_array_elements(v_row.value) i where jsonb_typeof(i) <> 'object') then
        v_errors := v_errors || workflow.bad('content.indicators', 'not_an_object');
      else
        v_errors := v_errors || (select coalesce(jsonb_agg(g || jsonb_build_object('field', 'content.' || (g ->> 'field'))), '[]')
          from jsonb_array_elements(core.gap_errors(core.indicators_gaps(v_row.value, 1))) g);
      end if;
    end if;
  end loop;
  return v_errors;
end;
$$;

-- POST /items/{id}/reissue {claim_until, reason, title?, budget?, max_winners?, masking?, content?}
-- (修改后重新发榜): members of `content` replace those of the same name; null takes one out. Refuses 422
-- with every member that is none or is not what it should be.
create or replace function api.item_reissue(p_session bytea, p_req jsonb, p_item uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_recent(p_req);
  perform workflow.lock(p_item, p_req);
  perform core.check_deadline(p_item, (p_body ->> 'claim_until')::timestamptz);
  perform workflow.refuse_fields(core.rewording_errors(coalesce(nullif(p_body -> 'content', 'null'), '{}')));
  v_item := workflow.advance(p_item, 'reissue', p_body);
  return workflow.done(p_req, 200, api.list_item_document(p_item)::json, v_item.version);
end;
$$;

create or replace function effect.item_reissued(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_was core.list_item;
begin
  select * into v_was from core.list_item where id = p_item;
  update core.list_item set
    claim_until = (p_data ->> 'claim_until')::timestamptz,
    title = coalesce(p_data ->> 'title', title),
    budget_fen = coalesce((p_data ->> 'budget')::bigint, budget_fen),
    max_winners = coalesce((p_data ->> 'max_winners')::int, max_winners),
    masking = coalesce(p_data ->> 'masking', masking),
    content = jsonb_strip_nulls(content || coalesce(nullif(p_data -> 'content', 'null'), '{}') || jsonb_build_object(
      'title', coalesce(p_data ->> 'title', title), 'budget_fen', coalesce((p_data ->> 'budget')::bigint, budget_fen)))
  where id = p_item;
  -- the title stands in every list: where the poster is not named, neither is it there
  update core.list_item set title = core.public_content(content, masking) ->> 'title' where id = p_item;
  update workflow.item set title = (select l.title from core.list_item l where l.id = p_item) where id = p_item;
  delete from core.opening where item = p_item;
  perform core.new_revision(v_was, p_data ->> 'reason');
  perform workflow.set_timer(p_item, 'claims_close', (p_data ->> 'claim_until')::timestamptz);
end;
$$;

-- Withdrawn or solved by the poster itself: what is still under way ends with it.
create or replace function effect.item_ended(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform workflow.set_timer(p_item, 'claims_close', null);
  perform core.drop_papers(p_item, p_data ->> 'reason');
  perform core.lapse_claims(p_item, array['draft', 'submitted', 'eligible', 'reserve', 'chosen'], p_data ->> 'reason');
end;
$$;

-- Choice and papers of a challenge that ends before its notice: nobody stands on a rank any more, what
-- was being signed is void.
create or replace function core.drop_papers(p_item uuid, p_reason text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_paper  uuid;
begin
  update core.choice_rank set outcome = 'failed', outcome_reason = p_reason where item = p_item and outcome in ('current', 'waiting');
  for v_paper in select k.id from core.contract k join workflow.item i on i.id = k.id
                  where k.item = p_item and i.state in ('draft', 'signing') order by k.id loop
    perform workflow.cascade(v_paper, 'void', jsonb_build_object('reason', p_reason));
  end loop;
  update core.contract set live = false where item = p_item;
  perform workflow.back_to(v_before);
end;
$$;

-- Ends the live claims of a challenge that stand in one of these states.
create or replace function core.lapse_claims(p_item uuid, p_states text[], p_reason text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_claim  uuid;
begin
  perform core.lock_claims(p_item);
  for v_claim in select c.id from core.claim c join workflow.item i on i.id = c.id
                  where c.item = p_item and i.state = any (p_states) order by c.id loop
    perform workflow.cascade(v_claim, 'lapse', jsonb_build_object('reason', p_reason));
  end loop;
  perform workflow.back_to(v_before);
end;
$$;

-- POST /items/{id}/notice {title, doc_no, issuer?, basis, how: {address, phone, postcode?, email?,
-- clauses}, discipline?}: the candidates are noticed; window and text by the programme's rule.
-- Refuses 422 calendar_missing for a year without a calendar.
create or replace function api.item_notice(p_session bytea, p_req jsonb, p_item uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v        api.answer := workflow.begin(p_session, p_req);
  v_item   workflow.item;
  v_notice uuid;
  v_claims uuid[];
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_recent(p_req);
  perform core.require_machine(workflow.lock(p_item, p_req), 'list_item');
  v_item := workflow.advance(p_item, 'notice', p_body);
  v_claims := core.current_claims(p_item);
  v_notice := core.publish_notice(v_item, 'award', v_claims, p_body,
    jsonb_build_object('steps', core.steps_passed(p_item), 'lines', core.award_lines(p_item, v_claims)));
  perform core.note_credit(p_item, 'notice', core.posters(p_item) || array(
    select distinct u from unnest(v_claims) c, unnest(core.claim_units(c)) u));
  return workflow.done(p_req, 201, api.notice_document(v_notice)::json, 2, '/notices/' || v_notice);
end;
$$;

-- POST /batches/{id}/notices {kind: argument|result, lines: [{project, note}], ...}: what is noticed of
-- a whole batch, such as the outcome of the argumentation (论证结果公示).
create or replace function api.batch_notice(p_session bytea, p_req jsonb, p_batch uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v        api.answer := workflow.begin(p_session, p_req);
  v_batch  workflow.item;
  v_notice uuid;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer', 'leader');
  perform auth.require_recent(p_req);
  v_batch := workflow.lock(p_batch);
  perform core.require_machine(v_batch, 'batch');
  v_notice := core.publish_notice(v_batch, p_body ->> 'kind', '{}', p_body, jsonb_build_object('steps', '[]'::jsonb, 'lines', p_body -> 'lines'));
  return workflow.done(p_req, 201, api.notice_document(v_notice)::json, 2, '/notices/' || v_notice);
end;
$$;

-- Writes a notice and starts its window now. p_about: the challenge or the batch.
create or replace function core.publish_notice(p_about workflow.item, p_kind text, p_claims uuid[], p_body jsonb, p_matter jsonb) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_award  boolean := p_about.machine = 'list_item';
  v_batch  uuid := coalesce(p_about.batch, p_about.id);
  v_rule   jsonb := core.rules_of(p_about.id) -> 'notice' -> p_kind;
  v_window record;
  v_id     uuid;
begin
  select * into v_window from ref.notice_window(v_rule, workflow.now());
  v_id := workflow.create_item('notice', p_about.preset, p_body ->> 'title', v_batch, null, null, p_about.id, '{}', 'officer');
  insert into core.notice (id, kind, batch, item, claims, title, doc_no, issuer, basis, body, how, rule, from_at, until_at, published_at)
  values (v_id, p_kind, v_batch, case when v_award then p_about.id end, p_claims, p_body ->> 'title', p_body ->> 'doc_no',
          coalesce(p_body ->> 'issuer', core.unit_ref(auth.my_unit()) ->> 'name'), p_body ->> 'basis',
          p_matter || jsonb_build_object('discipline', p_body -> 'discipline'), p_body -> 'how', v_rule,
          v_window.from_at, v_window.until_at, workflow.now());
  perform workflow.cascade(v_id, 'publish');
  perform workflow.set_timer(v_id, 'end', v_window.until_at);
  if v_award then
    update workflow.item set due = v_window.until_at where id = p_about.id;
  end if;
  return v_id;
end;
$$;

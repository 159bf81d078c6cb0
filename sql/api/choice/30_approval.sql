-- 报市政府核准: filed by the bureau, decided by the city government, with document number and date.

-- POST /items/{id}/filing {file_no}
create or replace function api.item_file(p_session bytea, p_req jsonb, p_item uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
begin
  if v.status is not null then
    return v;
  end if;
  perform core.require_machine(workflow.lock(p_item, p_req), 'list_item');
  v_item := workflow.advance(p_item, 'file', p_body);
  return workflow.done(p_req, 201, api.list_item_document(p_item)::json, v_item.version, '/items/' || p_item || '/work');
end;
$$;

create or replace function effect.approval_filed(p_item uuid, p_data jsonb) returns void
language sql security definer set search_path = '' as $$
  insert into core.approval (item, round, claims, file_no, filed_by, filed_at)
  values (p_item, core.round(p_item), core.current_claims(p_item), p_data ->> 'file_no', auth.me(), workflow.now())
$$;

create or replace function core.round(p_item uuid) returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_round  int;
begin
  select max(round) into v_round from core.choice where item = p_item;
  perform workflow.back_to(v_before);
  return v_round;
end;
$$;

-- POST /items/{id}/approval {decision: approved|refused, doc_no, doc_date, reason?}
create or replace function api.item_decide(p_session bytea, p_req jsonb, p_item uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_recent(p_req);
  perform core.require_machine(workflow.lock(p_item, p_req), 'list_item');
  v_item := workflow.advance(p_item, case p_body ->> 'decision' when 'approved' then 'approve' else 'refuse' end, p_body);
  return workflow.done(p_req, 201, api.list_item_document(p_item)::json, v_item.version, '/items/' || p_item || '/work');
end;
$$;

create or replace function guard.approval_document(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 422, 'slug', 'invalid', 'errors', e.errors)
    from (select case when coalesce(p_data ->> 'doc_no', '') = '' then jsonb_build_array(workflow.bad('doc_no', 'required')) else '[]' end
              || case when p_data ->> 'doc_date' is null then jsonb_build_array(workflow.bad('doc_date', 'required'))
                      when (p_data ->> 'doc_date')::date > workflow.today() then jsonb_build_array(workflow.bad('doc_date', 'in_future'))
                      else '[]' end as errors) e
   where e.errors <> '[]'
$$;

create or replace function guard.approver_is_other(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'approver_filed_it') from core.approval
   where item = p_item and decision is null and filed_by = auth.me()
$$;

create or replace function core.record_decision(p_item uuid, p_decision text, p_data jsonb) returns void
language sql security definer set search_path = '' as $$
  update core.approval
     set decision = p_decision, doc_no = p_data ->> 'doc_no', doc_date = (p_data ->> 'doc_date')::date, reason = p_data ->> 'reason',
         decided_by = auth.me(), decided_at = workflow.now()
   where item = p_item and decision is null
$$;

create or replace function effect.approval_given(p_item uuid, p_data jsonb) returns void
language sql security definer set search_path = '' as
$$ select core.record_decision(p_item, 'approved', p_data) $$;

-- The next candidate comes by a new choice of the poster among the reserve.
create or replace function effect.approval_refused(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform core.record_decision(p_item, 'refused', p_data);
  perform core.end_candidates(p_item, core.current_claims(p_item), 'refuse', 'refused', p_data ->> 'reason');
end;
$$;

-- The candidates have won: by row of the machine, after the notice (jinzhou) or the approval (liaoning).
create or replace function effect.claims_won(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_claim  uuid;
begin
  foreach v_claim in array core.current_claims(p_item) loop
    if (select state from workflow.item where id = v_claim) = 'chosen' then
      perform workflow.cascade(v_claim, 'win');
    end if;
    update core.choice_rank r set outcome = 'won'
      from core.choice c where c.id = r.choice and c.item = p_item and r.claim = v_claim and r.outcome = 'current';
  end loop;
  update workflow.item set due = workflow.now() + make_interval(days => coalesce((core.rules_of(p_item) #>> '{times,contract_days}')::int, 30))
   where id = p_item;
  perform workflow.back_to(v_before);
end;
$$;

-- What a member of a panel does: answer, declare a conflict, score.

-- The actor's own row in a panel of these states, or 404/409; 403 role_missing for one who is no expert
-- any more, or acts for somebody else just now. Locks the panel.
create or replace function core.my_seat(p_panel uuid, p_states text[]) returns core.panel_member
language plpgsql security definer set search_path = '' as $$
declare
  v_seat core.panel_member;
begin
  perform core.lock_in(p_panel, '{}', 'panel', p_states);
  select * into v_seat from core.panel_member where panel = p_panel and person = auth.me();
  if not found then
    perform workflow.refuse(403, 'not_your_step', '{"event": "judge"}');
  end if;
  perform auth.require_role('expert');
  return v_seat;
end;
$$;

-- {accept, reason}: declining needs a reason. An answer may be changed until the panel ends; one who
-- has scored stays in: 409 already_scored.
create or replace function api.panel_answer(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v        api.answer := workflow.begin(p_session, p_req);
  v_seat   core.panel_member;
  v_accept boolean := (p_body ->> 'accept')::boolean;
begin
  if v.status is not null then
    return v;
  end if;
  v_seat := core.my_seat(p_id, array['draft', 'open']);
  if not v_accept and char_length(coalesce(p_body ->> 'reason', '')) < 5 then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('reason', 'too_short', '{"min": 5}')));
  elsif not v_accept and exists (select from core.score where panel = p_id and person = auth.me()) then
    perform workflow.refuse(409, 'already_scored');
  end if;
  update core.panel_member set state = case when v_accept then 'accepted' else 'declined' end,
         reason = p_body ->> 'reason', answered_at = workflow.now()
   where panel = p_id and person = auth.me();
  perform core.show_subjects(p_id);
  return workflow.done(p_req, 200, api.panel_document(p_id)::json, (select version from workflow.item where id = p_id));
end;
$$;

-- Lets the actor read the subjects of an open panel that are the actor's to judge, and only those.
create or replace function core.show_subjects(p_panel uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_row    record;
begin
  if (select state from workflow.item where id = p_panel) = 'open' then
    for v_row in
      select s.subject, m.state = 'accepted' and r.person is null as may
        from core.panel_subject s join core.panel_member m on m.panel = s.panel and m.person = auth.me()
        left join core.recusal r on r.panel = s.panel and r.subject = s.subject and r.person = m.person
       where s.panel = p_panel
    loop
      if v_row.may then
        perform workflow.add_party(v_row.subject, 'member', null, auth.me());
      else
        delete from workflow.party where item = v_row.subject and role = 'member' and person = auth.me();
        perform feed.touch_parties(array[v_row.subject]);
      end if;
    end loop;
  end if;
  perform workflow.back_to(v_before);
end;
$$;

-- {subject, reason}: a declared conflict. A sheet already filled in falls with it (it is not counted).
create or replace function api.panel_recuse(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v api.answer := workflow.begin(p_session, p_req);
begin
  if v.status is not null then
    return v;
  end if;
  perform core.my_seat(p_id, array['draft', 'open']);
  if not exists (select from core.panel_subject where panel = p_id and subject = (p_body ->> 'subject')::uuid) then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('subject', 'not_known')));
  end if;
  insert into core.recusal (panel, person, subject, reason, source, at)
  values (p_id, auth.me(), (p_body ->> 'subject')::uuid, p_body ->> 'reason', 'declared', workflow.now())
  on conflict do nothing;
  delete from core.sheet_draft where panel = p_id and subject = (p_body ->> 'subject')::uuid and person = auth.me();
  perform core.show_subjects(p_id);
  return workflow.done(p_req, 200, api.panel_document(p_id)::json, (select version from workflow.item where id = p_id));
end;
$$;

-- Conflicts are looked for again when it matters: since the invitation the expert may have changed
-- sides, or a register may have told of a relation.
create or replace function core.in_conflict(p_subject uuid) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_why    text := core.conflict(auth.me(), p_subject);
begin
  perform workflow.back_to(v_before);
  return v_why is not null;
end;
$$;

-- The own sheet for one subject: {scores {code: 0..100}, comment}. It may be put again until the
-- panel concludes. Refuses 403 not_accepted, 403 recused, 422 invalid (each criterion once, nothing
-- else), 404 (subject). A draft of it is done with.
create or replace function api.panel_score(p_session bytea, p_req jsonb, p_id uuid, p_subject uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v       api.answer := workflow.begin(p_session, p_req);
  v_seat  core.panel_member;
  v_total numeric;
begin
  if v.status is not null then
    return v;
  end if;
  v_seat := core.my_seat(p_id, array['open']);
  perform core.check_sheet(v_seat, p_subject);
  v_total := core.weighted(p_body -> 'scores', (select criteria from core.panel where id = p_id));
  insert into core.score as s (panel, subject, person, scores, total, comment, at)
  values (p_id, p_subject, auth.me(), p_body -> 'scores', v_total, p_body ->> 'comment', workflow.now())
  on conflict (panel, subject, person) do update
     set scores = excluded.scores, total = excluded.total, comment = excluded.comment, version = s.version + 1, at = excluded.at;
  delete from core.sheet_draft where panel = p_id and subject = p_subject and person = auth.me();
  return workflow.done(p_req, 200, api.panel_document(p_id)::json, (select version from workflow.item where id = p_id));
end;
$$;

-- What a mark is called in an error: its criterion, and of a table its line.
create or replace function core.mark_label(p_name text, p_row int default null) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select jsonb_build_object('zh', case when p_row is not null then format('第%s行', p_row) else '' end || coalesce(p_name, ''),
           'en', concat_ws(', ', 'line ' || p_row, p_name))
$$;

create or replace function core.with_label(p_errors jsonb, p_label jsonb) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(e || jsonb_build_object('label', p_label) order by n), '[]') from jsonb_array_elements(p_errors) with ordinality t (e, n)
$$;

-- The weighted total of a sheet, 0..100; refuses what is missing, foreign or out of range.
create or replace function core.weighted(p_scores jsonb, p_criteria jsonb) returns numeric
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_errors jsonb := '[]';
  v_row    record;
begin
  for v_row in select c ->> 'code' as code, core.mark_label(c ->> 'name') as label from jsonb_array_elements(p_criteria) c loop
    v_errors := v_errors || core.with_label(case
      when not p_scores ? v_row.code then jsonb_build_array(workflow.bad('scores.' || v_row.code, 'required'))
      else core.bad_number('scores.' || v_row.code, p_scores -> v_row.code, 0, 100, 1) end, v_row.label);
  end loop;
  v_errors := v_errors || coalesce((select jsonb_agg(workflow.bad('scores.' || k, 'unknown_field') order by k) from jsonb_object_keys(p_scores) k
    where not exists (select from jsonb_array_elements(p_criteria) c where c ->> 'code' = k)), '[]');
  perform workflow.refuse_fields(v_errors);
  return (select round(sum((p_scores ->> (c ->> 'code'))::numeric * (c ->> 'weight')::numeric) / 100, 2) from jsonb_array_elements(p_criteria) c);
end;
$$;

-- Composing a list (定榜 → 发榜). Takes form_list {batch, title, doc_no, minutes_no, body, claim_until,
-- items [{need, masking, max_winners, claim_until}]}; order is the order given; what an item leaves
-- out comes from the poster's wish (masking), the rules (max_winners) and the list (claim_until).
-- Refuses 403 role_missing, 404, 422 invalid (a need not approved, of another batch, twice).

-- The prefix of a programme's numbers: '2026-CY'; a code that names its year stands alone.
create or replace function core.number_prefix(p_programme core.programme) returns text
language sql immutable security definer set search_path = '' as $$
  select case when p_programme.code like '%' || p_programme.year || '%' then p_programme.code else p_programme.year || '-' || p_programme.code end
$$;

create or replace function api.list_create(p_session bytea, p_req jsonb, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v        api.answer := workflow.begin(p_session, p_req);
  v_batch  workflow.item;
  v_prefix text;
  v_id     uuid;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer');
  select * into v_batch from workflow.item where id = (p_body ->> 'batch')::uuid and machine = 'batch';
  if not found then
    perform workflow.refuse(404, 'not_found');
  end if;
  v_prefix := core.number_prefix(core.programme_of(v_batch.id));
  v_id := workflow.create_item('list', v_batch.preset, p_body ->> 'title', v_batch.id, null, p_role => 'officer');
  insert into core.list (id, batch, number, title, doc_no, minutes_no, body, claim_until)
  values (v_id, v_batch.id, v_prefix || '-L' || lpad(workflow.next_number('list:' || v_prefix)::text, 2, '0'), p_body ->> 'title',
          p_body ->> 'doc_no', p_body ->> 'minutes_no', coalesce(p_body ->> 'body', ''), (p_body ->> 'claim_until')::timestamptz);
  perform core.compose(v_id, v_batch.id, p_body);
  return workflow.done(p_req, 201, api.list_document(v_id)::json, 1, '/lists/' || v_id);
end;
$$;

-- The whole list again, while it is a draft.
create or replace function api.list_edit(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
  v_n    int;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer');
  v_item := core.lock_in(p_id, p_req, 'list', array['draft']);
  if (p_body ->> 'batch')::uuid <> v_item.batch then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('batch', 'other_batch')));
  end if;
  update core.list set title = p_body ->> 'title', doc_no = p_body ->> 'doc_no', minutes_no = p_body ->> 'minutes_no',
         body = coalesce(p_body ->> 'body', ''), claim_until = (p_body ->> 'claim_until')::timestamptz
   where id = p_id;
  update workflow.item set title = p_body ->> 'title' where id = p_id;
  perform core.compose(p_id, v_item.batch, p_body);
  v_n := workflow.touch(p_id, 'edit', 'officer');
  return workflow.done(p_req, 200, api.list_document(p_id)::json, v_n);
end;
$$;

-- Brings the entries to what the body says: new ones are listed, missing ones unlisted.
create or replace function core.compose(p_list uuid, p_batch uuid, p_body jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_items jsonb := core.list_or_none(p_body -> 'items');
  v_need  uuid;
begin
  perform core.check_entries(p_list, p_batch, v_items);
  for v_need in select e.need from core.list_entry e where e.list = p_list order by e.need loop
    if not exists (select from jsonb_array_elements(v_items) x where (x ->> 'need')::uuid = v_need) then
      perform workflow.cascade(v_need, 'unlist', jsonb_build_object('list', p_list));
    end if;
  end loop;
  for v_need in select (x ->> 'need')::uuid from jsonb_array_elements(v_items) x order by 1 loop
    if not exists (select from core.list_entry e where e.list = p_list and e.need = v_need) then
      perform workflow.cascade(v_need, 'list', jsonb_build_object('list', p_list));
    end if;
  end loop;
  delete from core.list_entry where list = p_list;
  insert into core.list_entry (list, need, ordinal, masking, max_winners, claim_until)
  select p_list, (x.e ->> 'need')::uuid, x.n, coalesce(x.e ->> 'masking', core.need_wording((x.e ->> 'need')::uuid) ->> 'disclosure', 'open'),
         coalesce((x.e ->> 'max_winners')::int, (core.rules_of(p_list) #>> '{claims,max_winners}')::int),
         coalesce((x.e ->> 'claim_until')::timestamptz, (p_body ->> 'claim_until')::timestamptz)
    from jsonb_array_elements(v_items) with ordinality x (e, n);
end;
$$;

create or replace function core.check_entries(p_list uuid, p_batch uuid, p_items jsonb) returns void
language plpgsql stable security definer set search_path = '' as $$
declare
  v_errors jsonb := '[]';
  v_row    record;
begin
  for v_row in
    select i.id, i.batch, i.state, format('items[%s].need', x.n - 1) as field, count(*) over (partition by x.e ->> 'need') as times,
           exists (select from core.list_entry l where l.list = p_list and l.need = i.id) as here
      from jsonb_array_elements(p_items) with ordinality x (e, n)
      left join workflow.item i on i.id = (x.e ->> 'need')::uuid and i.machine = 'need'
     order by x.n
  loop
    if v_row.id is null then
      v_errors := v_errors || workflow.bad(v_row.field, 'not_known');
    elsif v_row.batch <> p_batch then
      v_errors := v_errors || workflow.bad(v_row.field, 'other_batch');
    elsif v_row.times > 1 then
      v_errors := v_errors || workflow.bad(v_row.field, 'repeated_item');
    elsif v_row.state <> 'approved' and not v_row.here then
      v_errors := v_errors || workflow.bad(v_row.field, 'wrong_state', jsonb_build_object('state', v_row.state));
    end if;
  end loop;
  perform workflow.refuse_fields(v_errors);
end;
$$;

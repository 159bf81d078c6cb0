-- An expert's record and the person's account: the person may then change the record, and sees what is
-- private in it. So the bureau links them, and only what belongs together.

-- Units in which a person stands, by what a record may call them.
create or replace function lib.stands_in(p_person uuid, p_code text, p_name text) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select from party.membership m join party.unit u on u.id = m.unit
                  where m.person = p_person and m.state = 'active'
                    and case when p_code is not null then u.code = p_code
                        else lib.fold(p_name) in (select lib.fold(u.name) union all select lib.fold(a.alias) from party.unit_alias a where a.unit = u.id) end)
$$;

-- The fault that keeps a person from being the one a record describes, or null.
create or replace function lib.link_fault(p_record lib.record, p_person uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_name   text;
  v_fault  jsonb;
begin
  select p.name into v_name from party.person p join auth.account a on a.id = p.id where p.id = p_person and a.state = 'active';
  v_fault := case
    when v_name is null then workflow.bad('person', 'not_known')
    when not exists (select from party.membership m where m.person = p_person and m.state = 'active' and 'expert' = any (m.roles))
      then workflow.bad('person', 'not_an_expert')
    when lib.fold(v_name) <> lib.fold(p_record.data ->> 'name')
      then workflow.bad('person', 'other_name', jsonb_build_object('name', p_record.data ->> 'name'))
    when coalesce(p_record.data ->> 'unit_code', p_record.data ->> 'unit_name') is not null
         and not lib.stands_in(p_person, p_record.data ->> 'unit_code', p_record.data ->> 'unit_name')
      then workflow.bad('person', 'other_unit', jsonb_build_object('unit', coalesce(p_record.data ->> 'unit_name', p_record.data ->> 'unit_code')))
  end;
  perform workflow.back_to(v_before);
  return v_fault;
end;
$$;

-- One person, one record: whoever links the same person meanwhile waits here.
create or replace function lib.linked_record(p_person uuid) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_record uuid;
begin
  perform from auth.account where id = p_person for update;
  select id into v_record from lib.record where person = p_person and kind = 'expert' limit 1;
  perform workflow.back_to(v_before);
  return v_record;
end;
$$;

-- POST /experts/{id}/link {person, reason}, /experts/{id}/unlink {reason}: by an officer. Both are a
-- version of the record and an event of the account. Refuses 404 not_found, 409 version_conflict,
-- record_linked, record_not_linked, person_linked, not_yourself, 422 when name or unit differ.
create or replace function api.expert_link(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v        api.answer := workflow.begin(p_session, p_req);
  v_record lib.record;
  v_person uuid := (p_body ->> 'person')::uuid;
  v_other  uuid;
  v_fault  jsonb;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer');
  v_record := lib.take('expert', p_id, p_req);
  if v_person is null and v_record.person is null then
    perform workflow.refuse(409, 'record_not_linked');
  elsif v_person is not null and v_record.person is not null then
    perform workflow.refuse(409, 'record_linked');
  elsif auth.me() in (v_person, v_record.person) then
    perform workflow.refuse(409, 'not_yourself');
  elsif v_person is not null then
    v_fault := lib.link_fault(v_record, v_person);
    if v_fault is not null then
      perform workflow.refuse_fields(jsonb_build_array(v_fault));
    end if;
    v_other := lib.linked_record(v_person);
    if v_other is not null then
      perform workflow.refuse(409, 'person_linked', jsonb_build_object('record', v_other));
    end if;
  end if;
  update lib.record set person = v_person, version = version + 1 where id = p_id;
  perform feed.touch('expert', p_id);
  perform lib.keep_version(p_id, case when v_person is null then 'unlink' else 'link' end, null, p_body ->> 'reason');
  perform auth.log(case when v_person is null then 'expert_unlinked' else 'expert_linked' end,
                   coalesce(v_person, v_record.person), p_id, jsonb_strip_nulls(jsonb_build_object('reason', p_body -> 'reason')));
  return workflow.done(p_req, 200, api.library_document('expert', p_id)::json, v_record.version + 1);
end;
$$;

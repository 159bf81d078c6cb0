-- Alike needs of different enterprises become one common need (共性技术, 凝练/合并). DOMAIN 3.2.
-- Takes form_merge {title, needs [2..], lead, note + any members of the need form}: what is not given
-- comes from the leading need. The leading need's unit owns the common one; every other poster keeps
-- its part as 'poster'. Refuses 403 role_missing, 422 invalid, 409 step_not_allowed.
create or replace function api.need_merge(p_session bytea, p_req jsonb, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v         api.answer := workflow.begin(p_session, p_req);
  v_lead    core.need;
  v_need    uuid;
  v_content jsonb;
  v_id      uuid;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer');
  v_lead := core.merge_lead(p_body);
  for v_need in select x::uuid from jsonb_array_elements_text(p_body -> 'needs') x order by 1 loop
    perform core.lock_in(v_need, '{}', 'need', array['pooled', 'kept']);
  end loop;
  v_content := core.reworded(v_lead.content, core.need_content(p_body - array['needs', 'lead']))
    || jsonb_build_object('disclosure', core.most_reserved(p_body -> 'needs'));
  perform workflow.refuse_fields(core.gap_errors(core.need_gaps(v_content, core.rules_of(v_lead.id), workflow.today())));

  select workflow.create_item('need', i.preset, p_body ->> 'title', i.batch, i.owner, i.recommender,
           p_data => jsonb_build_object('merged_from', p_body -> 'needs'), p_role => 'officer')
    into v_id from workflow.item i where i.id = v_lead.id;
  insert into core.need (id, batch, unit, kind, origin, title, division, content, sample)
  values (v_id, v_lead.batch, v_lead.unit, v_lead.kind, v_lead.origin, p_body ->> 'title', v_lead.division, v_content, v_lead.sample);
  perform workflow.cascade(v_id, 'pool', jsonb_strip_nulls(jsonb_build_object('reason', p_body ->> 'note')));
  perform core.set_need_content(v_id, v_content);
  perform core.keep_need_version(v_id, 'submitted', v_content, p_body ->> 'note');
  for v_need in select x::uuid from jsonb_array_elements_text(p_body -> 'needs') x order by 1 loop
    perform core.merge_into(v_need, v_id);
  end loop;
  return workflow.done(p_req, 201, api.need_document(v_id)::json, (select version from workflow.item where id = v_id), '/needs/' || v_id);
end;
$$;

-- Checks the list of sources and gives the leading need (by default the first of the list).
create or replace function core.merge_lead(p_body jsonb) returns core.need
language plpgsql stable security definer set search_path = '' as $$
declare
  v_ids  uuid[] := array(select x::uuid from jsonb_array_elements_text(p_body -> 'needs') x);
  v_lead core.need;
begin
  select n.* into v_lead from core.need n
   where n.id = coalesce((p_body ->> 'lead')::uuid, v_ids[1]) and n.id = any (v_ids);
  if not found then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('lead', 'not_known')));
  end if;
  if (select count(*) from core.need n where n.id = any (v_ids) and n.batch = v_lead.batch and n.kind = v_lead.kind) <> cardinality(v_ids) then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('needs', 'other_batch')));
  end if;
  return v_lead;
end;
$$;

-- Of several posters' wishes the most reserved: nobody's name is shown because another did not mind.
create or replace function core.most_reserved(p_needs jsonb) returns text
language sql stable security definer set search_path = '' as $$
  select (array['open', 'masked', 'summary'])[max(array_position(array['open', 'masked', 'summary'], coalesce(n.content ->> 'disclosure', 'open')))]
    from jsonb_array_elements_text(p_needs) x join core.need n on n.id = x::uuid
$$;

-- One source goes into the common need, and its posters with it.
create or replace function core.merge_into(p_source uuid, p_into uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_lead uuid := (select owner from workflow.item where id = p_into);
  v_unit uuid;
begin
  update core.need set merged_into = p_into where id = p_source;
  perform workflow.cascade(p_source, 'merge', jsonb_build_object('into', p_into));
  for v_unit in
    select owner from workflow.item where id = p_source
    union select unit from workflow.party where item = p_source and role = 'poster'
  loop
    if v_unit <> v_lead then
      perform workflow.add_party(p_into, 'poster', v_unit);
    end if;
  end loop;
end;
$$;

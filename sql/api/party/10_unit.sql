-- Units: who posts, claims, recommends and decides.

-- {"id","code","name","kind","division","recommender":{..},"industry","legal_rep","intro","labels",
--  "aliases","state","state_reason","source","contact"(own, bureau, county),"sample","version","created_at"}
create or replace function api.unit_document(p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', u.id, 'code', u.code, 'name', u.name, 'kind', u.kind, 'division', u.division,
           'recommender', (select jsonb_build_object('id', r.id, 'name', r.name) from party.recommender r where r.id = u.recommender),
           'industry', u.industry, 'legal_rep', u.legal_rep, 'intro', u.intro, 'labels', to_jsonb(u.labels),
           'aliases', (select coalesce(jsonb_agg(a.alias order by a.alias), '[]') from party.unit_alias a where a.unit = u.id),
           'state', u.state, 'source', u.source, 'source_date', u.source_date, 'sample', u.sample,
           'verified_at', u.verified_at, 'version', u.version, 'created_at', u.created_at)
         || case when u.id = auth.my_unit() or auth.is_bureau() or auth.is_admin()
                   or (auth.has('county') and u.recommender = auth.my_recommender())
                 then jsonb_build_object('contact', u.contact, 'state_reason', u.state_reason) else '{}' end
    from party.unit u where u.id = p_id
$$;

-- A unit from a checked body. Refuses 409 unit_exists by code, 422 for an unknown recommender.
create or replace function party.new_unit(p_body jsonb, p_state text default 'pending') returns party.unit
language plpgsql security definer set search_path = '' as $$
declare
  v_context text := workflow.as_system();
  v_unit party.unit;
begin
  perform workflow.refuse_fields(party.unit_errors(p_body));
  insert into party.unit (code, name, kind, division, recommender, industry, legal_rep, contact, intro, labels, state,
                          verified_at)
  values (p_body ->> 'code', p_body ->> 'name', p_body ->> 'kind', p_body ->> 'division', (p_body ->> 'recommender')::uuid,
          p_body ->> 'industry', p_body ->> 'legal_rep', coalesce(nullif(p_body -> 'contact', 'null'), '{}'),
          p_body ->> 'intro', party.texts(p_body -> 'labels'), p_state,
          case when p_state = 'verified' then now() end)
  returning * into v_unit;
  perform feed.touch('unit', v_unit.id);
  perform workflow.back_to(v_context);
  return v_unit;
exception when unique_violation then
  perform workflow.refuse(409, 'unit_exists', jsonb_build_object('code', p_body ->> 'code'));
end;
$$;

create or replace function party.texts(p_list jsonb) returns text[]
language sql immutable security definer set search_path = '' as $$
  select case when jsonb_typeof(p_list) = 'array' then array(select jsonb_array_elements_text(p_list)) else '{}' end
$$;

create or replace function party.unit_errors(p_body jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(e), '[]') from (
    select workflow.bad('recommender', 'not_known') where p_body ->> 'recommender' is not null
       and not exists (select from party.recommender where id = (p_body ->> 'recommender')::uuid)
    union all
    select workflow.bad('kind', 'bad_choice', '{"choices": ["enterprise", "university", "institute", "government", "social", "other"]}')
     where p_body ->> 'kind' is null
        or p_body ->> 'kind' not in ('enterprise', 'university', 'institute', 'government', 'social', 'other')) x (e)
$$;

-- Units with this in their name, or as an alias or code; ten thousand at most. Asked first and alone,
-- so that each part takes its index.
create or replace function party.named(p_q text) returns uuid[]
language plpgsql stable security definer set search_path = '' as $$
declare
  v_like text := auth.like(p_q);
begin
  return array(select n.id from party.unit n where n.name ilike v_like
               union select c.id from party.unit c where c.code = upper(p_q)
               union select a.unit from party.unit_alias a where a.alias = p_q limit 10000);
end;
$$;

-- Units by name, alias or code; verified ones unless the bureau asks for others.
-- query: q, kind, state, recommender, division, page, size
create or replace function api.units_list(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_page  record;
  v_query jsonb := coalesce(nullif(p_req -> 'query', 'null'), '{}');
  v_q     text := v_query ->> 'q';
  v_state text := v_query ->> 'state';
  v_named uuid[];
  v_from  text;
  v_body  json;
begin
  perform auth.enter(p_session, p_req);
  if v_q is not null then
    v_named := party.named(v_q);
  end if;
  if not (auth.is_bureau() or auth.is_admin() or auth.has('county')) then
    v_state := 'verified';
  end if;
  v_page := auth.page(p_req);
  -- only the conditions that are asked for, so that each takes its index
  v_from := 'select u.id, u.created_at from party.unit u where ' || concat_ws(' and ',
    case when v_state is not null then 'u.state = $1' end,
    case when v_query ->> 'kind' is not null then 'u.kind = $2 ->> ''kind''' end,
    case when v_query ->> 'recommender' is not null then 'u.recommender = ($2 ->> ''recommender'')::uuid' end,
    case when v_query ->> 'division' is not null then 'u.division = $2 ->> ''division''' end,
    case when v_q is not null then 'u.id = any ($3)' end, 'true') || ' order by u.created_at desc, u.id limit ';
  execute format($q$
    select json_build_object(
      'items', (select coalesce(json_agg(api.unit_document(s.id) order by s.created_at desc, s.id), '[]') from (%1$s %3$s offset %4$s) s),
      'page', %2$s, 'size', %3$s, 'total', (select count(*) from (%1$s 1000) c))$q$,
    v_from, v_page.page, v_page.size, v_page.skip) into v_body using v_state, v_query, v_named;
  return row(200, v_body, null, null)::api.answer;
end;
$$;

create or replace function api.unit_get(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  perform auth.enter(p_session, p_req);
  v_doc := api.unit_document(p_id);
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_doc::json, (v_doc ->> 'version')::int, null)::api.answer;
end;
$$;

-- Another unit of a person who has an account already; pending. Known by its code: the membership is
-- asked for instead. An officer enters a unit without belonging to it, verified; so does a system
-- administrator, for the bureau to verify.
create or replace function api.unit_create(p_session bytea, p_req jsonb, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer;
  v_unit uuid;
  v_new  boolean;
begin
  v := workflow.begin(p_session, p_req);
  if v.status is not null then
    return v;
  end if;
  perform auth.require_session();
  if auth.has('officer') or auth.has('sysadmin') then
    -- governments, bureaus, institutes whose people come later; the administrator joins none of them
    v_unit := (party.new_unit(p_body, case when auth.has('officer') then 'verified' else 'pending' end)).id;
    v_new := true;
  else
    select j.unit, j.fresh into v_unit, v_new from party.join_or_make(p_body, auth.me()) j;
  end if;
  perform auth.log(case when v_new then 'unit_registered' else 'membership_asked' end, auth.me(), v_unit);
  return workflow.done(p_req, 201, api.unit_document(v_unit)::json, 1, '/units/' || v_unit);
end;
$$;

-- The unit of a code with a membership asked for, or a new one with its first signatory.
create or replace function party.join_or_make(p_body jsonb, p_person uuid, out unit uuid, out membership uuid, out fresh boolean)
language plpgsql security definer set search_path = '' as $$
declare
  v_context text := workflow.as_system();
begin
  select u.id into unit from party.unit u where u.code = p_body ->> 'code';
  fresh := unit is null;
  if fresh then
    unit := (party.new_unit(p_body)).id;
  end if;
  insert into party.membership (person, unit, roles, state, asked_by)
  values (p_person, unit, case when fresh then '{member,signatory}' else '{member}' end::text[],
          case when fresh then 'active' else 'asked' end, p_person)
  returning id into membership;
  perform workflow.emit('inbox', null, jsonb_build_object('what', case when fresh then 'unit_pending' else 'member_asked' end,
    'unit', unit, 'person', p_person, 'by', p_person));
  perform workflow.back_to(v_context);
exception when unique_violation then
  perform workflow.refuse(409, 'member_already');
end;
$$;

-- Locks a unit that the actor may change: the own (as signatory), or any as the bureau's officer.
-- Checks the version it was read at.
create or replace function party.lock_unit(p_id uuid, p_req jsonb) returns party.unit
language plpgsql security definer set search_path = '' as $$
declare
  v_unit party.unit;
begin
  select * into v_unit from party.unit where id = p_id for update;
  if not found then
    perform workflow.refuse(404, 'not_found');
  elsif not auth.has('officer') and not (p_id = auth.my_unit() and auth.has('signatory')) then
    perform workflow.refuse(403, 'role_missing', '{"roles": ["signatory", "officer"]}');
  elsif (p_req ->> 'version')::int <> v_unit.version then
    perform workflow.refuse(409, 'version_conflict', jsonb_build_object(
      'expected', (p_req ->> 'version')::int, 'version', v_unit.version, 'state', v_unit.state, 'changes', '[]'::jsonb));
  end if;
  return v_unit;
end;
$$;

-- The unit's own data, whole. A change of name or code by the unit itself, and any change of a
-- rejected one, has to be verified (again).
create or replace function api.unit_put(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer;
  v_unit party.unit;
  v_state text;
begin
  v := workflow.begin(p_session, p_req);
  if v.status is not null then
    return v;
  end if;
  v_unit := party.lock_unit(p_id, p_req);
  perform workflow.refuse_fields(party.unit_errors(p_body));
  v_state := case
    when auth.has('officer') then v_unit.state
    when v_unit.state = 'rejected' then 'pending'
    when v_unit.state = 'verified' and (p_body ->> 'name', p_body ->> 'code') is distinct from (v_unit.name, v_unit.code) then 'pending'
    else v_unit.state end;
  begin
    update party.unit
       set code = p_body ->> 'code', name = p_body ->> 'name', kind = p_body ->> 'kind', division = p_body ->> 'division',
           recommender = case when auth.has('officer') or v_unit.state <> 'verified'
                              then (p_body ->> 'recommender')::uuid else recommender end,
           industry = p_body ->> 'industry', legal_rep = p_body ->> 'legal_rep',
           contact = coalesce(nullif(p_body -> 'contact', 'null'), '{}'), intro = p_body ->> 'intro',
           labels = party.texts(p_body -> 'labels'), state = v_state, version = version + 1
     where id = p_id;
  exception when unique_violation then
    perform workflow.refuse(409, 'unit_exists', jsonb_build_object('code', p_body ->> 'code'));
  end;
  if v_unit.name <> p_body ->> 'name' then
    insert into party.unit_alias (unit, alias) values (p_id, v_unit.name) on conflict do nothing;
  end if;
  perform feed.touch('unit', p_id);
  perform auth.log('unit_changed', auth.me(), p_id, jsonb_build_object('before', to_jsonb(v_unit) - 'contact', 'state', v_state));
  if v_state = 'pending' and v_unit.state <> 'pending' then
    perform workflow.emit('inbox', null, jsonb_build_object('what', 'unit_pending', 'unit', p_id, 'by', auth.me()));
  end if;
  perform pg_notify('public_changed', p_id::text);
  return workflow.done(p_req, 200, api.unit_document(p_id)::json, v_unit.version + 1);
end;
$$;

-- What the bureau says of a unit is not for its own people to say: 409 not_yourself for whoever acts for
-- the bureau and belongs to that unit as well.
create or replace function party.refuse_own(p_unit uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if p_unit is distinct from auth.my_unit() and exists (
       select from party.membership m where m.unit = p_unit and m.person = auth.me() and m.state = 'active') then
    perform workflow.refuse(409, 'not_yourself');
  end if;
end;
$$;

-- The bureau's word on a unit. body: {"decision":"verify"|"reject"|"suspend","reason"}; rejecting
-- and suspending need a reason. What is verified may post and claim.
create or replace function api.unit_decide(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v       api.answer;
  v_unit  party.unit;
  v_to    text;
begin
  v := workflow.begin(p_session, p_req);
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer');
  v_unit := party.lock_unit(p_id, p_req);
  select t.to_state into v_to from (values
      ('verify', 'pending', 'verified'), ('verify', 'suspended', 'verified'), ('verify', 'rejected', 'verified'),
      ('reject', 'pending', 'rejected'), ('suspend', 'verified', 'suspended')) t (decision, from_state, to_state)
   where t.decision = p_body ->> 'decision' and t.from_state = v_unit.state;
  perform party.refuse_own(p_id);
  if v_to is null then
    perform workflow.refuse(409, 'unit_state', jsonb_build_object('state', v_unit.state, 'decision', p_body ->> 'decision'));
  elsif v_to <> 'verified' and p_body ->> 'reason' is null then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('reason', 'required')));
  end if;
  update party.unit
     set state = v_to, state_reason = p_body ->> 'reason', version = version + 1,
         verified_by = case when v_to = 'verified' then auth.me() else verified_by end,
         verified_at = case when v_to = 'verified' then workflow.now() else verified_at end
   where id = p_id;
  perform feed.touch('unit', p_id);
  perform auth.log('unit_' || v_to, auth.me(), p_id, jsonb_build_object('from', v_unit.state, 'reason', p_body ->> 'reason'));
  perform workflow.emit('inbox', null, jsonb_build_object('what', 'unit_' || v_to, 'unit', p_id, 'reason', p_body ->> 'reason', 'by', auth.me()));
  return workflow.done(p_req, 200, api.unit_document(p_id)::json, v_unit.version + 1);
end;
$$;

-- Former and short names. body: {"aliases":[...]}
create or replace function api.unit_aliases_put(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer;
  v_unit party.unit;
begin
  v := workflow.begin(p_session, p_req);
  if v.status is not null then
    return v;
  end if;
  v_unit := party.lock_unit(p_id, p_req);
  delete from party.unit_alias where unit = p_id;
  insert into party.unit_alias (unit, alias) select distinct p_id, a from unnest(party.texts(p_body -> 'aliases')) a;
  update party.unit set version = version + 1 where id = p_id;
  perform feed.touch('unit', p_id);
  perform auth.log('unit_aliases', auth.me(), p_id, p_body);
  return workflow.done(p_req, 200, api.unit_document(p_id)::json, v_unit.version + 1);
end;
$$;

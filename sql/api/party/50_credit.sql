-- Credit records (DOMAIN 10): decisions on dishonesty against a unit or a person, for a time.

create or replace function api.credit_document(p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', c.id, 'unit', c.unit, 'person', c.person, 'name', c.name, 'level', c.level, 'decision', c.decision,
           'starts', c.starts, 'ends', c.ends, 'source', c.source, 'note', c.note, 'revoked_at', c.revoked_at, 'created_at', c.created_at)
    from party.credit c where c.id = p_id
$$;

-- The bureau's and the auditor's; a unit sees what is recorded against it. query: unit, person, page, size
create or replace function api.credits_list(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_page   record;
  v_unit   uuid := (p_req -> 'query' ->> 'unit')::uuid;
  v_person uuid := (p_req -> 'query' ->> 'person')::uuid;
  v_from   text;
  v_body   json;
begin
  perform auth.enter(p_session, p_req);
  v_page := auth.page(p_req);
  -- the row policy says the same of the own ones, but not so that an index could find them
  v_from := 'select c.id, c.created_at from party.credit c where ' || concat_ws(' and ',
    case when not (auth.is_bureau() or auth.has('auditor')) then format('(c.unit = %L or c.person = %L)', auth.my_unit(), auth.me()) end,
    case when v_unit is not null then 'c.unit = $1' end, case when v_person is not null then 'c.person = $2' end, 'true')
    || ' order by c.created_at desc, c.id limit ';
  execute format($q$
    select json_build_object('items', (select coalesce(json_agg(api.credit_document(s.id) order by s.created_at desc, s.id), '[]')
                                         from (%1$s %3$s offset %4$s) s),
             'page', %2$s, 'size', %3$s, 'total', (select count(*) from (%1$s 1000) c))$q$,
    v_from, v_page.page, v_page.size, v_page.skip) into v_body using v_unit, v_person;
  return row(200, v_body, null, null)::api.answer;
end;
$$;

-- body: {"unit"|"person","name","level","decision","starts","ends","source","note"}
create or replace function api.credit_create(p_session bytea, p_req jsonb, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v    api.answer;
  v_id uuid;
begin
  v := workflow.begin(p_session, p_req);
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer');
  perform workflow.refuse_fields(party.credit_errors(p_body));
  insert into party.credit (unit, person, name, level, decision, starts, ends, source, note, created_by)
  values ((p_body ->> 'unit')::uuid, (p_body ->> 'person')::uuid, p_body ->> 'name', p_body ->> 'level', p_body ->> 'decision',
          (p_body ->> 'starts')::date, (p_body ->> 'ends')::date, p_body ->> 'source', p_body ->> 'note', auth.me())
  returning id into v_id;
  perform feed.touch_credit((p_body ->> 'unit')::uuid, (p_body ->> 'person')::uuid);
  perform auth.log('credit_recorded', (p_body ->> 'person')::uuid, v_id, p_body);
  return workflow.done(p_req, 201, api.credit_document(v_id)::json, null, '/credits/' || v_id);
end;
$$;

create or replace function party.credit_errors(p_body jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(e), '[]') from (
    select workflow.bad('unit', 'one_of', '{"names": ["unit", "person"]}') where num_nonnulls(p_body ->> 'unit', p_body ->> 'person') <> 1
    union all
    select workflow.bad('unit', 'not_known') where p_body ->> 'unit' is not null
       and not exists (select from party.unit where id = (p_body ->> 'unit')::uuid)
    union all
    select workflow.bad('person', 'not_known') where p_body ->> 'person' is not null
       and not exists (select from party.person where id = (p_body ->> 'person')::uuid)
    union all
    select workflow.bad('ends', 'too_early', jsonb_build_object('min', p_body ->> 'starts'))
     where (p_body ->> 'ends')::date <= (p_body ->> 'starts')::date) x (e)
$$;

-- A record that is taken back counts no more, and is kept. body: {"note"}
create or replace function api.credit_revoke(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v     api.answer;
  v_row party.credit;
begin
  v := workflow.begin(p_session, p_req);
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer', 'leader');
  select * into v_row from party.credit where id = p_id for update;
  if not found then
    perform workflow.refuse(404, 'not_found');
  elsif v_row.revoked_at is not null then
    perform workflow.refuse(409, 'already_decided');
  elsif v_row.person = auth.me() then
    perform workflow.refuse(409, 'not_yourself');
  end if;
  perform party.refuse_own(v_row.unit);
  update party.credit set revoked_at = now(), note = concat_ws(E'\n', note, p_body ->> 'note') where id = p_id;
  perform feed.touch_credit(v_row.unit, v_row.person);
  perform auth.log('credit_revoked', v_row.person, p_id, p_body);
  return workflow.done(p_req, 200, api.credit_document(p_id)::json);
end;
$$;

-- What stands against a unit or a person on a day, or null: {"records":[{"name","level","decision",
-- "starts","ends"}]}. A record counts from its first day to the day before `ends`; general ones do
-- not bar unless a programme says so (p_levels).
create or replace function party.credit_problem(p_unit uuid, p_person uuid, p_on date,
                                                p_levels text[] default '{serious,blacklist}') returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_context text := workflow.as_system();
  v_ret     jsonb;
begin
  v_ret := (
  select case when count(*) > 0 then jsonb_build_object('records', jsonb_agg(jsonb_build_object(
           'name', c.name, 'level', c.level, 'decision', c.decision, 'starts', c.starts, 'ends', c.ends) order by c.starts, c.id)) end
    from party.credit c
   where (c.unit = p_unit or c.person = p_person) and c.level = any (p_levels)
     and c.revoked_at is null and c.starts <= p_on and p_on < c.ends);
  perform workflow.back_to(v_context);
  return v_ret;
end;
$$;

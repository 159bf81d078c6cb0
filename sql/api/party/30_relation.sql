-- Who belongs to whom (DOMAIN 0.6): the base of "不能为同一单位或存在隶属关系、关联关系".

-- Both sides of a unit's open relations.
create or replace function api.relations_list(p_session bytea, p_req jsonb, p_unit uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter(p_session, p_req);
  if not exists (select from party.unit where id = p_unit) then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, party.relations_of(p_unit), null, null)::api.answer;
end;
$$;

create or replace function party.relations_of(p_unit uuid) returns json
language sql stable security definer set search_path = '' as $$
  select json_build_object('items', coalesce(json_agg(json_build_object(
           'unit', json_build_object('id', r.unit, 'name', r.child_name), 'parent', json_build_object('id', r.parent, 'name', r.parent_name),
           'kind', r.kind, 'share', r.share, 'source', r.source, 'since', r.since, 'until', r.until)
           order by r.unit <> p_unit, r.parent_name, r.child_name, r.kind), '[]'), 'total', count(*))
    from (select n.*, (select c.name from party.unit c where c.id = n.unit) as child_name,
                 (select p.name from party.unit p where p.id = n.parent) as parent_name
            from party.unit_relation n where n.unit = p_unit or n.parent = p_unit offset 0) r
   where r.child_name is not null and r.parent_name is not null
$$;

-- body: {"parent","kind":"subordinate"|"holding"|"branch"|"related","share","source","since"}. The
-- bureau records what a register says; a unit declares its own (source 'declared').
create or replace function api.relation_put(p_session bytea, p_req jsonb, p_unit uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v        api.answer;
  v_parent uuid := (p_body ->> 'parent')::uuid;
begin
  v := workflow.begin(p_session, p_req);
  if v.status is not null then
    return v;
  end if;
  perform party.require_unit_hand(p_unit);
  if v_parent = p_unit or not exists (select from party.unit where id = v_parent) then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('parent', 'not_known')));
  end if;
  insert into party.unit_relation (unit, parent, kind, share, source, since)
  values (p_unit, v_parent, p_body ->> 'kind', (p_body ->> 'share')::numeric,
          case when auth.has('officer') then coalesce(p_body ->> 'source', 'bureau') else 'declared' end,
          coalesce((p_body ->> 'since')::date, workflow.today()))
  on conflict (unit, parent, kind) do update set share = excluded.share, source = excluded.source, since = excluded.since, until = null;
  perform auth.log('relation_recorded', auth.me(), p_unit, p_body);
  return workflow.done(p_req, 201, party.relations_of(p_unit));
end;
$$;

-- A relation that has ended; kept with its last day. Officers only: a unit cannot talk itself free.
create or replace function api.relation_end(p_session bytea, p_req jsonb, p_unit uuid, p_parent uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_as(p_session, p_req, false);
  perform auth.require_scope('write');
  perform auth.require_role('officer');
  perform party.refuse_own(p_unit), party.refuse_own(p_parent);
  update party.unit_relation set until = workflow.today() where unit = p_unit and parent = p_parent and until is null;
  if not found then
    perform workflow.refuse(404, 'not_found');
  end if;
  perform auth.log('relation_ended', auth.me(), p_unit, jsonb_build_object('parent', p_parent));
  return row(204, null, null, null)::api.answer;
end;
$$;

-- The units above one, nearest first, through subordination, branches and holdings of 25 % or more (or
-- of unsaid size); each with the way up to it, itself at depth 0. Circles of cross-holding end.
create or replace function party.above(p_unit uuid, p_on date) returns table (unit uuid, depth int, way uuid[])
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_context text := workflow.as_system();
begin
  return query
  with recursive up (unit, depth, way) as (
    select p_unit, 0, array[p_unit]
    union all
    select r.parent, up.depth + 1, up.way || r.parent
      from up join party.unit_relation r on r.unit = up.unit
     where r.kind in ('subordinate', 'branch', 'holding') and coalesce(r.share, 100) >= 25
       and (r.since is null or r.since <= p_on) and (r.until is null or r.until > p_on)
       and r.parent <> all (up.way))
  select * from up;
  perform workflow.back_to(v_context);
end;
$$;

-- How two units belong together, or null. {"kind","path":[{"id","name"}...]}, kind:
--   same     one unit
--   above    a stands above b (or below it), through any depth
--   common   one unit stands above both. Not when that is a government: enterprises are not related
--            merely because the state is above both (公司法 第二百六十五条)
--   related  recorded as such, either way round
create or replace function party.affiliated(p_a uuid, p_b uuid, p_on date default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_context text := workflow.as_system();
  v_on   date := coalesce(p_on, workflow.today());
  v_kind text;
  v_path uuid[];
begin
  select case when p_a = p_b then 'same' when 0 in (a.depth, b.depth) then 'above' else 'common' end,
         a.way || (select coalesce(array_agg(w order by n desc), '{}') from unnest(b.way) with ordinality x (w, n)
                    where n < cardinality(b.way))
    into v_kind, v_path
    from party.above(p_a, v_on) a
    join party.above(p_b, v_on) b on b.unit = a.unit
    join party.unit u on u.id = a.unit
   where 0 in (a.depth, b.depth) or u.kind <> 'government'
   order by a.depth + b.depth limit 1;
  if v_kind is null then
    select 'related', array[p_a, p_b] into v_kind, v_path from party.unit_relation r
     where r.kind = 'related' and (r.unit, r.parent) in ((p_a, p_b), (p_b, p_a))
       and (r.since is null or r.since <= v_on) and (r.until is null or r.until > v_on) limit 1;
  end if;
  if v_kind is null then
    perform workflow.back_to(v_context);
    return null;
  end if;
  perform workflow.back_to(v_context);
  return jsonb_build_object('kind', v_kind, 'path', (
    select jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name) order by x.n)
      from unnest(v_path) with ordinality x (w, n) join party.unit u on u.id = x.w));
end;
$$;

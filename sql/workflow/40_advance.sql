-- The only place where a state changes.

-- Creates an item in its machine's first state and records that. The caller inserts the row of core
-- under the same id. Returns the id.
create or replace function workflow.create_item(
  p_machine text, p_preset text, p_title text, p_batch uuid, p_owner uuid,
  p_recommender uuid default null, p_parent uuid default null, p_data jsonb default '{}', p_role text default null)
returns uuid language plpgsql security definer set search_path = '' as $$
declare
  v_id    uuid := gen_random_uuid();
  v_state text;
  v_role  text := coalesce(p_role, case when auth.context() = 'person' then 'creator' else auth.context() end);
begin
  select initial into strict v_state from workflow.machine where name = p_machine;
  insert into workflow.item (id, preset, machine, state, title, batch, parent, owner, recommender, public, since, created_by, created_at)
  select v_id, p_preset, p_machine, v_state, p_title, p_batch, p_parent, p_owner, p_recommender, s.public,
         workflow.now(), auth.me(), workflow.now()
    from workflow.state s where s.machine = p_machine and s.state = v_state;
  insert into workflow.history (item, machine, version, event, to_state, actor, unit, role, data, at, rid, ip)
  values (v_id, p_machine, 1, 'create', v_state, auth.me(), auth.my_unit(), v_role, p_data, workflow.now(),
          current_setting('jb.rid', true), current_setting('jb.ip', true));
  perform feed.touch_item(v_id, p_machine);
  return v_id;
end;
$$;

-- Locks an item the actor may see (else 404) and checks the version it was read at (else 409 with
-- what has changed since).
create or replace function workflow.lock(p_item uuid, p_req jsonb default '{}') returns workflow.item
language plpgsql security definer set search_path = '' as $$
declare
  v_item workflow.item;
begin
  select * into v_item from workflow.item where id = p_item for update;
  if not found then
    perform workflow.refuse(404, 'not_found');
  end if;
  if (p_req ->> 'version')::int <> v_item.version then
    perform workflow.refuse(409, 'version_conflict', jsonb_build_object(
      'expected', (p_req ->> 'version')::int, 'version', v_item.version, 'state', v_item.state,
      'changes', (select coalesce(jsonb_agg(jsonb_build_object('version', h.version, 'event', h.event,
                    'from', h.from_state, 'to', h.to_state, 'at', h.at) order by h.version), '[]')
                    from workflow.history h where h.item = p_item and h.version > (p_req ->> 'version')::int)));
  end if;
  return v_item;
end;
$$;

-- The preset whose rows rule a machine: the preset itself or the nearest ancestor that has any.
create or replace function workflow.ruling_preset(p_preset text, p_machine text) returns text
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    with recursive up (name, parent, depth) as (
      select name, parent, 0 from workflow.preset where name = p_preset
      union all
      select p.name, p.parent, depth + 1 from workflow.preset p join up on p.name = up.parent)
    select name from up
     where exists (select from workflow.transition t where t.preset = up.name and t.machine = p_machine)
     order by depth limit 1);
end;
$$;

-- What the actor is with regard to an item.
create or replace function workflow.roles_on(p_item workflow.item) returns text[]
language plpgsql stable security definer set search_path = '' as $$
declare
  v_roles text[] := '{}';
begin
  if auth.context() = 'system' then
    return array['system'];
  elsif auth.context() = 'public' then
    return array['public'];
  end if;
  v_roles := array(select r from unnest(auth.my_roles()) r where r in ('officer', 'leader', 'city', 'expert', 'broker'));
  if auth.has('county') and p_item.recommender = auth.my_recommender() then
    v_roles := v_roles || 'county'::text;
  end if;
  if auth.my_unit() is not null and p_item.owner = auth.my_unit() and auth.my_roles() && array['member', 'signatory'] then
    v_roles := v_roles || case p_item.machine when 'claim' then 'claimant' else 'poster' end;
  end if;
  v_roles := v_roles || array(
    select p.role from workflow.party p
     where p.item = p_item.id
       and (p.person = auth.me() or (p.unit = auth.my_unit() and auth.my_roles() && array['member', 'signatory'])));
  return v_roles;
end;
$$;

-- Runs a guard by name: null when it holds, else its refusal.
create or replace function workflow.check_guard(p_guard text, p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_no jsonb;
begin
  execute format('select guard.%I($1, $2)', p_guard) into v_no using p_item, p_data;
  return v_no;
end;
$$;

-- Does the actor, who acts for an authority, also belong to another unit with a part in the case
-- (S22): a poster or claimant of the item, of what it hangs on, or of a claim on the challenge it is
-- about? Nobody checks, files or approves what is his own enterprise's.
create or replace function workflow.has_interest(p_item workflow.item) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v_units  uuid[] := array(select m.unit from party.membership m
                            where m.person = auth.me() and m.state = 'active' and m.unit is distinct from auth.my_unit());
  v_before text;
  v_has    boolean;
begin
  if v_units = '{}' then
    return false;
  end if;
  v_before := workflow.as_system();
  with recursive up (id) as (
    select p_item.id
    union select i.parent from up join workflow.item i on i.id = up.id where i.parent is not null),
  about (id) as (
    select id from up
    union select c.id from core.claim c join up on up.id = c.item where c.live
    union select s.subject from core.panel_subject s where s.panel = p_item.id)
  select exists (select from about a join workflow.item i on i.id = a.id
                  where i.owner = any (v_units)
                     or exists (select from workflow.party p where p.item = a.id and p.unit = any (v_units))) into v_has;
  perform workflow.back_to(v_before);
  return v_has;
end;
$$;

-- Moves an item by an event, or refuses: 403 not_your_step, other_person_needed, 409 step_not_allowed (with the state and
-- what is possible), or what a guard says. History, timers and outbox are written in the same
-- transaction; effects run after the move. The caller has entered a context. p_data.reason is kept
-- as the reason. Returns the item after the move.
create or replace function workflow.advance(p_item uuid, p_event text, p_data jsonb default '{}')
returns workflow.item language plpgsql security definer set search_path = '' as $$
declare
  v_item   workflow.item := workflow.lock(p_item);
  v_preset text := workflow.ruling_preset(v_item.preset, v_item.machine);
  v_roles  text[] := workflow.roles_on(v_item);
  v_edge   workflow.transition;
  v_no     jsonb;
  v_first  jsonb;
  v_chosen boolean := false;
  v_guard  text;
  v_effect text;
  v_public boolean;
  v_own    boolean := v_roles && array['officer', 'leader', 'city', 'county'] and workflow.has_interest(v_item);
begin
  for v_edge in
    select * from workflow.transition t
     where t.preset = v_preset and t.machine = v_item.machine and t.from_state = v_item.state
       and t.event = p_event and t.role = any (v_roles)
     order by t.ordinal, t.to_state, t.role
  loop
    v_no := case when v_own and v_edge.role in ('officer', 'leader', 'city', 'county')
                 then '{"status": 403, "slug": "other_person_needed"}'::jsonb end;
    foreach v_guard in array v_edge.guards loop
      exit when v_no is not null;
      v_no := workflow.check_guard(v_guard, p_item, p_data);
    end loop;
    if v_no is null then
      v_chosen := true;
      exit;
    end if;
    v_first := coalesce(v_first, v_no);
  end loop;

  if not v_chosen then
    if v_first is not null then
      perform workflow.refuse((v_first ->> 'status')::int, v_first ->> 'slug', v_first - 'status' - 'slug');
    elsif exists (select from workflow.transition t where t.preset = v_preset and t.machine = v_item.machine
                     and t.from_state = v_item.state and t.event = p_event) then
      perform workflow.refuse(403, 'not_your_step', jsonb_build_object('event', p_event));
    else
      perform workflow.refuse(409, 'step_not_allowed', jsonb_build_object('event', p_event, 'state', v_item.state,
        'version', v_item.version, 'machine', v_item.machine,
        'possible', (select coalesce(jsonb_agg(distinct t.event), '[]') from workflow.transition t
                      where t.preset = v_preset and t.machine = v_item.machine and t.from_state = v_item.state
                        and t.role = any (v_roles))));
    end if;
  end if;

  select s.public into strict v_public from workflow.state s where s.machine = v_item.machine and s.state = v_edge.to_state;
  update workflow.item
     set state = v_edge.to_state, version = version + 1, public = v_public,
         since = case when state = v_edge.to_state then since else workflow.now() end
   where id = p_item
  returning * into v_item;
  insert into workflow.history (item, machine, version, event, from_state, to_state, actor, unit, role, reason, data, at, rid, ip)
  values (p_item, v_item.machine, v_item.version, p_event, v_edge.from_state, v_edge.to_state, auth.me(), auth.my_unit(),
          v_edge.role, p_data ->> 'reason', p_data - 'reason', workflow.now(),
          current_setting('jb.rid', true), current_setting('jb.ip', true));
  perform feed.touch_item(p_item, v_item.machine);
  perform workflow.emit('moved', p_item, jsonb_build_object('machine', v_item.machine, 'event', p_event,
    'from', v_edge.from_state, 'to', v_edge.to_state, 'version', v_item.version));
  if v_public or v_edge.from_state <> v_edge.to_state and exists (select from workflow.state s
       where s.machine = v_item.machine and s.state = v_edge.from_state and s.public) then
    perform pg_notify('public_changed', p_item::text);
  end if;
  foreach v_effect in array v_edge.effects loop
    execute format('select effect.%I($1, $2)', v_effect) using p_item, p_data;
  end loop;
  select m.after into v_effect from workflow.machine m where m.name = v_item.machine;
  if v_effect is not null then
    execute format('select effect.%I($1, $2)', v_effect) using p_item, p_data;
  end if;
  select * into v_item from workflow.item where id = p_item;
  return v_item;
end;
$$;

-- Moves an item as the system, from within another step (a consequence, not somebody's act), and
-- gives the actor back afterwards. The history keeps who caused it.
create or replace function workflow.cascade(p_item uuid, p_event text, p_data jsonb default '{}')
returns workflow.item language plpgsql security definer set search_path = '' as $$
declare
  v_context text := current_setting('jb.context', true);
  v_item    workflow.item;
begin
  perform set_config('jb.context', 'system', true);
  v_item := workflow.advance(p_item, p_event, p_data);
  perform set_config('jb.context', v_context, true);
  return v_item;
end;
$$;

-- Something to tell, after the commit.
create or replace function workflow.emit(p_kind text, p_item uuid, p_payload jsonb) returns void
language plpgsql security definer set search_path = '' as $$
begin
  insert into workflow.outbox (kind, item, payload) values (p_kind, p_item, p_payload);
  perform pg_notify('outbox', '');
end;
$$;

-- Sets (or moves) the deadline at which the system fires an event on an item; null clears it.
create or replace function workflow.set_timer(p_item uuid, p_event text, p_due timestamptz) returns void
language plpgsql security definer set search_path = '' as $$
begin
  delete from workflow.timer where item = p_item and event = p_event and done_at is null;
  if p_due is not null then
    insert into workflow.timer (item, event, due) values (p_item, p_event, p_due);
    perform pg_notify('timer', '');
  end if;
  update workflow.item set due = (select min(due) from workflow.timer where item = p_item and done_at is null)
   where id = p_item;
end;
$$;

-- Who has a part in an item besides its owner, and so may see it.
create or replace function workflow.add_party(p_item uuid, p_role text, p_unit uuid, p_person uuid default null) returns void
language plpgsql security definer set search_path = '' as $$
begin
  insert into workflow.party (item, role, unit, person) values (p_item, p_role, p_unit, p_person) on conflict do nothing;
  perform feed.touch_parties(array[p_item]);
end;
$$;

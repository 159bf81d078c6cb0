-- The machine checker: what would be wrong with a procedure, found before anybody stands in it. Empty
-- when every preset is sound. Presets are judged with the machines they rule themselves; one that
-- inherits a machine inherits its soundness.

-- Everything that can be reached from a state set, along or against the edges.
create or replace function workflow.reach(p_preset text, p_machine text, p_from text[], p_forward boolean) returns text[]
language sql stable security definer set search_path = '' as $$
  with recursive seen (state) as (
    select unnest(p_from)
    union
    select case when p_forward then t.to_state else t.from_state end
      from workflow.transition t join seen on seen.state = case when p_forward then t.from_state else t.to_state end
     where t.preset = p_preset and t.machine = p_machine)
  select array(select state from seen)
$$;

-- Two edges race when one actor may take both and nothing says which: same state, event and role, and
-- no guard of the one is the opposite of a guard of the other.
create or replace function workflow.races()
returns table (preset text, machine text, problem text)
language sql stable security definer set search_path = '' as $$
  select a.preset, a.machine, format('%s: %s by %s races: %s or %s', a.from_state, a.event, a.role, a.to_state, b.to_state)
    from workflow.transition a
    join workflow.transition b on b.preset = a.preset and b.machine = a.machine and b.from_state = a.from_state
     and b.event = a.event and b.role = a.role and b.to_state > a.to_state
   where not exists (select from workflow.guard g
                      where g.name = any (a.guards) and g.excludes = any (b.guards)
                         or g.name = any (b.guards) and g.excludes = any (a.guards))
$$;

-- States: none that cannot be reached, none that cannot be left for an end.
create or replace function workflow.lost_states()
returns table (preset text, machine text, problem text)
language sql stable security definer set search_path = '' as $$
  with ruled as (select distinct t.preset, t.machine from workflow.transition t),
  reached as (
    select r.preset, r.machine, workflow.reach(r.preset, r.machine, array[m.initial], true) as forward,
           workflow.reach(r.preset, r.machine, array(select s.state from workflow.state s where s.machine = r.machine and s.final), false) as back
      from ruled r join workflow.machine m on m.name = r.machine)
  select r.preset, r.machine, s.state || ': cannot be reached'
    from reached r join workflow.state s on s.machine = r.machine
   where not s.state = any (r.forward)
     and exists (select from workflow.transition t where t.preset = r.preset and t.machine = r.machine and s.state in (t.from_state, t.to_state))
  union all
  select r.preset, r.machine, s.state || ': dead end'
    from reached r join workflow.state s on s.machine = r.machine
   where s.state = any (r.forward) and not s.final and not s.state = any (r.back)
  union all
  select null, s.machine, s.state || ': in no preset'
    from workflow.state s
   where not exists (select from workflow.transition t where t.machine = s.machine and s.state in (t.from_state, t.to_state))
$$;

-- Names that lead nowhere: roles, guards, effects.
create or replace function workflow.loose_names()
returns table (preset text, machine text, problem text)
language sql stable security definer set search_path = '' as $$
  select t.preset, t.machine, format('%s: %s has no role (%s)', t.from_state, t.event, t.role)
    from workflow.transition t
   where not t.role = any (array['poster', 'claimant', 'partner', 'member', 'county', 'officer', 'leader', 'city', 'expert', 'broker', 'system'])
  union all
  select t.preset, t.machine, format('%s: guard %s has no function', t.event, g)
    from workflow.transition t, unnest(t.guards) g where to_regprocedure(format('guard.%I(uuid,jsonb)', g)) is null
  union all
  select t.preset, t.machine, format('%s: guard %s is not registered', t.event, g)
    from workflow.transition t, unnest(t.guards) g where not exists (select from workflow.guard r where r.name = g)
  union all
  select t.preset, t.machine, format('%s: effect %s has no function', t.event, f)
    from workflow.transition t, unnest(t.effects) f where to_regprocedure(format('effect.%I(uuid,jsonb)', f)) is null
  union all
  select null, null, format('guard %s excludes %s, which does not exclude it', g.name, g.excludes)
    from workflow.guard g where g.excludes is not null
     and not exists (select from workflow.guard o where o.name = g.excludes and o.excludes = g.name)
$$;

-- Events: each used, each fired by somebody, each with its words where a person takes it.
create or replace function workflow.idle_events()
returns table (preset text, machine text, problem text)
language sql stable security definer set search_path = '' as $$
  select null::text, e.machine, e.event || ': no edge has this event'
    from workflow.event e where not exists (select from workflow.transition t where t.machine = e.machine and t.event = e.event)
  union all
  select null, e.machine, e.event || ': nobody fires it'
    from workflow.event e
   where e.route is null
     and not exists (select from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
                      where n.nspname in ('effect', 'core', 'api', 'job') and strpos(p.prosrc, format('''%s''', e.event)) > 0)
  union all
  select distinct t.preset, t.machine, format('%s: taken by %s, but has no route', t.event, t.role)
    from workflow.transition t join workflow.event e on e.machine = t.machine and e.event = t.event
   where t.role <> 'system' and e.route is null
  union all
  select null, e.machine, e.event || ': has no label'
    from workflow.event e where e.route is not null and (btrim(e.label_zh) = '' or btrim(e.label_en) = '')
  union all
  select null, s.machine, s.state || ': has no label'
    from workflow.state s where btrim(s.label_zh) = '' or btrim(s.label_en) = ''
$$;

create or replace function workflow.check_machines()
returns table (preset text, machine text, problem text)
language sql stable security definer set search_path = '' as $$
  select * from workflow.lost_states()
  union all select * from workflow.races()
  union all select * from workflow.loose_names()
  union all select * from workflow.idle_events()
$$;

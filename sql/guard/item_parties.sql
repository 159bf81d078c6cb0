-- Who stands on which side of a challenge, and whether the two sides may meet (DOMAIN 0.6, 3.4, 10).

create or replace function core.posters(p_item uuid) returns uuid[]
language sql stable security definer set search_path = '' as $$
  select array(select l.poster from core.list_item l where l.id = p_item
               union select p.unit from workflow.party p where p.item = p_item and p.role = 'poster' and p.unit is not null)
$$;

-- The lead of a claim and its partners that have not declined; the lead first.
create or replace function core.claim_units(p_claim uuid) returns uuid[]
language sql stable security definer set search_path = '' as $$
  select array(select c.unit from core.claim c where c.id = p_claim)
      || array(select p.unit from core.claim_partner p where p.claim = p_claim and p.state <> 'declined' order by p.unit)
$$;

-- The first relation between a unit of the claim and a poster of its challenge: null, or
-- {"unit","poster","path"}. Registers are read as the system.
create or replace function core.affiliation(p_claim uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_found  jsonb;
begin
  select jsonb_build_object('unit', core.unit_ref(u) ->> 'name', 'poster', core.unit_ref(p) ->> 'name', 'path', a.path) into v_found
    from core.claim c
   cross join lateral unnest(core.claim_units(c.id)) u
   cross join lateral unnest(core.posters(c.item)) p
   cross join lateral (select party.affiliated(u, p) as path) a
   where c.id = p_claim and a.path is not null
   limit 1;
  perform workflow.back_to(v_before);
  return v_found;
end;
$$;

-- The claims in hand: chosen or won, first rank first.
create or replace function core.current_claims(p_item uuid) returns uuid[]
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_claims uuid[];
begin
  v_claims := array(
    select i.id from workflow.item i
      left join lateral (select r.rank from core.choice_rank r join core.choice c on c.id = r.choice
                          where r.claim = i.id order by c.round desc limit 1) r on true
     where i.parent = p_item and i.machine = 'claim' and i.state in ('chosen', 'won') order by r.rank, i.id);
  perform workflow.back_to(v_before);
  return v_claims;
end;
$$;

create or replace function guard.not_affiliated(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_found jsonb := core.affiliation(p_item);
begin
  return case when v_found is not null then jsonb_build_object('status', 409, 'slug', 'affiliated') || v_found end;
end;
$$;

-- What stands against units (and against the leader of a claim, found by name among the people of
-- its unit) today: [{"unit","name","problem"}], empty when nothing does.
create or replace function core.credit_problems(p_units uuid[], p_claim uuid default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_all    jsonb;
begin
  select coalesce(jsonb_agg(jsonb_build_object('name', t.name, 'unit', t.unit, 'problem', t.problem)), '[]') into v_all from (
    select core.unit_ref(u) ->> 'name' as name, u as unit, party.credit_problem(u, null, workflow.today()) as problem from unnest(p_units) u
    union all
    select p.name, c.unit, party.credit_problem(null, p.id, workflow.today())
      from core.claim c
      join party.membership m on m.unit = c.unit and m.state = 'active'
      join party.person p on p.id = m.person and p.name = coalesce(c.content #>> '{leader,name}', c.leader)
     where c.id = p_claim) t
   where t.problem is not null;
  perform workflow.back_to(v_before);
  return v_all;
end;
$$;

-- The first of these units that the bureau has suspended or rejected, as a refusal; null when none is.
create or replace function core.barred_unit(p_units uuid[]) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_no     jsonb;
begin
  select jsonb_build_object('status', 403, 'slug', 'unit_not_verified', 'unit', u.name, 'state', u.state) into v_no
    from party.unit u where u.id = any (p_units) and u.state in ('suspended', 'rejected') order by u.id limit 1;
  perform workflow.back_to(v_before);
  return v_no;
end;
$$;

-- The gate as it was found at a step, to be kept.
create or replace function core.credit_snapshot(p_step text, p_units uuid[]) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('step', p_step, 'at', workflow.now(), 'units', to_jsonb(p_units), 'problems', core.credit_problems(p_units))
$$;

-- Adds it to a challenge's record.
create or replace function core.note_credit(p_item uuid, p_step text, p_units uuid[]) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_snapshot jsonb := core.credit_snapshot(p_step, p_units);
begin
  update core.list_item set credit = coalesce(credit, '[]') || v_snapshot where id = p_item;
end;
$$;

create or replace function guard.claimant_credit(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_problems jsonb := core.credit_problems(core.claim_units(p_item), p_item);
begin
  return coalesce(core.barred_unit(core.claim_units(p_item)), case when v_problems <> '[]' then
    jsonb_build_object('status', 409, 'slug', 'credit_problem', 'unit', v_problems #>> '{0,name}', 'problems', v_problems) end);
end;
$$;

-- A candidate of a challenge has come to grief since it was chosen: only then may the bureau drop it
-- before the signing.
create or replace function guard.party_barred(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as
$$ select '{"status": 409, "slug": "nobody_barred"}'::jsonb where guard.parties_credit(p_item, p_data) is null $$;

-- Posters and the claims at stake: of a contract its own, in a choice those ranked, else those in hand.
-- Nobody among them is suspended.
create or replace function guard.parties_credit(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_contract core.contract;
  v_item     uuid := p_item;
  v_units    uuid[] := core.posters(v_item);
  v_all      uuid[] := '{}';
  v_claim    uuid;
  v_problems jsonb := '[]';
begin
  select * into v_contract from core.contract where id = p_item;
  if found then
    v_item := v_contract.item;
    v_units := core.posters(v_item);
  end if;
  for v_claim in
    select (r ->> 'claim')::uuid from jsonb_array_elements(case when p_data ? 'ranks' then p_data -> 'ranks' else '[]' end) r
     where r ->> 'rank' is not null
    union
    select c from unnest(case when v_contract.id is null then core.current_claims(v_item) else array[v_contract.claim] end) c where not p_data ? 'ranks'
  loop
    v_problems := v_problems || core.credit_problems(core.claim_units(v_claim), v_claim);
    v_all := v_all || core.claim_units(v_claim);
  end loop;
  v_problems := core.credit_problems(v_units) || v_problems;
  return coalesce(core.barred_unit(v_units || v_all), case when v_problems <> '[]' then
    jsonb_build_object('status', 409, 'slug', 'credit_problem', 'unit', v_problems #>> '{0,name}', 'problems', v_problems) end);
end;
$$;

-- Who is too near a need or challenge to be proposed for it (DOMAIN 0.6, 3.4, 10): the posters and
-- whatever belongs together with them, the people of these units, and who was recused from it.
-- Looked for before ranking, so that nobody's place or count tells of them.

-- The units that belong together with one of these (party.affiliated), themselves among them.
create or replace function core.match_kin(p_units uuid[]) returns uuid[]
language plpgsql stable security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_today  date := workflow.today();
  v_kin    uuid[];
begin
  with recursive near (unit) as (
    select unnest(p_units)
    union
    select a.unit from unnest(p_units) p, party.above(p, v_today) a),
  down (unit) as (
    -- not from a government downwards: enterprises are not kin because the state is above them
    select n.unit from near n
     where n.unit = any (p_units) or (select u.kind from party.unit u where u.id = n.unit) <> 'government'
    union
    select r.unit from down cross join lateral (  -- by its index, however many the planner believes there are
             select x.unit from party.unit_relation x
              where x.parent = down.unit and x.kind in ('subordinate', 'branch', 'holding') offset 0) r),
  side (unit) as (
    select r.parent from party.unit_relation r where r.unit = any (p_units) and r.kind = 'related'
    union
    select r.unit from party.unit_relation r where r.parent = any (p_units) and r.kind = 'related')
  select array_agg(distinct k.unit) into v_kin
    from (select unit from near union select unit from down union select unit from side) k
   where k.unit = any (p_units)
      or exists (select from unnest(p_units) p where party.affiliated(k.unit, p, v_today) is not null);
  perform workflow.back_to(v_before);
  return coalesce(v_kin, '{}');
end;
$$;

-- Where the poster of a challenge is not named, nobody is left out of a stranger's list: who is missing
-- there would tell who the poster is.
create or replace function core.match_stranger(p_subject text, p_id uuid) returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
  return p_subject = 'item' and not (auth.is_bureau() or auth.has('auditor') or auth.has('city') or core.is_poster(p_id))
     and exists (select from core.face f where f.item = p_id and not f.named);
end;
$$;

-- {"units","persons","records"}: ids that the engine leaves out; {} for a stranger.
create or replace function core.match_conflicts(p_subject text, p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_strange boolean := core.match_stranger(p_subject, p_id);
  v_before  text := workflow.as_system();
  v_units   uuid[];
  v_persons uuid[];
  v_records uuid[];
  v_need    uuid := case p_subject when 'item' then (select l.need from core.list_item l where l.id = p_id) else p_id end;
begin
  if v_strange then
    perform workflow.back_to(v_before);
    return '{}';
  end if;
  v_units := core.match_kin(case
    when p_subject in ('need', 'item') then core.posters(p_id) || array(select i.owner from workflow.item i where i.id = p_id and i.owner is not null)
    when p_subject = 'unit' then array[p_id]
    else array(select r.unit from lib.record r where r.id = p_id and r.unit is not null) end);
  v_persons := array(
    select m.person from party.membership m where m.unit = any (v_units) and m.state = 'active'
    union
    select c.person from core.recusal c
     where p_subject in ('need', 'item')
       and c.subject = any (array(select v_need union select p_id union
                                  select l.id from core.list_item l where l.need = v_need union
                                  select k.id from core.claim k join core.list_item l on l.id = k.item where l.need = v_need)));
  v_records := case when p_subject in ('need', 'item') then array(
    select r.id from party.unit u join lib.record r on r.kind = 'expert' and r.data ->> 'unit_name' = u.name where u.id = any (v_units)
    union
    select r.id from party.unit_alias a join lib.record r on r.kind = 'expert' and r.data ->> 'unit_name' = a.alias where a.unit = any (v_units))
    else '{}' end;
  if p_subject not in ('need', 'item') then
    -- A challenge whose poster is not named is left out for nobody: its absence would name the poster.
    v_records := array(select f.item from core.face f where f.poster = any (v_units) and f.named and f.public);
    v_units := '{}';
    v_persons := '{}';
  end if;
  perform workflow.back_to(v_before);
  return jsonb_build_object('units', to_jsonb(v_units), 'persons', to_jsonb(v_persons), 'records', to_jsonb(v_records));
end;
$$;

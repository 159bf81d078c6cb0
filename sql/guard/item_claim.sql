-- What a claim must be before it counts (DOMAIN 3.4, 4.2).

create or replace function guard.item_open(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'not_open') || core.not_open((select c.item from core.claim c where c.id = p_item))
$$;

-- Names every gap at once: leader, answers to the indicators, plan, milestones, budget, rights, risk,
-- commitments, partners.
create or replace function guard.claim_complete(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_claim  core.claim;
  v_errors jsonb;
begin
  select * into v_claim from core.claim where id = p_item;
  v_errors := core.claim_gaps(v_claim.content)
    || core.response_gaps(v_claim.content -> 'responses', (select l.content -> 'indicators' from core.list_item l where l.id = v_claim.item))
    || core.partner_gaps(p_item, (core.rules_of(p_item) #>> '{claims,max_partners}')::int);
  return case when v_errors <> '[]' then jsonb_build_object('status', 422, 'slug', 'invalid', 'errors', v_errors) end;
end;
$$;

create or replace function core.claim_gaps(p_content jsonb) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_errors jsonb := '[]';
  v_name   text;
begin
  foreach v_name in array array['plan', 'risk'] loop
    if coalesce(p_content ->> v_name, '') = '' then
      v_errors := v_errors || workflow.bad(v_name, 'required');
    elsif char_length(p_content ->> v_name) < 20 then
      v_errors := v_errors || workflow.bad(v_name, 'too_short', '{"min": 20}');
    end if;
  end loop;
  foreach v_name in array array['milestones', 'budget'] loop
    if coalesce(jsonb_array_length(nullif(p_content -> v_name, 'null')), 0) = 0 then
      v_errors := v_errors || workflow.bad(v_name, 'too_few_items', '{"min": 1}');
    end if;
  end loop;
  if coalesce((p_content #>> '{leader,in_post}')::boolean, false) = false then
    v_errors := v_errors || workflow.bad('leader.in_post', 'must_commit');
  end if;
  if p_content #>> '{ip,choice}' is null then
    v_errors := v_errors || workflow.bad('ip.choice', 'required');
  elsif p_content #>> '{ip,choice}' = 'custom' and coalesce(p_content #>> '{ip,text}', '') = '' then
    v_errors := v_errors || workflow.bad('ip.text', 'required');
  end if;
  foreach v_name in array array['integrity', 'no_ip_dispute', 'clean_credit'] loop
    if coalesce((p_content -> 'commitments' ->> v_name)::boolean, false) = false then
      v_errors := v_errors || workflow.bad('commitments.' || v_name, 'must_commit');
    end if;
  end loop;
  return v_errors;
end;
$$;

-- Answers are found by the indicator's name or its number from 1. Every indicator that must be met
-- is met (yes) or met in part, with a value where the indicator has one.
create or replace function core.response_gaps(p_responses jsonb, p_indicators jsonb) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_errors jsonb := '[]';
  v_row    record;
  v_answer jsonb;
begin
  for v_row in select e.i, e.n from jsonb_array_elements(coalesce(nullif(p_indicators, 'null'), '[]')) with ordinality e (i, n) loop
    select r into v_answer from jsonb_array_elements(coalesce(nullif(p_responses, 'null'), '[]')) r
     where r ->> 'indicator' in (v_row.i ->> 'name', v_row.n::text) limit 1;
    if v_answer ->> 'commit' is null and coalesce((v_row.i ->> 'must')::boolean, true) then
      v_errors := v_errors || workflow.bad(format('responses[%s]', v_row.n - 1), 'indicator_missing',
        jsonb_build_object('indicator', v_row.i ->> 'name'));
    elsif v_answer ->> 'commit' = 'no' and coalesce((v_row.i ->> 'must')::boolean, true) then
      v_errors := v_errors || workflow.bad(format('responses[%s].commit', v_row.n - 1), 'indicator_refused',
        jsonb_build_object('indicator', v_row.i ->> 'name'));
    elsif v_answer ->> 'commit' <> 'no' and coalesce(v_row.i ->> 'op', 'none') <> 'none' and v_answer ->> 'value' is null then
      v_errors := v_errors || workflow.bad(format('responses[%s].value', v_row.n - 1), 'value_missing',
        jsonb_build_object('indicator', v_row.i ->> 'name'));
    end if;
  end loop;
  for v_row in select e.r ->> 'indicator' as name, e.n - 1 as n
                 from jsonb_array_elements(coalesce(nullif(p_responses, 'null'), '[]')) with ordinality e (r, n) loop
    if not exists (select from jsonb_array_elements(coalesce(nullif(p_indicators, 'null'), '[]')) with ordinality e (i, n)
                    where v_row.name in (e.i ->> 'name', e.n::text)) then
      v_errors := v_errors || workflow.bad(format('responses[%s].indicator', v_row.n), 'unknown_indicator');
    end if;
  end loop;
  return v_errors;
end;
$$;

create or replace function core.partner_gaps(p_claim uuid, p_max int) returns jsonb
language sql stable security definer set search_path = '' as $$
  select case when count(*) > p_max then jsonb_build_array(workflow.bad('partners', 'too_many_items', jsonb_build_object('max', p_max))) else '[]' end
      || case when sum(share_pct) > 100 then jsonb_build_array(workflow.bad('partners', 'shares_over_100')) else '[]' end
    from core.claim_partner where claim = p_claim
$$;

-- Every partner has signed exactly what is submitted.
create or replace function guard.consortium_signed(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'consortium_unsigned', 'units', core.unit_refs(array_agg(p.unit order by p.unit)))
    from core.claim_partner p join core.claim c on c.id = p.claim
   where p.claim = p_item and (p.state <> 'signed' or p.digest is distinct from c.digest)
  having count(*) > 0
$$;

create or replace function guard.partner_may_sign(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_digest text;
begin
  select digest into v_digest from core.claim where id = p_item;
  if p_data ->> 'digest' is distinct from v_digest then
    return jsonb_build_object('status', 409, 'slug', 'digest_differs', 'digest', v_digest);
  elsif exists (select from core.claim_partner p
                 where p.claim = p_item and p.unit = auth.my_unit() and p.state = 'signed' and p.digest = v_digest) then
    return jsonb_build_object('status', 409, 'slug', 'already_signed');
  end if;
  return guard.item_open(p_item, p_data);
end;
$$;

-- Eligible by the programme: kind, division, verified. No gate on age, degree or title (DOMAIN 0.7).
create or replace function guard.claimant_eligible(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'claimant_not_eligible', 'why', n.why)
    from core.claim c cross join lateral (select core.not_eligible(core.rules_of(p_item), 'claimant', c.unit) as why) n
   where c.id = p_item and n.why is not null
$$;

-- One leader leads at most so many live claims of a programme: by name within the unit. Counted under
-- a lock of the unit, so that two claims at once cannot both be the last.
create or replace function guard.leader_quota(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_max    int := (core.rules_of(p_item) #>> '{claims,leader_max_items}')::int;
  v_before text;
  v_count  int;
begin
  if v_max is null then
    return null;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('leader quota ' || (select unit from core.claim where id = p_item), 0));
  v_before := workflow.as_system();
  select count(*) into v_count
    from core.claim mine
    join core.claim c on c.unit = mine.unit and c.live and c.id <> mine.id
     and c.leader in (mine.leader, core.leader_key(mine.unit, mine.leader))
    join workflow.item i on i.id = c.id and i.state <> 'draft'
    join core.batch b on b.id = i.batch
    join workflow.item me on me.id = mine.id
    join core.batch mb on mb.id = me.batch and mb.programme = b.programme
   where mine.id = p_item;
  perform workflow.back_to(v_before);
  return case when v_count >= v_max then jsonb_build_object('status', 409, 'slug', 'leader_quota', 'max', v_max) end;
end;
$$;

create or replace function guard.claim_opened(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'claim_sealed') from core.claim where id = p_item and opened_at is null
$$;

-- 成果转化类: enterprises claim.
create or replace function guard.claimant_enterprise(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'claimant_not_eligible', 'why', 'kind')
    from core.claim c join party.unit u on u.id = c.unit where c.id = p_item and u.kind <> 'enterprise'
$$;

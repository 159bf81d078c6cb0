-- What is missing in a contract: every gap by name (DOMAIN 4.3). The law's defaults where the paper is
-- silent surprise the poster, so the clause on rights is an explicit choice.
create or replace function core.contract_gaps(p_row core.contract) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_errors jsonb := core.clause_gaps(p_row.content) || core.money_gaps(p_row);
  v_from   date := (p_row.content ->> 'from')::date;
  v_until  date := (p_row.content ->> 'until')::date;
  v_row    record;
begin
  if v_from is null then
    v_errors := v_errors || workflow.bad('from', 'required');
  end if;
  if v_until is null then
    v_errors := v_errors || workflow.bad('until', 'required');
  elsif v_until <= v_from then
    v_errors := v_errors || workflow.bad('until', 'not_later');
  end if;
  for v_row in select (e.m ->> 'due')::date as due, e.n - 1 as n
                 from jsonb_array_elements(p_row.content -> 'milestones') with ordinality e (m, n) loop
    if v_row.due is null then
      v_errors := v_errors || workflow.bad(format('milestones[%s].due', v_row.n), 'required');
    elsif v_row.due < v_from or v_row.due > v_until then
      v_errors := v_errors || workflow.bad(format('milestones[%s].due', v_row.n), 'outside_term');
    end if;
  end loop;
  return v_errors;
end;
$$;

create or replace function core.clause_gaps(p_content jsonb) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_errors jsonb := '[]';
  v_name   text;
begin
  foreach v_name in array array['confidentiality', 'acceptance', 'change', 'dispute'] loop
    if coalesce(p_content ->> v_name, '') = '' then
      v_errors := v_errors || workflow.bad(v_name, 'required');
    elsif char_length(p_content ->> v_name) < 5 then
      v_errors := v_errors || workflow.bad(v_name, 'too_short', '{"min": 5}');
    end if;
  end loop;
  if p_content #>> '{ip,choice}' is null then
    v_errors := v_errors || workflow.bad('ip.choice', 'required');
  elsif p_content #>> '{ip,choice}' = 'custom' and coalesce(p_content #>> '{ip,text}', '') = '' then
    v_errors := v_errors || workflow.bad('ip.text', 'required');
  end if;
  foreach v_name in array array['milestones', 'money'] loop
    if jsonb_array_length(p_content -> v_name) = 0 then
      v_errors := v_errors || workflow.bad(v_name, 'too_few_items', '{"min": 1}');
    end if;
  end loop;
  return v_errors;
end;
$$;

-- City money that was asked for: by the poster's application of this round where the procedure has one
-- (liaoning), else by the budget of the claim that was chosen. Null where neither says a sum.
create or replace function core.grant_asked(p_row core.contract) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_asked  bigint;
begin
  select coalesce((select a.asked_fen from core.application a where a.item = p_row.item and a.round = core.round(p_row.item)),
                  case when jsonb_array_length(nullif(c.content -> 'budget', 'null')) > 0
                       then (core.budget_facts(c.content -> 'budget') ->> 'city_fen')::bigint end)
    into v_asked
    from core.claim c where c.id = p_row.claim;
  perform workflow.back_to(v_before);
  return v_asked;
end;
$$;

-- Money by source and tranche adds up, so do the milestones, and the city pays no more than the rule,
-- nor more than was asked for when the claim was chosen, approved and put before the public, unless
-- the paper itself says why (grant_reason).
create or replace function core.money_gaps(p_row core.contract) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_errors jsonb := '[]';
  v_facts  jsonb := core.budget_facts(p_row.content -> 'money');
  v_steps  jsonb := core.budget_facts(p_row.content -> 'milestones');
  v_max    bigint;
  v_asked  bigint := core.grant_asked(p_row);
begin
  if p_row.total_fen = 0 then
    v_errors := v_errors || workflow.bad('total', 'required');
  end if;
  if (v_facts ->> 'total_fen')::bigint <> p_row.total_fen then
    v_errors := v_errors || workflow.bad('money', 'sum_differs', jsonb_build_object('total', core.to_wan(p_row.total_fen),
      'sum', core.to_wan((v_facts ->> 'total_fen')::bigint)));
  end if;
  if (v_steps ->> 'total_fen')::bigint <> p_row.total_fen then
    v_errors := v_errors || workflow.bad('milestones', 'sum_differs', jsonb_build_object('total', core.to_wan(p_row.total_fen),
      'sum', core.to_wan((v_steps ->> 'total_fen')::bigint)));
  end if;
  v_max := (core.contract_funding(p_row) ->> 'max_fen')::bigint;
  if (v_facts ->> 'city_fen')::bigint > v_max then
    v_errors := v_errors || workflow.bad('money', 'over_funding', jsonb_build_object('max', core.to_wan(v_max)));
  elsif (v_facts ->> 'city_fen')::bigint > v_asked and coalesce(p_row.content ->> 'grant_reason', '') = '' then
    v_errors := v_errors || workflow.bad('grant_reason', 'over_asked', jsonb_build_object('max', core.to_wan(v_asked),
      'sum', core.to_wan((v_facts ->> 'city_fen')::bigint)));
  end if;
  return v_errors;
end;
$$;

create or replace function guard.contract_complete(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 422, 'slug', 'invalid', 'errors', g.gaps)
    from core.contract c cross join lateral (select core.contract_gaps(c) as gaps) g
   where c.id = p_item and g.gaps <> '[]'
$$;

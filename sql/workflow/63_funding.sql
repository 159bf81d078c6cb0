-- What the city may pay: DOMAIN 6. Pure: a rule (core.rule_shape, money in 万元) and facts in fen:
--   total_fen     total investment of the project       contract_fen  sum of the contract
--   paid_fen      actually paid                          poster_fen    the poster's own money
--   prior_fen     city money given before that the cap counts
-- Gives {"eligible", "reasons": [...], "min_fen", "max_fen", "tranches": [{"trigger", "fen"}]}.
-- reasons: below_floor_total, below_poster_cash, below_min_amount, basis_missing, cap_used_up.
--   max = basis * pct_max, at most the cap (less what was given before, where the cap counts it), at
--   most own money / match_ratio; min = basis * pct_min, at least min_amount. Fractions of a fen are
--   cut off. Basis 'fixed': the cap is the sum.
-- Tranches: fixed sums first; shares are of what is left. Where the cap does not count what came
-- before (cap_includes_prior false), fixed sums come on top of max.
create or replace function core.funding(p_rule jsonb, p_facts jsonb) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_cap     bigint := core.fen((p_rule ->> 'cap')::numeric);
  v_least   bigint := coalesce(core.fen((p_rule ->> 'min_amount')::numeric), 0);
  v_prior   boolean := coalesce((p_rule ->> 'cap_includes_prior')::boolean, true);
  v_poster  bigint := (p_facts ->> 'poster_fen')::bigint;
  v_basis   bigint := (p_facts ->> (case p_rule ->> 'basis' when 'total_investment' then 'total_fen'
                         when 'contract_amount' then 'contract_fen' when 'paid_amount' then 'paid_fen' end))::bigint;
  v_max     bigint;
  v_min     bigint := 0;
  v_reasons text[] := '{}';
begin
  if p_rule ->> 'basis' = 'fixed' then
    v_max := v_cap;
  elsif v_basis is null then
    v_max := 0;
    v_reasons := v_reasons || 'basis_missing'::text;
  else
    v_max := trunc(v_basis * (p_rule ->> 'pct_max')::numeric / 100);
    v_min := trunc(v_basis * coalesce((p_rule ->> 'pct_min')::numeric, 0) / 100);
  end if;
  if v_prior then
    v_cap := greatest(v_cap - coalesce((p_facts ->> 'prior_fen')::bigint, 0), 0);
    if v_cap = 0 then
      v_reasons := v_reasons || 'cap_used_up'::text;
    end if;
  end if;
  v_max := least(v_max, v_cap);
  if p_rule ->> 'match_ratio' is not null then
    v_max := least(v_max, trunc(coalesce(v_poster, 0) / (p_rule ->> 'match_ratio')::numeric)::bigint);
  end if;
  if coalesce((p_facts ->> 'total_fen')::bigint, v_basis, 0) < core.fen((p_rule ->> 'floor_total')::numeric) then
    v_reasons := v_reasons || 'below_floor_total'::text;
  end if;
  if coalesce(v_poster, 0) < core.fen((p_rule ->> 'floor_poster_cash')::numeric) then
    v_reasons := v_reasons || 'below_poster_cash'::text;
  end if;
  if v_reasons = '{}' and v_max < v_least then
    v_reasons := v_reasons || 'below_min_amount'::text;
  end if;
  if v_reasons <> '{}' then
    return jsonb_build_object('eligible', false, 'reasons', v_reasons, 'min_fen', 0, 'max_fen', 0, 'tranches', '[]'::jsonb);
  end if;
  return jsonb_build_object('eligible', true, 'reasons', '[]'::jsonb, 'min_fen', least(greatest(v_min, v_least), v_max),
    'max_fen', v_max, 'tranches', core.tranches(p_rule -> 'tranches', v_max, v_prior));
end;
$$;

-- The sum cut into its tranches; what rounding leaves goes to the last share.
create or replace function core.tranches(p_tranches jsonb, p_fen bigint, p_inside boolean) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_fixed bigint := 0;
  v_given bigint := 0;
  v_left  bigint := p_fen;
  v_part  bigint;
  v_last  int;
  v_row   record;
  v_out   jsonb := '[]';
begin
  if p_inside then
    select coalesce(sum(core.fen((t ->> 'amount')::numeric)), 0) into v_fixed from jsonb_array_elements(p_tranches) t;
    v_fixed := least(v_fixed, p_fen);
    v_left := p_fen - v_fixed;
  end if;
  select max(e.n) into v_last from jsonb_array_elements(p_tranches) with ordinality e (t, n) where e.t ? 'pct';
  for v_row in select e.t, e.n from jsonb_array_elements(p_tranches) with ordinality e (t, n) order by e.n loop
    if v_row.t ? 'amount' then
      v_part := core.fen((v_row.t ->> 'amount')::numeric);
      if p_inside then
        v_part := least(v_part, v_fixed);
        v_fixed := v_fixed - v_part;
      end if;
    elsif v_row.n = v_last then
      v_part := v_left - v_given;
    else
      v_part := trunc(v_left * (v_row.t ->> 'pct')::numeric / 100);
      v_given := v_given + v_part;
    end if;
    v_out := v_out || jsonb_build_object('trigger', v_row.t -> 'trigger', 'fen', v_part);
  end loop;
  return v_out;
end;
$$;

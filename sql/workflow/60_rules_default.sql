-- The rules of a programme: one JSON document, stored in core.programme.rules. All money in it is
-- 万元 with at most two decimals. Names are stable; core.rule_shape() says what each may hold.
--
--   eligibility.poster|claimant  kinds of unit, divisions (prefixes of GB/T 2260; empty: anywhere),
--                                verified
--   quota                        per_recommender, per_unit: needs in one batch; null: no limit
--   need                         budget_floor, cash_min_pct_of_city_grant (of what the poster pays
--                                to the claimant in cash), max_years, min_indicators, must (further
--                                mandatory fields), formal_checks (what the checklist must name),
--                                revenue_floor (of the poster, last year), rd_bands [{below, pct}]: least
--                                share of R&D in revenue by size; below null: no upper end
--   funding_rule                 DOMAIN 6: basis, pct_min, pct_max, cap, min_amount, floor_total,
--                                floor_poster_cash, match_ratio (own money : city money), pay_mode,
--                                tranches [{trigger, pct | amount}], cap_includes_prior
--   criteria.need|claim          [{code, name, weight, anchors [{from, to, text}]}], weights = 100
--   panel                        min, quorum, drop_extremes, pass_mark, show_names
--   notice.argument|award|result unit, length, include_publication_day, cutoff_hour,
--                                objection_timestamp, written_only
--   claims                       sealed, max_winners, leader_max_items, max_partners
--   times                        contract_days
create or replace function core.default_anchors() returns jsonb
language sql immutable security definer set search_path = '' as $$
  select '[{"from": 90, "to": 100, "text": "优"}, {"from": 80, "to": 89, "text": "良"},
           {"from": 60, "to": 79, "text": "一般"}, {"from": 0, "to": 59, "text": "差"}]'::jsonb
$$;

-- What a programme of this preset starts from: DOMAIN 5, 6, 7; what no source rules is modest.
create or replace function core.default_rules(p_preset text) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_a      jsonb := core.default_anchors();
  v_notice jsonb := '{"unit": "working", "length": 5, "include_publication_day": false, "cutoff_hour": 24,
                      "objection_timestamp": "received", "written_only": true}';
  v_rules  jsonb;
begin
  if p_preset = 'liaoning' then
    v_notice := v_notice || '{"include_publication_day": true, "objection_timestamp": "postmark"}';
  end if;
  v_rules := jsonb_build_object(
    'eligibility', '{"poster": {"kinds": ["enterprise"], "divisions": [], "verified": true},
                     "claimant": {"kinds": ["enterprise", "university", "institute", "social", "other"], "divisions": [], "verified": true}}'::jsonb,
    'quota', '{"per_recommender": null, "per_unit": 3}'::jsonb,
    'need', '{"budget_floor": 0, "revenue_floor": null, "rd_bands": [], "cash_min_pct_of_city_grant": null, "max_years": 3, "min_indicators": 1,
              "must": ["conditions", "ip"],
              "formal_checks": ["材料齐全", "不涉密", "属于重点产业", "企业无法自行解决"]}'::jsonb,
    'funding_rule', '{"basis": "total_investment", "pct_min": 0, "pct_max": 20, "cap": 1000, "min_amount": null,
                      "floor_total": null, "floor_poster_cash": null, "match_ratio": null, "pay_mode": "mixed",
                      "tranches": [{"trigger": "contract", "pct": 60}, {"trigger": "acceptance", "pct": 40}],
                      "cap_includes_prior": true}'::jsonb,
    'criteria', jsonb_build_object(
      'need', jsonb_build_array(
        jsonb_build_object('code', 'necessity', 'name', '必要性', 'weight', 25, 'anchors', v_a),
        jsonb_build_object('code', 'novelty', 'name', '创新性', 'weight', 25, 'anchors', v_a),
        jsonb_build_object('code', 'feasibility', 'name', '可行性', 'weight', 25, 'anchors', v_a),
        jsonb_build_object('code', 'benefit', 'name', '预期效益', 'weight', 25, 'anchors', v_a)),
      'claim', jsonb_build_array(
        jsonb_build_object('code', 'qualification', 'name', '资质条件', 'weight', 30, 'anchors', v_a),
        jsonb_build_object('code', 'plan', 'name', '方案可行性', 'weight', 40, 'anchors', v_a),
        jsonb_build_object('code', 'fit', 'name', '与需求的契合度', 'weight', 30, 'anchors', v_a))),
    'panel', '{"min": 3, "quorum": 3, "drop_extremes": false, "pass_mark": 60, "show_names": false}'::jsonb,
    'notice', jsonb_build_object('argument', v_notice, 'award', v_notice, 'result', v_notice),
    'claims', '{"sealed": true, "max_winners": 1, "leader_max_items": 1, "max_partners": 5}'::jsonb,
    'times', '{"contract_days": 30}'::jsonb);
  if p_preset = 'saima' then
    v_rules := jsonb_set(v_rules, '{claims,max_winners}', '3');
  elsif p_preset = 'chengguo' then
    v_rules := jsonb_set(v_rules, '{eligibility,poster,kinds}', '["enterprise", "university", "institute", "social", "other"]');
    v_rules := jsonb_set(v_rules, '{eligibility,claimant,kinds}', '["enterprise"]');
  end if;
  return v_rules;
end;
$$;

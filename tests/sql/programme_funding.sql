-- City money by the real rules of DOMAIN 6. Sums in 万元 here; the function counts in fen.
begin;
select no_plan();

create function pg_temp.wan(p_facts jsonb) returns jsonb language sql as
$$ select jsonb_object_agg(key || '_fen', core.fen((value #>> '{}')::numeric)) from jsonb_each(p_facts) $$;
create function pg_temp.pays(p_rule jsonb, p_facts jsonb) returns numeric language sql as
$$ select core.to_wan((core.funding('{"tranches": [{"trigger": "contract", "pct": 100}]}' || p_rule, pg_temp.wan(p_facts)) ->> 'max_fen')::bigint) $$;
create function pg_temp.why(p_rule jsonb, p_facts jsonb) returns text language sql as
$$ select core.funding('{"tranches": [{"trigger": "contract", "pct": 100}]}' || p_rule, pg_temp.wan(p_facts)) #>> '{reasons,0}' $$;

-- Liaoning 2024: at most 20 % of the related investment, at most 1000.
create temp table liaoning as select '{"basis": "total_investment", "pct_max": 20, "cap": 1000}'::jsonb as r;
select is(pg_temp.pays(r, '{"total": 3000}'), 600.00, 'Liaoning: a fifth of the investment') from liaoning;
select is(pg_temp.pays(r, '{"total": 8000}'), 1000.00, 'Liaoning: at most 1000') from liaoning;
-- Hubei: total at least 250; 20 to 40 % of it, between 100 and 500.
create temp table hubei as select '{"basis": "total_investment", "pct_min": 20, "pct_max": 40, "cap": 500, "min_amount": 100, "floor_total": 250}'::jsonb as r;
select is(pg_temp.why(r, '{"total": 249.99}'), 'below_floor_total', 'Hubei: nothing under 250') from hubei;
select is(pg_temp.pays(r, '{"total": 250}'), 100.00, 'Hubei: 40 % of 250') from hubei;
select is(pg_temp.pays(r, '{"total": 5000}'), 500.00, 'Hubei: at most 500') from hubei;
select is(core.to_wan((core.funding(r || '{"tranches": [{"trigger": "contract", "pct": 100}]}', pg_temp.wan('{"total": 1000}')) ->> 'min_fen')::bigint), 200.00, 'Hubei: at least a fifth') from hubei;
select is(core.to_wan((core.funding(r || '{"tranches": [{"trigger": "contract", "pct": 100}]}', pg_temp.wan('{"total": 300}')) ->> 'min_fen')::bigint), 100.00, 'Hubei: at least 100') from hubei;
-- Nanchang: total at least 1000, own money at least 800; 100 at the start; 20 % of the agreement after
-- acceptance, at most 500 including the 100.
create temp table nanchang as select '{"basis": "contract_amount", "pct_max": 20, "cap": 500, "floor_total": 1000, "floor_poster_cash": 800,
  "cap_includes_prior": true, "tranches": [{"trigger": "contract", "amount": 100}, {"trigger": "acceptance", "pct": 100}]}'::jsonb as r;
select is(pg_temp.why(r, '{"total": 999, "contract": 999, "poster": 900}'), 'below_floor_total', 'Nanchang: nothing under 1000') from nanchang;
select is(pg_temp.why(r, '{"total": 1000, "contract": 1000, "poster": 799}'), 'below_poster_cash', 'Nanchang: the poster puts in 800') from nanchang;
select is(core.funding(r, pg_temp.wan('{"total": 2000, "contract": 2000, "poster": 1500}')) -> 'tranches',
  '[{"trigger": "contract", "fen": 100000000}, {"trigger": "acceptance", "fen": 300000000}]', 'Nanchang: 400, of which 100 at the start') from nanchang;
select is(core.funding(r, pg_temp.wan('{"total": 9000, "contract": 9000, "poster": 8000}')) -> 'tranches',
  '[{"trigger": "contract", "fen": 100000000}, {"trigger": "acceptance", "fen": 400000000}]', 'Nanchang: 500 including the 100') from nanchang;
select is(core.funding(r || '{"cap_includes_prior": false}', pg_temp.wan('{"total": 9000, "contract": 9000, "poster": 8000}')) -> 'tranches',
  '[{"trigger": "contract", "fen": 100000000}, {"trigger": "acceptance", "fen": 500000000}]', 'where the cap does not count it, the start comes on top') from nanchang;
-- Ganzhou: the poster's total is at least four times the city's grant.
select is(pg_temp.pays('{"basis": "fixed", "cap": 100, "match_ratio": 4}', '{"poster": 400}'), 100.00, 'Ganzhou: 400 of one''s own carry 100');
select is(pg_temp.pays('{"basis": "fixed", "cap": 100, "match_ratio": 4}', '{"poster": 300}'), 75.00, 'Ganzhou: 300 of one''s own carry 75');
select is(pg_temp.pays('{"basis": "fixed", "cap": 100, "match_ratio": 4}', '{}'), 0.00, 'Ganzhou: nothing of one''s own carries nothing');
-- Shenyang: at most 1000 for one enterprise over all its projects.
select is(pg_temp.pays('{"basis": "total_investment", "pct_max": 100, "cap": 1000, "cap_includes_prior": true}', '{"total": 2000, "prior": 700}'), 300.00, 'Shenyang: what was given before counts');
select is(pg_temp.why('{"basis": "total_investment", "pct_max": 100, "cap": 1000, "cap_includes_prior": true}', '{"total": 2000, "prior": 1000}'), 'cap_used_up', 'Shenyang: the cap can be used up');
-- Wuhan: at most 3000 each, own money at least twice the grant.
select is(pg_temp.pays('{"basis": "total_investment", "pct_max": 100, "cap": 3000, "match_ratio": 2}', '{"total": 9000, "poster": 5000}'), 2500.00, 'Wuhan: two to one');
-- Jinzhou, transfer of achievements: at most 20 % of what was actually paid, at most 100.
select is(pg_temp.pays('{"basis": "paid_amount", "pct_max": 20, "cap": 100}', '{"paid": 333.33}'), 66.67, 'Jinzhou: a fifth of what was paid');
select is(pg_temp.why('{"basis": "paid_amount", "pct_max": 20, "cap": 100}', '{"total": 500}'), 'basis_missing', 'nothing paid is no basis');
select is(pg_temp.why('{"basis": "total_investment", "pct_max": 10, "cap": 500, "min_amount": 100}', '{"total": 500}'), 'below_min_amount', 'a grant under the least one is none');
-- A city measure: at least 60 % at the contract. Fen that do not divide go to the last share.
select is(core.funding('{"basis": "fixed", "cap": 0.01, "tranches": [{"trigger": "contract", "pct": 33.33}, {"trigger": "milestone", "pct": 33.33}, {"trigger": "acceptance", "pct": 33.34}]}',
  '{}') -> 'tranches', '[{"trigger": "contract", "fen": 3333}, {"trigger": "milestone", "fen": 3333}, {"trigger": "acceptance", "fen": 3334}]', 'the parts add up to the whole');
select is(core.funding('{"basis": "total_investment", "pct_max": 12.345, "cap": 1000, "tranches": [{"trigger": "contract", "pct": 100}]}', '{"total_fen": 10000}') -> 'max_fen',
  '1234', 'what is less than a fen is cut off');
select * from finish();
rollback;

-- The rules of a programme: what each preset starts from, and how every bad member is named.
begin;
select no_plan();

create function pg_temp.with(p_path text, p_value jsonb) returns jsonb language sql as
$$ select core.check_rules(jsonb_set(core.default_rules('jinzhou'), string_to_array(p_path, '.'), p_value)) $$;
create function pg_temp.one(p_field text, p_code text, p_more jsonb default '{}') returns jsonb language sql as
$$ select jsonb_build_array(jsonb_build_object('field', p_field, 'code', p_code) || p_more) $$;

select is(core.check_rules(core.default_rules(name)), '[]', 'the rules that preset ' || name || ' starts from are right')
  from workflow.preset order by name;
select is(core.default_rules('chengguo') #> '{eligibility,claimant,kinds}', '["enterprise"]', 'achievements are taken up by enterprises');
select is(core.default_rules('liaoning') #>> '{notice,award,objection_timestamp}', 'postmark', 'in Liaoning the postmark counts');

select is(core.check_rules(core.default_rules('jinzhou') - 'claims'),
  '[{"field": "rules.claims.sealed", "code": "required"}, {"field": "rules.claims.max_winners", "code": "required"},
    {"field": "rules.claims.leader_max_items", "code": "required"}, {"field": "rules.claims.max_partners", "code": "required"}]',
  'every member that is missing is named');
select is(pg_temp.with('need.colour', '"red"'), pg_temp.one('rules.need.colour', 'unknown_field'), 'a member nobody knows is named');
select is(pg_temp.with('need.max_years', '11'), pg_temp.one('rules.need.max_years', 'too_large', '{"max": 10}'), 'a number above its bound');
select is(pg_temp.with('need.max_years', '0'), pg_temp.one('rules.need.max_years', 'too_small', '{"min": 1}'), 'a number below its bound');
select is(pg_temp.with('need.max_years', '2.5'), pg_temp.one('rules.need.max_years', 'not_an_integer'), 'half a year');
select is(pg_temp.with('need.max_years', '"2"'), pg_temp.one('rules.need.max_years', 'not_an_integer'), 'a text for a number');
select is(pg_temp.with('need.budget_floor', '0.001'), pg_temp.one('rules.need.budget_floor', 'too_many_decimals', '{"max": 2}'), 'money has two decimals');
select is(pg_temp.with('panel.pass_mark', '"sixty"'), pg_temp.one('rules.panel.pass_mark', 'not_a_number'), 'a mark that is no number');
select is(pg_temp.with('claims.sealed', '"yes"'), pg_temp.one('rules.claims.sealed', 'not_a_boolean'), 'a yes that is a text');
select is(pg_temp.with('notice.award.unit', '"weeks"'), pg_temp.one('rules.notice.award.unit', 'bad_choice', '{"choices": ["working", "calendar"]}'), 'days are working or calendar days');
select is(pg_temp.with('quota.per_unit', 'null'), '[]', 'no quota is a rule, too');
select is(pg_temp.with('claims.max_partners', 'null'), pg_temp.one('rules.claims.max_partners', 'required'), 'no number of partners is none');
select is(pg_temp.with('eligibility.poster.kinds', '"enterprise"'), pg_temp.one('rules.eligibility.poster.kinds', 'not_a_list'), 'a list that is none');
select is(pg_temp.with('eligibility.poster.kinds', '[]'), pg_temp.one('rules.eligibility.poster.kinds', 'too_few_items', '{"min": 1}'), 'somebody must be able to post');
select is(pg_temp.with('need.must', (select jsonb_agg('ip'::text) from generate_series(1, 21))), pg_temp.one('rules.need.must', 'too_many_items', '{"max": 20}'), 'a list too long');
select is(pg_temp.with('eligibility.poster.kinds', '["enterprise", "bank"]') #>> '{0,field}', 'rules.eligibility.poster.kinds[1]', 'the entry of a list that is wrong is named');
select is(pg_temp.with('eligibility.poster.divisions', '["21o7"]'), pg_temp.one('rules.eligibility.poster.divisions[0]', 'bad_code'), 'a division is digits');
select is(pg_temp.with('need.formal_checks', '[1]'), pg_temp.one('rules.need.formal_checks[0]', 'not_a_text'), 'a line of the checklist is a text');
select is(pg_temp.with('need.formal_checks', jsonb_build_array(repeat('长', 61))), pg_temp.one('rules.need.formal_checks[0]', 'too_long', '{"max": 60}'), 'a line of the checklist is short');

select is(pg_temp.with('criteria.need.0.weight', '30'), pg_temp.one('rules.criteria.need', 'weights_not_100', '{"sum": 105}'), 'weights add up to 100');
select is(pg_temp.with('criteria.need.1.code', '"necessity"'), pg_temp.one('rules.criteria.need', 'repeated_item'), 'a criterion comes once');
select is(pg_temp.with('criteria.need.0.code', '"N 1"'), pg_temp.one('rules.criteria.need[0].code', 'bad_code'), 'a criterion has a code');
select is(pg_temp.with('criteria.need.0.name', '""'), pg_temp.one('rules.criteria.need[0].name', 'required'), 'a criterion has a name');
select is(pg_temp.with('criteria.need.0', '7'), pg_temp.one('rules.criteria.need[0]', 'not_an_object'), 'a criterion is an object');
select is(pg_temp.with('criteria.need', '{}'), pg_temp.one('rules.criteria.need', 'not_a_list'), 'criteria are a list');
select is(pg_temp.with('criteria.need', '[]'), pg_temp.one('rules.criteria.need', 'too_few_items', '{"min": 1}'), 'there are criteria');
select is(pg_temp.with('criteria.need.0.anchors', '[{"from": 0, "to": 60, "text": "差"}, {"from": 60, "to": 100, "text": "优"}]'),
  pg_temp.one('rules.criteria.need[0].anchors', 'bands_overlap'), 'bands do not overlap');
select is(pg_temp.with('criteria.need.0.anchors', '[{"from": 60, "to": 0, "text": "差"}]'), pg_temp.one('rules.criteria.need[0].anchors', 'bands_overlap'), 'a band runs upwards');
select is(pg_temp.with('criteria.need.0.anchors', '[{"from": 0, "to": 60}]'), pg_temp.one('rules.criteria.need[0].anchors[0].text', 'required'), 'a band has words');
select is(pg_temp.with('criteria.need.0.anchors', '"none"'), pg_temp.one('rules.criteria.need[0].anchors', 'not_a_list'), 'bands are a list');

select is(pg_temp.with('funding_rule.tranches', '[{"trigger": "contract", "pct": 60}]'), pg_temp.one('rules.funding_rule.tranches', 'weights_not_100', '{"sum": 60}'), 'shares add up to 100');
select is(pg_temp.with('funding_rule.tranches', '[{"trigger": "contract", "amount": 100}]'), pg_temp.one('rules.funding_rule.tranches', 'weights_not_100', '{"sum": 0}'), 'a sum leaves a rest that is somebody''s share');
select is(pg_temp.with('funding_rule.tranches', '[{"trigger": "luck", "pct": 100}]') #>> '{0,field}', 'rules.funding_rule.tranches[0].trigger', 'a tranche has an occasion');
select is(pg_temp.with('funding_rule.tranches', '[{"trigger": "contract", "pct": 100, "amount": 5}]'), pg_temp.one('rules.funding_rule.tranches[0]', 'pct_or_amount'), 'a tranche is a share or a sum');
select is(pg_temp.with('funding_rule.tranches', '[]'), pg_temp.one('rules.funding_rule.tranches', 'too_few_items', '{"min": 1}'), 'there are tranches');
select is(pg_temp.with('funding_rule.tranches', '1'), pg_temp.one('rules.funding_rule.tranches', 'not_a_list'), 'tranches are a list');
select is(pg_temp.with('need.rd_bands', '[{"below": 5000, "pct": 5}, {"below": 20000, "pct": 4}, {"pct": 3}]'), '[]', 'Yichang: the share of research falls with size');
select is(pg_temp.with('need.rd_bands', '[{"pct": 5}, {"below": 20000, "pct": 4}]'), pg_temp.one('rules.need.rd_bands[0].below', 'not_a_number'), 'only the last band is open');
select is(pg_temp.with('need.rd_bands', '[{"below": 20000, "pct": 5}, {"below": 5000, "pct": 4}]'), pg_temp.one('rules.need.rd_bands', 'bands_overlap'), 'bands rise');
select is(pg_temp.with('need.rd_bands', '5'), pg_temp.one('rules.need.rd_bands', 'not_a_list'), 'bands of revenue are a list');
select is(pg_temp.with('funding_rule.pct_min', '30'), pg_temp.one('rules.funding_rule.pct_min', 'too_large', '{"max": 20}'), 'the least share is not above the most');
select is(pg_temp.with('funding_rule.min_amount', '2000'), pg_temp.one('rules.funding_rule.min_amount', 'too_large', '{"max": 1000}'), 'the least sum is not above the cap');
select is(pg_temp.with('funding_rule.pct_max', 'null') #>> '{0,field}', 'rules.funding_rule.pct_max', 'a share of something is needed unless the sum is fixed');
select is(core.check_rules(jsonb_set(jsonb_set(core.default_rules('jinzhou'), '{funding_rule,basis}', '"fixed"'), '{funding_rule,cap}', 'null')),
  pg_temp.one('rules.funding_rule.cap', 'required'), 'a fixed sum is a sum');
select is(pg_temp.with('panel.quorum', '5'), pg_temp.one('rules.panel.quorum', 'too_large', '{"max": 3}'), 'a quorum is not above the panel''s size');
select is(core.overlay('{"a": {"b": 1, "c": [1, 2]}, "d": 3}', '{"a": {"c": [4]}, "e": 5}'), '{"a": {"b": 1, "c": [4]}, "d": 3, "e": 5}',
  'a city states only what differs from the preset');
select is(core.with_anchors('{"criteria": {"need": [{"code": "a", "weight": 50}, {"code": "b", "weight": 50}, {"code": "c", "anchors": []}]}}',
    '{"criteria": {"need": [{"code": "a", "anchors": [{"from": 0, "to": 100, "text": "分"}]}]}}') #> '{criteria,need}',
  jsonb_build_array('{"code": "a", "weight": 50, "anchors": [{"from": 0, "to": 100, "text": "分"}]}'::jsonb,
    jsonb_build_object('code', 'b', 'weight', 50, 'anchors', core.default_anchors()), '{"code": "c", "anchors": []}'::jsonb),
  'a criterion without anchors keeps those that it had, or gets the usual ones');
select is((select count(*) from jsonb_array_elements(core.rule_sections(core.default_rules('jinzhou'))) s, jsonb_array_elements(s -> 'rules') r),
  (select count(*) from core.rule_shape()), 'a form shows every rule');
select is((select r -> 'value' from jsonb_array_elements(core.rule_sections(core.default_rules('jinzhou'))) s, jsonb_array_elements(s -> 'rules') r
            where r ->> 'field' = 'rules.need.max_years'), '3', 'and what it says');
select * from finish();
rollback;

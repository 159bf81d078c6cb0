-- The need clinic names every gap by field; a draft may have as many as it likes.
begin;
select no_plan();
\ir fixtures/people.sql
\ir fixtures/programme.sql
create temp table rule as select core.default_rules('jinzhou') as r;
create function pg_temp.gaps(p_more jsonb, p_rules jsonb default '{}') returns jsonb language sql as $$
  select core.need_gaps(jsonb_strip_nulls(core.need_content(fixture.need_body()) || p_more), core.overlay(core.default_rules('jinzhou'), p_rules), '2026-03-02')
$$;
create function pg_temp.one(p_field text, p_code text, p_more jsonb default '{}', p_level text default 'error') returns jsonb language sql as
$$ select jsonb_build_array(jsonb_build_object('field', p_field, 'code', p_code, 'level', p_level) || p_more) $$;
create function pg_temp.indicator(p_more jsonb) returns jsonb language sql as
$$ select pg_temp.gaps(jsonb_build_object('indicators', jsonb_build_array(jsonb_strip_nulls(
     '{"name": "厚度", "op": ">=", "value": "5", "unit": "毫米", "test_method": "卡尺测量", "must": true}'::jsonb || p_more)))) $$;

select is(pg_temp.gaps('{}'), '[]', 'a complete need has no gaps');
select is(pg_temp.gaps(format('{"%s": null}', f)::jsonb), pg_temp.one(core.form_name(f), 'required'), 'without ' || f || ' it is not complete')
  from unnest(array['industry', 'problem', 'key_tech', 'goal', 'keywords', 'budget_fen', 'cash_fen', 'year_from', 'year_until', 'solution', 'activity', 'disclosure', 'secret', 'conditions', 'ip', 'fields']) f
 where f not in ('activity');
select is(pg_temp.gaps('{"activity": null, "fields": null}'), pg_temp.one('activity', 'required'), 'which kind of activity decides on the field');
select is(pg_temp.gaps('{"activity": "basic", "fields": null}'), pg_temp.one('discipline', 'required'), 'basic research has a discipline instead');
select is(pg_temp.gaps('{"problem": "缺陷多"}'), pg_temp.one('problem', 'too_short', '{"min": 20}'), 'three characters are no problem described');
select is(pg_temp.gaps('{"contact": {"name": "甲"}}'), pg_temp.one('contact.phone', 'required'), 'somebody can be called');
select is(pg_temp.gaps('{"commitments": {"invest": true, "first_use": true, "credit": true, "not_secret": true}}'), pg_temp.one('commitments.unsolvable', 'must_be_committed'),
  'what the poster can solve alone is no challenge');
select is(pg_temp.gaps('{"tried": null}', '{"need": {"must": ["tried"]}}'), pg_temp.one('tried', 'required'), 'a programme may ask for more');

select is(pg_temp.indicator('{}'), '[]', 'an indicator with number, unit and method is good');
select is(pg_temp.indicator('{"value": null}'), pg_temp.one('indicators', 'too_few_numbers', '{"min": 1}') || pg_temp.one('indicators[0].value', 'no_number'), 'an indicator without its number');
select is(pg_temp.indicator('{"unit": null}'), pg_temp.one('indicators[0].unit', 'no_unit'), 'without its unit');
select is(pg_temp.indicator('{"test_method": null}'), pg_temp.one('indicators[0].test_method', 'no_test_method'), 'without its method');
select is(pg_temp.indicator('{"op": "range"}'), pg_temp.one('indicators[0].value2', 'no_number'), 'a range with one end');
select is(pg_temp.indicator('{"op": "range", "value2": "4"}'), pg_temp.one('indicators[0].value2', 'range_order'), 'a range upside down');
select is(pg_temp.indicator('{"op": "none", "value": null}'), pg_temp.one('indicators', 'too_few_numbers', '{"min": 1}') || pg_temp.one('indicators[0].value', 'no_number'), 'a must that is no number');
select is(pg_temp.gaps('{"indicators": [{"name": "外观显著改善", "op": "none", "test_method": "目测"}, {"name": "厚度", "op": ">=", "value": "5", "unit": "毫米", "test_method": "卡尺"}]}'),
  pg_temp.one('indicators[0].name', 'vague_words', '{"word": "显著"}'), 'a promise without an amount');
select is(pg_temp.gaps('{"indicators": [{"name": "厚度", "op": ">=", "value": "5", "unit": "毫米", "test_method": "卡尺"}, {"name": "厚度", "op": "<=", "value": "9", "unit": "毫米", "test_method": "卡尺"}]}'),
  pg_temp.one('indicators[1].name', 'repeated_item'), 'two indicators of one name');
select is(pg_temp.gaps('{}', '{"need": {"min_indicators": 3}}'), pg_temp.one('indicators', 'too_few_numbers', '{"min": 3}'), 'fewer numbers than the programme asks for');

select is(pg_temp.gaps('{"year_from": 2025, "year_until": 2026}'), pg_temp.one('year_from', 'too_small', '{"min": 2026}'), 'a term does not begin in the past');
select is(pg_temp.gaps('{"year_until": 2026}'), pg_temp.one('year_until', 'year_order'), 'nor end in the year it begins');
select is(pg_temp.gaps('{"year_until": 2030}'), pg_temp.one('year_until', 'too_many_years', '{"max": 3}'), 'nor last longer than the programme allows');
select is(pg_temp.gaps('{}', '{"need": {"budget_floor": 1000}}'), pg_temp.one('budget', 'too_small', '{"min": 1000.00}'), 'a budget under the floor');
select is(pg_temp.gaps('{"cash_fen": 600000000}'), pg_temp.one('cash', 'too_large', '{"max": 500.00}'), 'more cash than budget');
select is(pg_temp.gaps('{"cash_fen": 39000000}', '{"need": {"cash_min_pct_of_city_grant": 40}}'), pg_temp.one('cash', 'too_small', '{"min": 40.00}'),
  'Ganzhou: the claimant gets in cash at least 40 % of the city''s grant');

create temp table yichang as select '{"need": {"rd_bands": [{"below": 5000, "pct": 5}, {"below": 20000, "pct": 4}, {"pct": 3}]}}'::jsonb as r;
create function pg_temp.means(p_revenue bigint, p_rd bigint) returns jsonb language sql as $$
  select pg_temp.gaps(jsonb_build_object('finance', jsonb_build_object('revenue_fen', p_revenue * 1000000, 'rd_fen', p_rd * 1000000)), (select r from yichang)) $$;
select is(pg_temp.gaps('{}', r), pg_temp.one('finance.revenue', 'required') || pg_temp.one('finance.rd', 'required'), 'where means count they are stated') from yichang;
select is(pg_temp.means(4000, 199), pg_temp.one('finance.rd', 'too_small', '{"min": 200.00}'), 'Yichang: 5 % of less than 5000');
select is(pg_temp.means(5000, 200), '[]', 'Yichang: 4 % from 5000 on');
select is(pg_temp.means(30000, 899), pg_temp.one('finance.rd', 'too_small', '{"min": 900.00}'), 'Yichang: 3 % above 20000');
select is(pg_temp.gaps('{"finance": {"revenue_fen": 1999999000000}}', '{"need": {"revenue_floor": 2000000}}') #>> '{0,code}', 'too_small', 'Nanchang: a floor of revenue');
select is(pg_temp.gaps('{"goal": "显著提升产品性能，达到国内一流水平。"}'), pg_temp.one('goal', 'vague_words', '{"word": "显著"}', 'warning'), 'vague words are advice in a text');
select is(pg_temp.gaps('{"title": "硅片抛光以及清洗技术"}'), pg_temp.one('title', 'several_needs', '{}', 'warning'), 'two needs in one title are advice');
select is(pg_temp.gaps('{"solution": "own"}'), pg_temp.one('solution', 'own_work', '{}', 'warning'), 'working alone contradicts a challenge');
select is(core.gap_errors(pg_temp.gaps('{"solution": "own"}')), '[]', 'advice stops nothing');

select fixture.city();
select fixture.keep('n', ((api.need_create(fixture.session('poster1'), fixture.req(), jsonb_build_object('batch', fixture.id('batch'), 'title', '初步想法'))).body ->> 'id')::uuid);
select is((select (api.need_check(fixture.session('poster1'), fixture.req(), fixture.id('n'))).body ->> 'complete'), 'false', 'a draft may be as incomplete as it likes');
select cmp_ok((select jsonb_array_length((api.need_check(fixture.session('poster1'), fixture.req(), fixture.id('n'))).body::jsonb -> 'gaps')), '>', 20, 'and the clinic says what is missing, all of it');
select throws_ok($$select api.need_check(fixture.session('poster2'), fixture.req(), fixture.id('n'))$$, 'WF404', 'not_found', 'to its own people only');
select throws_ok($$select fixture.submit('n')$$, 'WF422', 'need_incomplete', 'but it is not submitted like that');
select * from finish();
rollback;

-- Submitting a need: who may, and what the guards refuse. Each case has a unit or draft of its own.
begin;
select no_plan();
\ir fixtures/people.sql
\ir fixtures/programme.sql
select fixture.city('{"quota": {"per_unit": 2}, "eligibility": {"poster": {"divisions": ["2107"]}}}');

select fixture.draft('n1');
select is((select (api.need_get(fixture.session('poster1'), fixture.req(), fixture.id('n1'))).body::jsonb #>> '{content,budget_wan}'), '500.00', 'money comes in fen and is read in 万元');
select is((select recommender from workflow.item where id = fixture.id('n1')), fixture.id('recommender 示例县甲科技局'), 'a need goes through the poster''s county');
select throws_ok($$select api.need_get(fixture.session('officer1'), fixture.req(), fixture.id('n1'))$$, 'WF404', 'not_found', 'the bureau does not see drafts');
select throws_ok($$select api.need_get(fixture.session('county1'), fixture.req(), fixture.id('n1'))$$, 'WF404', 'not_found', 'nor does the county');
select throws_ok($$select api.need_get(fixture.session('poster2'), fixture.req(), fixture.id('n1'))$$, 'WF404', 'not_found', 'nor another enterprise');
select throws_ok($$select api.need_create(fixture.session('officer1'), fixture.req(), fixture.need_body())$$, 'WF403', 'role_missing', 'an officer posts no need');
select throws_ok($$select api.need_create(fixture.session('poster1'), fixture.req(), fixture.need_body() || jsonb_build_object('batch', gen_random_uuid()))$$, 'WF404', 'not_found', 'a need belongs to a batch');

select throws_ok($$select fixture.submit('n1', 'clerk1')$$, 'WF403', 'signatory_needed', 'a clerk drafts, a signatory submits');
select is((select (api.need_edit(fixture.session('clerk1'), fixture.req(1), fixture.id('n1'), fixture.need_body('低缺陷抛光硅片') - 'batch')).version), 2, 'a clerk may edit');
select throws_ok($$select api.need_edit(fixture.session('clerk1'), fixture.req(1), fixture.id('n1'), fixture.need_body() - 'batch')$$, 'WF409', 'version_conflict', 'two editors do not overwrite each other');
select is((select count(*)::int from workflow.history where item = fixture.id('n1')), 2, 'an edit is on record');
select is((select (fixture.submit('n1')).body #>> '{state,code}'), 'submitted', 'a complete need goes to the county');
select is((select hash from core.need_version where need = fixture.id('n1')),
  (select workflow.digest(content) from core.need where id = fixture.id('n1')), 'the submitted version is kept with its hash');
select throws_ok($$select api.need_edit(fixture.session('poster1'), fixture.req(), fixture.id('n1'), fixture.need_body() - 'batch')$$, 'WF409', 'step_not_allowed', 'what has been submitted cannot be altered');
select throws_ok($$select fixture.submit('n1')$$, 'WF409', 'step_not_allowed', 'nor submitted twice');

select fixture.draft('secret', p_more => '{"secret": true}');
select throws_ok($$select fixture.submit('secret')$$, 'WF422', 'secret_need', 'a secret need is stopped');
select is((select count(*)::int from core.need_version where need = fixture.id('secret')), 0, 'and nothing of it is kept');
select is((select (fixture.event('poster1', 'secret', 'withdraw', '{"reason": "涉密，停止填报"}')).body #>> '{state,code}'), 'withdrawn', 'its author takes it back');
select is((select content from core.need where id = fixture.id('secret')), '{"title": "（已撤回的草稿）"}', 'and the draft''s text goes');

select fixture.draft('foreign', 'poster2', '{"industry": "餐饮"}');
select throws_ok($$select fixture.submit('foreign', 'poster2')$$, 'WF422', 'industry_not_key', 'only key industries');
update party.unit set state = 'suspended' where id = fixture.id('示例企业丙');
select fixture.draft('unverified', 'poster3');
select throws_ok($$select fixture.submit('unverified', 'poster3')$$, 'WF403', 'unit_not_verified', 'a unit that is not verified submits nothing');
update party.unit set state = 'verified', division = '210102' where id = fixture.id('示例企业丙');
select throws_ok($$select fixture.submit('unverified', 'poster3')$$, 'WF422', 'poster_not_eligible', 'nor one from elsewhere');
update party.unit set kind = 'university', division = '210703' where id = fixture.id('示例企业丙');
select throws_ok($$select fixture.submit('unverified', 'poster3')$$, 'WF422', 'poster_not_eligible', 'nor one of another kind');
select fixture.person('poster5', '企业戊', fixture.unit('示例企业戊'), '{member,signatory}'), fixture.draft('alone', 'poster5');
select throws_ok($$select fixture.submit('alone', 'poster5')$$, 'WF409', 'no_recommender', 'nor one that no county recommends');
update party.unit set recommender = fixture.id('recommender 示例县甲科技局') where id = fixture.id('示例企业戊');
select lives_ok($$select fixture.submit('alone', 'poster5')$$, 'until one is settled, without writing the need again');
select is((select recommender from workflow.item where id = fixture.id('alone')), fixture.id('recommender 示例县甲科技局'), 'which it goes through');
select fixture.draft('shady', 'poster4');
insert into party.credit (unit, name, level, decision, starts, ends, source) values (fixture.id('示例企业丁'), '示例企业丁', 'serious', '示例决定〔2025〕1号', '2025-01-01', '2028-01-01', '示例');
select throws_ok($$select fixture.submit('shady', 'poster4')$$, 'WF409', 'poster_credit_bad', 'nor one with bad credit');
update party.credit set starts = '2020-01-01', ends = '2026-03-02' where unit = fixture.id('示例企业丁');
select lives_ok($$select fixture.submit('shady', 'poster4')$$, 'once the penalty is over it may again');

select fixture.draft('n2'), fixture.draft('n3');
select lives_ok($$select fixture.submit('n2')$$, 'as many needs as the quota says');
select throws_ok($$select fixture.submit('n3')$$, 'WF409', 'unit_quota_full', 'and not one more');
select fixture.event('poster1', 'n2', 'withdraw', '{"reason": "需要另行研究"}');
select lives_ok($$select fixture.submit('n3')$$, 'unless one is withdrawn');
select throws_ok($$select fixture.submit('n3', 'poster2')$$, 'WF404', 'not_found', 'nobody submits another''s need');

select is((select (api.need_list(fixture.session('poster1'), fixture.req())).body ->> 'total'), '4', 'a poster lists the own needs');
select is((select (api.need_list(fixture.session('poster1'), fixture.req(p_query => '{"state": "submitted"}'))).body ->> 'total'), '2', 'by state');
select is((select (api.need_list(fixture.session('poster1'), fixture.req(p_query => '{"q": "100%"}'))).body ->> 'total'), '0', 'by word, wildcards taken literally');
select is((select (api.need_list(fixture.session('poster1'), fixture.req(p_query => '{"size": 1, "page": 2}'))).body::jsonb -> 'items' -> 0 ->> 'id' <>
  (api.need_list(fixture.session('poster1'), fixture.req(p_query => '{"size": 1, "page": 1}'))).body::jsonb -> 'items' -> 0 ->> 'id'), true, 'page by page');
select is((select (api.need_list(fixture.session('county1'), fixture.req())).body ->> 'total'), '5', 'a county lists those of its area that were handed in');
select is((select (api.need_list(fixture.session('officer1'), fixture.req(p_query => jsonb_build_object('batch', fixture.id('batch'))))).body ->> 'total'), '6', 'the bureau lists all but drafts');
select * from finish();
rollback;

-- The county: its own area only, returns with a reason, recommends by letter within its quota.
begin;
select no_plan();
\ir fixtures/people.sql
\ir fixtures/programme.sql
select fixture.city('{"quota": {"per_recommender": 2}}');
select fixture.draft('a'), fixture.draft('b', 'poster2'), fixture.draft('c'), fixture.draft('far', 'poster3');
select fixture.submit('a'), fixture.submit('b', 'poster2'), fixture.submit('c'), fixture.submit('far', 'poster3');

select throws_ok($$select api.need_get(fixture.session('county1'), fixture.req(), fixture.id('far'))$$, 'WF404', 'not_found', 'a county does not see another''s needs');
select is(fixture.errors($$select fixture.event('county1', 'a', 'return')$$), 'reason required', 'a return has a reason');
select is(fixture.errors($$select fixture.event('county1', 'a', 'return', '{"reason": "不行"}')$$), 'reason too_short', 'which says something');
select throws_ok($$select fixture.event('officer1', 'a', 'return', '{"reason": "请补充检测方法"}')$$, 'WF403', 'not_your_step', 'the bureau does not step in before the county');
select is((select (fixture.event('county1', 'a', 'return', '{"reason": "请补充检测方法"}')).body #>> '{state,code}'), 'returned', 'the county returns');
select is((select (api.need_get(fixture.session('poster1'), fixture.req(), fixture.id('a'))).body::jsonb #>> '{steps,2,reason}'), '请补充检测方法', 'the poster reads why');
select is((select (api.need_edit(fixture.session('poster1'), fixture.req(), fixture.id('a'), fixture.need_body('改正后的名称') - 'batch')).body #>> '{title}'), '改正后的名称', 'and corrects');
select fixture.submit('a');
select is((select jsonb_path_query_array((api.need_versions(fixture.session('poster1'), fixture.req(), fixture.id('a'))).body::jsonb, '$.items[1].change[*].path')), '["title"]', 'both submitted versions are kept, with what differs');

select throws_ok($$select fixture.letter('poster1', array['a'])$$, 'WF403', 'role_missing', 'a poster recommends nothing');
select is(fixture.errors($$select fixture.letter('county1', array['a', 'far'])$$), 'needs[1].need not_known', 'nor a county another''s need');
select is((select state from workflow.item where id = fixture.id('a')), 'submitted', 'a letter is all or nothing');
select is(fixture.errors($$select fixture.letter('county1', array['a', 'a'])$$), 'needs[0].need repeated_item, needs[1].need repeated_item', 'a need stands in a letter once');
select fixture.keep('letter', ((fixture.letter('county1', array['b', 'a'], '示例荐〔2026〕1号')).body ->> 'id')::uuid);
select is((select jsonb_agg(n ->> 'title') from jsonb_array_elements((api.recommendation_get(fixture.session('officer1'), fixture.req(), fixture.id('letter'))).body::jsonb -> 'needs') n),
  jsonb_build_array('低缺陷半导体级抛光硅片制备技术', '改正后的名称'), 'the summary table keeps the letter''s order');
select is((select (api.recommendation_get(fixture.session('county1'), fixture.req(), fixture.id('letter'))).body ->> 'total_wan'), '1000.00', 'and adds up');
select throws_ok($$select api.recommendation_get(fixture.session('county2'), fixture.req(), fixture.id('letter'))$$, 'WF404', 'not_found', 'another county does not read it');
select throws_ok($$select fixture.letter('county1', array['c'], '示例荐〔2026〕1号')$$, 'WF409', 'letter_used', 'a letter has its own number');
select throws_ok($$select fixture.letter('county1', array['c'])$$, 'WF409', 'county_quota_full', 'a county recommends no more than its quota');
select lives_ok($$select fixture.letter('county2', array['far'])$$, 'which is each county''s own');
select is((select (api.recommendation_list(fixture.session('officer1'), fixture.req(p_query => jsonb_build_object('batch', fixture.id('batch'))))).body ->> 'total'), '2', 'the bureau lists all letters');
select is((select (api.recommendation_list(fixture.session('county2'), fixture.req())).body ->> 'total'), '1', 'a county its own');

select throws_ok($$select fixture.event('officer1', 'a', 'accept', '{"checks": [{"name": "材料齐全", "ok": true}]}')$$, 'WF422', 'checks_missing', 'the formal check names every line of the rules');
select throws_ok($$select fixture.event('officer1', 'a', 'accept')$$, 'WF422', 'checks_missing', 'and is not empty');
select throws_ok($$select fixture.event('officer1', 'a', 'accept', '{"checks": [{"name": "材料齐全", "ok": true}, {"name": "不涉密", "ok": true},
  {"name": "属于重点产业", "ok": true}, {"name": "企业无法自行解决", "ok": false, "note": "已有成熟产品"}]}')$$, 'WF409', 'checks_failed', 'a line that has not passed stops it');
select is((select (fixture.accept('a')).body #>> '{state,code}'), 'pooled', 'what has passed enters the library');
select fixture.event('officer1', 'b', 'return', '{"reason": "请说明应用场景"}'), fixture.submit('b', 'poster2');
select lives_ok($$select fixture.letter('county1', array['b'], '再荐')$$, 'recommending again after a return does not count twice');
select is((select (fixture.event('officer1', 'b', 'refuse', '{"reason": "行业内已有成熟技术"}')).body #>> '{state,code}'), 'refused', 'the bureau may refuse with a reason');
select is((select (fixture.event('county1', 'c', 'stop_secret', '{"reason": "内容涉及国家秘密"}')).body #>> '{state,code}'), 'secret_refused', 'a secret is stopped where it is seen');
select is((select (api.need_versions(fixture.session('officer1'), fixture.req(), fixture.id('c'))).body::jsonb #> '{items}'), '[]', 'and shown to nobody any more');
select is((select content from core.need where id = fixture.id('c')), '{"title": "（涉密不受理）"}', 'its text is gone');
select is((select (api.batch_work(fixture.session('officer1'), fixture.req(), fixture.id('batch'))).body::jsonb #> '{counts,recommenders}'), '{"示例县甲科技局": 3, "示例县乙科技局": 1}', 'the bureau sees the counts by county');
select * from finish();
rollback;

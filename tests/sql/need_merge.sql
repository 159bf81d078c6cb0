-- Alike needs become a common one; its posters keep their part, the leading one decides.
begin;
select no_plan();
\ir fixtures/people.sql
\ir fixtures/programme.sql
select fixture.city();
select fixture.pooled('a'), fixture.pooled('b', 'poster2'), fixture.pooled('c', 'poster3', 'county2', '{"disclosure": "masked"}');
create function pg_temp.merge(p_login text, p_needs text[], p_more jsonb default '{}') returns api.answer language sql as $$
  select api.need_merge(fixture.session(p_login), fixture.req(), (fixture.need_body('硅片抛光共性技术') - array['batch', 'contact', 'commitments', 'secret', 'disclosure'])
    || jsonb_build_object('needs', (select jsonb_agg(fixture.id(n)) from unnest(p_needs) n), 'note', '三家企业的需求相近') || p_more)
$$;
select throws_ok($$select pg_temp.merge('poster1', array['a', 'b'])$$, 'WF403', 'role_missing', 'posters do not merge');
select is(fixture.errors($$select pg_temp.merge('officer1', array['a', 'b'], jsonb_build_object('lead', fixture.id('c')))$$), 'lead not_known', 'the lead is one of the merged');
select is(fixture.errors($$select pg_temp.merge('officer1', array['a', 'nowhere'])$$), 'needs other_batch', 'what is not there is not merged');
select is(fixture.errors($$select pg_temp.merge('officer1', array['a', 'b'], '{"indicators": []}')$$), 'indicators too_few_numbers', 'the common need is complete');
select fixture.keep('common', ((pg_temp.merge('officer1', array['a', 'b', 'c'], jsonb_build_object('lead', fixture.id('b')))).body ->> 'id')::uuid);
select is((select state from workflow.item where id = fixture.id('common')), 'pooled', 'the common need is in the library');
select results_eq($$select state from workflow.item where id in (fixture.id('a'), fixture.id('b'), fixture.id('c'))$$, $$values ('merged'), ('merged'), ('merged')$$, 'its sources are merged');
select is((select (api.need_get(fixture.session('poster3'), fixture.req(), fixture.id('common'))).body::jsonb -> 'posters' -> 0 ->> 'name'), '示例企业乙', 'every poster sees it, the leading one first');
select is((select jsonb_array_length((api.need_get(fixture.session('poster1'), fixture.req(), fixture.id('common'))).body::jsonb -> 'merged_from')), 3, 'and where it came from');
select is((select content ->> 'disclosure' from core.need where id = fixture.id('common')), 'masked', 'the most reserved wish about names holds for all');
select throws_ok($$select api.need_get(fixture.session('poster4'), fixture.req(), fixture.id('common'))$$, 'WF404', 'not_found', 'others do not');
select throws_ok($$select pg_temp.merge('officer1', array['a', 'common'])$$, 'WF409', 'step_not_allowed', 'what is merged is not merged again');
select fixture.argued('panel', array['common']), fixture.word('common');
select throws_ok($$select fixture.event('poster1', 'common', 'agree')$$, 'WF403', 'lead_poster_needed', 'the leading poster agrees for all');
select lives_ok($$select fixture.event('poster3', 'common', 'contest', '{"reason": "指标与我方工况不符"}')$$, 'but any of them may contest');
select fixture.word('common'), fixture.event('poster2', 'common', 'agree');
select is((select state from workflow.item where id = fixture.id('common')), 'agreed', 'the leading poster agrees');
select fixture.at('2026-04-02 09:00+08');
select job.run_timers(10), fixture.event('officer1', 'batch', 'build');
select fixture.event('leader1', 'common', 'approve'), fixture.list('list', array['common']);
select api.list_freeze(fixture.session('officer1'), fixture.req(), fixture.id('list')), api.list_publish(fixture.session('leader1'), fixture.req(), fixture.id('list'));
select is((select jsonb_agg(p ->> 'name' order by p ->> 'name' collate "C") from core.list_item, jsonb_array_elements(content -> 'posters') p where need = fixture.id('common')),
  (select jsonb_agg(n order by n collate "C") from unnest(array['示例企业甲', '示例企业乙', '示例企业丙']) n), 'the challenge names all posters');
select is((select count(*)::int from workflow.party p join core.list_item x on x.id = p.item where p.role = 'poster' and x.need = fixture.id('common')), 2, 'and they have their part in it');
select * from finish();
rollback;

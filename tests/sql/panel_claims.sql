-- Claims before a panel: advice to the poster, who still chooses.
begin;
select no_plan();
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select fixture.city();
select fixture.challenge('item'), fixture.challenge('other');
select fixture.to_matching('item', 'team', 'team2');
select fixture.person('expert' || n, '专家' || n, fixture.unit('示例学院' || n, 'university'), '{expert}') from generate_series(1, 3) n;
-- experts of the claimant, of the poster, and of a unit above the other claimant
select fixture.person('expert4', '专家4', fixture.id('team单位'), '{expert}'), fixture.person('expert5', '专家5', fixture.id('poster单位'), '{expert}'),
       fixture.person('expert6', '专家6', fixture.unit('示例研究总院', 'institute'), '{expert}');
insert into party.unit_relation (unit, parent, kind, source) values (fixture.id('team2单位'), fixture.id('示例研究总院'), 'subordinate', '示例');
create function pg_temp.panel(p_subjects uuid[], p_kind text default 'claim') returns uuid language sql as $$
  select ((api.panel_create(fixture.session('officer'), fixture.req(), jsonb_build_object('batch', (select batch from workflow.item where id = fixture.is('item')),
    'kind', p_kind, 'name', '揭榜评审会', 'members', (select jsonb_agg(jsonb_build_object('person', fixture.id('expert' || n), 'chair', n = 1)) from generate_series(1, 6) n),
    'subjects', to_jsonb(p_subjects)))).body ->> 'id')::uuid
$$;
create function pg_temp.score(p_expert text, p_claim text, p_points int) returns api.answer language sql as $$
  select api.panel_score(fixture.session(p_expert), fixture.req(), fixture.is('panel'), fixture.is(p_claim),
    jsonb_build_object('scores', jsonb_build_object('qualification', p_points, 'plan', p_points, 'fit', p_points), 'comment', '方案可行，指标逐项响应。'))
$$;

select throws_ok($$select pg_temp.panel(array[fixture.is('item')])$$, 'WF422', 'invalid', 'a challenge is no claim');
select fixture.name('panel', pg_temp.panel(array[fixture.is('item team'), fixture.is('item team2')]));
select results_eq($$select p.name, c.unit from core.recusal r join party.person p on p.id = r.person join core.claim c on c.id = r.subject order by 1, c.unit = fixture.id('team2单位')$$,
  $$values ('专家4', fixture.id('team单位')), ('专家5', fixture.id('team单位')), ('专家5', fixture.id('team2单位')), ('专家6', fixture.id('team2单位'))$$,
  'experts of the claimant, of its parent and of the poster are recused');
select is((select jsonb_path_query_array(criteria, '$[*].weight') from core.panel where id = fixture.is('panel')), '[30, 40, 30]', 'claims are judged by the criteria for claims');
select api.panel_answer(fixture.session('expert' || n), fixture.req(), fixture.is('panel'), '{"accept": true}') from generate_series(1, 3) n;
select throws_ok($$select api.claim(fixture.session('expert1'), fixture.req(), fixture.is('item'), fixture.is('item team'), fixture.key('item'))$$, 'WF404', 'not_found', 'before the panel opens nobody of it reads a claim');
select fixture.event('officer', 'panel', 'open');
select is(fixture.state('item team'), 'eligible', 'a panel does not move a claim');
select lives_ok($$select api.claim(fixture.session('expert1'), fixture.req(), fixture.is('item'), fixture.is('item team'), fixture.key('item'))$$, 'members read the claims they judge');
select pg_temp.score('expert' || n, 'item team', 60 + n) from generate_series(1, 3) n;
select pg_temp.score('expert' || n, 'item team2', 40 + n) from generate_series(1, 3) n;
select api.panel_conclude(fixture.session('officer'), fixture.req(), fixture.is('panel'), jsonb_build_object('opinions', jsonb_build_array(
  jsonb_build_object('subject', fixture.is('item team'), 'conclusion', 'against', 'text', '方案尚不成熟，不建议采用。'), jsonb_build_object('subject', fixture.is('item team2'), 'conclusion', 'advise', 'text', '建议发榜方优先考虑。'))));
select is(fixture.state('item team'), 'eligible', 'nor does its advice');
select throws_ok($$select api.claim(fixture.session('expert1'), fixture.req(), fixture.is('item'), fixture.is('item team'), fixture.key('item'))$$, 'WF404', 'not_found', 'with the conclusion the look ends');
select lives_ok($$select fixture.choose('item', 'team', '-team2')$$, 'the poster may choose against the advice');
select * from finish();
rollback;

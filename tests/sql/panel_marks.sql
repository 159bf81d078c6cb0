-- The pass mark, dropped extremes, shown names, dissolving; claims before a panel.
begin;
select no_plan();
\ir fixtures/people.sql
\ir fixtures/programme.sql
select fixture.city('{"panel": {"min": 3, "quorum": 3, "drop_extremes": true, "pass_mark": 70, "show_names": true}}');
select fixture.pooled('a'), fixture.pooled('b', 'poster2'), fixture.pooled('c', 'poster3', 'county2');
select fixture.panel('p', array['a', 'b'], array['expert1', 'expert2', 'expert3', 'expert4', 'expert5']);
select fixture.seat('p', 'expert' || n) from generate_series(1, 5) n;
select fixture.event('officer1', 'p', 'open');
select fixture.score('p', 'expert' || n, 'a', s) from (values (1, 10), (2, 80), (3, 81), (4, 82), (5, 100)) t (n, s);
select fixture.score('p', 'expert' || n, 'b', s) from (values (1, 69), (2, 69), (3, 69), (4, 70)) t (n, s);
select auth.enter_system('test');  -- all sheets, not one expert's
select results_eq($$select average, counted from core.panel_result(fixture.id('p')) order by average$$, $$values (69.25, 4), (81.00, 3)$$,
  'of five sheets the highest and the lowest do not count; of four all do');
select throws_ok($$select fixture.conclude('p', array['a', 'b'])$$, 'WF409', 'below_pass_mark', 'what is below the mark is not shortlisted');
select is((select count(*)::int from core.opinion), 0, 'and a refused conclusion leaves nothing');
select api.panel_conclude(fixture.session('officer1'), fixture.req(), fixture.id('p'), jsonb_build_object('opinions', jsonb_build_array(
  jsonb_build_object('subject', fixture.id('a'), 'conclusion', 'shortlist', 'text', '建议列入拟入榜需求。'), jsonb_build_object('subject', fixture.id('b'), 'conclusion', 'keep', 'text', '建议留库继续凝练。'))));
select is((select state from workflow.item where id = fixture.id('b')), 'kept', 'it is kept in the library');
select is((select jsonb_array_length((api.need_get(fixture.session('poster1'), fixture.req(), fixture.id('a'))).body::jsonb -> 'opinion' -> 0 -> 'reviewers')), 5, 'where the rules say so, reviewers and marks are shown');

select fixture.panel('q', array['b', 'c']), fixture.seat('q', 'expert1'), fixture.seat('q', 'expert2'), fixture.seat('q', 'expert3'), fixture.event('officer1', 'q', 'open');
select is(fixture.errors($$select fixture.panel('r', array['c'])$$), 'subjects[0] wrong_state', 'a need is before one panel at a time');
select is(fixture.errors($$select fixture.event('officer1', 'q', 'dissolve')$$), 'reason required', 'dissolving has a reason');
select fixture.event('officer1', 'q', 'dissolve', '{"reason": "组长因故不能参加"}');
select is((select state from workflow.item where id = fixture.id('c')), 'pooled', 'a dissolved panel gives its needs back');
select throws_ok($$select api.need_get(fixture.session('expert1'), fixture.req(), fixture.id('c'))$$, 'WF404', 'not_found', 'and its members look no further');
select * from finish();
rollback;

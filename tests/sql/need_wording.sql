-- After the argument the wording is agreed with the poster; three versions are kept.
begin;
select no_plan();
\ir fixtures/people.sql
\ir fixtures/programme.sql
select fixture.city();
select fixture.pooled('n'), fixture.pooled('kept', 'poster2');
select fixture.argued('panel', array['n']);
select throws_ok($$select fixture.event('leader1', 'n', 'approve')$$, 'WF409', 'step_not_allowed', 'nothing is approved before its wording is agreed');
select throws_ok($$select api.need_word(fixture.session('poster1'), fixture.req(), fixture.id('n'), fixture.need_body() - 'batch')$$, 'WF403', 'not_your_step', 'the bureau proposes the wording');
select is(fixture.errors($$select fixture.word('n', '{"indicators": []}')$$), 'indicators too_few_numbers', 'the wording is complete, too');
select fixture.word('n', '{"title": "低缺陷抛光硅片批量制备技术"}');
select is((select (api.need_get(fixture.session('poster1'), fixture.req(), fixture.id('n'))).body::jsonb #>> '{wording,title}'), '低缺陷抛光硅片批量制备技术', 'the poster reads it beside the own text');
select is((select (api.need_get(fixture.session('poster1'), fixture.req(), fixture.id('n'))).body::jsonb #>> '{content,title}'), '低缺陷半导体级抛光硅片制备技术', 'which stays');
select is((select content -> 'contact' from core.need_version where need = fixture.id('n') and kind = 'argued'), (select content -> 'contact' from core.need where id = fixture.id('n')),
  'what only the poster can say is taken over');
select throws_ok($$select fixture.event('clerk1', 'n', 'agree')$$, 'WF403', 'signatory_needed', 'a clerk does not agree');
select is(fixture.errors($$select fixture.event('poster1', 'n', 'contest')$$), 'reason required', 'contesting has a reason');
select is((select (fixture.event('poster1', 'n', 'contest', '{"reason": "批量规模应说明"}')).body #>> '{state,code}'), 'shortlisted', 'then the bureau proposes anew');
select fixture.word('n');
select is((select max(n) from core.need_version where need = fixture.id('n') and kind = 'argued'), 2, 'every proposal is kept');
select throws_ok($$select fixture.event('officer1', 'n', 'agree')$$, 'WF403', 'not_your_step', 'the bureau does not agree in the poster''s place');
select fixture.event('poster1', 'n', 'agree');
select throws_ok($$select fixture.event('officer1', 'n', 'approve')$$, 'WF403', 'not_your_step', 'a leader approves');
select is((select (fixture.event('leader1', 'n', 'approve')).body #>> '{state,code}'), 'approved', 'the agreed wording');
select throws_ok($$select fixture.event('poster1', 'n', 'withdraw', '{"reason": "不再需要该技术"}')$$, 'WF409', 'step_not_allowed', 'what the bureau has approved is not withdrawn on one side');

select is((select (fixture.event('poster2', 'kept', 'self_solve', '{"reason": "企业已自行攻克"}')).body #>> '{state,code}'), 'self_solved', 'a need solved at home is a good end');
select fixture.pooled('long', 'poster3', 'county2');
select fixture.panel('second', array['long']), fixture.seat('second', 'expert1'), fixture.seat('second', 'expert2'), fixture.seat('second', 'expert3');
select fixture.event('officer1', 'second', 'open');
select fixture.score('second', e, 'long', 50) from unnest(array['expert1', 'expert2', 'expert3']) e;
select fixture.conclude('second', array['long'], 'keep');
select is((select (fixture.event('officer1', 'long', 'repool', '{"reason": "条件变化重新论证"}')).body #>> '{state,code}'), 'pooled', 'what was kept may be argued again');
select is((select (fixture.event('officer1', 'long', 'nurture', '{"reason": "转入长期攻关培育"}')).body #>> '{state,code}'), 'nurtured', 'or be nurtured');
-- a machine without the step of wording still needs an argued version
insert into workflow.transition (preset, machine, from_state, event, to_state, role, guards)
select 'jinzhou', 'need', 'nurtured', 'approve', 'approved', 'leader', guards from workflow.transition
 where preset = 'jinzhou' and machine = 'need' and from_state = 'agreed' and event = 'approve';
select throws_ok($$select fixture.event('leader1', 'long', 'approve')$$, 'WF409', 'no_argued_version', 'nothing is approved that was not argued');
select * from finish();
rollback;

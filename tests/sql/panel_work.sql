-- A panel: who may sit, conflicts, sheets, quorum, and what it concludes.
begin;
select no_plan();
\ir fixtures/people.sql
\ir fixtures/programme.sql
select fixture.city();
select fixture.pooled('a'), fixture.pooled('b', 'poster2'), fixture.draft('raw', 'poster3');
-- expert6 works for a subsidiary of poster 甲's parent; expert7 for poster 乙 itself
select fixture.unit('示例集团', 'enterprise');
insert into party.unit_relation (unit, parent, kind, source) values
  (fixture.id('示例企业甲'), fixture.id('示例集团'), 'holding', '示例'), (fixture.id('示例大学己'), fixture.id('示例集团'), 'subordinate', '示例');
select fixture.person('expert7', '专家庚', fixture.id('示例企业乙'), '{expert}');

select is(fixture.errors($$select fixture.panel('p', array['a', 'nowhere'])$$), 'subjects[1] not_known', 'a subject that is not there');
select is(fixture.errors($$select fixture.panel('p', array['raw'])$$), 'subjects[0] not_known', 'a need that is not in the library');
select is(fixture.errors($$select fixture.panel('p', array['a', 'a'])$$), 'subjects[0] repeated_item, subjects[1] repeated_item', 'a subject twice');
select is(fixture.errors($$select fixture.panel('p', array['a'], array['expert1', 'officer1'])$$), 'members[1].person not_an_expert', 'an officer is no expert');
select is(fixture.errors($$select fixture.panel('p', array['a'], array['expert1', 'expert1'])$$), 'members[1].person repeated_item', 'an expert twice');
select throws_ok($$select api.panel_create(fixture.session('leader1'), fixture.req(), '{}')$$, 'WF403', 'role_missing', 'panels are the officers'' work');
select fixture.panel('p', array['a', 'b'], array['expert1', 'expert2', 'expert6', 'expert7']);
select results_eq($$select person, subject, source from core.recusal order by 1$$,
  $$select * from (values (fixture.id('expert6'), fixture.id('a'), 'system'), (fixture.id('expert7'), fixture.id('b'), 'system')) t (a, b, c) order by 1$$,
  'the same and an affiliated unit are conflicts that the system finds');
select ok((select reason like '%示例企业乙%同一单位%' from core.recusal where person = fixture.id('expert7')), 'and says');

create function pg_temp.also(p_login text) returns text[] language sql as $$
  select array(select (l ->> 'code') || ' ' || (l ->> 'title') from api.desk(fixture.session(p_login), fixture.req()) d,
    jsonb_array_elements(d.body::jsonb -> 'also') l order by 1) $$;
select is(cardinality(pg_temp.also('expert1')), 1, 'an invitation to answer stands on the desk');
select is(pg_temp.also('expert5'), '{}', 'of who is invited');
select throws_ok($$select fixture.seat('p', 'expert5')$$, 'WF404', 'not_found', 'who is not invited does not see the panel');
select throws_ok($$select fixture.event('officer1', 'p', 'open')$$, 'WF409', 'panel_too_small', 'nobody has accepted yet');
select is(fixture.errors($$select api.panel_answer(fixture.session('expert1'), fixture.req(), fixture.id('p'), '{"accept": false}')$$), 'reason too_short', 'declining has a reason');
select fixture.seat('p', 'expert2'), fixture.seat('p', 'expert6'), fixture.seat('p', 'expert7');
select throws_ok($$select fixture.event('officer1', 'p', 'open')$$, 'WF409', 'panel_without_chair', 'a panel has a chair');
select fixture.seat('p', 'expert1'), fixture.seat('p', 'expert2', false);
select throws_ok($$select fixture.event('officer1', 'p', 'open')$$, 'WF409', 'no_quorum', 'without those in conflict the quorum has to be there, too');
select throws_ok($$select api.need_get(fixture.session('expert1'), fixture.req(), fixture.id('a'))$$, 'WF404', 'not_found', 'before the panel opens its members read nothing');
select api.panel_invite(fixture.session('officer1'), fixture.req(), fixture.id('p'), jsonb_build_object('members', jsonb_build_array(jsonb_build_object('person', fixture.id('expert3')), jsonb_build_object('person', fixture.id('expert4')))));
select is(fixture.errors($$select api.panel_invite(fixture.session('officer1'), fixture.req(), fixture.id('p'), jsonb_build_object('members', jsonb_build_array(jsonb_build_object('person', fixture.id('expert3')))))$$), 'members[0].person repeated_item', 'nobody is invited twice');
select fixture.seat('p', 'expert3');
select is((select (fixture.event('officer1', 'p', 'open')).body #>> '{state,code}'), 'open', 'with a quorum for each subject the work begins');
select is((select state from workflow.item where id = fixture.id('a')), 'arguing', 'and the needs are in argumentation');
select is((select (api.need_get(fixture.session('expert1'), fixture.req(), fixture.id('a'))).body::jsonb #> '{content,contact}'), null, 'members read what they judge, without the contact');
select is((select (api.need_list(fixture.session('expert1'), fixture.req())).body ->> 'total'), '2', 'and find it in their list');
select throws_ok($$select api.need_get(fixture.session('expert6'), fixture.req(), fixture.id('a'))$$, 'WF404', 'not_found', 'but not what they have a conflict with');
select is((select (api.panel_list(fixture.session('expert1'), fixture.req())).body ->> 'total'), '1', 'a panel asks its members');
select is((select (api.panel_list(fixture.session('expert5'), fixture.req())).body ->> 'total'), '0', 'and nobody else');

select is(array(select split_part(l, ' ', 1) from unnest(pg_temp.also('expert1')) l), '{score,score}', 'the sheets to fill in stand on the desk');
select is(cardinality(pg_temp.also('expert6')), 1, 'not those of a conflict');
select throws_ok($$select fixture.score('p', 'expert6', 'a', 90)$$, 'WF403', 'recused', 'who is recused does not score');
select throws_ok($$select fixture.score('p', 'expert4', 'a', 90)$$, 'WF403', 'not_accepted', 'nor who has not accepted');
select throws_ok($$select fixture.score('p', 'officer1', 'a', 90)$$, 'WF403', 'not_your_step', 'nor an officer');
select throws_ok($$select fixture.score('p', 'expert1', 'raw', 90)$$, 'WF404', 'not_found', 'nor anybody what is not before the panel');
select is(fixture.errors($$select fixture.score('p', 'expert1', 'a', 101)$$), 'scores.necessity too_large, scores.novelty too_large, scores.feasibility too_large, scores.benefit too_large', 'no more than 100');
select is(fixture.errors($$select api.panel_score(fixture.session('expert1'), fixture.req(), fixture.id('p'), fixture.id('a'), '{"scores": {"necessity": 80, "colour": 3}, "comment": "只评了部分指标，不完整。"}')$$), 'scores.novelty required, scores.feasibility required, scores.benefit required, scores.colour unknown_field', 'every criterion and nothing else');
select is(core.weighted('{"a": 90, "b": 60}', '[{"code": "a", "weight": 70}, {"code": "b", "weight": 30}]'), 81.00, 'a sheet''s total is weighted');
select fixture.score('p', e, 'a', s) from (values ('expert1', 80), ('expert3', 70), ('expert7', 75)) t (e, s);
select fixture.score('p', e, 'b', s) from (values ('expert1', 90), ('expert3', 86), ('expert6', 82)) t (e, s);
select is((select (fixture.score('p', 'expert1', 'a', 85)).status), 200, 'a sheet may be put again');
select is((select version from core.score where person = fixture.id('expert1') and subject = fixture.id('a')), 2, 'as a new version');
select is((select jsonb_path_query_array((api.panel_get(fixture.session('expert1'), fixture.req(), fixture.id('p'))).body::jsonb, '$.subjects[*].sheets[*].person')),
  jsonb_build_array(fixture.id('expert1'), fixture.id('expert1')), 'an expert sees the own sheets only');
select is((select jsonb_array_length(jsonb_path_query_array((api.panel_get(fixture.session('officer1'), fixture.req(), fixture.id('p'))).body::jsonb, '$.subjects[*].sheets[*]'))), 6, 'the bureau all');
select throws_ok($$select api.panel_get(fixture.session('poster1'), fixture.req(), fixture.id('p'))$$, 'WF404', 'not_found', 'the poster none');
select throws_ok($$select fixture.seat('p', 'expert1', false)$$, 'WF409', 'already_scored', 'who has scored stays in');

select is(fixture.errors($$select api.panel_recuse(fixture.session('expert3'), fixture.req(), fixture.id('p'), jsonb_build_object('subject', fixture.id('raw'), 'reason', '曾参与前期咨询'))$$), 'subject not_known', 'a conflict is with a subject of the panel');
select api.panel_recuse(fixture.session('expert3'), fixture.req(), fixture.id('p'), jsonb_build_object('subject', fixture.id('a'), 'reason', '曾参与该企业前期咨询'));
select throws_ok($$select api.need_get(fixture.session('expert3'), fixture.req(), fixture.id('a'))$$, 'WF404', 'not_found', 'a declared conflict closes the subject');
select throws_ok($$select fixture.conclude('p', array['a', 'b'])$$, 'WF409', 'scores_missing', 'and its sheet no longer makes the quorum');
select fixture.seat('p', 'expert4'), fixture.score('p', 'expert4', 'a', 59);
select is(fixture.errors($$select fixture.conclude('p', array['a'])$$), 'opinions too_few_items', 'each subject gets an opinion');
select is(fixture.errors($$select fixture.conclude('p', array['a', 'a'])$$), 'opinions[0].subject repeated_item, opinions[1].subject repeated_item', 'one');
select is(fixture.errors($$select fixture.conclude('p', array['a', 'raw'])$$), 'opinions[1].subject not_known', 'and nothing else does');
select is(fixture.errors($$select fixture.conclude('p', array['a', 'b'], 'advise')$$), 'opinions[0].conclusion bad_choice, opinions[1].conclusion bad_choice', 'of its kind');
select fixture.conclude('p', array['a', 'b']);
select results_eq($$select average, counted, rank from core.opinion order by rank$$, $$values (86.00, 3, 1), (73.00, 3, 2)$$, 'averages and ranks are of the sheets that count');
select is((select state from workflow.item where id = fixture.id('a')), 'shortlisted', 'the needs move with the opinion');
select is((select (api.need_get(fixture.session('poster1'), fixture.req(), fixture.id('a'))).body::jsonb -> 'opinion' -> 0 ->> 'conclusion'), 'shortlist', 'the poster reads it');
select is((select (api.need_get(fixture.session('poster1'), fixture.req(), fixture.id('a'))).body::jsonb -> 'opinion' -> 0 -> 'average'), null, 'but not the marks, by the rules of this programme');
select throws_ok($$select api.need_get(fixture.session('expert1'), fixture.req(), fixture.id('a'))$$, 'WF404', 'not_found', 'the experts'' look ends with the panel');
select throws_ok($$select fixture.score('p', 'expert1', 'a', 60)$$, 'WF409', 'step_not_allowed', 'and so do their sheets');
select * from finish();
rollback;

-- A procedure is data: the other presets played through by the same functions.
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();

-- liaoning: the sides sign first, the poster applies, experts review, notice, approval, task contract
select fixture.challenge('ln', 'liaoning');
select fixture.to_matching('ln', 'team', 'team2');
select fixture.choose('ln', 'team', 'team2');
select is(fixture.refusal($$select fixture.file('ln')$$), '409 step_not_allowed', 'ln: nothing is filed before the sides have signed');
select is(fixture.refusal($$select api.contract_create(fixture.session('poster'), fixture.req(), fixture.is('ln'), jsonb_build_object('claim', fixture.is('ln team'), 'kind', 'task') || fixture.contract_body())$$), '409 paper_not_due', 'ln: the task contract comes later');
select ok(fixture.contract('ln', 'team', 'agreement') is not null, 'ln: the agreement is drawn up');
select fixture.sign('poster', 'ln team agreement');
select is(fixture.refusal($$select fixture.sign('leader', 'ln team agreement')$$), '409 bureau_no_party', 'ln: the bureau is no party of it');
select fixture.sign('team', 'ln team agreement');
select is(fixture.state('ln'), 'agreed', 'ln: both have signed');
create function pg_temp.apply(p_login text, p_asked bigint) returns text language sql as $$
  select format('select api.item_apply(fixture.session(%L), fixture.req(), fixture.is(''ln''), %L)', p_login,
    jsonb_build_object('total', 1000000000, 'asked', p_asked, 'statement', '申请市级支持')) $$;
select is(fixture.refusal(pg_temp.apply('team', 100000000)), '403 not_your_step', 'ln: the poster applies');
select is(fixture.gaps(pg_temp.apply('poster', 200000001)), array['asked over_funding'], 'ln: for no more than a fifth');
select is(fixture.gaps(pg_temp.apply('poster', 1000000001)), array['asked too_large'], 'ln: and no more than the whole');
select lives_ok(pg_temp.apply('poster', 200000000), 'ln: it applies');
select is(fixture.state('ln'), 'applied', 'ln: the application is in');
select is(fixture.refusal($$select fixture.event('officer', 'ln', 'pass_review')$$), '409 review_missing', 'ln: no review, no pass');
select is(fixture.refusal($$select fixture.event('officer', 'ln', 'fail_review', '{"reason": "专家不建议支持"}')$$), '409 review_not_against', 'ln: and no failing either');
-- a concluded panel, as the panel's own functions leave it (tests/sql/panel_*)
create function pg_temp.panel(p_item text, p_claim text, p_conclusion text) returns void language plpgsql as $$
declare
  v_id uuid;
begin
  perform auth.enter_system('test');
  v_id := workflow.create_item('panel', 'liaoning', '评审', (select batch from workflow.item where id = fixture.is(p_item)), null);
  insert into core.panel (id, batch, kind, name, criteria, quorum) select v_id, batch, 'claim', '评审', '[]', 3 from workflow.item where id = v_id;
  insert into core.panel_subject (panel, subject, ordinal) values (v_id, fixture.is(p_claim), 1);
  insert into core.opinion (panel, subject, average, counted, rank, conclusion, text, by, at)
  values (v_id, fixture.is(p_claim), 85, 3, 1, p_conclusion, '专家意见', fixture.id('officer'), workflow.now());
  update workflow.item set state = 'closed' where id = v_id;
end;
$$;
savepoint review;
select pg_temp.panel('ln', 'ln team', 'against');
select is((fixture.event('officer', 'ln', 'fail_review', '{"reason": "专家不建议支持"}')).status, 200, 'ln: an adverse opinion fails the application');
select is(fixture.state('ln'), 'matching', 'ln: which leads to the next candidate');
select is(fixture.state('ln team'), 'refused', 'ln: the first is out');
rollback to review;
select pg_temp.panel('ln', 'ln team', 'advise');
select is((fixture.event('officer', 'ln', 'pass_review')).status, 200, 'ln: a favourable one passes it');
select ok(fixture.notice('ln') is not null, 'ln: the notice is published');
select is((select body #>> '{window,last_day}' from api.notice(fixture.is('ln notice'))), '2026-09-20', 'ln: whose first day is the day itself');
select fixture.until('2026-09-21 00:00+08');
select is(fixture.state('ln'), 'noticed', 'ln: it ends');
select is(fixture.state('ln team'), 'chosen', 'ln: nobody has won yet');
select is(fixture.refusal($$select fixture.contract('ln', 'team')$$), '409 paper_not_due', 'ln: nor is the task contract due');
select is((fixture.file('ln')).status, 201, 'ln: the bureau files');
select is((fixture.decide('ln')).status, 201, 'ln: the city approves');
select is(fixture.state('ln team'), 'won', 'ln: that is the award');
select fixture.contract('ln', 'team');
select is((select array_agg(core.grant_asked(k) order by k.kind) from core.contract k where k.item = fixture.is('ln')), '{200000000,200000000}',
          'ln: what the application asked for counts, not the budget of the claim');
select fixture.sign('poster', 'ln team task'), fixture.sign('team', 'ln team task'), fixture.sign('leader', 'ln team task');
select is(fixture.state('ln'), 'signed', 'ln: the task contract is signed');
select fixture.name('ln project', (select id from core.project where item = fixture.is('ln')));
select api.project_start(fixture.session('officer'), fixture.req(), fixture.is('ln project'), '{"start_on": "2026-10-09"}');
select is(fixture.state('ln'), 'started', 'ln: and the project runs');

-- saima: three run side by side
select fixture.at('2026-09-01 10:00+08');
select fixture.challenge('sm', 'saima', '{}', 'open', 3);
select fixture.to_noticing('sm', 'team', 'team2', 'team3');
select is(array[fixture.state('sm team'), fixture.state('sm team2'), fixture.state('sm team3')], '{chosen,chosen,chosen}', 'sm: all three are candidates at once');
select is((select jsonb_array_length(body::jsonb #> '{body,lines}') from api.notice(fixture.is('sm notice'))), 3, 'sm: all are noticed');
select fixture.at('2026-09-17 10:00+08');
select api.object(fixture.req(), fixture.is('sm notice'), '{"name": "李某某", "contact": {"phone": "13900000000", "address": "示例路 3 号"}, "text": "业绩与事实不符", "evidence": "复印件一份"}');
select fixture.name('sm o', (select id from core.objection where notice = fixture.is('sm notice')));
select fixture.event('officer', 'sm o', 'admit');
select is(fixture.refusal($$select workflow.advance(fixture.is('sm'), 'overturn', '{"claims": []}') from auth.enter_system('test')$$), null, 'sm: struck out all, it may go back to the choice');
select is((api.objection_answer(fixture.session('leader'), fixture.req(), fixture.is('sm o'), jsonb_build_object('result', 'upheld', 'finding', '经核查情况属实', 'answer', '取消其资格',
  'claims', jsonb_build_array(fixture.is('sm team2'))))).status, 200, 'sm: one is struck out');
select is(array[fixture.state('sm team'), fixture.state('sm team2'), fixture.state('sm team3')], '{chosen,overturned,chosen}', 'sm: and only that one falls');
select is(fixture.state('sm'), 'noticing', 'sm: the others'' notice goes on');
select is((select jsonb_array_length(body::jsonb #> '{body,lines}') from api.notice(fixture.is('sm notice'))), 2, 'sm: and shows those who remain');
select fixture.until('2026-09-30 00:00+08');
select is(fixture.state('sm'), 'noticed', 'sm: it ends');
select fixture.contract('sm', 'team'), fixture.contract('sm', 'team3');
select fixture.sign('poster', 'sm team task'), fixture.sign('team', 'sm team task'), fixture.sign('leader', 'sm team task');
select is(fixture.state('sm'), 'noticed', 'sm: one of two has signed');
select is((fixture.event('officer', 'sm', 'sign_fail', '{"reason": "另一家放弃签约"}')).status, 200, 'sm: the other gives up');
select is(array[fixture.state('sm team'), fixture.state('sm team3'), fixture.state('sm')], '{contracted,failed,signed}', 'sm: the challenge goes on with the one that signed');

-- saima: nobody signs
select fixture.at('2026-09-01 10:00+08');
select fixture.challenge('sm2', 'saima', '{"claims": {"sealed": true, "max_winners": 2, "leader_max_items": 5, "max_partners": 5}}', 'open', 2);
select fixture.to_noticing('sm2', 'team', 'team2', 'team3');
select is(fixture.state('sm2 team3'), 'reserve', 'sm2: who is ranked after the winners is kept');
select fixture.until('2026-09-22 00:00+08');
select is((fixture.event('officer', 'sm2', 'sign_fail', '{"reason": "两家均放弃签约"}')).status, 200, 'sm2: both give up');
select is(fixture.state('sm2'), 'matching', 'sm2: then the reserve is chosen from');
select is(guard.winners_remain(fixture.is('sm2'), '{}') ->> 'slug', 'no_winner_remains', 'sm2: with nobody in hand nobody remains');
select is(guard.no_winner_remains(fixture.is('sm'), jsonb_build_object('claims', jsonb_build_array(gen_random_uuid()))), null, 'sm: nobody is in hand after the signing either');

-- chengguo: the holder of an achievement posts, enterprises claim
select fixture.at('2026-09-01 10:00+08');
select fixture.challenge('cg', 'chengguo', '{"eligibility": {"claimant": {"kinds": ["enterprise", "university"], "divisions": ["2107"], "verified": true}, "poster": {"kinds": ["university"], "divisions": [], "verified": true}}}', 'open', 1, 'team单位');
update core.need set kind = 'achievement' where id = (select need from core.list_item where id = fixture.is('cg'));
select fixture.unit('示例大学丁', 'university');
select fixture.person('univ', '丁', fixture.id('示例大学丁'), '{member,signatory}');
select fixture.claim('cg', 'univ');
select is(fixture.refusal($$select fixture.submit('cg', 'univ')$$), '409 claimant_not_eligible', 'cg: a university does not claim, whatever the rules list');
select fixture.claim('cg', 'team3');
update party.unit set division = '210202' where id = fixture.id('team3单位');
select is(fixture.refusal($$select fixture.submit('cg', 'team3')$$), '409 claimant_not_eligible', 'cg: nor an enterprise of another city');
update party.unit set division = '210702' where id = fixture.id('team3单位');
select is((fixture.submit('cg', 'team3')).status, 201, 'cg: an enterprise of the city does');
select fixture.until('2026-09-15 17:00+08');
select api.item_opening(fixture.session('officer'), fixture.req(), fixture.is('cg'), fixture.key('cg'));
select api.item_opening(fixture.session('officer2'), fixture.req(), fixture.is('cg'), fixture.key('cg'));
select fixture.event('officer', 'cg team3', 'qualify', fixture.checks());
select is((api.item_choose(fixture.session('team'), fixture.req(), fixture.is('cg'), jsonb_build_object('reason', '综合比选意见', 'ranks',
  jsonb_build_array(jsonb_build_object('claim', fixture.is('cg team3'), 'rank', 1, 'reason', '产业化条件好'))))).status, 201, 'cg: the holder chooses among them');
select is(fixture.state('cg'), 'chosen', 'cg: and the parent''s way goes on');
select is(workflow.ruling_preset('chengguo', 'list_item'), 'jinzhou', 'cg: by the parent''s rows');
select * from finish();
rollback;

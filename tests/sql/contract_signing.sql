-- The task contract, its signatures, a failed signing, the project (DOMAIN 3.3, 3.5, 4.3).
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
select fixture.challenge('item');
select fixture.claim('item', 'team', jsonb_build_array(jsonb_build_object('unit', fixture.id('partner单位'), 'duty', '中试', 'share_pct', 30)));
select api.claim_sign_off(fixture.session('partner'), fixture.req(), fixture.is('item'), fixture.is('item team'),
  jsonb_build_object('decision', 'sign', 'digest', (select digest from core.claim where id = fixture.is('item team'))));
select fixture.submit('item', 'team');
select fixture.to_matching('item', 'team2');
select fixture.event('officer', 'item team', 'qualify', fixture.checks());
select fixture.choose('item', 'team', 'team2');
select fixture.file('item');
select fixture.decide('item');

create function pg_temp.make(p_login text, p_more jsonb default '{}', p_team text default 'team') returns text language sql as $$
  select format('select api.contract_create(fixture.session(%L), fixture.req(), fixture.is(''item''), %L)', p_login,
    jsonb_build_object('claim', fixture.is('item ' || p_team), 'kind', 'task') || fixture.contract_body() || p_more) $$;
select is(fixture.refusal(pg_temp.make('poster')), '409 paper_not_due', 'no contract before the notice is over');
select fixture.notice('item');
select fixture.until('2026-09-22 00:00+08');
select is(fixture.refusal(pg_temp.make('poster', '{"kind": "agreement"}')), '409 paper_not_due', 'nor one that this procedure does not know');
select is(fixture.refusal(pg_temp.make('team')), '403 not_a_party', 'poster or bureau draw it up');
select is(fixture.refusal(pg_temp.make('poster', '{}', 'team2')), '409 claim_not_in_hand', 'for a winner');
select lives_ok(pg_temp.make('poster', '{"ip": null, "total": 900000000, "until": "2026-09-01", "dispute": null}'), 'a draft may have gaps');
select fixture.name('k', (select id from core.contract where item = fixture.is('item')));
select is(fixture.refusal(pg_temp.make('officer')), '409 contract_exists', 'one for each winner');
select is(fixture.gaps($$select fixture.event('poster', 'k', 'offer')$$),
  array['dispute required', 'ip.choice required', 'milestones sum_differs', 'milestones[0].due outside_term', 'milestones[1].due outside_term', 'money sum_differs', 'until not_later'],
  'it is not offered with gaps, and each is named');
create function pg_temp.edit(p_more jsonb, p_login text default 'poster') returns text language sql as $$
  select format('select api.contract_edit(fixture.session(%L), fixture.req(), fixture.is(''k''), %L)', p_login, fixture.contract_body() || p_more) $$;
select is(fixture.refusal(pg_temp.edit('{}', 'team')), '403 not_your_step', 'the claimant does not rewrite it');
select lives_ok(pg_temp.edit('{"money": [{"source": "city", "tranche": "首期", "trigger": "contract", "amount": 300000000}, {"source": "poster", "tranche": "首期", "trigger": "contract", "amount": 700000000}]}'), 'a draft with much city money');
select is(fixture.gaps($$select fixture.event('poster', 'k', 'offer')$$), array['money over_funding'], 'is above what the rule gives');
-- the claim asked for 100 万元 of city money; the rule would give 200
create function pg_temp.grant(p_city bigint, p_more jsonb default '{}') returns text language sql as $$
  select pg_temp.edit(jsonb_build_object('money', jsonb_build_array(
    jsonb_build_object('source', 'city', 'tranche', '首期', 'trigger', 'contract', 'amount', p_city),
    jsonb_build_object('source', 'poster', 'tranche', '首期', 'trigger', 'contract', 'amount', 1000000000 - p_city))) || p_more) $$;
select lives_ok(pg_temp.grant(100000001), 'a draft with a fen more than the claim asked for');
select is(fixture.gaps($$select fixture.event('poster', 'k', 'offer')$$), array['grant_reason over_asked'], 'has to say why');
select is((select g ->> 'max' from core.contract k, jsonb_array_elements(core.contract_gaps(k)) g where k.id = fixture.is('k')), '100.00', 'and is told what was asked');
select lives_ok(pg_temp.grant(100000001, '{"grant_reason": "评审后增加检测费用"}'), 'a reason is written into it');
select is((select core.contract_gaps(k) from core.contract k where k.id = fixture.is('k')), '[]', 'that will do');
select lives_ok(pg_temp.grant(100000000), 'what was asked needs none');
select is((select core.contract_gaps(k) from core.contract k where k.id = fixture.is('k')), '[]', 'to the fen');
select lives_ok(pg_temp.grant(300000000, '{"grant_reason": "评审后增加检测费用"}'), 'but no reason');
select is(fixture.gaps($$select fixture.event('poster', 'k', 'offer')$$), array['money over_funding'], 'lifts the rule''s own bound');
select lives_ok(pg_temp.edit('{}'), 'all is put right');
select is((select jsonb_array_length(content -> 'indicators') from core.contract where id = fixture.is('k')), 3, 'the indicators of the challenge are in it');
select is((select content #>> '{indicators,0,promised}' from core.contract where id = fixture.is('k')), '25', 'with what was promised');
select is(fixture.refusal($$select fixture.sign('poster', 'k')$$), '409 step_not_allowed', 'a draft is not signed');
select is((fixture.event('poster', 'k', 'offer')).status, 200, 'it is offered');
select is((select array_agg(role order by role) from core.contract_party where contract = fixture.is('k')), array['claimant', 'partner', 'poster'], 'to every party');
select is(fixture.refusal(pg_temp.edit('{}')), '409 step_not_allowed', 'and not edited any more');

-- signing
select is(fixture.refusal($$select fixture.sign('poster_staff', 'k')$$), '403 signatory_needed', 'a signatory signs');
select is(fixture.refusal($$select fixture.sign('stranger', 'k')$$), '404 not_found', 'not a stranger');
select is(fixture.refusal($$select fixture.sign('officer', 'k')$$), '403 not_your_step', 'for the bureau a leader, not an officer');
select is(fixture.refusal($$select api.contract_sign(fixture.session('poster'), fixture.req(), fixture.is('k'), '{"digest": "x"}')$$), '409 digest_differs', 'exactly this text');
select is((fixture.sign('poster', 'k')).status, 201, 'the poster signs');
select is(fixture.refusal($$select fixture.sign('poster', 'k')$$), '409 already_signed', 'once');
select is((fixture.event('officer', 'k', 'revise', '{"reason": "期限需要调整"}')).status, 200, 'taken back before all have signed');
select is((select count(*)::int from core.contract_party where contract = fixture.is('k')), 0, 'every signature is void');
select lives_ok(pg_temp.edit('{"until": "2028-10-31"}'), 'it is changed');
select fixture.event('poster', 'k', 'offer');
select fixture.sign('poster', 'k');
select fixture.sign('team', 'k');
select fixture.sign('leader', 'k');
select is(fixture.refusal($$select workflow.cascade(fixture.is('k'), 'complete')$$), '409 signatures_missing', 'it is not complete without the partner');
select is(fixture.refusal($$select workflow.cascade(fixture.is('item'), 'sign')$$), '409 contracts_missing', 'nor is the challenge signed');
insert into party.credit (unit, name, level, decision, starts, ends, source) values (fixture.id('partner单位'), 'partner单位', 'serious', '示例失信〔2026〕4号', '2026-01-01', '2028-12-31', 'test');
select is(fixture.refusal($$select fixture.sign('partner', 'k')$$), '409 credit_problem', 'credit is looked at when signing');
delete from party.credit where decision = '示例失信〔2026〕4号';
select is((fixture.sign('partner', 'k')).status, 201, 'the partner signs');
select is(fixture.state('k'), 'signed', 'now it is complete');
select is(fixture.state('item'), 'signed', 'and the challenge signed');
select is((select array_agg(s ->> 'step') from core.list_item l, jsonb_array_elements(l.credit) s where l.id = fixture.is('item')), array['choice', 'notice', 'contract'], 'the credit gate was kept at each step');

-- the project
select fixture.name('project', (select id from core.project));
create function pg_temp.start(p_body jsonb, p_login text default 'officer') returns text language sql as $$
  select format('select api.project_start(fixture.session(%L), fixture.req(), fixture.is(''project''), %L)', p_login, p_body) $$;
select is(fixture.refusal(pg_temp.start('{"start_on": "2026-10-09"}', 'poster')), '403 not_your_step', 'the bureau starts it');
select is(fixture.gaps(pg_temp.start('{}')), array['start_on required'], 'on a day');
select is(fixture.gaps(pg_temp.start('{"start_on": "2029-01-01"}')), array['start_on outside_term'], 'of its term');
select is(fixture.refusal($$select workflow.cascade(fixture.is('item'), 'start')$$), '409 projects_waiting', 'the challenge does not start before its project');
select lives_ok(pg_temp.start('{"start_on": "2026-10-09", "meeting": "启动会"}'), 'it starts');
select is(fixture.state('item'), 'started', 'and the challenge with it');
select is((select body #>> '{claimant,name}' from api.project(fixture.is('project'))), 'team单位', 'the public reads who does it');
select is((select (body ->> 'total')::int from api.projects('{"state": "running"}')), 1, 'and finds it in the list');
select is((select (body ->> 'total')::int from api.projects(jsonb_build_object('item', fixture.is('item')))), 1, 'and by its challenge');
select is((select (body ->> 'total')::int from api.notices(jsonb_build_object('item', fixture.is('item')))), 1, 'as its notice');
select is((select body -> 'owner' is null from api.project(fixture.is('project'))), true, 'a project does not say by number whose it is');

-- signing fails: next candidate
select fixture.at('2026-09-01 10:00+08');
select fixture.challenge('second');
select fixture.to_noticing('second', 'team2', 'team3');
select fixture.until('2026-09-22 00:00+08');
select fixture.contract('second', 'team2');
select fixture.sign('poster', 'second team2 task');
select is(fixture.refusal($$select fixture.event('officer', 'second', 'sign_fail', '{"reason": "否"}')$$), '422 invalid', 'a failed signing has a reason');
select is((fixture.event('officer', 'second', 'sign_fail', '{"reason": "揭榜方放弃签约"}')).status, 200, 'the bureau states that signing failed');
select is(fixture.state('second'), 'matching', 'the poster chooses again');
select is(fixture.state('second team2'), 'failed', 'the winner is out');
select is(fixture.state('second team2 task'), 'void', 'its contract void');
select is(fixture.refusal($$select fixture.sign('team2', 'second team2 task')$$), '409 step_not_allowed', 'and signed by nobody any more');
select is((fixture.choose('second', 'team3')).status, 201, 'the reserve is next');
select * from finish();
rollback;

-- Choice, filing, approval, next candidate (DOMAIN 0.1, 3.3), and the ways out of a challenge.
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
select fixture.challenge('item');
select fixture.to_matching('item', 'team', 'team2', 'team3');
select is(fixture.state('item'), 'matching', 'three claims are open and eligible');

create function pg_temp.choose_as(p_login text, p_ranks jsonb) returns text language sql as $$
  select format('select api.item_choose(fixture.session(%L), fixture.req(), fixture.is(''item''), %L)', p_login,
                jsonb_build_object('reason', '综合比选后的意见', 'ranks', p_ranks)) $$;
create function pg_temp.rank(p_team text, p_rank int) returns jsonb language sql as $$
  select jsonb_build_object('claim', fixture.is('item ' || p_team), 'rank', p_rank, 'reason', '理由' || p_team) $$;
create function pg_temp.three() returns jsonb language sql as $$
  select jsonb_build_array(pg_temp.rank('team', 1), pg_temp.rank('team2', 2), pg_temp.rank('team3', null)) $$;

-- who chooses, and how
select is(fixture.refusal(pg_temp.choose_as('officer', pg_temp.three())), '403 not_your_step', 'the bureau does not choose');
select is(fixture.refusal(pg_temp.choose_as('team', pg_temp.three())), '403 not_your_step', 'nor does a claimant');
select is(fixture.refusal(pg_temp.choose_as('poster_staff', pg_temp.three())), '403 signatory_needed', 'the poster''s signatory does');
select workflow.add_party(fixture.is('item'), 'poster', fixture.id('poster2单位'));
select is(fixture.refusal(pg_temp.choose_as('poster2', pg_temp.three())), '403 lead_poster_needed', 'of several posters the leading one');
select fixture.session('poster');
update auth.session set reauth_at = now() - interval '11 minutes' where hash = fixture.session('poster');
select is(fixture.refusal(pg_temp.choose_as('poster', pg_temp.three())), '403 reauth_needed', 'after proving again who it is');
update auth.session set reauth_at = now() where hash = fixture.session('poster');
select is(fixture.gaps(pg_temp.choose_as('poster', jsonb_build_array(pg_temp.rank('team', 1), pg_temp.rank('team2', 2)))), array['ranks claim_missing'], 'no eligible claim is passed over in silence');
select is(fixture.gaps(pg_temp.choose_as('poster', jsonb_build_array(pg_temp.rank('team', 1), pg_temp.rank('team2', 1), pg_temp.rank('team3', 4)))),
          array['ranks[1].rank repeated_item', 'ranks[2].rank rank_gap'], 'ranks run from 1 without gaps');
select is(fixture.gaps(pg_temp.choose_as('poster', jsonb_build_array(pg_temp.rank('team', null), pg_temp.rank('team2', null), pg_temp.rank('team3', null)))), array['ranks nobody_ranked'], 'somebody is ranked');
select is(fixture.gaps(pg_temp.choose_as('poster', pg_temp.three() || pg_temp.rank('team', 3))), array['ranks[3].claim repeated_item'], 'nobody twice');
select is(fixture.gaps(pg_temp.choose_as('poster', pg_temp.three() || jsonb_build_object('claim', gen_random_uuid(), 'rank', 3, 'reason', 'x'))), array['ranks[3].claim claim_not_eligible'], 'and no stranger');
insert into party.unit_relation (unit, parent, kind, source) values (fixture.id('team单位'), fixture.id('poster2单位'), 'holding', 'test');
select is(fixture.refusal(pg_temp.choose_as('poster', pg_temp.three())), '409 affiliated', 'a relative of any poster cannot be ranked');
delete from party.unit_relation where unit = fixture.id('team单位');
insert into party.credit (unit, name, level, decision, starts, ends, source) values (fixture.id('team单位'), 'team单位', 'serious', '示例失信〔2026〕2号', '2026-01-01', '2028-12-31', 'test');
select is(fixture.refusal(pg_temp.choose_as('poster', pg_temp.three())), '409 credit_problem', 'nor whoever has lost credit since');
delete from party.credit where decision = '示例失信〔2026〕2号';
update workflow.item set state = 'submitted' where id = fixture.is('item team3');
select is(fixture.refusal(pg_temp.choose_as('poster', pg_temp.three())), '409 claims_unchecked', 'nothing is chosen while a claim is unchecked');
update workflow.item set state = 'eligible' where id = fixture.is('item team3');
select is(fixture.refusal(replace(pg_temp.choose_as('poster', pg_temp.three()), 'fixture.req()', 'fixture.req(1)')), '409 version_conflict', 'nor on a page that is out of date');
select lives_ok(pg_temp.choose_as('poster', pg_temp.three()), 'a complete ranking is taken');
select is(fixture.state('item team3'), 'turned_down', 'who is not ranked is turned down');
select is((select reason from workflow.history where item = fixture.is('item team3') and event = 'turn_down'), '理由team3', 'with the reason');
select is((select funding #>> array[fixture.is('item team')::text, 'eligible'] from core.list_item where id = fixture.is('item')), 'true', 'what the city may pay is worked out');
select is((select credit #>> '{0,step}' from core.list_item where id = fixture.is('item')), 'choice', 'and the credit gate is kept');
select is(fixture.refusal(pg_temp.choose_as('poster', pg_temp.three())), '409 step_not_allowed', 'one choice at a time');

-- filing and decision
select is(fixture.refusal($$select api.item_file(fixture.session('poster'), fixture.req(), fixture.is('item'), '{"file_no": "x1"}')$$), '403 not_your_step', 'the bureau files, not the poster');
select is((fixture.file('item')).status, 201, 'the bureau files');
create function pg_temp.decide_as(p_login text, p_body jsonb) returns text language sql as $$
  select format('select api.item_decide(fixture.session(%L), fixture.req(), fixture.is(''item''), %L)', p_login, p_body) $$;
select is(fixture.refusal(pg_temp.decide_as('leader', '{"decision": "approved", "doc_no": "示例〔2026〕1号", "doc_date": "2026-09-15"}')), '403 not_your_step', 'the bureau does not approve');
select is(fixture.gaps(pg_temp.decide_as('city1', '{"decision": "approved"}')), array['doc_date required', 'doc_no required'], 'a decision has its document');
select is(fixture.gaps(pg_temp.decide_as('city1', '{"decision": "approved", "doc_no": "示例〔2026〕1号", "doc_date": "2026-09-16"}')), array['doc_date in_future'], 'that has been issued');
select is(fixture.gaps(pg_temp.decide_as('city1', '{"decision": "refused", "doc_no": "示例〔2026〕1号", "doc_date": "2026-09-15"}')), array['reason required'], 'a refusal has its reason');
update party.membership set roles = '{officer,city}' where person = fixture.id('officer');
select is(fixture.refusal(pg_temp.decide_as('officer', '{"decision": "approved", "doc_no": "示例〔2026〕1号", "doc_date": "2026-09-15"}')), '409 approver_filed_it', 'whoever filed does not approve, whatever the roles');
update party.membership set roles = '{officer}' where person = fixture.id('officer');
select is((fixture.decide('item', 'refused')).status, 201, 'the city refuses');
select is(fixture.state('item'), 'matching', 'which leads back to the poster');
select is(fixture.state('item team'), 'refused', 'the candidate is out');
select is(fixture.state('item team2'), 'reserve', 'the reserve still stands');
select is((select array_agg(r.outcome order by r.rank nulls last) from core.choice_rank r join core.choice c on c.id = r.choice where c.item = fixture.is('item')), array['refused', 'waiting', 'turned_down'], 'and the ranking is kept');
select is(fixture.refusal($$select api.item_reissue(fixture.session('leader'), fixture.req(), fixture.is('item'), '{"claim_until": "2026-10-30T17:00:00+08:00", "reason": "重新征集揭榜方"}')$$), '409 has_claims', 'nothing is published anew while somebody is in reserve');
select is((fixture.choose('item', 'team2')).status, 201, 'the poster takes the next candidate');
select is(core.round(fixture.is('item')), 2, 'in a second round');
select throws_like(format('update core.choice_rank set outcome = ''current'' where claim = %L', fixture.is('item team')), '%choice_rank_award%', 'two awards of one place cannot even be written');
select is((fixture.file('item')).status, 201, 'which is filed');
select is((fixture.decide('item')).status, 201, 'and approved');
select is((select count(*)::int from core.approval where item = fixture.is('item')), 2, 'both decisions are on record');
select is(fixture.refusal($$select fixture.decide('item')$$), '409 step_not_allowed', 'a decision is taken once');

-- nobody left
select fixture.at('2026-09-01 10:00+08');
select fixture.challenge('alone');
select fixture.to_matching('alone', 'team');
select fixture.choose('alone', 'team');
select fixture.file('alone');
select fixture.decide('alone', 'refused');
select is(fixture.refusal($$select fixture.choose('alone', 'team')$$), '409 no_eligible_claim', 'with nobody left there is nothing to choose');
select is(fixture.gaps($$select api.item_reissue(fixture.session('leader'), fixture.req(), fixture.is('alone'), '{"claim_until": "2026-10-30T17:00:00+08:00", "reason": "重新征集揭榜方", "content": {"contact": {}, "goal": 1, "indicators": [{"name": "表面颗粒", "op": "<=", "must": true}]}}')$$),
  array['content.contact unknown_field', 'content.goal not_a_text', 'content.indicators too_few_numbers', 'content.indicators[0].test_method no_test_method', 'content.indicators[0].unit no_unit', 'content.indicators[0].value no_number'],
  'what is changed is looked at member by member');
select is((api.item_reissue(fixture.session('leader'), fixture.req(), fixture.is('alone'), '{"claim_until": "2026-10-30T17:00:00+08:00", "reason": "重新征集揭榜方", "budget": 2000000000, "content": {"goal": "降低后的指标", "problem": null}}')).status, 200, 'then it may be published again');
select is(fixture.state('alone'), 'open', 'and is open again');
select is((select array_agg(c ->> 'path' order by 1) from core.item_version v, jsonb_array_elements(v.change) c where v.item = fixture.is('alone') and v.revision = 2),
          array['budget_wan', 'claim_until', 'goal', 'problem'], 'the public sees what changed');
select is((api.item_public(fixture.is('alone'))).body #>> '{content,goal}', '降低后的指标', 'and the new text');
select is((select due from workflow.timer where item = fixture.is('alone') and event = 'claims_close' and done_at is null), '2026-10-30 17:00+08'::timestamptz, 'a new deadline is set');
select fixture.claim('alone', 'team2');
select is((fixture.submit('alone', 'team2')).status, 201, 'a new claim comes');
select fixture.until('2026-10-30 17:00+08');
select is((api.item_opening(fixture.session('officer'), fixture.req(), fixture.is('alone'), fixture.key('alone'))).status, 202, 'and the opening is done anew');
select * from finish();
rollback;

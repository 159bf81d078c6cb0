-- Ways that must lead on: old objections and new rounds, several winners, the last challenge of a batch,
-- a panel given up before it began, a common need whose first poster leaves.
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
create function pg_temp.object(p_name text, p_notice text) returns uuid language plpgsql as $$
begin
  perform api.object(fixture.req(), fixture.is(p_notice), '{"name": "张某某", "is_unit": false, "contact": {"phone": "13900000000", "address": "示例路 2 号"},
    "text": "揭榜单位的业绩与事实不符", "evidence": "合同复印件"}');
  return fixture.name(p_name, (select o.id from core.objection o where o.notice = fixture.is(p_notice) order by o.receipt_no desc limit 1));
end;
$$;
create function pg_temp.answer(p_name text, p_login text, p_result text, p_more jsonb default '{}') returns text language sql as $$
  select format('select api.objection_answer(fixture.session(%L), fixture.req(), fixture.is(%L), %L)', p_login, p_name,
    jsonb_build_object('finding', '经核查情况属实', 'answer', '答复如下：依据充分', 'result', p_result) || p_more) $$;

-- two objections to one notice, both right
select fixture.challenge('item');
select fixture.to_noticing('item', 'team', 'team2');
select fixture.at('2026-09-17 10:00+08');
select pg_temp.object('o1', 'item notice'), pg_temp.object('o2', 'item notice'), pg_temp.object('o3', 'item notice');
select fixture.event('officer', 'o1', 'admit');
select fixture.event('officer', 'o2', 'admit');
select lives_ok(pg_temp.answer('o1', 'leader', 'upheld'), 'the first objection takes the award away');
select is(fixture.state('item'), 'matching', 'the poster chooses again');
select fixture.choose('item', 'team2');
select fixture.file('item');
select fixture.decide('item');
create temp table first_notice as select fixture.is('item notice') as id;
select fixture.notice('item');
select fixture.at('2026-09-19 10:00+08');
select is(fixture.state('item'), 'noticing', 'the next candidate is noticed');
select lives_ok(pg_temp.answer('o2', 'leader', 'upheld'), 'the second objection to the old notice is upheld too');
select is(fixture.state('item'), 'noticing', 'which does nothing to the new candidate');
select is(fixture.state('item team2'), 'chosen', 'who had no part in it');
select lives_ok($$select fixture.event('officer', 'o3', 'admit')$$, 'a third one is looked into');
select is(fixture.state('item'), 'noticing', 'without stopping the new notice');
select fixture.until('2026-09-30 10:00+08');
select is(fixture.state('item'), 'noticing', 'which does not end over an open objection');
select lives_ok(pg_temp.answer('o3', 'leader', 'upheld'), 'it is answered');
select fixture.until('2026-09-30 10:01+08');
select is(fixture.state('item'), 'noticed', 'and the new notice ends');

-- a letter that was recorded in time holds up the last signature
select fixture.contract('item', 'team2');
select fixture.sign('team2', 'item team2 task'), fixture.sign('poster', 'item team2 task');
update core.notice set rule = rule || '{"objection_timestamp": "postmark"}' where id = fixture.is('item notice');
select fixture.name('o4', (body ->> 'id')::uuid) from api.objection_record(fixture.session('officer'), fixture.req(), fixture.is('item notice'), '{"name": "李某某",
  "is_unit": false, "contact": {"phone": "13900000001", "address": "示例路 3 号"}, "text": "团队业绩与事实不符", "evidence": "合同复印件",
  "channel": "letter", "received_on": "2026-09-30", "postmark": "2026-09-20"}');
select is(fixture.refusal($$select fixture.sign('leader', 'item team2 task')$$), '409 objection_open', 'nothing is concluded over an open objection');
select fixture.event('officer', 'o4', 'dismiss', '{"reason": "证据与本项目无关"}');
select lives_ok($$select fixture.sign('leader', 'item team2 task')$$, 'once it is settled the last signature counts');
select is(fixture.state('item'), 'signed', 'and the challenge is signed');

-- several winners without the parallel race
create function pg_temp.two_winners(p_item text, p_preset text) returns void language plpgsql as $$
begin
  perform fixture.at('2026-09-01 10:00+08');
  perform fixture.challenge(p_item, p_preset, '{"claims": {"leader_max_items": 5}}', 'open', 2);
  perform fixture.to_noticing(p_item, 'team', 'team2', 'team3');
end;
$$;
select pg_temp.two_winners('two', 'jinzhou');
select fixture.at('2026-09-17 10:00+08');
select pg_temp.object('t1', 'two notice');
select fixture.event('officer', 't1', 'admit');
select lives_ok(pg_temp.answer('t1', 'leader', 'upheld', jsonb_build_object('claims', jsonb_build_array(fixture.is('two team')))), 'one of two falls');
select is(fixture.state('two'), 'noticing', 'the other stays on notice');
select pg_temp.two_winners('half', 'jinzhou');
select fixture.until('2026-09-22 00:00+08');
select fixture.contract('half', 'team'), fixture.contract('half', 'team2');
select fixture.sign('poster', 'half team task'), fixture.sign('team', 'half team task'), fixture.sign('leader', 'half team task');
select lives_ok($$select fixture.event('officer', 'half', 'sign_fail', '{"reason": "另一方拒绝签约"}')$$, 'one does not sign');
select is(fixture.state('half'), 'signed', 'the other''s contract stands');

-- the last open challenge of a batch is withdrawn, not closed by its deadline
select fixture.at('2026-09-01 10:00+08');
select fixture.challenge('last');
select fixture.name('last batch', (select batch from workflow.item where id = fixture.is('last')));
select fixture.event('leader', 'last', 'withdraw', '{"reason": "企业停产，不再需要"}');
select is(fixture.state('last batch'), 'claims_closed', 'then its batch goes on too');

-- after the deadline nobody puts it off, however late the worker is
select fixture.challenge('late');
select fixture.at('2026-09-15 17:00+08');
select is(fixture.refusal($$select api.item_extend(fixture.session('officer'), fixture.req(), fixture.is('late'), '{"claim_until": "2026-09-20T17:00:00+08:00", "reason": "应企业要求延期"}')$$),
  '409 not_open', 'a deadline that has passed is not put off');
select fixture.until('2026-09-15 17:00+08');
select is(fixture.state('late'), 'unclaimed', 'it closes');
select lives_ok($$select api.item_extend(fixture.session('officer'), fixture.req(), fixture.is('late'), '{"claim_until": "2026-09-20T17:00:00+08:00", "reason": "流榜后延期发榜"}')$$, 'and may be opened again when nobody came');

-- somebody comes to grief after the choice
create function pg_temp.suspend(p_unit text, p_state text default 'suspended') returns void language sql as
$$ update party.unit set state = p_state where id = fixture.id(p_unit) $$;
select fixture.at('2026-09-01 10:00+08');
select fixture.challenge('grief', 'jinzhou', '{"claims": {"leader_max_items": 5}}');
select fixture.to_matching('grief', 'team', 'team2');
select pg_temp.suspend('team单位');
select is(fixture.refusal($$select fixture.choose('grief', 'team', 'team2')$$), '403 unit_not_verified', 'a suspended claimant is not chosen');
select pg_temp.suspend('team单位', 'verified');
select fixture.choose('grief', 'team', 'team2');
select fixture.file('grief');
select fixture.decide('grief');
select is(fixture.refusal($$select fixture.event('officer', 'grief', 'sign_fail', '{"reason": "改选其他单位"}')$$), '409 nobody_barred', 'an approved candidate is not dropped at will');
select pg_temp.suspend('team单位');
select is(fixture.refusal($$select fixture.notice('grief')$$), '403 unit_not_verified', 'a suspended one is not noticed');
select lives_ok($$select fixture.event('officer', 'grief', 'sign_fail', '{"reason": "揭榜方被暂停"}')$$, 'and may be dropped');
select is(fixture.state('grief'), 'matching', 'the poster chooses again');
select fixture.choose('grief', 'team2');
select fixture.file('grief');
select fixture.decide('grief');
select pg_temp.suspend('poster单位');
select is(fixture.refusal($$select fixture.notice('grief')$$), '403 unit_not_verified', 'nothing is noticed for a suspended poster');
select lives_ok($$select fixture.event('leader', 'grief', 'withdraw', '{"reason": "发榜方被暂停"}')$$, 'a leader withdraws the challenge');
select is(fixture.state('grief team2'), 'lapsed', 'the candidate hears that it is over');
select is((select array_agg(distinct outcome) from core.choice_rank where item = fixture.is('grief')), array['failed'], 'and nobody stands on a rank');
select pg_temp.suspend('poster单位', 'verified'), pg_temp.suspend('team单位', 'verified');
select * from finish();
rollback;

-- Notices and objections (DOMAIN 0.4, 0.5, 3.6, 7, 8). The notice is published on Tuesday 2026-09-15, its
-- five working days are 16, 17, 18, 20 (make-up Sunday) and 21.
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
select fixture.challenge('item');
select fixture.to_matching('item', 'team', 'team2');
select fixture.choose('item', 'team', 'team2');
select fixture.file('item');
select fixture.decide('item');

-- the notice
create function pg_temp.notice_as(p_login text) returns text language sql as $$
  select format('select api.item_notice(fixture.session(%L), fixture.req(), fixture.is(''item''), ''{"title": "公示", "doc_no": "示例〔2026〕1号", "basis": "办法", "how": {}}'')', p_login) $$;
select is(fixture.refusal(pg_temp.notice_as('poster')), '403 not_your_step', 'the bureau publishes the notice');
insert into party.credit (unit, name, level, decision, starts, ends, source) values (fixture.id('team单位'), 'team单位', 'serious', '示例失信〔2026〕3号', '2026-01-01', '2028-12-31', 'test');
select is(fixture.refusal(pg_temp.notice_as('officer')), '409 credit_problem', 'credit is looked at again');
delete from party.credit where decision = '示例失信〔2026〕3号';
delete from ref.calendar_day where day between '2026-01-01' and '2026-12-31';
create temp table kept as select * from ref.calendar_year;
delete from ref.calendar_year where year = 2026;
select is(fixture.refusal(pg_temp.notice_as('officer')), '422 calendar_missing', 'without the year''s calendar no window is guessed');
insert into ref.calendar_year select * from kept where year = 2026;
insert into ref.calendar_day (day, off, name) values ('2026-09-20', false, '国庆节'), ('2026-09-25', true, '中秋节'), ('2026-10-01', true, '国庆节'),
  ('2026-10-02', true, '国庆节'), ('2026-10-05', true, '国庆节'), ('2026-10-06', true, '国庆节'), ('2026-10-07', true, '国庆节'), ('2026-10-10', false, '国庆节');
select fixture.notice('item');
create function pg_temp.n() returns jsonb language sql as $$ select body::jsonb from api.notice(fixture.is('item notice')) $$;
select is(pg_temp.n() #>> '{window,first_day}', '2026-09-16', 'the window opens on the next day');
select is(pg_temp.n() #>> '{window,last_day}', '2026-09-21', 'and takes the make-up Sunday for what it is');
select is(pg_temp.n() #>> '{body,lines,0,claimant}', 'team单位', 'it names the claimant');
select is(pg_temp.n() #>> '{body,lines,0,poster}', 'poster单位', 'and the poster');
select is((select array_agg(s ->> 'event') from jsonb_array_elements(pg_temp.n() #> '{body,steps}') s), array['claims_close', 'unseal', 'choose', 'file', 'approve'], 'and the steps passed');
select is(pg_temp.n() ->> 'issuer', '示例市科学技术局', 'and who issues it');
select is((select (body ->> 'total')::int from api.notices('{"state": "running"}')), 1, 'the public list holds it');
select is((select due from workflow.item where id = fixture.is('item')), '2026-09-22 00:00+08'::timestamptz, 'the challenge is due at its end');

-- objecting
create function pg_temp.body(p_more jsonb default '{}') returns jsonb language sql as $$
  select '{"name": "张某某", "is_unit": false, "contact": {"phone": "13900000000", "address": "示例路 2 号"}, "text": "揭榜单位的业绩与事实不符", "evidence": "合同复印件"}'::jsonb || p_more $$;
create function pg_temp.object(p_more jsonb default '{}') returns text language sql as $$
  select format('select api.object(fixture.req(), fixture.is(''item notice''), %L)', pg_temp.body(p_more)) $$;
select is(fixture.refusal(pg_temp.object()), '409 notice_not_begun', 'before the window nothing is taken');
select fixture.at('2026-09-17 10:00+08');
select is(fixture.refusal(pg_temp.object('{"name": null}')), '422 objection_anonymous', 'an anonymous objection is not taken');
select is(fixture.refusal(pg_temp.object('{"name": "匿名用户"}')), '422 objection_anonymous', 'nor one under no real name');
select is(fixture.refusal(pg_temp.object('{"contact": {"phone": "13900000000"}}')), '422 objection_anonymous', 'nor without an address');
select is(fixture.refusal(pg_temp.object('{"evidence": null}')), '422 objection_without_evidence', 'nor without evidence');
select is(fixture.refusal($$select api.object(fixture.req(), gen_random_uuid(), pg_temp.body())$$), '404 not_found', 'nor to no notice');
select is((api.object(fixture.req(), fixture.is('item notice'), pg_temp.body())).body ->> 'receipt_no', 'YY20260917-0001', 'a real one gets a receipt');
select fixture.name('o1', (select id from core.objection));
select is(fixture.refusal($$select api.objection(fixture.session('poster'), fixture.req(), fixture.is('o1'))$$), '404 not_found', 'who objects is known to the bureau alone');
select is(fixture.refusal($$select api.objection(fixture.session('team'), fixture.req(), fixture.is('o1'))$$), '404 not_found', 'not to the claimant');
select is(pg_temp.n()::text ~ '张某某', false, 'and not to the public');
select is((select json_array_length(body -> 'items') from api.objections(fixture.session('officer'), fixture.req())), 1, 'the bureau finds it in its list');
select is(fixture.refusal($$select api.objections(fixture.session('poster'), fixture.req())$$), '403 role_missing', 'nobody else has one');
select is(fixture.state('item'), 'noticing', 'as long as it is not admitted the notice runs');

-- not admitted: the window goes on; it cannot end while one is open
select fixture.until('2026-09-22 00:00+08');
select is(fixture.state('item'), 'noticing', 'a notice does not end over an open objection');
select is(fixture.refusal($$select fixture.event('officer', 'o1', 'dismiss', '{"reason": "无"}')$$), '422 invalid', 'an objection is not dismissed without a reason');
select is((fixture.event('officer', 'o1', 'dismiss', '{"reason": "未提供可核实的证据"}')).status, 200, 'with one it may be');
select fixture.until('2026-09-22 00:00+08');
select is(fixture.state('item'), 'noticed', 'then the window that has passed ends');
select is(fixture.refusal(pg_temp.object()), '409 notice_over', 'after it nothing is taken');

-- a letter in time by its postmark
create function pg_temp.letter(p_more jsonb) returns text language sql as $$
  select format('select api.objection_record(fixture.session(''officer''), fixture.req(), fixture.is(''item notice''), %L)',
    pg_temp.body('{"channel": "letter", "received_on": "2026-09-22"}'::jsonb || p_more)) $$;
select is(fixture.refusal(pg_temp.letter('{"postmark": "2026-09-21"}')), '409 notice_over', 'by the day of receipt a late letter is late');
update core.notice set rule = rule || '{"objection_timestamp": "postmark"}' where id = fixture.is('item notice');
select is(fixture.refusal(pg_temp.letter('{"postmark": "2026-09-22"}')), '409 notice_over', 'by the postmark too when that is late');
select is(fixture.refusal(pg_temp.letter('{"channel": "phone"}')), '422 written_only', 'a call is not in writing');
select is(fixture.gaps(pg_temp.letter('{"received_on": "2026-09-23"}')), array['received_on in_future'], 'what has not come is not recorded');
select is(fixture.gaps(pg_temp.letter('{"postmark": "2026-09-23"}')), array['postmark in_future'], 'nor a postmark after the receipt');
select lives_ok(pg_temp.letter('{"postmark": "2026-09-21"}'), 'a letter of the last day is in time, though it came late');
select fixture.name('o2', (select id from core.objection where channel = 'letter'));
select is((fixture.event('officer', 'o2', 'admit')).status, 200, 'it is admitted');
select is(fixture.state('item'), 'disputed', 'and stops the challenge, whose window was over');
select is(fixture.refusal($$select api.contract_create(fixture.session('poster'), fixture.req(), fixture.is('item'), jsonb_build_object('claim', fixture.is('item team'), 'kind', 'task') || fixture.contract_body())$$), '409 paper_not_due', 'nothing is signed meanwhile');
create function pg_temp.answer(p_name text, p_login text, p_more jsonb) returns text language sql as $$
  select format('select api.objection_answer(fixture.session(%L), fixture.req(), fixture.is(%L), %L)', p_login, p_name,
    '{"finding": "经核查情况属实", "answer": "答复如下：依据充分"}'::jsonb || p_more) $$;
select is(fixture.gaps(pg_temp.answer('o2', 'officer', '{"result": "rejected", "finding": null, "answer": null}')), array['answer required', 'finding required'], 'an answer has a finding and words');
select is(fixture.refusal(pg_temp.answer('o2', 'officer', '{"result": "upheld"}')), '403 not_your_step', 'an officer does not uphold');
select is(fixture.gaps(pg_temp.answer('o2', 'leader', '{"result": "partly"}')), array['correction required'], 'upheld in part means a correction');
select is(fixture.gaps(pg_temp.answer('o2', 'leader', jsonb_build_object('result', 'upheld', 'claims', jsonb_build_array(gen_random_uuid())))), array['claims not_known'], 'who is struck out stands on the notice');
select lives_ok(pg_temp.answer('o2', 'leader', '{"result": "partly", "correction": "团队成员一人更正"}'), 'a leader corrects');
select is(pg_temp.n() #>> '{body,corrections,0,text}', '团队成员一人更正', 'which is published with the notice');
select fixture.until('2026-09-22 00:00+08');
select is(fixture.state('item'), 'noticed', 'and the challenge is where it was');
select is(fixture.state('item team'), 'won', 'with its winner');

-- a pause runs on; an upheld objection takes the award away
select fixture.at('2026-09-01 10:00+08');
select fixture.challenge('second');
select fixture.to_noticing('second', 'team', 'team2');
create function pg_temp.object2() returns uuid language plpgsql as $$
begin
  perform api.object(fixture.req(), fixture.is('second notice'), pg_temp.body());
  return (select o.id from core.objection o where o.notice = fixture.is('second notice') order by o.receipt_no desc limit 1);
end;
$$;
select fixture.at('2026-09-17 10:00+08');
select fixture.name('p1', pg_temp.object2());
select fixture.name('p2', pg_temp.object2());
select fixture.event('officer', 'p1', 'admit');
select is(fixture.state('second'), 'disputed', 'an admitted objection pauses the challenge');
select is(fixture.state('second notice'), 'paused', 'and its notice');
select fixture.event('officer', 'p2', 'admit');
select is(fixture.state('second'), 'disputed', 'a second one changes nothing');
select is((fixture.until('2026-09-22 00:00+08')), 0, 'no timer fires while it is paused');
select fixture.at('2026-09-23 10:00+08');
select lives_ok(pg_temp.answer('p1', 'officer', '{"result": "rejected"}'), 'the first is not upheld');
select is(fixture.state('second'), 'disputed', 'the other one is still open');
select is(fixture.refusal($$select workflow.cascade(fixture.is('second'), 'resume')$$), '409 objection_open', 'so nothing resumes');
select lives_ok(pg_temp.answer('p2', 'officer', '{"result": "rejected"}'), 'nor the second');
select is(fixture.state('second'), 'noticing', 'with none open it resumes');
select is((select until_at from core.notice where id = fixture.is('second notice')), '2026-09-30 00:00+08'::timestamptz, 'the four days that were left run on: 23, 24, 28, 29');
select is(fixture.refusal($$select workflow.cascade(fixture.is('second notice'), 'end')$$), '409 notice_running', 'and not one less');
select fixture.name('p3', pg_temp.object2());
select fixture.event('officer', 'p3', 'admit');
update auth.session set reauth_at = now() - interval '1 hour' where hash = fixture.session('leader');
select is(fixture.refusal(pg_temp.answer('p3', 'leader', '{"result": "upheld"}')), '403 reauth_needed', 'upholding is weighty');
update auth.session set reauth_at = now() where hash = fixture.session('leader');
select lives_ok(pg_temp.answer('p3', 'leader', '{"result": "upheld"}'), 'a leader upholds');
select is(fixture.state('second'), 'matching', 'the poster chooses again');
select is(fixture.state('second team'), 'overturned', 'the award is gone');
select is(fixture.state('second notice'), 'revoked', 'and its notice');
select is((select outcome from core.choice_rank where claim = fixture.is('second team')), 'overturned', 'the ranking says why');
select is(fixture.refusal($$select api.object(fixture.req(), fixture.is('second notice'), pg_temp.body())$$), '404 not_found', 'a revoked notice takes no objection');
select is((fixture.choose('second', 'team2')).status, 201, 'the next candidate is chosen');
select fixture.file('second');
select fixture.decide('second');
select ok(fixture.notice('second') is not null, 'and noticed');

-- a notice of a whole batch
select is((api.batch_notice(fixture.session('officer'), fixture.req(), (select batch from workflow.item where id = fixture.is('second')),
  '{"kind": "argument", "title": "论证结果公示", "doc_no": "示例〔2026〕9号", "basis": "办法", "how": {"address": "x", "phone": "y", "clauses": "z"}, "lines": [{"project": "甲", "note": "80 分"}]}')).status, 201, 'the outcome of an argumentation is noticed too');
select fixture.name('batch notice', (select id from core.notice where kind = 'argument'));
select is(fixture.until('2026-10-12 00:00+08') > 0, true, 'its window ends');
select is(fixture.state('batch notice'), 'ended', 'by itself');
select * from finish();
rollback;

-- The seal (S23): between submission and opening nobody but the claimant's side reads a claim, also not
-- with the database in hand; two people open.
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
select fixture.challenge('item');
select fixture.claim('item', 'team', jsonb_build_array(jsonb_build_object('unit', fixture.id('partner单位'), 'duty', '中试')));
select api.claim_sign_off(fixture.session('partner'), fixture.req(), fixture.is('item'), fixture.is('item team'),
  jsonb_build_object('decision', 'sign', 'digest', (select digest from core.claim where id = fixture.is('item team'))));
select is((fixture.submit('item', 'team')).body ->> 'content', null, 'the answer to a submission carries no content');
select is((select content from core.claim where id = fixture.is('item team')), null, 'no plain content is left in the row');
select ok((select position(convert_to('小试', 'UTF8') in sealed) = 0 and length(sealed) > 200 from core.claim where id = fixture.is('item team')), 'what is there does not show its words');
select ok((select leader <> 'team负责人' and leader ~ '^[0-9a-f]{64}$' from core.claim where id = fixture.is('item team')), 'nor the leader''s name');
select is((select count(*)::int from workflow.idempotency where body::text like '%小试%' and body::text like '%receipt%'), 0, 'no remembered answer holds it either');
select is((select count(*)::int from workflow.history where item = fixture.is('item team') and data::text like '%小试%'), 0, 'nor the history');
select is((select count(*)::int from workflow.history where data::text like '%' || fixture.key('item') || '%'), 0, 'and the key is nowhere');

create function pg_temp.seen_by(p_login text) returns jsonb language sql as $$
  select body::jsonb from api.claim(fixture.session(p_login), fixture.req(), fixture.is('item'), fixture.is('item team'), fixture.key('item')) $$;
select is(pg_temp.seen_by('team') #>> '{content,leader,name}', 'team负责人', 'the claimant reads its own');
select is(pg_temp.seen_by('partner') #>> '{content,leader,name}', 'team负责人', 'so does its partner');
select is(pg_temp.seen_by('officer') ->> 'content', null, 'the bureau sees that there is one, not what it says');
select is(pg_temp.seen_by('officer') ->> 'unit', null, 'nor whose it is');
select is(fixture.refusal($$select pg_temp.seen_by('poster')$$), '404 not_found', 'the poster sees nothing');
select is(fixture.refusal($$select pg_temp.seen_by('team2')$$), '404 not_found', 'a competitor sees nothing');
select is(fixture.refusal($$select fixture.event('officer', 'item team', 'qualify', fixture.checks())$$), '409 claim_sealed', 'nothing is judged before it is opened');
create function pg_temp.open_as(p_login text, p_key text default fixture.key('item')) returns api.answer language sql as $$
  select api.item_opening(fixture.session(p_login), fixture.req(), fixture.is('item'), p_key) $$;
select is(fixture.refusal($$select pg_temp.open_as('officer')$$), '409 step_not_allowed', 'nothing is opened before the deadline');

select fixture.until('2026-09-15 17:00+08');
select is(fixture.refusal($$select pg_temp.open_as('poster')$$), '403 role_missing', 'the poster does not open');
select is((pg_temp.open_as('officer')).status, 202, 'one officer asks');
select is(fixture.refusal($$select pg_temp.open_as('officer')$$), '409 same_opener', 'the same one does not open');
select is(fixture.refusal($$select workflow.cascade(fixture.is('item'), 'unseal')$$), '403 not_your_step', 'nor does the system');
select is(fixture.refusal($$select pg_temp.open_as('officer2', 'another key')$$), '409 seal_broken', 'a wrong key opens nothing');
savepoint tamper;
update core.claim set sealed = public.pgp_sym_encrypt('{"plan": "改过"}', fixture.key('item')) where id = fixture.is('item team');
select is(fixture.refusal($$select pg_temp.open_as('officer2')$$), '409 seal_broken', 'a text that is not what the receipt says is found');
rollback to tamper;
select is((pg_temp.open_as('officer2')).status, 200, 'another officer opens');
select is((select digest from core.claim where id = fixture.is('item team')), (select core.claim_digest(id, content) from core.claim where id = fixture.is('item team')), 'what was opened is what was receipted');
select is(pg_temp.seen_by('poster') #>> '{content,leader,name}', 'team负责人', 'now the poster reads it');
select is(pg_temp.seen_by('officer') #>> '{unit,name}', 'team单位', 'and the bureau');
select is(fixture.refusal($$select pg_temp.seen_by('team2')$$), '404 not_found', 'a competitor still does not');
select is((fixture.event('officer', 'item team', 'disqualify', '{"reason": "负责人不在职"}')).status, 200, 'the bureau may find it ineligible, with a reason');

-- without a seal
select fixture.at('2026-09-01 10:00+08');
select fixture.challenge('plain', 'jinzhou', '{"claims": {"sealed": false}}');
select fixture.claim('plain', 'team2');
select is((fixture.submit('plain', 'team2')).status, 201, 'where the programme does not seal');
select isnt((select content from core.claim where id = fixture.is('plain team2')), null, 'the content stays as it is');
select fixture.until('2026-09-15 17:00+08');
select is(fixture.state('plain'), 'matching', 'and the deadline leads straight to the matching');
select is(fixture.refusal($$select api.item_opening(fixture.session('officer'), fixture.req(), fixture.is('plain'), 'k')$$), '409 step_not_allowed', 'where there is nothing to open');
select * from finish();
rollback;

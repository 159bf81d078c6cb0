-- What a claim must be before it counts, and who may do what with it (DOMAIN 3.4, 4.2, 10).
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
select fixture.challenge('item');
select fixture.challenge('other');
update core.batch set programme = fixture.id('programme item') where programme = fixture.id('programme other');

-- drafting
create function pg_temp.create_as(p_login text, p_body jsonb default fixture.claim_body()) returns text language sql as $$
  select format('select api.claim_create(fixture.session(%L), fixture.req(), fixture.is(''item''), %L)', p_login, p_body) $$;
select is(fixture.refusal(pg_temp.create_as('poster')), '409 own_item', 'a poster does not claim its own challenge');
update party.unit set state = 'pending' where id = fixture.id('team3单位');
select is(fixture.refusal(pg_temp.create_as('team3')), '403 unit_not_verified', 'an unverified unit does not claim');
update party.unit set state = 'verified' where id = fixture.id('team3单位');
select is(fixture.gaps(pg_temp.create_as('team', fixture.claim_body('甲', jsonb_build_array(jsonb_build_object('unit', fixture.id('nobody'), 'duty', 'x'))))),
          array['partners[0].unit not_known'], 'a partner that is not registered is named');
select is(fixture.gaps(pg_temp.create_as('team', fixture.claim_body('甲', jsonb_build_array(jsonb_build_object('unit', fixture.id('team单位'), 'duty', 'x'))))),
          array['partners[0].unit own_unit'], 'the lead is no partner of its own');
select is(fixture.gaps(pg_temp.create_as('team', fixture.claim_body('甲', jsonb_build_array(
            jsonb_build_object('unit', fixture.id('partner单位'), 'duty', 'x'), jsonb_build_object('unit', fixture.id('partner单位'), 'duty', 'y'))))),
          array['partners repeated_item'], 'nor is one partner named twice');
select fixture.claim('item', 'team', jsonb_build_array(jsonb_build_object('unit', fixture.id('partner单位'), 'duty', '中试', 'share_pct', 30)));
select is(fixture.refusal(pg_temp.create_as('team_staff')), '409 claim_exists', 'one live claim a unit and challenge, whoever of the unit asks');
select is((select body -> 'content' from api.claim(fixture.session('team_staff'), fixture.req(), fixture.is('item'), fixture.is('item team'), null)) is not null, true, 'a colleague reads the draft');

-- who sees a draft
create function pg_temp.read_as(p_login text) returns text language sql as $$
  select format('select api.claim(fixture.session(%L), fixture.req(), fixture.is(''item''), fixture.is(''item team''), null)', p_login) $$;
select is(fixture.refusal(pg_temp.read_as('partner')), null, 'a partner reads the draft');
select is(fixture.refusal(pg_temp.read_as('team2')), '404 not_found', 'a competitor does not');
select is(fixture.refusal(pg_temp.read_as('poster')), '404 not_found', 'nor the poster');
select is(fixture.refusal(pg_temp.read_as('officer')), '404 not_found', 'nor the bureau');
select is(fixture.refusal($$select api.claim(fixture.session('team'), fixture.req(), fixture.is('other'), fixture.is('item team'), null)$$), '404 not_found', 'a claim is found under its own challenge only');

-- consortium
select is(fixture.refusal($$select fixture.submit('item', 'team')$$), '409 consortium_unsigned', 'no submission before every partner has signed off');
create function pg_temp.sign_off(p_login text, p_digest text, p_decision text default 'sign', p_reason text default null) returns api.answer language sql as $$
  select api.claim_sign_off(fixture.session(p_login), fixture.req(), fixture.is('item'), fixture.is('item team'),
           jsonb_build_object('decision', p_decision, 'digest', p_digest, 'reason', p_reason)) $$;
create function pg_temp.digest() returns text language sql as $$ select digest from core.claim where id = fixture.is('item team') $$;
select is(fixture.refusal($$select pg_temp.sign_off('partner_staff', pg_temp.digest())$$), '403 signatory_needed', 'signing off takes a signatory');
select is(fixture.refusal($$select pg_temp.sign_off('partner', repeat('0', 64))$$), '409 digest_differs', 'a partner signs exactly the text it has read');
select is(fixture.refusal($$select pg_temp.sign_off('team2', pg_temp.digest())$$), '404 not_found', 'a stranger has nothing to sign off');
select is((pg_temp.sign_off('partner', pg_temp.digest())).status, 200, 'the partner signs off');
select is(fixture.refusal($$select pg_temp.sign_off('partner', pg_temp.digest())$$), '409 already_signed', 'a partner signs the same text once');
create function pg_temp.edit(p_body jsonb, p_login text default 'team') returns api.answer language sql as $$
  select api.claim_edit(fixture.session(p_login), fixture.req((select version from workflow.item where id = fixture.is('item team'))),
           fixture.is('item'), fixture.is('item team'), p_body) $$;
create function pg_temp.body() returns jsonb language sql as $$
  select fixture.claim_body('team负责人', jsonb_build_array(jsonb_build_object('unit', fixture.id('partner单位'), 'duty', '中试', 'share_pct', 30))) $$;
select is((pg_temp.edit(pg_temp.body())).status, 200, 'the claimant saves the same text');
select is((select state from core.claim_partner where claim = fixture.is('item team')), 'signed', 'which leaves the sign-off standing');
select is((pg_temp.edit(pg_temp.body() || '{"risk": "另一条技术路线也已准备，风险可控，另有备选。"}')).status, 200, 'the claimant changes the text');
select is((select state from core.claim_partner where claim = fixture.is('item team')), 'invited', 'which voids the sign-off');
select is(fixture.refusal($$select pg_temp.edit(pg_temp.body(), 'partner')$$), '403 not_your_step', 'a partner does not edit');
select is(fixture.refusal($$select api.claim_edit(fixture.session('team'), fixture.req(1), fixture.is('item'), fixture.is('item team'), pg_temp.body())$$),
          '409 version_conflict', 'an edit of what has changed since is refused');
select is((pg_temp.sign_off('partner', null, 'decline', '本单位人手不足')).status, 200, 'a partner may decline');
select is(fixture.refusal($$select fixture.submit('item', 'team')$$), '409 consortium_unsigned', 'a declined partnership blocks the submission until it is taken out');
select is((pg_temp.edit(fixture.claim_body('team负责人'))).status, 200, 'the claimant takes the partner out');
select is(fixture.refusal(pg_temp.read_as('partner')), '404 not_found', 'who then sees nothing any more');

-- completeness: every gap at once
create function pg_temp.gaps_of(p_change jsonb) returns text[] language plpgsql as $$
begin
  perform pg_temp.edit(fixture.claim_body('team负责人') || p_change);
  return fixture.gaps($q$select fixture.submit('item', 'team')$q$);
end;
$$;
select is(pg_temp.gaps_of('{"plan": null, "risk": "短", "milestones": [], "budget": null, "ip": {"choice": null}, "commitments": {"integrity": true}, "responses": []}'),
  array['budget too_few_items', 'commitments.clean_credit must_commit', 'commitments.no_ip_dispute must_commit', 'ip.choice required',
        'milestones too_few_items', 'plan required', 'responses[0] indicator_missing', 'responses[1] indicator_missing', 'risk too_short'],
  'an incomplete claim is refused with every gap by name');
select is(pg_temp.gaps_of('{"ip": {"choice": "custom"}}'), array['ip.text required'], 'a choice of one''s own needs words');
select is(pg_temp.gaps_of('{"leader": {"name": "team负责人", "in_post": false}}'), array['leader.in_post must_commit'], 'the leader is in post');
select is(pg_temp.gaps_of('{"responses": [{"indicator": "表面颗粒", "commit": null, "unit": "个/片"}, {"indicator": "平整度", "commit": "yes", "value": "1"}]}'),
  array['responses[0] indicator_missing'], 'a line that waits for its commitment is kept in a draft and is no answer');
select is(pg_temp.gaps_of('{"responses": [{"indicator": "表面颗粒", "commit": "no"}, {"indicator": "平整度", "commit": "yes"}]}'),
  array['responses[0].commit indicator_refused', 'responses[1].value value_missing'], 'what must be met is promised, with a value');
select is(pg_temp.gaps_of(jsonb_build_object('responses', fixture.claim_body() -> 'responses' || '[{"indicator": "颜色", "commit": "yes"}]')),
  array['responses[2].indicator unknown_indicator'], 'an answer to what was not asked is named');
select pg_temp.edit(fixture.claim_body('team负责人', jsonb_build_array(jsonb_build_object('unit', fixture.id('partner单位'), 'duty', 'x', 'share_pct', 60),
  jsonb_build_object('unit', fixture.id('team2单位'), 'duty', 'x', 'share_pct', 50))));
select pg_temp.sign_off('partner', pg_temp.digest());
select pg_temp.sign_off('team2', pg_temp.digest());
update core.programme set rules = jsonb_set(rules, '{claims,max_partners}', '1') where id = fixture.id('programme item');
select is(fixture.gaps($$select fixture.submit('item', 'team')$$), array['partners shares_over_100', 'partners too_many_items'], 'partners within the programme''s number, shares within the whole');
select is((pg_temp.edit(fixture.claim_body('team负责人'))).status, 200, 'all is put right');

-- who may submit what
select is(fixture.refusal($$select api.claim_submit(fixture.session('team_staff'), fixture.req(), fixture.is('item'), fixture.is('item team'), 'k')$$), '403 signatory_needed', 'submitting takes a signatory');
update core.programme set rules = jsonb_set(rules, '{eligibility,claimant,kinds}', '["enterprise"]') where id = fixture.id('programme item');
select is(fixture.refusal($$select fixture.submit('item', 'team')$$), '409 claimant_not_eligible', 'a unit of another kind is not eligible');
update core.programme set rules = jsonb_set(rules, '{eligibility,claimant,kinds}', '["enterprise", "university", "institute"]') where id = fixture.id('programme item');
insert into party.unit_relation (unit, parent, kind, source) values (fixture.id('team单位'), fixture.id('poster单位'), 'subordinate', 'test');
select is(fixture.refusal($$select fixture.submit('item', 'team')$$), '409 affiliated', 'a relative of the poster does not claim');
delete from party.unit_relation where unit = fixture.id('team单位');
insert into party.credit (unit, name, level, decision, starts, ends, source) values (fixture.id('team单位'), 'team单位', 'serious', '示例失信〔2026〕1号', '2026-01-01', '2028-12-31', 'test');
select is(fixture.refusal($$select fixture.submit('item', 'team')$$), '409 credit_problem', 'bad credit shuts the gate');
update party.credit set ends = '2026-08-31' where decision = '示例失信〔2026〕1号';
update party.person set name = 'team负责人' where id = fixture.id('team_staff');
insert into party.credit (person, name, level, decision, starts, ends, source) values (fixture.id('team_staff'), 'team负责人', 'serious', '示例失信〔2026〕9号', '2026-01-01', '2028-12-31', 'test');
select is(fixture.refusal($$select fixture.submit('item', 'team')$$), '409 credit_problem', 'nor does a leader with bad credit pass');
update party.credit set revoked_at = now() where decision = '示例失信〔2026〕9号';
select is((fixture.submit('item', 'team')).status, 201, 'once its time is over the gate is open');
select is((select credit ->> 'step' from core.claim where id = fixture.is('item team')), 'claim', 'and what was found is kept');

-- receipt, quota, afterwards
select matches((api.claim(fixture.session('team'), fixture.req(), fixture.is('item'), fixture.is('item team'), fixture.key('item'))).body #>> '{receipt,number}', '^JB20260901-[0-9]{6,}$', 'the receipt has a number');
select is((api.claim(fixture.session('team'), fixture.req(), fixture.is('item'), fixture.is('item team'), fixture.key('item'))).body #>> '{receipt,digest}', pg_temp.digest(), 'and the digest');
select is(fixture.refusal($$select pg_temp.edit(fixture.claim_body())$$), '409 step_not_allowed', 'what was submitted is not edited');
select fixture.claim('other', 'team', '[]', 'team负责人');
select is(fixture.refusal($$select fixture.submit('other', 'team')$$), '409 leader_quota', 'one leader does not lead more than the programme allows, sealed or not');
select is((api.claim_edit(fixture.session('team'), fixture.req(), fixture.is('other'), fixture.is('other team'), fixture.claim_body('另一负责人'))).status, 200, 'another leader');
select is((fixture.submit('other', 'team')).status, 201, 'may');
select is((fixture.event('team', 'item team', 'withdraw', '{"reason": "人员变动，撤回申请"}')).status, 200, 'a claim may be withdrawn before the choice');
select is((select live from core.claim where id = fixture.is('item team')), false, 'then it is out of the race');
select is((select count(*)::int from core.claim where item = fixture.is('item') and live), 0, 'and the unit may claim again');

-- the deadline is half-open, by the database's clock
select fixture.claim('item', 'team3');
select fixture.at('2026-09-15 16:59:59.999+08');
select is(fixture.refusal($$select fixture.submit('item', 'team3')$$), null, 'in the last millisecond it is in time');
select fixture.at('2026-09-15 17:00+08');
select is(fixture.refusal($$select fixture.submit('item', 'team3')$$), '409 not_open', 'at the deadline it is late, also before the timer has fired');
select is(fixture.refusal(pg_temp.create_as('team2')), '409 not_open', 'and nothing new is begun');
select is((fixture.until('2026-09-15 17:00+08')) > 0, true, 'the timer fires');
select is(fixture.state('item'), 'unclaimed', 'a challenge with drafts only has no claim');
select * from finish();
rollback;

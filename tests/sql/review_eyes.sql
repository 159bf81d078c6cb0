-- Four eyes where one person has two hats, and what a token, a leaver or a suspended unit may still do (S22).
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
-- the session of a login acting for one of its units
create function pg_temp.as_of(p_login text, p_unit text) returns void language plpgsql as $$
begin
  perform fixture.session(p_login);
  update auth.session set membership = fixture.id('membership ' || p_login || ' ' || fixture.id(p_unit))
   where hash = fixture.session(p_login);
end;
$$;

-- an officer who also signs for a claimant
select fixture.person('officer2', '经办乙', fixture.id('team单位'), '{member,signatory}');
select pg_temp.as_of('officer2', '示例市科学技术局');
select fixture.challenge('item');
select fixture.challenge('other');
select fixture.claim('item', 'team');
select fixture.submit('item', 'team');
select fixture.claim('item', 'team2');
select fixture.submit('item', 'team2');
select fixture.claim('other', 'team3');
select fixture.submit('other', 'team3');
select fixture.person('officer3', '经办丙', fixture.id('示例市科学技术局'), '{officer}');
select fixture.until('2026-09-15 17:00+08');
select api.item_opening(fixture.session('officer'), fixture.req(), fixture.is('item'), fixture.key('item')),
       api.item_opening(fixture.session('officer'), fixture.req(), fixture.is('other'), fixture.key('other'));
select is(fixture.refusal($$select api.item_opening(fixture.session('officer2'), fixture.req(), fixture.is('item'), fixture.key('item'))$$),
  '403 other_person_needed', 'whoever belongs to a claimant does not open the claims');
select lives_ok($$select api.item_opening(fixture.session('officer2'), fixture.req(), fixture.is('other'), fixture.key('other'))$$, 'of another challenge he may');
select api.item_opening(fixture.session('officer3'), fixture.req(), fixture.is('item'), fixture.key('item'));
select is(fixture.refusal($$select fixture.event('officer2', 'item team', 'qualify', fixture.checks())$$), '403 other_person_needed', 'nor checks the own claim');
select is(fixture.refusal($$select fixture.event('officer2', 'item team2', 'disqualify', '{"reason": "材料不齐全"}')$$), '403 other_person_needed', 'nor a rival''s');
select lives_ok($$select fixture.event('officer2', 'other team3', 'qualify', fixture.checks())$$, 'elsewhere he does');
select fixture.event('officer', 'item team', 'qualify', fixture.checks()), fixture.event('officer', 'item team2', 'qualify', fixture.checks());
select fixture.choose('item', 'team', 'team2');
select is(fixture.refusal($$select api.item_file(fixture.session('officer2'), fixture.req(), fixture.is('item'), '{"file_no": "示例科请〔2026〕1号"}')$$),
  '403 other_person_needed', 'nor files it');
select fixture.file('item');
-- the city's man sits in the poster's enterprise
select fixture.person('city1', '政府甲', fixture.id('poster单位'), '{member}');
select pg_temp.as_of('city1', '示例市人民政府');
select is(fixture.refusal($$select fixture.decide('item')$$), '403 other_person_needed', 'nor does the city approve its own man''s enterprise');
update party.membership set state = 'ended', until = now() where person = fixture.id('city1') and unit = fixture.id('poster单位');
select lives_ok($$select fixture.decide('item')$$, 'one who has left it may');
select fixture.notice('item');
select fixture.until('2026-09-23 00:00+08');

-- one person, two signatures
select fixture.contract('item', 'team');
select fixture.sign('team', 'item team task');
select fixture.person('team', 'team签署人', fixture.id('poster单位'), '{member,signatory}');
select pg_temp.as_of('team', 'poster单位');
select is(fixture.refusal($$select fixture.sign('team', 'item team task')$$), '403 other_person_needed', 'who has signed for one side does not sign for the other');
select lives_ok($$select fixture.sign('poster', 'item team task')$$, 'its own signatory does');

-- letting oneself in
select api.member_invite(fixture.session('officer3'), fixture.req(), fixture.id('旁观单位'), '{"login": "officer3", "roles": ["signatory"]}');
select is(fixture.refusal($$select api.membership_answer(fixture.session('officer3'), fixture.req(),
  (select id from party.membership where person = fixture.id('officer3') and state = 'asked'), '{"accept": true}')$$),
  '409 not_yourself', 'an officer does not make himself signatory of an enterprise');
select fixture.unit('新办企业', 'enterprise', 'pending');
select fixture.person('officer3', '经办丙', fixture.id('新办企业'), '{member,signatory}');
select pg_temp.as_of('officer3', '示例市科学技术局');
select is(fixture.refusal($$select api.unit_decide(fixture.session('officer3'), fixture.req(), fixture.id('新办企业'), '{"decision": "verify"}')$$),
  '409 not_yourself', 'nor verifies the own enterprise');
select lives_ok($$select api.unit_decide(fixture.session('officer'), fixture.req(), fixture.id('新办企业'), '{"decision": "verify"}')$$, 'a colleague does');

insert into party.credit (id, unit, name, level, decision, starts, ends, source)
values (fixture.id('credit'), fixture.id('新办企业'), '新办企业', 'serious', '示例失信〔2026〕9号', '2026-01-01', '2028-12-31', 'test');
insert into party.unit_relation (unit, parent, kind, source) values (fixture.id('新办企业'), fixture.id('poster单位'), 'holding', 'test');
select is(fixture.refusal($$select api.credit_revoke(fixture.session('officer3'), fixture.req(), fixture.id('credit'), '{"note": "撤销"}')$$),
  '409 not_yourself', 'nor clears its credit');
select is(fixture.refusal($$select api.relation_end(fixture.session('officer3'), fixture.req(), fixture.id('新办企业'), fixture.id('poster单位'))$$),
  '409 not_yourself', 'nor cuts its ties');
select is((api.credit_revoke(fixture.session('officer'), fixture.req(), fixture.id('credit'), '{"note": "撤销"}')).status, 200, 'which is a colleague''s to do');

-- a token does what its scopes say
insert into auth.token (hash, account, membership, name, scopes, ends_at)
select sha256('w'), fixture.id('poster'), m.id, 'w', '{write}'::text[], now() + interval '1 day' from party.membership m where m.person = fixture.id('poster')
union all
select sha256('r'), fixture.id('poster'), m.id, 'r', '{read}'::text[], now() + interval '1 day' from party.membership m where m.person = fixture.id('poster');
select is(fixture.refusal($$select api.desk(sha256('w'), fixture.req())$$), '403 scope_missing', 'a token for writing does not read');
select lives_ok($$select api.desk(sha256('r'), fixture.req())$$, 'one for reading does');
select is(fixture.refusal($$select api.inbox_read(sha256('r'), fixture.req(), '{"until": 1}')$$), '403 scope_missing', 'and does not write');
select lives_ok($$select api.inbox_read(sha256('w'), fixture.req(), '{"until": 1}')$$, 'which the other does');
select * from finish();
rollback;

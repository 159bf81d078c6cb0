-- Entering a context (S12, S20): who acts is looked up in the database, every time, and nothing of the
-- statement before is left.
begin;
\ir fixtures/people.sql
select no_plan();

select fixture.person('poster', '企业甲', fixture.unit('示例企业甲'), '{member,signatory}');
select fixture.recommender('示例县科技局', 'X1');
select fixture.person('county', '县甲', fixture.id('示例县科技局'), '{county}');
select fixture.person('officer', '局甲', fixture.unit('示例市科技局', 'government'), '{officer}');
select fixture.session('poster'), fixture.session('county'), fixture.session('officer');

select throws_ok($$ select auth.enter(null, fixture.req()) $$, 'WF401', 'session_missing', 'no session, no entry');
select throws_ok($$ select auth.enter(sha256('nobody'), fixture.req()) $$, 'WF401', 'session_expired', 'an unknown session is as good as over');

select auth.enter(fixture.session('poster'), fixture.req());
select is(auth.me(), fixture.id('poster'), 'the person of the session acts');
select is(auth.my_unit(), fixture.id('示例企业甲'), 'for the unit of its membership');
select is(auth.my_roles(), '{member,signatory}', 'in its roles');
select is(auth.my_recommender(), null, 'a poster recommends nobody');

select auth.enter(fixture.session('county'), fixture.req());
select is(auth.my_recommender(), fixture.id('recommender 示例县科技局'), 'a county officer recommends for its county');
select auth.enter(fixture.session('poster'), fixture.req());
select is(auth.my_recommender(), null, 'which the next to enter does not inherit');
select auth.enter_public(fixture.req());
select ok(auth.me() is null and auth.my_unit() is null and auth.my_roles() = '{}' and auth.my_session_id() is null,
          'the public context holds nobody, whoever came before');
select auth.enter(fixture.session('poster'), fixture.req());
select auth.enter_system('test');
select ok(auth.me() is null and auth.my_unit() is null and auth.context() = 'system', 'nor does the system');

-- how long it lasts
update auth.session set seen_at = now() - interval '29 minutes' where hash = fixture.session('poster');
select lives_ok($$ select auth.enter(fixture.session('poster'), fixture.req()) $$, '29 minutes idle are fine');
select is((select seen_at from auth.session where hash = fixture.session('poster')), now(), 'and it is seen now');
update auth.session set seen_at = now() - interval '30 minutes' where hash = fixture.session('poster');
select throws_ok($$ select auth.enter(fixture.session('poster'), fixture.req()) $$, 'WF401', 'session_expired', '30 minutes idle end it');
update auth.session set seen_at = now(), ends_at = now() where hash = fixture.session('poster');
select throws_ok($$ select auth.enter(fixture.session('poster'), fixture.req()) $$, 'WF401', 'session_expired', 'and so does its last moment');
update auth.session set ends_at = now() + interval '1 second' where hash = fixture.session('poster');
select lives_ok($$ select auth.enter(fixture.session('poster'), fixture.req()) $$, 'a second before it lives');
update auth.session set seen_at = now() - interval '59 seconds' where hash = fixture.session('poster');
select auth.enter(fixture.session('poster'), fixture.req());
select is((select seen_at from auth.session where hash = fixture.session('poster')), now() - interval '59 seconds',
          'within a minute it is not written again');

-- what changes counts at once
update party.membership set roles = '{member}' where person = fixture.id('poster');
select auth.enter(fixture.session('poster'), fixture.req());
select is(auth.my_roles(), '{member}', 'a role that is taken is gone with the next request');
update party.membership set state = 'ended' where person = fixture.id('poster');
select auth.enter(fixture.session('poster'), fixture.req());
select ok(auth.my_unit() is null and auth.my_roles() = '{}', 'an ended membership lends nothing');
update auth.account set state = 'disabled' where id = fixture.id('poster');
select throws_ok($$ select auth.enter(fixture.session('poster'), fixture.req()) $$, 'WF401', 'account_disabled', 'a disabled account enters nowhere');

-- the second factor (S11)
update meta.setting set value = 'true' where name = 'totp_required';
select throws_ok($$ select auth.enter(fixture.session('officer'), fixture.req()) $$, 'WF403', 'second_factor_needed',
                 'an officer without a second factor does nothing');
select lives_ok($$ select api.session_get(fixture.session('officer'), fixture.req()) $$, 'but sees the own session');
select is((api.session_get(fixture.session('officer'), fixture.req())).body::jsonb -> 'needs', '["second_factor"]', 'which says what is missing');
select lives_ok($$ select auth.enter(fixture.session('county'), fixture.req()) $$, 'a county needs none');
insert into auth.totp (account, secret) values (fixture.id('officer'), '\x00');
select throws_ok($$ select auth.enter(fixture.session('officer'), fixture.req()) $$, 'WF403', 'second_factor_needed', 'one not confirmed does not count');
update auth.totp set confirmed_at = now();
select lives_ok($$ select auth.enter(fixture.session('officer'), fixture.req()) $$, 'one that is confirmed does');

-- password profiles (S15)
update auth.account set changed_at = now() - interval '91 days' where id = fixture.id('county');
select lives_ok($$ select auth.enter(fixture.session('county'), fixture.req()) $$, 'profile asvs never asks for a new password');
insert into meta.setting values ('password_profile', '"gb"');
select throws_ok($$ select auth.enter(fixture.session('county'), fixture.req()) $$, 'WF403', 'password_expired', 'profile gb does after 90 days');
update auth.account set changed_at = now() - interval '90 days' where id = fixture.id('county');
select lives_ok($$ select auth.enter(fixture.session('county'), fixture.req()) $$, 'and not before');
delete from meta.setting where name = 'password_profile';

-- weighty acts (S13)
select auth.enter(fixture.session('county'), fixture.req());
select lives_ok($$ select auth.require_recent() $$, 'just signed in is recent');
update auth.session set reauth_at = now() - interval '601 seconds' where hash = fixture.session('county');
select auth.enter(fixture.session('county'), fixture.req());
select throws_ok($$ select auth.require_recent() $$, 'WF403', 'reauth_needed', 'more than ten minutes ago is not');
update auth.session set reauth_at = now() - interval '600 seconds' where hash = fixture.session('county');
select auth.enter(fixture.session('county'), fixture.req());
select lives_ok($$ select auth.require_recent() $$, 'ten minutes are');
select auth.enter_public();
select throws_ok($$ select auth.require_recent() $$, 'WF403', 'reauth_needed', 'and nobody never is');

-- verified units
select fixture.person('fresh', '新甲', fixture.unit('示例企业新', 'enterprise', 'pending'), '{member,signatory}');
select auth.enter(fixture.session('fresh'), fixture.req());
select throws_ok($$ select auth.require_verified() $$, 'WF403', 'unit_not_verified', 'a pending unit posts and claims nothing');
update party.unit set state = 'suspended' where id = fixture.id('示例企业新');
select throws_ok($$ select auth.require_verified() $$, 'WF403', 'unit_not_verified', 'nor does a suspended one');
update party.unit set state = 'verified' where id = fixture.id('示例企业新');
select lives_ok($$ select auth.require_verified() $$, 'a verified one may');

select finish();
rollback;

-- Sessions one can see and end, passwords, API tokens, memberships (S12, S13).
begin;
\ir fixtures/people.sql
select no_plan();
select fixture.person('poster', '企业甲', fixture.unit('示例企业甲'), '{member,signatory}');
select fixture.person('poster', '企业甲', fixture.unit('示例企业乙'), '{member}');
select fixture.person('other', '企业丙', fixture.unit('示例企业丙'), '{member,signatory}');
update party.membership set since = now() - interval '1 day' where unit = fixture.id('示例企业甲');
select fixture.session('poster'), fixture.session('other');
insert into auth.session (hash, account, ends_at) values (sha256('laptop'), fixture.id('poster'), now() + interval '1 hour');
create function pg_temp.sid(p_hash bytea) returns uuid language sql as $$ select id from auth.session where hash = p_hash $$;

select is((api.session_get(fixture.session('poster'), fixture.req())).body ->> 'login', 'poster', 'the session says whose it is');
select is((api.session_get(fixture.session('poster'), fixture.req())).body -> 'unit' ->> 'name', '示例企业甲', 'and for which unit');
select is((api.session_get(fixture.session('poster'), fixture.req())).body::jsonb -> 'needs', '[]', 'and that nothing is wanting');
select throws_ok($$ select api.session_get(null, fixture.req()) $$, 'WF401', 'session_missing', 'nobody has no session');
select is(json_array_length((api.sessions_list(fixture.session('poster'), fixture.req())).body -> 'items'), 2, 'both own sessions are listed');
select throws_ok(format('select api.session_revoke(%L, fixture.req(), %L)', fixture.session('other'), pg_temp.sid(sha256('laptop'))),
                 'WF404', 'not_found', 'somebody else''s session is not there');
select is((api.session_revoke(fixture.session('poster'), fixture.req(), pg_temp.sid(sha256('laptop')))).status, 204, 'one''s own can be ended');
select throws_ok($$ select auth.enter(sha256('laptop'), fixture.req()) $$, 'WF401', 'session_expired', 'and is over');

-- acting for another unit
select is((api.session_switch(fixture.session('poster'), fixture.req(), jsonb_build_object('membership', fixture.id('membership poster ' || fixture.id('示例企业乙'))))).body
          -> 'unit' ->> 'name', '示例企业乙', 'switching acts for the other unit');
select auth.enter(fixture.session('poster'), fixture.req());
select is(auth.my_roles(), '{member}', 'in the roles one has there');
select throws_ok($$ select api.session_switch(fixture.session('poster'), fixture.req(), jsonb_build_object('membership', fixture.id('membership other ' || fixture.id('示例企业丙')))) $$,
                 'WF404', 'not_found', 'not for a unit one does not belong to');
select is((api.sign_in_open(fixture.id('poster'), true, sha256('again'), null, 'k', null, '{}')).body -> 'unit' ->> 'name', '示例企业乙', 'the next sign-in remembers');

-- password
insert into auth.session (hash, account, ends_at) values (sha256('laptop'), fixture.id('poster'), now() + interval '1 hour');
select throws_ok($$ select api.password_change(fixture.session('poster'), false, 'h2', fixture.req()) $$, 'WF401', 'wrong_credentials', 'the old password has to be right');
select is((select hash from auth.account where id = fixture.id('poster')), '$argon2id$fixture', 'else nothing changes');
select is((select hash from api.password_find(fixture.session('poster'))), '$argon2id$fixture', 'it is checked against the own hash');
select is((api.password_change(fixture.session('poster'), true, 'h2', fixture.req())).status, 200, 'then the new one is taken');
select is((select hash from auth.account where id = fixture.id('poster')), 'h2', 'and kept');
select is((select array_agg(hash) from auth.session where account = fixture.id('poster')), array[fixture.session('poster')], 'all other sessions end');

-- tokens
create function pg_temp.token(p_scopes text, p_days int default null) returns api.answer language sql as
$$ select api.token_create(fixture.session('poster'), fixture.req(), jsonb_build_object('name', '程序', 'scopes', p_scopes::jsonb, 'days', p_days), md5(p_scopes) || md5(p_scopes)) $$;
create function pg_temp.of(p_scopes text) returns bytea language sql as $$ select sha256(decode(md5(p_scopes) || md5(p_scopes), 'hex')) $$;
select is((pg_temp.token('["read"]')).body ->> 'token', md5('["read"]') || md5('["read"]'), 'a token is shown when it is made');
select ok(not exists (select from workflow.idempotency where body::text like '%' || md5('["read"]') || '%'), 'and kept nowhere in clear, not in the answer remembered for retries');
select is((select ends_at from auth.token), now() + interval '90 days', 'it ends after ninety days');
select throws_ok($$ select pg_temp.token('["admin"]') $$, 'WF422', 'invalid', 'there are two scopes');
select throws_ok($$ select pg_temp.token('[]') $$, 'WF422', 'invalid', 'and one at least');
select lives_ok($$ select auth.enter(pg_temp.of('["read"]'), fixture.req()) $$, 'a program enters by it');
select is(auth.me(), fixture.id('poster'), 'as the person who made it');
select throws_ok($$ select workflow.begin(pg_temp.of('["read"]'), fixture.req()) $$, 'WF403', 'scope_missing', 'reading does not write');
select pg_temp.token('["read", "write"]', 1000);
select lives_ok($$ select workflow.begin(pg_temp.of('["read", "write"]'), fixture.req()) $$, 'write does');
select is((select max(ends_at) from auth.token), now() + interval '366 days', 'no token lives longer than a year');
select throws_ok($$ select auth.require_recent() $$, 'WF403', 'session_only', 'weighty acts are for people');
select throws_ok($$ select api.tokens_list(pg_temp.of('["read", "write"]'), fixture.req()) $$, 'WF403', 'session_only', 'and so are tokens');
select throws_ok($$ select * from api.password_find(pg_temp.of('["read", "write"]')) $$, 'WF403', 'session_only', 'and passwords');
select throws_ok($$ select api.second_factor_enrol(pg_temp.of('["read", "write"]'), fixture.req(), repeat('00', 32), 'k') $$, 'WF403', 'session_only', 'and second factors');
select is(json_array_length((api.tokens_list(fixture.session('poster'), fixture.req())).body -> 'items'), 2, 'the holder sees them');
select is(json_array_length((api.tokens_list(fixture.session('other'), fixture.req())).body -> 'items'), 0, 'nobody else does');
select throws_ok($$ select api.token_revoke(fixture.session('other'), fixture.req(), (select id from auth.token where scopes = '{read}')) $$, 'WF404', 'not_found', 'or revokes them');
select is((api.token_revoke(fixture.session('poster'), fixture.req(), (select id from auth.token where scopes = '{read}'))).status, 204, 'the holder may');
select throws_ok($$ select auth.enter(pg_temp.of('["read"]'), fixture.req()) $$, 'WF401', 'session_expired', 'then it is over');
update auth.session set reauth_at = now() - interval '1 hour' where hash = fixture.session('poster');
select throws_ok($$ select pg_temp.token('["write"]') $$, 'WF403', 'reauth_needed', 'making one is a weighty act');
update party.membership set state = 'ended' where person = fixture.id('poster') and unit = fixture.id('示例企业乙');
select auth.enter(pg_temp.of('["read", "write"]'), fixture.req());
select ok(auth.my_unit() is null and auth.my_roles() = '{}', 'a token of an ended membership has no roles');

update auth.session set membership = null, reauth_at = now() where hash = fixture.session('poster');
select throws_ok($$ select pg_temp.token('["read", "write"]') $$, 'WF409', 'no_membership', 'a token acts for a unit');

-- profile
select is((api.account_put(fixture.session('other'), fixture.req(), '{"name": "企业丙二", "phone": "13900000000", "email": null, "title": "经理"}')).body ->> 'phone', '13900000000', 'the own profile can be changed');
select is((api.account_get(fixture.session('other'), fixture.req())).body ->> 'name', '企业丙二', 'and read');

-- out
select is((api.session_end(fixture.session('poster'), fixture.req())).status, 204, 'sign-out');
select throws_ok($$ select auth.enter(sha256(convert_to('session poster', 'UTF8')), fixture.req()) $$, 'WF401', 'session_expired', 'ends the session');
select is((api.session_end(sha256('never'), fixture.req())).status, 204, 'signing out twice is no error');

-- sweeping
update auth.session set ends_at = now() - interval '1 second';
insert into auth.attempt (kind, key, failures, last_at) values ('ip', 'old', 1, now() - interval '25 hours'), ('ip', 'new', 1, now());
select cmp_ok(job.sweep_auth(), '>', 0::bigint, 'the worker sweeps what is over');
select is((select count(*)::int from auth.session), 0, 'sessions');
select is((select array_agg(key) from auth.attempt where kind = 'ip'), '{new}', 'and old failures');
select finish();
rollback;

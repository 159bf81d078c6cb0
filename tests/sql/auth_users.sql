-- Registration, the first administrators, accounts and roles (S8, S12, S14, S22).
begin;
\ir fixtures/people.sql
select no_plan();
create function pg_temp.member(p_login text) returns uuid language sql as
$$ select m.id from party.membership m join auth.account a on a.id = m.person where a.login = p_login and m.state <> 'ended' order by m.since, m.id limit 1 $$;
create function pg_temp.user(p_login text) returns uuid language sql as $$ select id from auth.account where login = p_login $$;

-- registration
create function pg_temp.register(p_login text, p_unit jsonb) returns api.answer language sql as
$$ select api.register('h', jsonb_build_object('login', p_login, 'name', '张三', 'phone', '13800000001', 'consent_version', '2026-01', 'unit', p_unit), fixture.req()) $$;
create function pg_temp.firm(p_name text) returns jsonb language sql as
$$ select jsonb_build_object('code', fixture.code(p_name), 'name', p_name, 'kind', 'enterprise', 'division', '210702', 'contact', '{"address": "示例路 1 号"}'::jsonb) $$;

select is((pg_temp.register('boss', pg_temp.firm('示例企业甲'))).body -> 'unit' ->> 'state', 'pending', 'a person registers with a unit, which waits for the bureau');
select is((select roles from party.membership where id = pg_temp.member('boss')), '{member,signatory}', 'and signs for it');
select is((select contact ->> 'address' from party.unit where name = '示例企业甲'), '示例路 1 号', 'its address is kept');
select is((select consent_version from auth.account where login = 'boss'), '2026-01', 'so is the notice that was agreed to');
select is((pg_temp.register('clerk', pg_temp.firm('示例企业甲'))).body -> 'membership' ->> 'state', 'asked', 'the next of the same code asks to join');
select is((select count(*)::int from party.unit where code = fixture.code('示例企业甲')), 1, 'and makes no second unit');
select throws_ok($$ select pg_temp.register('BOSS', pg_temp.firm('示例企业乙')) $$, 'WF409', 'login_taken', 'a login is one, whatever its case');
select is((select count(*)::int from party.unit where name = '示例企业乙'), 0, 'a refused registration leaves nothing');
select is((pg_temp.register('expert1', null)).status, 201, 'a person may come without a unit');
select throws_ok($$ select pg_temp.register('x y', null) $$, 'WF422', 'invalid', 'a login is made of plain characters');
select throws_ok($$ select pg_temp.register('who', pg_temp.firm('示例企业丙') || '{"kind": "club"}') $$, 'WF422', 'invalid', 'a unit is of a known kind');
create temp table again as select fixture.req() as req;
select api.register('h', '{"login": "twice", "name": "李四"}', (select req from again));
select is((api.register('h', '{"login": "twice", "name": "李四"}', (select req from again))).status, 201, 'a retry under the same key gets the first answer');
select is((select count(*)::int from auth.account where login = 'twice'), 1, 'and makes no second account');
select throws_ok($$ select api.register('h', '{"login": "twice", "name": "李四"}', (select req || '{"fp": "other"}' from again)) $$, 'WF422', 'key_reused', 'another body under it is refused');

-- the first administrators
select is((select count(*)::int from party.membership where roles && array['sysadmin', 'secadmin', 'auditor']), 0, 'a new city has no administrator');
create function pg_temp.first(p_token text, p_login text) returns api.answer language sql as
$$ select api.first_admin(sha256(convert_to(p_token, 'UTF8')), 'h', jsonb_build_object('login', p_login, 'name', '管甲'), fixture.req()) $$;
select throws_ok($$ select pg_temp.first('t1', 'root1') $$, 'WF403', 'bad_one_time_token', 'nobody becomes one without a token');
select is(ops.first_admin_token(sha256('t0')), 'sysadmin', 'the first token is for system administration');
select is(ops.first_admin_token(sha256('t1')), 'sysadmin', 'until it is used');
select throws_ok($$ select pg_temp.first('t0', 'root1') $$, 'WF403', 'bad_one_time_token', 'a newer one voids it');
update auth.one_time set ends_at = now() where kind = 'first_admin';
select throws_ok($$ select pg_temp.first('t1', 'root1') $$, 'WF403', 'bad_one_time_token', 'one that is over is void');
update auth.one_time set ends_at = now() + interval '1 hour' where kind = 'first_admin';
select is((pg_temp.first('t1', 'root1')).body::jsonb -> 'roles', '["sysadmin"]', 'its holder becomes the system administrator');
select throws_ok($$ select pg_temp.first('t1', 'root2') $$, 'WF403', 'bad_one_time_token', 'once');
select is(ops.first_admin_token(sha256('t2')), 'secadmin', 'the next is for security');
select pg_temp.first('t2', 'sec1');
select is(ops.first_admin_token(sha256('t3')), 'auditor', 'the third for audit');
select pg_temp.first('t3', 'audit1');
select throws_ok($$ select ops.first_admin_token(sha256('t4')) $$, 'WF409', 'admins_exist', 'and then no more');
select is((select count(distinct unit)::int from party.membership where roles && array['sysadmin', 'secadmin', 'auditor']), 1, 'all three of one unit');

-- accounts
select fixture.session('root1'), fixture.session('sec1'), fixture.session('audit1'), fixture.session('boss');
create function pg_temp.make(p_by text, p_login text) returns api.answer language sql as
$$ select api.user_create(fixture.session(p_by), fixture.req(), jsonb_build_object('login', p_login, 'name', '王五', 'unit', (select unit from party.membership where id = pg_temp.member('root1'))), md5(p_login) || md5(p_login)) $$;
create function pg_temp.link(p_login text) returns bytea language sql as $$ select sha256(decode(md5(p_login) || md5(p_login), 'hex')) $$;
select is((pg_temp.make('root1', 'wang')).body ->> 'one_time_token', md5('wang') || md5('wang'), 'the system administrator makes an account, with a link to set its password');
select ok(not exists (select from workflow.idempotency where body::text like '%' || md5('wang') || '%'), 'which is kept nowhere in clear');
select is((select hash from api.sign_in_find('wang', '{}')), null, 'it has no password to guess');
select throws_ok($$ select pg_temp.make('sec1', 'zhao') $$, 'WF403', 'role_missing', 'security makes none');
select throws_ok($$ select pg_temp.make('boss', 'zhao') $$, 'WF403', 'role_missing', 'nor do others');
select throws_ok($$ select pg_temp.make('root1', 'wang') $$, 'WF409', 'login_taken', 'nor twice');
select throws_ok($$ select api.user_create(fixture.session('root1'), fixture.req(), '{"login": "zhao", "name": "赵", "unit": "00000000-0000-0000-0000-000000000000"}', repeat('00', 32)) $$,
                 'WF422', 'invalid', 'nor for a unit that is not there');
select throws_ok($$ select api.password_set(sha256('no'), 'h', '{}') $$, 'WF403', 'bad_one_time_token', 'a made-up link sets nothing');
select is((api.password_set(pg_temp.link('wang'), 'hash of wang', '{}')).status, 204, 'the link sets the password');
select is((select hash from api.sign_in_find('wang', '{}')), 'hash of wang', 'which then counts');
select throws_ok($$ select api.password_set(pg_temp.link('wang'), 'h', '{}') $$, 'WF403', 'bad_one_time_token', 'once');

select fixture.session('wang');
create function pg_temp.reset(p_by text, p_login text) returns api.answer language sql as
$$ select api.user_password_reset(fixture.session(p_by), fixture.req(), pg_temp.user(p_login), '{"second_factor": true}', md5('r' || p_login) || md5(p_login)) $$;
insert into auth.totp (account, secret, confirmed_at) values (pg_temp.user('wang'), '\x00', now());
select is((pg_temp.reset('root1', 'wang')).status, 201, 'a lost password is reset');
select is((select hash from auth.account where login = 'wang'), null, 'the old one is void');
select ok(not exists (select from auth.session where account = pg_temp.user('wang')), 'sessions have ended');
select ok(exists (select from auth.totp where account = pg_temp.user('wang')), 'the lost second factor still counts');
select throws_ok($$ select pg_temp.reset('root1', 'root1') $$, 'WF409', 'not_yourself', 'nobody resets the own');
select throws_ok($$ select pg_temp.reset('sec1', 'wang') $$, 'WF403', 'role_missing', 'security does not');

-- a lost second factor: one asks, another decides
create function pg_temp.factor(p_by text, p_login text, p_decision text default 'granted') returns api.answer language sql as $$
  select api.second_factor_reset(fixture.session(p_by), fixture.req(), pg_temp.user(p_login), jsonb_build_object('decision', p_decision, 'note', '当面核实身份')) $$;
select is((select body #>> '{second_factor_reset,asked_by}' from api.user_get(fixture.session('sec1'), fixture.req(), pg_temp.user('wang'))), '管甲', 'security sees who asked');
select throws_ok($$ select pg_temp.factor('root1', 'wang') $$, 'WF403', 'role_missing', 'whoever reset the password does not take the second factor off as well');
select is((pg_temp.factor('sec1', 'wang', 'refused')).body ->> 'second_factor_reset', null, 'security may refuse');
select ok(exists (select from auth.totp where account = pg_temp.user('wang')), 'then it still counts');
select throws_ok($$ select pg_temp.factor('sec1', 'wang') $$, 'WF409', 'factor_reset_not_asked', 'security alone cannot begin');
select pg_temp.reset('root1', 'wang');
update auth.factor_reset set asked_at = now() - interval '7 days';
select throws_ok($$ select pg_temp.factor('sec1', 'wang') $$, 'WF409', 'factor_reset_not_asked', 'after a week nothing is asked any more');
select pg_temp.reset('root1', 'wang');
update auth.factor_reset set asked_by = pg_temp.user('sec1');
select throws_ok($$ select pg_temp.factor('sec1', 'wang') $$, 'WF409', 'four_eyes', 'nobody decides what they asked');
select throws_ok($$ select pg_temp.factor('sec1', 'sec1') $$, 'WF409', 'not_yourself', 'or about themselves');
update auth.factor_reset set asked_by = pg_temp.user('root1');
update auth.session set reauth_at = now() - interval '11 minutes' where account = pg_temp.user('sec1');
select throws_ok($$ select pg_temp.factor('sec1', 'wang') $$, 'WF403', 'reauth_needed', 'it is a weighty act');
update auth.session set reauth_at = now() where account = pg_temp.user('sec1');
select fixture.session('wang');
select is((pg_temp.factor('sec1', 'wang')).body ->> 'second_factor', 'false', 'security confirms');
select ok(not exists (select from auth.totp where account = pg_temp.user('wang')), 'the lost second factor is off');
select ok(not exists (select from auth.session where account = pg_temp.user('wang')), 'and what ran under it has ended');
select is((select array_agg(kind order by seq) from auth.event where account = pg_temp.user('wang') and kind like 'second_factor_reset%'),
          '{second_factor_reset_asked,second_factor_reset_refused,second_factor_reset_asked,second_factor_reset_asked,second_factor_reset_granted}', 'all of it is on record');
select is((select data ->> 'asked_by' from auth.event where kind = 'second_factor_reset_refused'), pg_temp.user('root1')::text, 'with who asked');
select pg_temp.reset('root1', 'wang');
select is((select count(*)::int from auth.factor_reset), 0, 'where there is none there is nothing to ask');

select fixture.session('wang');
create function pg_temp.disable(p_by text, p_login text) returns api.answer language sql as
$$ select api.user_disable(fixture.session(p_by), fixture.req(), pg_temp.user(p_login), '{"reason": "离职"}') $$;
select is((pg_temp.disable('sec1', 'wang')).body ->> 'state', 'disabled', 'an account is disabled');
select ok(not exists (select from auth.session where account = pg_temp.user('wang')), 'its sessions are gone with the same commit');
select throws_ok($$ select auth.enter(sha256(convert_to('session wang', 'UTF8')), fixture.req()) $$, 'WF401', 'session_expired', 'and enter nowhere');
select throws_ok($$ select pg_temp.disable('sec1', 'sec1') $$, 'WF409', 'not_yourself', 'nobody disables the own');
select throws_ok($$ select api.user_disable(fixture.session('sec1'), fixture.req(), gen_random_uuid(), '{"reason": "x"}') $$, 'WF404', 'not_found', 'or one that is not there');
select is((api.user_enable(fixture.session('root1'), fixture.req(), pg_temp.user('wang'))).body ->> 'state', 'active', 'it can be enabled again');
update auth.attempt set failures = 10, locked_until = now() + interval '15 minutes' where key = auth.login_key('wang');
select isnt((api.user_get(fixture.session('audit1'), fixture.req(), pg_temp.user('wang'))).body ->> 'locked_until', null, 'a lock shows');
select is((api.user_unlock(fixture.session('root1'), fixture.req(), pg_temp.user('wang'))).body ->> 'locked_until', null, 'and is lifted');
select ok(exists (select from auth.event where kind = 'unlock' and account = pg_temp.user('wang') and actor = pg_temp.user('root1')), 'on record');

select is((api.users_list(fixture.session('audit1'), fixture.req(null, '{"q": "WAN"}'))).body -> 'items' -> 0 ->> 'login', 'wang', 'accounts are found by a part of the login');
select is(json_array_length((api.users_list(fixture.session('audit1'), fixture.req(null, '{"q": "%"}'))).body -> 'items'), 0, 'a sign of LIKE is a letter like any');
select is(json_array_length((api.users_list(fixture.session('audit1'), fixture.req(null, '{"size": 2}'))).body -> 'items'), 2, 'in pages');
select ok(not ((api.users_list(fixture.session('audit1'), fixture.req(null, '{"size": 2}'))).body -> 'items' -> 0)::jsonb
          @> ((api.users_list(fixture.session('audit1'), fixture.req(null, '{"size": 2, "page": 2}'))).body -> 'items' -> 0)::jsonb, 'that differ');
select throws_ok($$ select api.users_list(fixture.session('boss'), fixture.req()) $$, 'WF403', 'role_missing', 'members list no accounts');
select throws_ok($$ select api.user_get(fixture.session('boss'), fixture.req(), pg_temp.user('wang')) $$, 'WF403', 'role_missing', 'nor read one');

-- roles
create function pg_temp.ask(p_by text, p_login text, p_roles text, p_action text default 'add') returns uuid language sql as
$$ select ((api.role_ask(fixture.session(p_by), fixture.req(), pg_temp.user(p_login), jsonb_build_object('membership', pg_temp.member(p_login),
     'action', p_action, 'roles', p_roles::jsonb, 'reason', '岗位'))).body ->> 'id')::uuid $$;
create function pg_temp.decide(p_by text, p_id uuid, p_decision text default 'granted') returns api.answer language sql as
$$ select api.role_decide(fixture.session(p_by), fixture.req(), p_id, jsonb_build_object('decision', p_decision)) $$;
select fixture.session('wang');
create temp table asked as select pg_temp.ask('root1', 'wang', '["officer"]') as id;
select is((select roles from party.membership where id = pg_temp.member('wang')), '{member}', 'asking gives nothing yet');
select throws_ok($$ select pg_temp.decide('root1', (select id from asked)) $$, 'WF403', 'role_missing', 'who asks does not decide');
select throws_ok($$ select pg_temp.decide('boss', (select id from asked)) $$, 'WF403', 'role_missing', 'nor does anybody else');
select is((pg_temp.decide('sec1', (select id from asked))).body ->> 'decision', 'granted', 'security grants');
select is((select roles from party.membership where id = pg_temp.member('wang')), '{member,officer}', 'then the role is there');
select ok(not exists (select from auth.session where account = pg_temp.user('wang')), 'and the person signs in anew: no old session gets new rights');
select throws_ok($$ select pg_temp.decide('sec1', (select id from asked)) $$, 'WF409', 'already_decided', 'a decision stands');
select throws_ok($$ select pg_temp.ask('root1', 'root1', '["officer"]') $$, 'WF409', 'not_yourself', 'nobody asks for the own roles');
select throws_ok($$ select pg_temp.ask('boss', 'wang', '["leader"]') $$, 'WF403', 'role_missing', 'a member asks for none');
select throws_ok($$ select pg_temp.ask('root1', 'wang', '["signatory"]') $$, 'WF422', 'invalid', 'who signs for a unit is the unit''s affair');
select throws_ok($$ select pg_temp.ask('root1', 'wang', '["sysadmin"]') $$, 'WF409', 'roles_conflict', 'an officer administrates nothing');
select throws_ok($$ select pg_temp.ask('root1', 'sec1', '["auditor"]') $$, 'WF409', 'roles_conflict', 'security and audit are two people');
select throws_ok($$ select pg_temp.ask('root1', 'wang', '["county"]') $$, 'WF409', 'unit_recommends_nobody', 'only a recommender has county officers');
select throws_ok($$ select pg_temp.decide('sec1', pg_temp.ask('sec1', 'wang', '["leader"]')) $$, 'WF409', 'four_eyes', 'security that asked does not grant');
create temp table refused as select pg_temp.ask('root1', 'wang', '["leader"]') as id;
select is((pg_temp.decide('sec1', (select id from refused), 'refused')).body ->> 'decision', 'refused', 'it may refuse');
select is((select roles from party.membership where id = pg_temp.member('wang')), '{member,officer}', 'which changes nothing');
select is((pg_temp.decide('sec1', pg_temp.ask('sec1', 'wang', '["officer"]', 'remove'))).body ->> 'decision', 'granted', 'taking a role away needs no second person');
select is((select roles from party.membership where id = pg_temp.member('wang')), '{member}', 'and works at once');
select fixture.person('clerk2', '钱', (select unit from party.membership where id = pg_temp.member('wang')));
create temp table race as select pg_temp.ask('root1', 'clerk2', '["secadmin"]') as one, pg_temp.ask('root1', 'clerk2', '["auditor"]') as two;
select pg_temp.decide('sec1', (select one from race));
select throws_ok($$ select pg_temp.decide('sec1', (select two from race)) $$, 'WF409', 'roles_conflict', 'two grants that do not go together cannot both pass');
create temp table late as select pg_temp.ask('root1', 'wang', '["leader"]') as id;
update party.membership set state = 'ended' where id = pg_temp.member('wang');
select throws_ok($$ select pg_temp.decide('sec1', (select id from late)) $$, 'WF409', 'no_membership', 'a role is not given to whom the unit has let go');
update auth.session set reauth_at = now() - interval '1 hour' where hash = fixture.session('sec1');
select throws_ok($$ select pg_temp.decide('sec1', (select two from race)) $$, 'WF403', 'reauth_needed', 'granting is a weighty act');
select is(json_array_length((api.role_grants_list(fixture.session('audit1'), fixture.req(null, '{"state": "open"}'))).body -> 'items'), 2, 'what is undecided is listed');

-- the record
select is((api.events_list(fixture.session('audit1'), fixture.req(null, jsonb_build_object('kind', 'role_granted', 'account', pg_temp.user('wang'))))).body
          -> 'items' -> 0 ->> 'actor', pg_temp.user('sec1')::text, 'the auditor reads who granted what');
select throws_ok($$ select api.events_list(fixture.session('root1'), fixture.req()) $$, 'WF403', 'role_missing', 'the system administrator does not');
select throws_ok($$ select api.events_list(fixture.session('boss'), fixture.req()) $$, 'WF403', 'role_missing', 'nor do members');
select api.sign_in_find('wang', '{"rid": "bad-one"}');
select is((api.events_list(fixture.session('audit1'), fixture.req(null, '{"size": 1}'))).body -> 'items' -> 0 ->> 'kind', 'sign_in_failed', 'a try without a sign-in is a failure');
select is((api.events_list(fixture.session('audit1'), fixture.req(null, jsonb_build_object('size', 5, 'before',
           ((api.events_list(fixture.session('audit1'), fixture.req(null, '{"size": 1}'))).body ->> 'next')::bigint)))).body -> 'items' -> 0 ->> 'kind',
          'role_asked', 'older ones follow on the next page');
select is(bool_and(ok), true, 'and after all this the invariants hold') from ops.verify();
select finish();
rollback;

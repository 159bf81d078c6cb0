-- People of a unit: invited, asked for, answered, ended (S12, S22).
begin;
\ir fixtures/people.sql
select no_plan();
select fixture.person('boss', '企业甲', fixture.unit('示例企业甲'), '{member,signatory}');
select fixture.person('rival', '企业乙', fixture.unit('示例企业乙'), '{member,signatory}');
select fixture.person('newbie', '新人', fixture.unit('示例大学', 'university'), '{member}');
select fixture.person('officer', '局甲', fixture.unit('示例市科技局', 'government'), '{officer}');
select fixture.session(login) from auth.account;
create function pg_temp.m(p_login text, p_unit text default '示例企业甲') returns uuid language sql as
$$ select id from party.membership where person = fixture.id(p_login) and unit = fixture.id(p_unit) and state <> 'ended' $$;
create function pg_temp.invite(p_by text, p_login text, p_roles text default '["member"]', p_unit text default '示例企业甲') returns api.answer language sql as
$$ select api.member_invite(fixture.session(p_by), fixture.req(), fixture.id(p_unit), jsonb_build_object('login', p_login, 'roles', p_roles::jsonb)) $$;
create function pg_temp.answer(p_by text, p_login text, p_accept boolean) returns api.answer language sql as
$$ select api.membership_answer(fixture.session(p_by), fixture.req(), pg_temp.m(p_login), jsonb_build_object('accept', p_accept)) $$;
create function pg_temp.roles(p_by text, p_login text, p_roles text) returns api.answer language sql as
$$ select api.membership_put(fixture.session(p_by), fixture.req(), pg_temp.m(p_login), jsonb_build_object('roles', p_roles::jsonb)) $$;

select is((pg_temp.invite('boss', 'NEWBIE')).body ->> 'state', 'asked', 'a signatory invites the holder of an account');
select throws_ok($$ select pg_temp.invite('boss', 'newbie') $$, 'WF409', 'member_already', 'once');
select throws_ok($$ select pg_temp.invite('boss', 'nobody') $$, 'WF422', 'invalid', 'not somebody who has no account');
select throws_ok($$ select pg_temp.invite('boss', 'rival', '["leader"]') $$, 'WF422', 'invalid', 'not as what the unit cannot give');
select throws_ok($$ select pg_temp.invite('rival', 'newbie') $$, 'WF403', 'role_missing', 'not for another unit');
select throws_ok($$ select api.member_invite(fixture.session('boss'), fixture.req(), gen_random_uuid(), '{"login": "newbie"}') $$, 'WF404', 'not_found', 'nor for one that is not there');
select throws_ok($$ select pg_temp.answer('boss', 'newbie', true) $$, 'WF403', 'not_yours_to_answer', 'the invited person answers, not the unit');
select throws_ok($$ select pg_temp.answer('rival', 'newbie', true) $$, 'WF404', 'not_found', 'and for others there is nothing to answer');
select is((pg_temp.answer('newbie', 'newbie', true)).body ->> 'state', 'active', 'accepting makes a member');
select throws_ok($$ select pg_temp.answer('newbie', 'newbie', true) $$, 'WF409', 'already_decided', 'once');

-- asked from the other side
insert into party.membership (person, unit, state, asked_by) values (fixture.id('rival'), fixture.id('示例企业甲'), 'asked', fixture.id('rival'));
select throws_ok($$ select pg_temp.answer('rival', 'rival', true) $$, 'WF403', 'role_missing', 'who asks to join does not let oneself in');
select is((pg_temp.answer('boss', 'rival', false)).body ->> 'state', 'ended', 'a signatory may decline');
insert into party.membership (person, unit, state, asked_by) values (fixture.id('rival'), fixture.id('示例企业甲'), 'asked', fixture.id('rival'));
select is((pg_temp.answer('officer', 'rival', true)).body ->> 'state', 'active', 'and the bureau may answer for a unit');

-- who signs
select throws_ok($$ select pg_temp.roles('newbie', 'newbie', '["signatory"]') $$, 'WF403', 'role_missing', 'a member does not make itself signatory');
select fixture.session('newbie');
update auth.session set membership = pg_temp.m('newbie') where account = fixture.id('newbie');
select throws_ok($$ select pg_temp.roles('boss', 'boss', '["member"]') $$, 'WF409', 'last_signatory', 'the last signatory stays one');
select is((pg_temp.roles('boss', 'newbie', '["signatory"]')).body::jsonb -> 'roles', '["member", "signatory"]', 'a signatory makes another');
select ok(not exists (select from auth.session where account = fixture.id('newbie')), 'who signs in anew for it');
select is((pg_temp.roles('boss', 'boss', '["member"]')).body::jsonb -> 'roles', '["member"]', 'then the first may step back');
select throws_ok($$ select pg_temp.roles('boss', 'boss', '["signatory"]') $$, 'WF403', 'role_missing', 'and not return alone');
select throws_ok($$ select pg_temp.roles('officer', 'newbie', '["officer"]') $$, 'WF422', 'invalid', 'other roles are not given this way');
update party.membership set roles = '{member,signatory,expert}' where id = pg_temp.m('newbie');
select is((pg_temp.roles('officer', 'boss', '["signatory"]')).body::jsonb -> 'roles', '["member", "signatory"]', 'the bureau may name one');
select is((pg_temp.roles('officer', 'newbie', '["member"]')).body::jsonb -> 'roles', '["expert", "member"]', 'roles that administrators gave stay');
update auth.session set reauth_at = now() - interval '1 hour' where account = fixture.id('officer');
select throws_ok($$ select pg_temp.roles('officer', 'newbie', '["signatory"]') $$, 'WF403', 'reauth_needed', 'it is a weighty act');

-- the end
select is(json_array_length((api.members_list(fixture.session('boss'), fixture.req(), fixture.id('示例企业甲'))).body -> 'items'), 3, 'the unit lists its people');
select throws_ok($$ select api.members_list(fixture.session('boss'), fixture.req(), fixture.id('示例企业乙')) $$, 'WF404', 'not_found', 'and nobody else''s');
select is((select i -> 'person' ->> 'phone' from json_array_elements((api.members_list(fixture.session('boss'), fixture.req(), fixture.id('示例企业甲'))).body -> 'items') i
            where i -> 'person' ->> 'name' = '新人'), '13800000000', 'a signatory sees how to reach them');
select throws_ok($$ select api.membership_end(fixture.session('rival'), fixture.req(), pg_temp.m('boss')) $$, 'WF404', 'not_found', 'a stranger ends nothing');
select throws_ok($$ select api.membership_end(fixture.session('boss'), fixture.req(), pg_temp.m('boss')) $$, 'WF409', 'last_signatory', 'the last signatory does not leave');
select is((api.membership_end(fixture.session('boss'), fixture.req(), pg_temp.m('newbie'))).status, 204, 'others may be let go');
select is((select state from party.membership where person = fixture.id('newbie') and unit = fixture.id('示例企业甲')), 'ended', 'and are');
select is((api.membership_end(fixture.session('newbie'), fixture.req(), pg_temp.m('newbie', '示例大学'))).status, 204, 'and leave by themselves');
select finish();
rollback;

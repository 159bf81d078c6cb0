-- Units: registration, verification, what they may change themselves, who sees what.
begin;
\ir fixtures/people.sql
select no_plan();
select fixture.recommender('示例县科技局', 'X1');
select fixture.recommender('示例区管委会', 'X2', 'zone');
select fixture.person('boss', '企业甲', fixture.unit('示例企业甲', p_recommender => fixture.id('recommender 示例县科技局')), '{member,signatory}');
select fixture.person('clerk', '企业甲二', fixture.id('示例企业甲'), '{member}');
select fixture.person('rival', '企业乙', fixture.unit('示例企业乙'), '{member,signatory}');
select fixture.person('officer', '局甲', fixture.unit('示例市科技局', 'government'), '{officer}');
select fixture.person('county', '县甲', fixture.id('示例县科技局'), '{county}');
select fixture.person('zone', '区甲', fixture.id('示例区管委会'), '{county}');
select fixture.session(login) from auth.account;
create function pg_temp.version(p_name text) returns int language sql as $$ select version from party.unit where id = fixture.id(p_name) $$;
create function pg_temp.put(p_by text, p_unit text, p_change jsonb default '{}', p_version int default null) returns api.answer language sql as $$
  select api.unit_put(fixture.session(p_by), fixture.req(coalesce(p_version, version)), id,
    jsonb_build_object('code', code, 'name', name, 'kind', kind, 'division', division, 'recommender', recommender) || p_change)
    from party.unit where id = fixture.id(p_unit) $$;
create function pg_temp.decide(p_by text, p_unit text, p_decision text, p_reason text default null) returns api.answer language sql as
$$ select api.unit_decide(fixture.session(p_by), fixture.req(), fixture.id(p_unit), jsonb_build_object('decision', p_decision, 'reason', p_reason)) $$;

-- changing
select is((pg_temp.put('boss', '示例企业甲', '{"intro": "做硅片", "labels": ["瞪羚"]}')).body ->> 'intro', '做硅片', 'a signatory changes the unit''s data');
select is((select state from party.unit where id = fixture.id('示例企业甲')), 'verified', 'which need not be verified again');
select throws_ok($$ select pg_temp.put('clerk', '示例企业甲') $$, 'WF403', 'role_missing', 'a member who does not sign changes nothing');
select throws_ok($$ select pg_temp.put('rival', '示例企业甲') $$, 'WF403', 'role_missing', 'nor does another unit');
select throws_ok($$ select pg_temp.put('boss', '示例企业甲', '{}', 1) $$, 'WF409', 'version_conflict', 'nor one who read it before the last change');
select throws_ok($$ select api.unit_put(fixture.session('boss'), fixture.req(), gen_random_uuid(), '{}') $$, 'WF404', 'not_found', 'a unit that is not there is not there');
select throws_ok(format($f$ select pg_temp.put('boss', '示例企业甲', '{"code": "%s"}') $f$, fixture.code('示例企业乙')), 'WF409', 'unit_exists', 'a credit code belongs to one unit');
select throws_ok($$ select pg_temp.put('boss', '示例企业甲', '{"recommender": "00000000-0000-0000-0000-000000000000"}') $$, 'WF422', 'invalid', 'a recommender has to exist');
select is((pg_temp.put('boss', '示例企业甲', jsonb_build_object('recommender', fixture.id('recommender 示例区管委会')))).body -> 'recommender' ->> 'name', '示例县科技局',
          'a verified unit does not choose its recommender');
select is((pg_temp.put('boss', '示例企业甲', '{"name": "示例企业甲二"}')).body ->> 'state', 'pending', 'a new name has to be verified');
select is((select array_agg(alias) from party.unit_alias where unit = fixture.id('示例企业甲')), '{示例企业甲}', 'and the old one stays known');
select is((pg_temp.put('officer', '示例企业乙', '{"name": "示例企业乙二"}')).body ->> 'state', 'verified', 'what the bureau changes is verified');

-- the bureau's word
select throws_ok($$ select pg_temp.decide('boss', '示例企业甲', 'verify') $$, 'WF403', 'role_missing', 'no unit verifies itself');
select throws_ok($$ select pg_temp.decide('county', '示例企业甲', 'verify') $$, 'WF403', 'role_missing', 'nor does a county');
select throws_ok($$ select pg_temp.decide('officer', '示例企业甲', 'reject') $$, 'WF422', 'invalid', 'rejecting needs a reason');
select is((pg_temp.decide('officer', '示例企业甲', 'reject', '名称与执照不符')).body ->> 'state', 'rejected', 'with one it is done');
select is((api.unit_get(fixture.session('boss'), fixture.req(), fixture.id('示例企业甲'))).body ->> 'state_reason', '名称与执照不符', 'the unit reads why');
select is((pg_temp.put('boss', '示例企业甲')).body ->> 'state', 'pending', 'and may try again');
select is((pg_temp.decide('officer', '示例企业甲', 'verify')).body ->> 'state', 'verified', 'verified');
select throws_ok($$ select pg_temp.decide('officer', '示例企业甲', 'verify') $$, 'WF409', 'unit_state', 'once');
select throws_ok($$ select pg_temp.decide('officer', '示例企业甲', 'suspend') $$, 'WF422', 'invalid', 'suspending needs a reason too');
select is((pg_temp.decide('officer', '示例企业甲', 'suspend', '年报逾期')).body ->> 'state', 'suspended', 'suspended');
select is((pg_temp.decide('officer', '示例企业甲', 'verify')).body ->> 'state', 'verified', 'and back');
select ok((select array_agg(kind order by seq) from auth.event where object = fixture.id('示例企业甲') and kind in ('unit_rejected', 'unit_verified', 'unit_suspended'))
          = '{unit_rejected,unit_verified,unit_suspended,unit_verified}', 'every word of the bureau is on record');

-- who sees what
update party.unit set contact = '{"phone": "13812345678"}' where id = fixture.id('示例企业甲');
select is((api.unit_get(fixture.session('clerk'), fixture.req(), fixture.id('示例企业甲'))).body -> 'contact' ->> 'phone', '13812345678', 'the own people see how to reach it');
select is((api.unit_get(fixture.session('county'), fixture.req(), fixture.id('示例企业甲'))).body -> 'contact' ->> 'phone', '13812345678', 'so does its county');
select is((api.unit_get(fixture.session('zone'), fixture.req(), fixture.id('示例企业甲'))).body ->> 'contact', null, 'another zone does not');
select is((api.unit_get(fixture.session('rival'), fixture.req(), fixture.id('示例企业甲'))).body ->> 'contact', null, 'nor do other units');
select is((api.unit_get(fixture.session('rival'), fixture.req(), fixture.id('示例企业甲'))).body ->> 'name', '示例企业甲二', 'they see its name');
update party.unit set state = 'pending' where id = fixture.id('示例企业甲');
select throws_ok($$ select api.unit_get(fixture.session('rival'), fixture.req(), fixture.id('示例企业甲')) $$, 'WF404', 'not_found', 'a unit not verified is for others as if it were not');
select is((api.unit_get(fixture.session('clerk'), fixture.req(), fixture.id('示例企业甲'))).status, 200, 'for its own people it is there');

-- lists
create function pg_temp.names(p_by text, p_query jsonb) returns text[] language sql as
$$ select array(select i ->> 'name' from json_array_elements((api.units_list(fixture.session(p_by), fixture.req(null, p_query))).body -> 'items') i order by 1) $$;
select is(pg_temp.names('rival', '{"q": "企业"}'), '{示例企业乙二}', 'others list verified units');
select is(pg_temp.names('officer', '{"q": "企业"}'), '{示例企业乙二,示例企业甲二}', 'the bureau all');
select is(pg_temp.names('officer', '{"state": "pending"}'), '{示例企业甲二}', 'or those that wait');
select is(pg_temp.names('officer', '{"q": "示例企业甲"}'), '{示例企业甲二}', 'an old name finds');
select is(pg_temp.names('officer', jsonb_build_object('q', fixture.code('示例企业乙'))), '{示例企业乙二}', 'so does a code');
select is(pg_temp.names('officer', '{"kind": "government", "q": "市"}'), '{示例市科技局}', 'kinds can be chosen');
select is(json_array_length((api.units_list(fixture.session('officer'), fixture.req(null, '{"size": 2, "page": 2}'))).body -> 'items'), 2, 'lists come in pages');
select is((api.units_list(fixture.session('officer'), fixture.req(null, '{"size": 2}'))).body ->> 'total', '5', 'that say how much there is');

-- another unit of a person
create function pg_temp.add(p_by text, p_name text) returns api.answer language sql as
$$ select api.unit_create(fixture.session(p_by), fixture.req(), jsonb_build_object('code', fixture.code(p_name), 'name', p_name, 'kind', 'institute')) $$;
select is((pg_temp.add('boss', '示例研究院')).body ->> 'state', 'pending', 'a person registers another unit');
select ok(exists (select from party.membership m join party.unit u on u.id = m.unit where u.name = '示例研究院' and m.person = fixture.id('boss')
                     and m.state = 'active' and m.roles = '{member,signatory}'), 'and signs for it');
select pg_temp.add('rival', '示例研究院');
select ok(exists (select from party.membership m join party.unit u on u.id = m.unit where u.name = '示例研究院' and m.person = fixture.id('rival')
                     and m.state = 'asked'), 'the next one asks to join');
select throws_ok($$ select pg_temp.add('rival', '示例研究院') $$, 'WF409', 'member_already', 'once');

-- aliases, recommenders
select is((api.unit_aliases_put(fixture.session('boss'), fixture.req(), fixture.id('示例企业甲'), '{"aliases": ["甲", "甲厂"]}')).body::jsonb -> 'aliases', '["甲", "甲厂"]', 'short names');
select throws_ok($$ select api.unit_aliases_put(fixture.session('rival'), fixture.req(), fixture.id('示例研究院'), '{"aliases": []}') $$, 'WF404', 'not_found', 'of the own unit only');
select is((api.unit_recommender_put(fixture.session('officer'), fixture.req(), fixture.id('示例企业甲'), jsonb_build_object('recommender', fixture.id('recommender 示例区管委会')))).body
          -> 'recommender' ->> 'name', '示例区管委会', 'the bureau says who recommends a unit');
select throws_ok($$ select api.unit_recommender_put(fixture.session('boss'), fixture.req(), fixture.id('示例企业甲'), jsonb_build_object('recommender', fixture.id('recommender 示例区管委会'))) $$,
                 'WF403', 'role_missing', 'the unit does not');
select throws_ok($$ select api.unit_recommender_put(fixture.session('officer'), fixture.req(), fixture.id('示例企业甲'), '{"recommender": "00000000-0000-0000-0000-000000000000"}') $$,
                 'WF422', 'invalid', 'nor somebody who is not there');
select is((api.recommender_create(fixture.session('officer'), fixture.req(), '{"code": "X3", "name": "示例高新区", "kind": "zone"}')).status, 201, 'zones are added without a division code');
select throws_ok($$ select api.recommender_create(fixture.session('officer'), fixture.req(), '{"code": "X3", "name": "示例高新区二", "kind": "zone"}') $$, 'WF409', 'recommender_exists', 'under a code of their own');
select throws_ok($$ select api.recommender_create(fixture.session('boss'), fixture.req(), '{"code": "X4", "name": "示例", "kind": "zone"}') $$, 'WF403', 'role_missing', 'by the bureau');
select is(array(select i ->> 'code' from json_array_elements((api.recommenders_list()).body -> 'items') i), '{X1,X2,X3}', 'and everybody may read them');
select finish();
rollback;

-- Records by hand: who may keep them, who sees what, what is remembered.
begin;
select no_plan();
\ir fixtures/people.sql
select fixture.unit('示例市科学技术局', 'government'), fixture.unit('示例大学甲', 'university'), fixture.unit('示例大学乙', 'university'),
       fixture.unit('示例企业待核', 'enterprise', 'pending');
select fixture.person('officer', '经办甲', fixture.id('示例市科学技术局'), '{officer}'),
       fixture.person('auditor', '审计甲', fixture.id('示例市科学技术局'), '{auditor}'),
       fixture.person('keeper', '大学甲', fixture.id('示例大学甲'), '{member}'),
       fixture.person('other', '大学乙', fixture.id('示例大学乙'), '{member}'),
       fixture.person('waiting', '待核', fixture.id('示例企业待核'), '{member,signatory}'),
       fixture.person('expert', '专家甲', fixture.id('示例大学乙'), '{expert}');
select fixture.at('2026-05-06 10:00+08');
create temp table doc as select '{"title": "高性能金属波纹管设计制造技术", "fields": ["optomech"], "trl": 6, "contact": "示例联系人", "phone": "13800000000"}'::jsonb as d;
grant select on doc to public;

create temp table a as select * from api.record_add(fixture.session('keeper'), fixture.req(), 'achievement', (select d from doc));
create temp view id as select (body ->> 'id')::uuid as id from a;
select is((select status from a), 201, 'a unit adds its achievement');
select is((select body ->> 'state' from a), 'pending', 'which waits for the bureau');
select is((select body ->> 'unit_name' from a), '示例大学甲', 'under the unit''s own name');
select is((select body #>> '{provenance,date}' from a), '2026-05-06', 'with its date');
select is((select body ->> 'trl_scale' from a), '2022', 'a readiness level names its scale');
select is((select body #>> '{private,phone}' from a), '13800000000', 'the keeper reads its contact');
select is((select location from a), '/achievements/' || (select id from id), 'and gets the address');

select throws_ok($$select api.record_get(null, fixture.req(), 'achievement', (select id from id))$$, 'WF404', 'not_found', 'the public does not see what waits');
select throws_ok($$select api.record_get(fixture.session('other'), fixture.req(), 'achievement', (select id from id))$$, 'WF404', 'not_found', 'nor does another unit');
select throws_ok($$select api.record_state(fixture.session('keeper'), fixture.req(), 'achievement', (select id from id), '{"state": "active"}')$$,
                 'WF403', 'role_missing', 'the unit does not confirm its own record');
select is((api.record_kept(fixture.session('officer'), fixture.req(null, '{"state": "pending"}'), 'achievement')).body ->> 'total', '1', 'the bureau finds what waits');
select is((api.record_state(fixture.session('officer'), fixture.req(1), 'achievement', (select id from id), '{"state": "active"}')).body ->> 'state', 'active', 'and confirms it');
select throws_ok($$select api.record_state(fixture.session('officer'), fixture.req(), 'achievement', (select id from id), '{"state": "active"}')$$,
                 'WF409', 'record_state', 'once');
select is((api.record_get(null, fixture.req(), 'achievement', (select id from id))).body ->> 'title', '高性能金属波纹管设计制造技术', 'then everybody reads it');
select ok(not (api.record_get(null, fixture.req(), 'achievement', (select id from id))).body::jsonb ? 'private', 'without the contact');
select ok(not (api.record_get(fixture.session('other'), fixture.req(), 'achievement', (select id from id))).body::jsonb ? 'private', 'nor has another unit the contact');
select ok((api.record_get(fixture.session('officer'), fixture.req(), 'achievement', (select id from id))).body::jsonb ? 'private', 'the bureau has');
select unalike((api.library_search('achievement', '{"q": "波纹管"}')).body::text, '%13800000000%', 'a search does not show it');
select is((api.library_search('achievement', '{"q": "13800000000"}')).body ->> 'total', '0', 'nor find by it');

select throws_ok($$select api.record_edit(fixture.session('other'), fixture.req(2), 'achievement', (select id from id), (select d from doc))$$,
                 'WF403', 'role_missing', 'another unit may not change it');
select throws_ok($$select api.record_edit(fixture.session('keeper'), fixture.req(1), 'achievement', (select id from id), (select d from doc))$$,
                 'WF409', 'version_conflict', 'nor the keeper an old version');
select throws_ok($$select api.record_edit(fixture.session('keeper'), fixture.req(2), 'patent', (select id from id), (select d from doc))$$,
                 'WF404', 'not_found', 'a record of another kind is not there');
select is((api.record_edit(fixture.session('keeper'), fixture.req(2), 'achievement', (select id from id),
            (select d || '{"trl": 7, "unit_name": "示例大学乙"}' from doc))).body ->> 'unit_name', '示例大学甲', 'the keeper edits, but gives it to nobody else');
select is((api.record_history(fixture.session('keeper'), fixture.req(), 'achievement', (select id from id))).body #>> '{items,0,data,trl}', '7', 'the past holds each version');
select is(json_array_length((api.record_history(fixture.session('auditor'), fixture.req(), 'achievement', (select id from id))).body -> 'items'), 3, 'auditors read it');
select is(json_array_length((api.record_history(fixture.session('other'), fixture.req(), 'achievement', (select id from id))).body -> 'items'), 0, 'other units do not');
select throws_ok($$select api.record_add(fixture.session('officer'), fixture.req(), 'achievement',
                   '{"title": "高性能 金属波纹管（设计制造）技术", "unit_name": "示例大学甲", "fields": ["optomech"]}')$$,
                 'WF409', 'record_exists', 'the same title of the same unit is the same record, whatever its punctuation');
select throws_ok($$select api.record_state(fixture.session('keeper'), fixture.req(), 'achievement', (select id from id), '{"state": "removed"}')$$,
                 'WF422', 'invalid', 'removing needs a reason');
select is((api.record_state(fixture.session('keeper'), fixture.req(3), 'achievement', (select id from id), '{"state": "removed", "reason": "已转让"}')).body ->> 'state',
          'removed', 'the keeper removes it');
select is((api.library_search('achievement', '{"q": "波纹管"}')).body ->> 'total', '0', 'and nobody finds it any more');

-- meaning
select throws_ok($$select api.record_add(fixture.session('waiting'), fixture.req(), 'achievement', (select d from doc))$$,
                 'WF403', 'unit_not_verified', 'a unit that is not verified adds nothing');
select throws_ok($$select api.record_add(fixture.session('expert'), fixture.req(), 'achievement', (select d from doc))$$,
                 'WF403', 'role_missing', 'nor does an expert');
select throws_ok($$select api.record_add(fixture.session('officer'), fixture.req(), 'achievement', '{"title": "无单位", "fields": ["nowhere"]}')$$,
                 'WF422', 'invalid', 'unknown codes and missing members are refused');
select is((lib.check_document('achievement', '{"title": "无单位", "fields": ["nowhere"], "trl": 10, "patents": ["CN1"], "trl_scale": "1999"}')
           @? '$[*] ? (@.code == "required" && @.field == "unit_name")'), true, 'a missing member is named');
select is((select array_agg(e ->> 'code' order by e ->> 'code') from jsonb_array_elements(lib.check_document('achievement',
            '{"title": "无单位", "unit_name": "某", "fields": ["nowhere"], "trl": 10, "patents": ["CN1"], "trl_scale": "1999"}')) e),
          '{bad_patent_number,too_large,unknown_code,unknown_edition}', 'and every bad one');
select is((api.record_add(fixture.session('officer'), fixture.req(), 'patent', '{"number": "2014 1 0234381 X", "title": "一种呼叫请求处理的方法和装置", "licence_fee_wan": 1250000000}')).body ->> 'number',
          'CN201410234381.X', 'a patent number is kept in one spelling');
select is((api.library_search('patent', '{"q": "CN201410234381"}')).body #>> '{items,0,licence_fee_wan}', '1250.00', 'money is shown in 万元');

-- the expert keeps the own record
create temp table e as select * from api.record_add(fixture.session('officer'), fixture.req(), 'expert',
  '{"name": "专家甲", "unit_name": "示例大学乙", "title_level": "senior", "fields": ["material"], "phone": "13800000001", "birth_month": "1970-03"}');
update lib.record set person = fixture.id('expert') where id = (select (body ->> 'id')::uuid from e);
select is((api.record_get(fixture.session('expert'), fixture.req(), 'expert', (select (body ->> 'id')::uuid from e))).body #>> '{private,birth_month}', '1970-03', 'an expert reads the own private data');
select is((api.record_edit(fixture.session('expert'), fixture.req(1), 'expert', (select (body ->> 'id')::uuid from e),
            '{"name": "专家甲", "title_level": "senior", "fields": ["material"], "research": "硅片"}')).body ->> 'research', '硅片', 'and keeps it current');
select is((api.record_kept(fixture.session('expert'), fixture.req(), 'expert')).body ->> 'total', '1', 'and finds it in the own list');

-- a retry does nothing twice
create temp table r as select fixture.req() as req;
select is((api.record_add(fixture.session('officer'), (select req from r), 'achievement', '{"title": "成果一", "unit_name": "某单位", "fields": ["other"]}')).status, 201, 'a record is added');
select is((api.record_add(fixture.session('officer'), (select req from r), 'achievement', '{"title": "成果一", "unit_name": "某单位", "fields": ["other"]}')).status, 201, 'the retry gets the same answer');
select is((select count(*) from lib.record where title = '成果一'), 1::bigint, 'and there is one record');

-- nothing without a context
set local role jb_api;
select set_config('jb.' || n, '', true) from unnest(array['context', 'person', 'unit', 'roles', 'recommender']) n;
create temp table bare as select (select count(*) from lib.record) + (select count(*) from lib.private) + (select count(*) from lib.version) + (select count(*) from lib.import) as n;
reset role;
select is((select n from bare), 0::bigint, 'without a context every table with records is empty');

select * from finish();
rollback;

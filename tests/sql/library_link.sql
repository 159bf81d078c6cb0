-- An expert's record and the account it belongs to: linked by the bureau, when name and unit fit.
begin;
select no_plan();
\ir fixtures/people.sql
select fixture.unit('示例市科学技术局', 'government'), fixture.unit('示例大学甲', 'university'), fixture.unit('示例大学乙', 'university');
select fixture.person('officer', '经办甲', fixture.id('示例市科学技术局'), '{officer}'),
       fixture.person('auditor', '审计甲', fixture.id('示例市科学技术局'), '{auditor}'),
       fixture.person('keeper', '大学甲', fixture.id('示例大学甲'), '{member}'),
       fixture.person('zhang', '专家 甲', fixture.id('示例大学甲'), '{expert}'),
       fixture.person('other', '专家乙', fixture.id('示例大学甲'), '{expert}'),
       fixture.person('stranger', '专家甲', fixture.id('示例大学乙'), '{expert}'),
       fixture.person('plain', '专家甲', fixture.id('示例大学甲'), '{member}');
select fixture.at('2026-05-06 10:00+08');
create function pg_temp.record(p_name text, p_more jsonb) returns uuid language sql as $$
  select (body ->> 'id')::uuid from api.record_add(fixture.session('officer'), fixture.req(), 'expert',
    jsonb_build_object('name', p_name, 'title_level', 'senior', 'title', '教授', 'fields', '["optomech"]'::jsonb, 'phone', '13800000000') || p_more) $$;
create temp table r as select 'a' as name, pg_temp.record('专家甲', jsonb_build_object('unit_name', '示例大学甲', 'unit_code', fixture.code('示例大学甲'))) as id
  union all select 'b', pg_temp.record('专家甲', '{"unit_name": "甲大"}') union all select 'c', pg_temp.record('专家乙', '{"unit_name": "示例大学乙"}');
grant select on r to public;
create function pg_temp.link(p_record text, p_login text, p_by text default 'officer', p_version int default null) returns api.answer language sql as $$
  select api.expert_link(fixture.session(p_by), fixture.req(p_version), (select id from r where name = p_record),
           jsonb_strip_nulls(jsonb_build_object('person', fixture.id(p_login), 'reason', '本人确认'))) $$;
create function pg_temp.unlink(p_record text) returns api.answer language sql as $$
  select api.expert_link(fixture.session('officer'), fixture.req(), (select id from r where name = p_record), '{"reason": "关联有误"}') $$;
create function pg_temp.fault(p_sql text) returns text language plpgsql as $$
declare
  v_detail text;
begin
  execute p_sql;
  return null;
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return coalesce(v_detail::jsonb #>> '{errors,0,code}', sqlerrm);
end;
$$;

select is(pg_temp.fault($$select pg_temp.unlink('a')$$), 'record_not_linked', 'at first nobody is linked');
select is(pg_temp.fault($$select pg_temp.link('a', 'nobody')$$), 'not_known', 'a person who is not there cannot be');
select is(pg_temp.fault($$select pg_temp.link('a', 'plain')$$), 'not_an_expert', 'nor one who is no expert');
select is(pg_temp.fault($$select pg_temp.link('a', 'other')$$), 'other_name', 'nor one of another name');
select is(pg_temp.fault($$select pg_temp.link('a', 'stranger')$$), 'other_unit', 'nor one of another unit');
select throws_ok($$select pg_temp.link('a', 'zhang', 'keeper')$$, 'WF403', 'role_missing', 'a unit does not link');
select throws_ok($$select pg_temp.link('a', 'zhang', 'zhang')$$, 'WF403', 'role_missing', 'nor do experts themselves');
select throws_ok($$select pg_temp.link('a', 'zhang', 'officer', 7)$$, 'WF409', 'version_conflict', 'nor an officer on an old version');
select throws_ok($$select api.expert_link(fixture.session('officer'), fixture.req(), gen_random_uuid(), '{}')$$, 'WF404', 'not_found', 'a record that is not there is not there');
select is((api.record_get(fixture.session('zhang'), fixture.req(), 'expert', (select id from r where name = 'a'))).body ->> 'may_edit', 'false', 'before it the record is not the expert''s to keep');
select is((pg_temp.link('a', 'zhang', 'officer', 1)).body ->> 'person', fixture.id('zhang')::text, 'the expert is linked, whatever the blanks in the name');
select is((api.record_get(fixture.session('zhang'), fixture.req(), 'expert', (select id from r where name = 'a'))).body ->> 'may_edit', 'true', 'and then keeps the own record');
select is(pg_temp.fault($$select pg_temp.link('a', 'zhang')$$), 'record_linked', 'a record is linked once');
select is(pg_temp.fault($$select pg_temp.link('b', 'zhang')$$), 'other_unit', 'a unit by a name that it does not have is another');
insert into party.unit_alias (unit, alias) values (fixture.id('示例大学甲'), '甲大');
select is(pg_temp.fault($$select pg_temp.link('b', 'zhang')$$), 'person_linked', 'by a name that it has, the same; but a person has one record');
select is(pg_temp.fault($$select pg_temp.link('c', 'other')$$), 'other_unit', 'a unit is compared by name where the record has no code');
select is((pg_temp.unlink('a')).body ->> 'person', null, 'they are parted');
select is((api.record_get(fixture.session('zhang'), fixture.req(), 'expert', (select id from r where name = 'a'))).body ->> 'may_edit', 'false', 'and it is no longer theirs to keep');
select is((pg_temp.link('b', 'zhang')).status, 200, 'another record may then be linked');
select set_config('jb.context', 'system', true);
update lib.record set person = fixture.id('officer') where id = (select id from r where name = 'c');
select is(pg_temp.fault($$select pg_temp.unlink('c')$$), 'not_yourself', 'nobody does it for themselves');

-- what is kept
create temp table h as select i from json_array_elements((api.record_history(fixture.session('auditor'), fixture.req(), 'expert', (select id from r where name = 'a'))).body -> 'items') i;
select is((select array_agg(array[i ->> 'why', i ->> 'person', i ->> 'reason', i ->> 'by'] order by (i ->> 'version')::int) from h),
  array[['create', null, null, '经办甲'], ['link', '专家 甲', '本人确认', '经办甲'], ['unlink', null, '关联有误', '经办甲']], 'the record keeps who, when and why');
select is((select array_agg(kind order by seq) from auth.event where account = fixture.id('zhang') and kind like 'expert%'), '{expert_linked,expert_unlinked,expert_linked}', 'so do the account''s events');
select * from finish();
rollback;

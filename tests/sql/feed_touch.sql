-- Whatever changes what is fed leaves a change behind, in the same transaction; and those records whose
-- documents speak of it are told of in turn.
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
create function pg_temp.told() returns text language plpgsql as $$
declare
  v_told text;
begin
  select string_agg(distinct c.kind || coalesce(' ' || (select t.name from fixture.thing t where t.id = c.id limit 1), ''), ', ') into v_told
    from feed.change c;
  delete from feed.change;
  return v_told;
end;
$$;
create function pg_temp.as_system() returns void language sql as $$ select auth.enter_system('test') $$;
select pg_temp.told();

select fixture.name('record', ((api.record_add(fixture.session('officer'), fixture.req(), 'achievement', '{"title": "示例成果", "unit_name": "team单位", "fields": ["material"], "holder": "专家甲"}')).body ->> 'id')::uuid);
select is(pg_temp.told(), 'achievement record', 'a record that is added');
select api.record_edit(fixture.session('officer'), fixture.req(1), 'achievement', fixture.is('record'), '{"title": "示例成果", "unit_name": "team单位", "fields": ["material"], "holder": "专家甲", "intro": "简介"}');
select is(pg_temp.told(), 'achievement record', 'edited');
select api.record_state(fixture.session('officer'), fixture.req(2), 'achievement', fixture.is('record'), '{"state": "removed", "reason": "重复"}');
select is(pg_temp.told(), 'achievement record', 'removed');
select api.record_state(fixture.session('officer'), fixture.req(3), 'achievement', fixture.is('record'), '{"state": "active"}');
select is(pg_temp.told(), 'achievement record', 'brought back');
select fixture.name('expert', ((api.record_add(fixture.session('officer'), fixture.req(), 'expert', '{"name": "专家甲", "unit_name": "team单位", "title_level": "senior", "fields": ["material"]}')).body ->> 'id')::uuid);
select is(pg_temp.told(), 'expert expert', 'an expert');
select pg_temp.as_system(), feed.follow('expert', array[fixture.is('expert')]);
select is(pg_temp.told(), 'achievement record', 'and in turn what the expert has made');
select fixture.person('zhuanjia', '专家甲', fixture.id('team单位'), '{expert}');
select is((api.expert_link(fixture.session('officer'), fixture.req(), fixture.is('expert'), jsonb_build_object('person', fixture.id('zhuanjia')))).status, 200, 'a link of record and account');
select is(pg_temp.told(), 'expert expert', 'is told');

-- imports and their undoing
select fixture.name('import', lib.check_import('achievement', E'成果名称,单位,技术领域\n另一成果,team单位,新材料及应用\n')) from pg_temp.as_system();
select is((api.import_apply(fixture.session('officer'), fixture.req(), fixture.is('import'), '{}')).status, 200, 'an import is applied');
select is(pg_temp.told(), 'achievement', 'its rows are told');
select is((api.import_undo(fixture.session('officer'), fixture.req(), fixture.is('import'))).status, 200, 'and taken back');
select is(pg_temp.told(), 'achievement', 'they are told again');

-- units and credit
select fixture.name('unit', fixture.unit('示例新单位', 'enterprise', 'pending'));
select api.unit_decide(fixture.session('officer'), fixture.req(), fixture.is('unit'), '{"decision": "verify"}');
select is(pg_temp.told(), 'unit unit', 'a unit that is verified');
select api.unit_aliases_put(fixture.session('officer'), fixture.req(), fixture.is('unit'), '{"aliases": ["示例旧名"]}');
select is(pg_temp.told(), 'unit unit', 'gets another name');
select api.unit_put(fixture.session('officer'), fixture.req(), fixture.is('unit'), jsonb_build_object('code', fixture.code('示例新单位'), 'name', '示例新单位', 'kind', 'enterprise', 'intro', '简介'));
select is(pg_temp.told(), 'unit unit', 'or other data');
select fixture.name('credit', ((api.credit_create(fixture.session('officer'), fixture.req(), jsonb_build_object('unit', fixture.id('team单位'), 'name', 'team单位',
  'level', 'serious', 'decision', '示例决字1号', 'starts', '2026-08-01', 'ends', '2027-08-01', 'source', '示例'))).body ->> 'id')::uuid);
select fixture.name('team', fixture.id('team单位'));
select is(pg_temp.told(), 'achievement record, expert expert, unit team', 'a record of credit: the unit and all that is its');
select api.credit_revoke(fixture.session('officer'), fixture.req(), fixture.is('credit'), '{"note": "撤销"}');
select is(pg_temp.told(), 'achievement record, expert expert, unit team', 'and when it is revoked');

-- the procedure
select fixture.challenge('item');
select pg_temp.told();
select fixture.claim('item', 'team2');
select alike(pg_temp.told(), '%claim%', 'a claim');
select fixture.submit('item', 'team2');
select alike(pg_temp.told(), '%claim%', 'submitted');
select fixture.until('2026-09-15 17:00+08');
select is(pg_temp.told(), 'item item', 'the deadline: the challenge moves');
select api.item_opening(fixture.session('officer'), fixture.req(), fixture.is('item'), fixture.key('item'));
select api.item_opening(fixture.session('officer2'), fixture.req(), fixture.is('item'), fixture.key('item'));
select is(pg_temp.told(), 'claim item team2, item item', 'the opening: claims are there to be read');
select fixture.event('officer', 'item team2', 'qualify', fixture.checks());
select is(pg_temp.told(), 'claim item team2', 'each move of a claim');
select pg_temp.as_system(), workflow.add_party(fixture.is('item team2'), 'member', null, fixture.id('zhuanjia'));
select is(pg_temp.told(), 'claim item team2', 'whoever gets to see it');
select fixture.name('need', (select need from core.list_item where id = fixture.is('item')));
select pg_temp.as_system(), workflow.touch(fixture.is('need'), 'edit', 'poster');
select is(pg_temp.told(), 'need need', 'an edit of a need');

-- code lists and terms
select pg_temp.as_system(), feed.touch_codes('field');
select is(pg_temp.told(), 'label', 'a new edition of the fields');
select pg_temp.as_system(), feed.touch_codes('division');
select is(pg_temp.told(), null, 'not one of other lists');
select terms as before from feed.state \gset
select api.term_add(fixture.session('officer'), fixture.req(), '{"rule": "keep", "term": "示例词"}');
select is(pg_temp.told(), 'terms', 'the list of terms');
select ok((select terms > :before from feed.state), 'which has another version then');
select is((select rows from feed.terms((select terms from feed.state))), null, 'whoever has it is not told it again');
select ok((select rows @> '[{"rule": "keep", "term": "示例词"}]' from feed.terms(0)), 'whoever has not is');
select * from finish();
rollback;

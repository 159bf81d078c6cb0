-- The front document: what is open by the clock, whose service it is, and whether its data are samples.
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
create function pg_temp.front() returns jsonb language sql as $$ select body::jsonb from api.front() $$;
create function pg_temp.count(p_name text) returns int language sql as $$ select (pg_temp.front() #>> array['counts', p_name])::int $$;
create function pg_temp.open(p_state text, p_from text, p_until text) returns void language sql as $$
  update workflow.item set state = p_state, public = true where machine = 'batch';
  update core.batch set solicit_from = p_from::timestamptz, solicit_until = p_until::timestamptz;
$$;

select is(pg_temp.front() -> 'counts', '{"open_items": 0, "closing_soon": 0, "open_programmes": 0}', 'an empty city has nothing open');
select is(pg_temp.front() ->> 'bureau', null, 'and no bureau');
select is(pg_temp.front() -> 'sample', '{"flag": false}', 'and is no sample');
select is((select body::jsonb ? 'sample' from api.items('{}')), false, 'which lists then say nothing of');
select fixture.city();
select fixture.person('admin', '管理员甲', fixture.id('示例市科学技术局'), '{sysadmin}');
select is(pg_temp.front() ->> 'bureau', '示例市科学技术局', 'the bureau is the unit of its administrators');
insert into meta.setting (name, value) values ('bureau', '"示例区科学技术局"');
select is(pg_temp.front() ->> 'bureau', '示例区科学技术局', 'or what the setting says');

-- challenges: claims close on 2026-09-15 at 17:00
select fixture.challenge('a'), fixture.challenge('b'), fixture.challenge('hidden');
select set_config('jb.context', 'system', true);
update core.face set public = false where item = fixture.is('hidden');
update core.face set state = 'matching' where item = fixture.is('b');
select set_config('jb.context', '', true);
select is(pg_temp.count('open_items'), 1, 'a challenge counts while it is public and may be claimed');
select is(pg_temp.count('closing_soon'), 0, 'two weeks ahead is not soon');
select fixture.at('2026-09-08 17:00+08');
select is(pg_temp.count('closing_soon'), 1, 'a week ahead is');
select fixture.at('2026-09-15 17:00+08');
select is(pg_temp.count('open_items'), 0, 'at its deadline a challenge is no longer open, also before the worker has come');

-- solicitations
select pg_temp.open('soliciting', '2026-09-10 00:00+08', '2026-09-20 00:00+08');
select is(pg_temp.count('open_programmes'), 3, 'a programme takes needs while a batch of it solicits');
select fixture.at('2026-09-20 00:00+08');
select is(pg_temp.count('open_programmes'), 0, 'until the window ends');
select fixture.at('2026-09-09 23:59+08');
select is(pg_temp.count('open_programmes'), 0, 'and not before it begins');
select pg_temp.open('soliciting', null, null);
select is(pg_temp.count('open_programmes'), 3, 'a rolling one has no window');
update core.batch set programme = fixture.id('programme a');
select is(pg_temp.count('open_programmes'), 1, 'a programme counts once');
select pg_temp.open('solicited', null, null);
select is(pg_temp.count('open_programmes'), 0, 'another state takes none');

-- sample data
insert into meta.setting (name, value) values ('sample', 'true');
select is(pg_temp.front() #>> '{sample,zh}', '样例数据', 'sample data have a banner even where none was written');
insert into meta.setting (name, value) values ('banner', '{"zh": "样例数据：虚构", "en": "Sample data: invented"}');
select is(pg_temp.front() -> 'sample', '{"flag": true, "zh": "样例数据：虚构", "en": "Sample data: invented"}', 'or that which was');
select is((body ->> 'sample')::boolean, true, name || ' say that they are samples')
  from (select 'challenges', body from api.items('{}') union all select 'lists', body from api.list_list('{}')
        union all select 'programmes', body from api.programme_list('{}') union all select 'solicitations', body from api.batch_list('{}')) l (name, body);
select is((select filename from api.items_csv('{}')), '样例数据-items.csv', 'so does the name of the table for spreadsheets');
select * from finish();
rollback;

-- What programs fetch by themselves: feeds, the calendar, the site map; stages; order and the open ones.
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
create function pg_temp.xml_ok(p_text text) returns boolean language sql as $$ select xml_is_well_formed_document(p_text) $$;
select ok(pg_temp.xml_ok((select text from api.items_atom('https://x'))), 'a feed without entries is well formed');
select fixture.challenge('a');
select fixture.to_noticing('a', 'team');
select fixture.at('2026-10-01 10:00+08');
select fixture.challenge('b');
select set_config('jb.context', 'system', true);
update core.list_item set title = '<b>"坏" & 题目</b>' || chr(1), claim_until = '2026-10-10 17:00+08' where id = fixture.is('b');
select core.refresh_face(fixture.is('b'));
select set_config('jb.context', '', true);
select ok(pg_temp.xml_ok((select text from api.items_atom('https://x'))), 'so is one with whatever people typed');
select ok((select text from api.items_atom('https://x')) ~ '&lt;b&gt;&quot;坏&quot; &amp; 题目', 'which stays text');
select ok((select text from api.items_atom('https://x')) ~ ('href="https://x/items/' || fixture.is('a')), 'links lead back to the site');
select is((select media from api.items_atom('https://x')), 'application/atom+xml; charset=utf-8', 'it is told apart by its type');
select is((select filename from api.items_atom('https://x')), null, 'and not saved as a file');
select ok(pg_temp.xml_ok((select text from api.notices_atom('https://x'))), 'notices too');
select is((select count(*) from regexp_matches((select text from api.notices_atom('https://x')), '<entry>', 'g')), 1::bigint, 'each once');
select ok(pg_temp.xml_ok((select text from api.sitemap_xml('https://x'))), 'the site map is well formed');
select ok((select text from api.sitemap_xml('https://x')) ~ ('https://x/items/' || fixture.is('b')), 'and holds what is public');
select ok((select text from api.robots_txt('https://x')) ~ 'Sitemap: https://x/sitemap.xml', 'which crawlers are told of');

-- the calendar
create function pg_temp.ics() returns text language sql as $$ select text from api.deadlines_ics('https://x') $$;
select ok(pg_temp.ics() ~ 'DTSTART:20261010T090000Z', 'the end of the claims is in the calendar');
select is((select max(octet_length(l)) <= 75 from unnest(string_to_array(pg_temp.ics(), E'\r\n')) l), true, 'no line is longer than 75 octets');
select ok(pg_temp.ics() !~ E'[^\r]\n', 'lines end as the standard says');
select ok(replace(pg_temp.ics(), E'\r\n ', '') ~ ('URL:https://x/items/' || fixture.is('b')), 'folded lines come together again');
select is(core.ics_text('a,b;c\' || E'\nd'), 'a\,b\;c\\\nd', 'what is special in it is escaped');
select fixture.at('2026-10-10 17:00+08');
select ok(pg_temp.ics() !~ '20261010T090000Z', 'what is over is not');

-- stages
create function pg_temp.stages(p_name text) returns jsonb language sql as $$ select body::jsonb from api.item_stages(fixture.is(p_name)) $$;
select is((select s ->> 'code' from jsonb_array_elements(pg_temp.stages('b') -> 'stages') s where (s ->> 'current')::boolean), 'claim', 'an open challenge stands at the claims');
select is((select s ->> 'code' from jsonb_array_elements(pg_temp.stages('a') -> 'stages') s where (s ->> 'current')::boolean), 'notice', 'one under notice stands there');
select is(pg_temp.stages('a')::text ~ '单位', false, 'nobody is named');
select is(pg_temp.stages('b') ->> 'intents', '0', 'intents are counted');
select throws_ok(format('select api.item_stages(%L)', (select need from core.list_item where id = fixture.is('b'))), 'WF404', null, 'a need has none for the public');

-- the list
select fixture.at('2026-10-05 10:00+08');
select fixture.challenge('c');
select set_config('jb.context', 'system', true);
update core.list_item set claim_until = '2026-10-20 17:00+08' where id = fixture.is('c');
select core.refresh_face(fixture.is('c'));
select set_config('jb.context', '', true);
create function pg_temp.numbers(p_query jsonb) returns text language sql as
$$ select string_agg(i ->> 'number', ' ' order by n) from api.items(p_query), jsonb_array_elements(body::jsonb -> 'items') with ordinality t (i, n) $$;
select is(pg_temp.numbers('{"open": true, "sort": "deadline"}'), 'N-b N-c', 'the open ones, soonest first');
select is(pg_temp.numbers('{"sort": "deadline", "size": 1, "page": 2}') is not null, true, 'in pages too');
select set_config('jb.context', 'system', true);
update core.list_item set budget_fen = 5 where id = fixture.is('c');
select core.refresh_face(fixture.is('c'));
select set_config('jb.context', '', true);
select is(pg_temp.numbers('{"open": true, "sort": "budget"}'), 'N-b N-c', 'the largest budget first');

-- what changed, in words
select is(core.change_text('claim_until', '"2026-09-10T09:00:00+00:00"'), '2026-09-10 17:00', 'a time is told as people write it');
select is(core.change_text('indicators[1]', '{"name": "纯度", "op": ">=", "value": "99.9", "must": true}'), '>= 纯度 99.9', 'a row as one line');
select is(core.change_text('title', '"新题目"'), '新题目', 'a text as it is');
select is(core.change_text('goal', null), null, 'nothing as nothing');
select * from finish();
rollback;

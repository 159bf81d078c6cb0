-- What the public reads of a challenge (DOMAIN 9), intents, contacts, extension and the other ways out.
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
select fixture.challenge('open1');
select fixture.challenge('masked1', 'jinzhou', '{}', 'masked');
select fixture.challenge('summary1', 'jinzhou', '{}', 'summary');
create function pg_temp.face(p_name text) returns jsonb language sql as $$ select body::jsonb from api.item_public(fixture.is(p_name)) $$;

select is(pg_temp.face('open1') #>> '{poster,name}', 'poster单位', 'an open challenge names its poster');
select is(pg_temp.face('masked1') ->> 'poster', null, 'a masked one does not');
select is(pg_temp.face('masked1') #>> '{content,problem}', '现有产品表面缺陷偏多', 'but says what the problem is');
select is(pg_temp.face('summary1') #> '{content,indicators}', null, 'a summary keeps the indicators back');
select is((select count(*)::int from unnest(array['open1', 'masked1', 'summary1']) n where pg_temp.face(n)::text ~ '13800000001|联系人甲|自行试制'), 0, 'contacts and failures are never public');
select is(pg_temp.face('masked1')::text ~ 'poster单位', false, 'the poster''s name is nowhere in a masked one');
select is(pg_temp.face('open1') #>> '{state,code}', 'open', 'the state stands in front');
select is(pg_temp.face('open1') ->> 'budget_wan', '1000.00', 'money is in 万元');
select is_empty($$select api.item_public(gen_random_uuid())$$, 'what is not there is not there');
select is_empty(format('select api.item_public(%L)', (select need from core.list_item where id = fixture.is('open1'))), 'nor is a need under this path');
select isnt_empty(format('select api.item_public(%L)', fixture.is('open1')), 'a published challenge needs no context');
update core.face set public = false where item = fixture.is('masked1');
select is_empty(format('select api.item_public(%L)', fixture.is('masked1')), 'one that is not public is not there without');
-- nor for somebody who could see it otherwise, or says so
create function pg_temp.peeked(p_context text, p_predicate text) returns bigint language plpgsql as $$
declare
  v_n bigint;
begin
  perform set_config('jb.context', p_context, true);
  set local role jb_gateway;
  execute 'select count(*) from api.public_item where ' || p_predicate into v_n;
  reset role;
  perform set_config('jb.context', '', true);
  return v_n;
end;
$$;
select is(pg_temp.peeked(c, 'true'), 2::bigint, 'through the view only what is public is seen, in the context "' || c || '"') from unnest(array['', 'public', 'system']) c;
select is(pg_temp.peeked('system', format('item = %L or doc ->> ''x'' is not null', fixture.is('masked1'))), 0::bigint, 'nor under a predicate');
update core.face set public = true where item = fixture.is('masked1');

-- lists
create function pg_temp.found(p_query jsonb) returns bigint language sql as $$ select (body ->> 'total')::bigint from api.items(p_query) $$;
select is(pg_temp.found('{}'), 3::bigint, 'the list holds what is published');
select is(pg_temp.found('{"q": "硅片"}'), 3::bigint, 'a word of two characters is found');
select is(pg_temp.found('{"q": "N-open1"}'), 1::bigint, 'so is a number');
select is(pg_temp.found('{"q": "%"}'), 0::bigint, 'a wildcard is only a character');
select is(pg_temp.found('{"industry": "半导体材料", "division": "2107", "state": "open"}'), 3::bigint, 'filters combine');
select is(pg_temp.found(jsonb_build_object('unit', fixture.id('poster单位'))), 1::bigint, 'by poster only what names its poster is found');
select is(pg_temp.found('{"q": "poster单位"}'), 1::bigint, 'nor does a keyword find a masked poster');
select is((select body #>> '{facets,industry,0,count}' from api.items('{}')), '3', 'facets count');
select is((select json_array_length(body -> 'items') from api.items('{"size": 2, "page": 2}')), 1, 'pages go on where the last one ended');
select is((select body #> '{items,0,content}' is null from api.items('{}')), true, 'a list carries no content');

-- intents and contacts
create function pg_temp.intend(p_login text, p_item text default 'open1') returns text language sql as $$
  select format('select api.item_intend(fixture.session(%L), fixture.req(), fixture.is(%L), ''{"statement": "有意揭榜"}'')', p_login, p_item) $$;
select is(fixture.refusal(pg_temp.intend('poster')), '409 own_item', 'a poster has no intent on its own');
select lives_ok(pg_temp.intend('team'), 'a team has');
select lives_ok(pg_temp.intend('team2'), 'another too');
select is(fixture.state('open1'), 'interested', 'the challenge says so');
select is((select json_array_length(body -> 'intents') from api.item_work(fixture.session('poster'), fixture.req(), fixture.is('open1'))), 2, 'the poster sees both');
select is((select json_array_length(body -> 'intents') from api.item_work(fixture.session('team'), fixture.req(), fixture.is('open1'))), 1, 'a team only its own');
select is((select json_array_length(body -> 'intents') from api.item_work(fixture.session('stranger'), fixture.req(), fixture.is('open1'))), 0, 'a stranger none');
select is((api.item_unintend(fixture.session('team2'), fixture.req(), fixture.is('open1'))).status, 200, 'an intent may be taken back');
select is(fixture.refusal($$select api.item_unintend(fixture.session('team2'), fixture.req(), fixture.is('open1'))$$), '404 not_found', 'once');
create function pg_temp.contact(p_login text, p_at text default '2026-08-30T10:00:00+08:00') returns text language sql as $$
  select format('select api.item_contact(fixture.session(%L), fixture.req(), fixture.is(''open1''), %L)', p_login,
    jsonb_build_object('kind', 'visit', 'held_at', p_at, 'people', '双方人员', 'summary', '现场交流')) $$;
select lives_ok(pg_temp.contact('officer'), 'the bureau logs a contact');
select lives_ok(pg_temp.contact('poster'), 'the poster too');
select lives_ok(pg_temp.contact('team'), 'and a team with an intent');
select is(fixture.refusal(pg_temp.contact('stranger')), '403 not_a_party', 'a stranger does not');
select is(fixture.gaps(pg_temp.contact('officer', '2026-09-02T10:00:00+08:00')), array['held_at in_future'], 'what has not been is not logged');
select is(fixture.gaps($$select api.item_contact(fixture.session('officer'), fixture.req(), fixture.is('open1'), jsonb_build_object('kind', 'visit',
  'held_at', '2026-08-30T10:00:00+08:00', 'people', 'x', 'summary', 'xx', 'unit', gen_random_uuid()))$$), array['unit not_known'], 'nor a visit of a unit that is not registered');
select is((select json_array_length(body -> 'contacts') from api.item_work(fixture.session('stranger'), fixture.req(), fixture.is('open1'))), 0, 'nor does a stranger read them');

select fixture.person('broker', '经纪甲', fixture.unit('示例机构', 'other'), '{broker}');
select lives_ok(pg_temp.contact('broker'), 'a broker logs one too');
select is((select json_array_length(body -> 'contacts') from api.item_work(fixture.session('broker'), fixture.req(), fixture.is('open1'))), 1, 'and reads its own, not the others');

-- the whole case and the public's part of it
select is((select body -> 'steps' is not null and body -> 'choices' is not null from api.item_work(fixture.session('officer'), fixture.req(), fixture.is('open1'))), true, 'the bureau sees the whole case');
select is((select body -> 'steps' is null and body -> 'choices' is null from api.item_work(fixture.session('team'), fixture.req(), fixture.is('open1'))), true, 'a team does not');
select is((select body #> '{content,indicators}' is null from api.item_work(fixture.session('team'), fixture.req(), fixture.is('summary1'))), true, 'a summary is a summary to whoever is signed in');
select is((select (api.item_undertake(fixture.session('team'), fixture.req(), fixture.is('summary1'), '{"statement": "承诺保密"}')).status), 201, 'until the unit has undertaken secrecy');
select is((select body #> '{content,indicators}' is not null from api.item_work(fixture.session('team'), fixture.req(), fixture.is('summary1'))), true, 'then it is shown all');
select is((select body::text ~ '13800000001' from api.item_work(fixture.session('team'), fixture.req(), fixture.is('summary1'))), false, 'but for the contact');
select is((select json_array_length(body -> 'disclosures') from api.item_work(fixture.session('poster'), fixture.req(), fixture.is('summary1'))), 1, 'and the poster sees to whom');

-- extension
create function pg_temp.extend(p_until text, p_login text default 'officer') returns text language sql as $$
  select format('select api.item_extend(fixture.session(%L), fixture.req(), fixture.is(''open1''), %L)', p_login,
    jsonb_build_object('claim_until', p_until, 'reason', '应企业要求延期')) $$;
select is(fixture.refusal(pg_temp.extend('2026-09-20T17:00:00+08:00', 'poster')), '403 not_your_step', 'the bureau extends, not the poster');
select is(fixture.gaps(pg_temp.extend('2026-08-01T17:00:00+08:00')), array['claim_until not_in_future'], 'into the future');
select is(fixture.gaps(pg_temp.extend('2026-09-10T17:00:00+08:00')), array['claim_until not_later'], 'and never backwards');
select lives_ok(pg_temp.extend('2026-09-20T17:00:00+08:00'), 'a later deadline is set');
select is(fixture.state('open1'), 'interested', 'the state stays');
select is((select array_agg(c ->> 'path') from core.item_version v, jsonb_array_elements(v.change) c where v.item = fixture.is('open1') and v.revision = 2), array['claim_until'], 'the public sees the change');
select is((select json_array_length(body -> 'versions') from api.item_versions(fixture.is('open1'))), 2, 'among the versions');
select fixture.until('2026-09-15 17:00+08');
select is(fixture.state('open1'), 'interested', 'the old deadline has no meaning any more');
select is(fixture.state('masked1'), 'unclaimed', 'where it has, a challenge without a claim is 流榜');
select lives_ok($$select api.item_extend(fixture.session('officer'), fixture.req(), fixture.is('masked1'), '{"claim_until": "2026-09-30T17:00:00+08:00", "reason": "再征集一次"}')$$, 'which may be extended');
select is(fixture.state('masked1'), 'open', 'and is open again');

-- ends
select fixture.claim('masked1', 'team');
select is(fixture.refusal($$select fixture.event('officer', 'masked1', 'withdraw', '{"reason": "企业停产撤榜"}')$$), '403 not_your_step', 'an officer does not withdraw');
select is((fixture.event('leader', 'masked1', 'withdraw', '{"reason": "企业停产撤榜"}')).status, 200, 'a leader does');
select is(fixture.state('masked1 team'), 'lapsed', 'claims end with it');
select is((select count(*)::int from workflow.timer where item = fixture.is('masked1') and done_at is null), 0, 'and so do its deadlines');
select is((fixture.event('poster', 'summary1', 'self_solve', '{"reason": "本企业已自行解决"}')).status, 200, 'a poster may have solved it itself');
select is(fixture.state('summary1'), 'self_solved', 'which is an end of its own');
select * from finish();
rollback;

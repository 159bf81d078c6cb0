-- What nobody may learn on the way round: from an inbox, an undertaking, a digest, a shared need.
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
create function pg_temp.told(p_login text) returns text language plpgsql as $$
begin
  perform job.deliver_inbox(o.id) from workflow.outbox o where o.item is not null order by o.id;
  return (select coalesce(string_agg(n.kind || n.params::text, ';' order by n.id), '') from workflow.inbox n where n.person = fixture.id(p_login));
end;
$$;

-- with whom the poster talks
select fixture.challenge('item');
select api.item_intend(fixture.session('team'), fixture.req(), fixture.is('item'), '{"statement": "有意向揭榜此项"}');
select api.item_intend(fixture.session('team2'), fixture.req(), fixture.is('item'), '{"statement": "有意向揭榜此项"}');
select api.item_contact(fixture.session('poster'), fixture.req(), fixture.is('item'), jsonb_build_object('unit', fixture.id('team单位'),
  'kind', 'visit', 'held_at', '2026-08-31T10:00:00+08:00', 'people', '双方人员', 'summary', '看了样品'));
select ok(pg_temp.told('team_staff') ~ 'contact', 'the team that was met hears of it');
select ok(pg_temp.told('poster_staff') ~ 'contact', 'so does the other side');
select ok(pg_temp.told('team2') !~ 'contact', 'a rival does not');
select ok(pg_temp.told('team2') !~ fixture.id('team单位')::text, 'nor who the others are');

-- why the poster chose as it did
select fixture.to_matching('item', 'team', 'team2');
select api.item_choose(fixture.session('poster'), fixture.req(), fixture.is('item'), jsonb_build_object('reason', '甲方案明显优于乙方案', 'ranks', jsonb_build_array(
  jsonb_build_object('claim', fixture.is('item team'), 'rank', 1, 'reason', '路线成熟'), jsonb_build_object('claim', fixture.is('item team2'), 'rank', null, 'reason', '周期过长'))));
select ok(pg_temp.told('team') ~ 'choose', 'a team hears that the choice is made');
select ok(pg_temp.told('team2') !~ '明显优于', 'not how the poster compared the rivals');
select ok(pg_temp.told('team2') ~ '周期过长', 'but why its own claim was turned down');
select fixture.file('item');
select fixture.decide('item', 'refused');
select ok(pg_temp.told('team2') !~ '与其他项目重复', 'nor why the city refused the other');
select ok(pg_temp.told('team') ~ '与其他项目重复', 'which the refused one does hear');

-- who has left a consortium
select fixture.at('2026-09-01 10:00+08');
select fixture.challenge('left', 'jinzhou', '{"claims": {"sealed": false}}');
select fixture.claim('left', 'team2', jsonb_build_array(jsonb_build_object('unit', fixture.id('partner单位'), 'duty', '工艺')), '新负责人');
create function pg_temp.claim_by(p_login text) returns jsonb language sql as
$$ select body::jsonb from api.claim(fixture.session(p_login), fixture.req(), fixture.is('left'), fixture.is('left team2'), 'ab') $$;
select ok(pg_temp.claim_by('partner') #>> '{content,plan}' is not null, 'a partner reads the claim');
select api.claim_sign_off(fixture.session('partner'), fixture.req(), fixture.is('left'), fixture.is('left team2'), '{"decision": "decline", "reason": "本单位另有安排"}');
update core.claim set submitted_at = workflow.now(), opened_at = workflow.now() where id = fixture.is('left team2');
select is(pg_temp.claim_by('partner') ->> 'content', null, 'one who has left the consortium does not, even after the opening');
select ok(pg_temp.claim_by('team2') #>> '{content,plan}' is not null, 'the claimant does');

-- an undertaking shows the content of a summary, not whom the bureau relays for
select fixture.at('2026-09-01 10:00+08');
select fixture.challenge('masked', 'jinzhou', '{}', 'masked');
select fixture.challenge('summary', 'jinzhou', '{}', 'summary');
create function pg_temp.read_by(p_login text, p_item text) returns text language sql as $$
  select body::text from api.item_work(fixture.session(p_login), fixture.req(), fixture.is(p_item)) $$;
select api.item_undertake(fixture.session('stranger'), fixture.req(), fixture.is('masked'), '{"statement": "承诺保密"}'),
       api.item_undertake(fixture.session('stranger'), fixture.req(), fixture.is('summary'), '{"statement": "承诺保密"}');
select ok(pg_temp.read_by('stranger', 'masked') !~ 'poster单位', 'a masked poster stays masked after an undertaking');
select ok(pg_temp.read_by('stranger', 'masked') !~ fixture.id('poster单位')::text, 'by its id too');
select ok(pg_temp.read_by('stranger', 'summary') ~ '激光扫描', 'a summarised challenge is shown');
select ok(pg_temp.read_by('stranger', 'summary') !~ 'poster单位', 'but not its poster');
select ok(pg_temp.read_by('poster', 'masked') ~ 'poster单位', 'its own people read it');

-- nor does a new issue
update core.list_item set content = content || jsonb_build_object('posters', jsonb_build_array(jsonb_build_object('id', poster, 'name', 'poster单位'))) where id = fixture.is('masked');
select fixture.until('2026-09-15 17:00+08');
select api.item_reissue(fixture.session('leader'), fixture.req(), fixture.is('masked'), '{"claim_until": "2026-10-15T17:00:00+08:00", "reason": "调整题目后重新发榜", "title": "poster单位的抛光硅片"}');
select is((api.item_public(fixture.is('masked'))).body ->> 'title', '该企业的抛光硅片', 'a new title names nobody either');
select is((select title from workflow.item where id = fixture.is('masked')), '该企业的抛光硅片', 'in no list');

-- a digest that is public while its content is not cannot be guessed name by name
create function pg_temp.entry() returns jsonb language plpgsql as $$
begin
  perform auth.enter_system('test');
  return core.entry_content((select need from core.list_item where id = fixture.is('masked')));
end;
$$;
select ok((pg_temp.entry() ->> 'salt') ~ '^[0-9a-f]{64}$', 'what is hashed holds a salt');
select ok(not core.public_content(pg_temp.entry(), 'open') ? 'salt', 'which no public content shows');
select ok(not core.public_content(pg_temp.entry(), 'masked') ? 'salt', 'masked or open');
select * from finish();
rollback;

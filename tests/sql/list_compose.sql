-- Composing, fixing and publishing a list.
begin;
select no_plan();
\ir fixtures/people.sql
\ir fixtures/programme.sql
select fixture.city();
select fixture.pooled('a'), fixture.pooled('b', 'poster2', p_more => '{"disclosure": "masked"}'),
       fixture.pooled('c', 'poster3', 'county2', '{"disclosure": "summary"}'), fixture.pooled('later', 'poster4', 'county2');
select fixture.at('2026-04-02 09:00+08');
select job.run_timers(10), fixture.event('officer1', 'batch', 'build'), fixture.event('officer1', 'batch', 'select');
select fixture.argued('panel', array['a', 'b', 'c', 'later']);
select fixture.approved('a'), fixture.approved('c', 'poster3');
select fixture.word('b', '{"title": "示例企业乙抛光工艺改进技术", "problem": "示例企业乙现有工艺缺陷数量偏高，不能满足集成电路制造的要求。"}'), fixture.event('poster2', 'b', 'agree'), fixture.event('leader1', 'b', 'approve');
create function pg_temp.edit(p_names text[], p_more jsonb default '{}') returns api.answer language sql as
$$ select api.list_edit(fixture.session('officer1'), fixture.req(), fixture.id('l'), fixture.list_body(p_names, p_more)) $$;
create function pg_temp.freeze(p_login text default 'officer1', p_list text default 'l') returns api.answer language sql as
$$ select api.list_freeze(fixture.session(p_login), fixture.req(), fixture.id(p_list)) $$;
create function pg_temp.publish(p_login text, p_list text default 'l') returns api.answer language sql as
$$ select api.list_publish(fixture.session(p_login), fixture.req(), fixture.id(p_list)) $$;

select is(fixture.errors($$select fixture.list('l', array['a', 'later'])$$), 'items[1].need wrong_state', 'a need that is not approved is not listed');
select is(fixture.errors($$select fixture.list('l', array['a', 'a'])$$), 'items[0].need repeated_item, items[1].need repeated_item', 'nor one twice');
select is(fixture.errors($$select fixture.list('l', array['nowhere'])$$), 'items[0].need not_known', 'nor one that is not there');
select throws_ok($$select api.list_create(fixture.session('poster1'), fixture.req(), fixture.list_body(array['a']))$$, 'WF403', 'role_missing', 'a poster composes no list');
select fixture.list('l', array[]::text[]);
select is((select number from core.list where id = fixture.id('l')), '2026-CY-L01', 'a list has its number');
select throws_ok($$select pg_temp.freeze()$$, 'WF409', 'list_empty', 'an empty list is not fixed');
select pg_temp.edit(array['b', 'a', 'c']);
select is((select state from workflow.item where id = fixture.id('a')), 'listed', 'a need on a list is listed');
select pg_temp.edit(array['c', 'b']);
select is((select state from workflow.item where id = fixture.id('a')), 'approved', 'and off it, approved again');
select pg_temp.edit(array['c', 'b', 'a'], '{"title": "榜单（修订）"}');
select results_eq($$select need, masking from core.list_entry order by ordinal$$, $$values (fixture.id('c'), 'summary'), (fixture.id('b'), 'masked'), (fixture.id('a'), 'open')$$,
  'the order is the one given, the masking what the poster wished');
select throws_ok($$select api.list_public(fixture.id('l'))$$, 'WF404', 'not_found', 'a draft is not public');
select throws_ok($$select pg_temp.freeze('leader1')$$, 'WF403', 'not_your_step', 'an officer fixes');
select throws_ok($$select pg_temp.publish('leader1')$$, 'WF409', 'step_not_allowed', 'nothing is published that is not fixed');
select is((select (pg_temp.freeze()).body #>> '{items,2,number}'), '2026-CY-03', 'fixing gives numbers in order');
select is((select hash from core.list where id = fixture.id('l')), (select workflow.digest(content) from core.list where id = fixture.id('l')), 'and the hash of all that will be public');
select throws_ok($$select pg_temp.edit(array['a'])$$, 'WF409', 'step_not_allowed', 'a fixed list is not edited');
select fixture.approved('later', 'poster4'), fixture.list('second', array['later']);
select throws_ok($$select pg_temp.freeze(p_list => 'second')$$, 'WF409', 'other_list_frozen', 'one list of a programme is fixed at a time');
select throws_ok($$select fixture.event('officer1', 'l', 'thaw', '{"reason": "需调整顺序"}')$$, 'WF403', 'not_your_step', 'a leader gives it back');
select fixture.event('leader1', 'l', 'thaw', '{"reason": "需调整顺序"}');
select is((select num_nonnulls(hash, content, frozen_by) from core.list where id = fixture.id('l')), 0, 'then nothing of the fixing remains');
select pg_temp.edit(array['a', 'b', 'c']), pg_temp.freeze();
update core.list set frozen_by = fixture.id('leader1') where id = fixture.id('l');
select throws_ok($$select pg_temp.publish('leader1')$$, 'WF403', 'other_person_needed', 'whoever fixed it does not publish it');
select throws_ok($$select pg_temp.publish('officer1')$$, 'WF403', 'not_your_step', 'nor does an officer');
select fixture.at('2026-06-01 00:00+08');
select throws_ok($$select pg_temp.publish('leader2')$$, 'WF409', 'claim_window_past', 'nobody could claim on a list that is over');
select fixture.at('2026-04-20 09:00+08');
select fixture.session('leader2');
update auth.session set reauth_at = now() - interval '11 minutes' where hash = fixture.session('leader2');
select throws_ok($$select pg_temp.publish('leader2')$$, 'WF403', 'reauth_needed', 'publishing needs a fresh password');
update auth.session set reauth_at = now() where hash = fixture.session('leader2');
select is((select (pg_temp.publish('leader2')).body #>> '{state,code}'), 'published', 'another leader publishes');
select throws_ok($$select pg_temp.publish('leader1')$$, 'WF409', 'step_not_allowed', 'once');

create temp table face as select (api.list_public(fixture.id('l'))).body::jsonb as f;
grant select on face to public;
select is((select f #>> '{content,items,0,content,posters,0,name}' from face), '示例企业甲', 'an open item names its poster');
select is((select f #> '{content,items,1,content}' ? 'posters' from face), false, 'a masked one does not');
select is((select i.title from workflow.item i join core.list_item x using (id) where x.number = '2026-CY-02'), '该企业抛光工艺改进技术', 'nor in the title, which every list shows');
select is((select f #>> '{content,items,1,content,problem}' from face), '该企业现有工艺缺陷数量偏高，不能满足集成电路制造的要求。', 'not even in the text');
select is((select array_agg(k order by k collate "C") from face, jsonb_object_keys(f #> '{content,items,2,content}') k),
  array['budget_wan', 'cash_wan', 'fields', 'goal', 'industry', 'industry_code', 'keywords', 'title', 'year_from', 'year_until'], 'a summary is the outline');
select ok((select f::text not like '%13800000000%' and f::text not like '%联系人甲%' from face), 'nobody''s telephone is public');
select is((select f ->> 'hash' from face), (select encode(sha256(convert_to(f ->> 'canonical', 'UTF8')), 'hex') from face), 'anybody can compute the hash');
select is((select f #>> '{content,items,1,digest}' from face), (select v.hash from core.item_version v join core.list_item x on x.id = v.item where x.number = '2026-CY-02'),
  'the digest of what is masked is that of the kept version');
select is((select count(*)::int from core.need_version where kind = 'published'), 3, 'the published versions are kept');
select results_eq($$select state from workflow.item where machine = 'need' and id in (fixture.id('a'), fixture.id('b'), fixture.id('c'))$$, $$values ('published'), ('published'), ('published')$$, 'the needs are published');
select is((select (api.list_list('{}')).body::jsonb #>> '{items,0,count}'), '3', 'the public list of lists');
select is((select (api.list_work_list(fixture.session('officer1'), fixture.req())).body ->> 'total'), '2', 'the bureau''s has drafts, too');
select is((select (api.list_work(fixture.session('officer1'), fixture.req(), fixture.id('l'))).body::jsonb #>> '{steps,4,event}'), 'freeze', 'and shows every step');
select is((select (pg_temp.freeze(p_list => 'second')).body #>> '{items,0,number}'), '2026-CY-04', 'the next list counts on without a gap');
select fixture.event('leader1', 'second', 'thaw', '{"reason": "因故暂缓发布"}'), fixture.event('officer1', 'second', 'drop', '{"reason": "因故暂缓发布"}');
select is((select state from workflow.item where id = fixture.id('later')), 'approved', 'a dropped list gives its needs back');
select throws_ok($$select fixture.event('leader1', 'batch', 'cancel', '{"reason": "本批次不再进行"}')$$, 'WF409', 'step_not_allowed', 'a batch with a published list is not cancelled');
update workflow.item set state = 'running' where id = fixture.id('batch');
select throws_ok($$select fixture.event('leader1', 'batch', 'finish')$$, 'WF409', 'items_open', 'a batch ends with its last challenge');
select * from finish();
rollback;

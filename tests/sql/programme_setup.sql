-- Setting up: who may, what is refused, what stands once a solicitation is out.
begin;
select no_plan();
\ir fixtures/people.sql
\ir fixtures/programme.sql
select fixture.at('2026-03-02 09:00+08'), fixture.people();
create function pg_temp.edit(p_login text, p_version int, p_more jsonb default '{}') returns api.answer language sql as
$$ select api.programme_edit(fixture.session(p_login), fixture.req(p_version), fixture.id('programme'), fixture.programme_body() || p_more) $$;
create function pg_temp.batch(p_more jsonb) returns api.answer language sql as
$$ select api.batch_create(fixture.session('officer1'), fixture.req(), fixture.id('programme'), fixture.batch_body() || p_more) $$;

select throws_ok($$select api.programme_create(fixture.session('poster1'), fixture.req(), fixture.programme_body())$$, 'WF403', 'role_missing', 'a poster sets up no programme');
select is(fixture.errors($$select api.programme_create(fixture.session('officer1'), fixture.req(), fixture.programme_body() || '{"preset": "utopia"}')$$), 'preset bad_choice', 'a preset nobody knows');
select is(fixture.errors($$select api.programme_create(fixture.session('officer1'), fixture.req(), fixture.programme_body('{"panel": {"min": 2}}'))$$), 'rules.panel.min too_small', 'a bad rule');
select fixture.keep('programme', ((api.programme_create(fixture.session('leader1'), fixture.req(), fixture.programme_body('{"quota": {"per_unit": 2}}'))).body ->> 'id')::uuid);
select is((select rules #>> '{quota,per_unit}' from core.programme where id = fixture.id('programme')), '2', 'rules that were given');
select is((select rules #> '{claims}' from core.programme where id = fixture.id('programme')), core.default_rules('jinzhou') -> 'claims', 'lie over those of the preset');
select throws_ok($$select api.programme_create(fixture.session('officer1'), fixture.req(), fixture.programme_body())$$, 'WF409', 'programme_code_taken', 'a code serves one programme');

select throws_ok($$select api.programme_public(fixture.id('programme'))$$, 'WF404', 'not_found', 'a draft is not public');
select is((select (api.programme_list('{}')).body ->> 'total'), '0', 'nor in the public list');
select is((select (api.programme_work_list(fixture.session('officer1'), fixture.req())).body ->> 'total'), '1', 'but in the bureau''s');
select throws_ok($$select pg_temp.batch('{}')$$, 'WF409', 'programme_not_active', 'a draft has no batches');
select throws_ok($$select pg_temp.edit('officer1', 7)$$, 'WF409', 'version_conflict', 'an edit names the version it read');
select is((select (pg_temp.edit('officer1', 1, '{"goal": "新目标"}')).version), 2, 'an edit makes a version');
select is((select (api.programme_work(fixture.session('officer1'), fixture.req(), fixture.id('programme'))).body ->> 'goal'), '新目标', 'and is there to read');

select throws_ok($$select api.programme_event(fixture.session('officer1'), fixture.req(), fixture.id('programme'), '{"event": "activate"}')$$, 'WF403', 'role_missing', 'an officer puts nothing in force');
select throws_ok($$select api.programme_event(fixture.session('leader1'), fixture.req(), fixture.id('programme'), '{"event": "activate"}')$$, 'WF403', 'other_person_needed', 'nor does who drew it up');
select throws_ok($$select api.programme_event(fixture.session('leader2'), fixture.req(), fixture.id('programme'), '{"event": "close"}')$$, 'WF409', 'step_not_allowed', 'a draft is not closed');
select fixture.session('leader2');
update auth.session set reauth_at = now() - interval '11 minutes' where hash = fixture.session('leader2');
select throws_ok($$select api.programme_event(fixture.session('leader2'), fixture.req(), fixture.id('programme'), '{"event": "activate"}')$$, 'WF403', 'reauth_needed', 'putting in force needs a fresh password');
update auth.session set reauth_at = now() where hash = fixture.session('leader2');
select is((select (api.programme_event(fixture.session('leader2'), fixture.req(), fixture.id('programme'), '{"event": "activate"}')).body #>> '{state,code}'), 'active', 'another leader activates');
select is((select (api.programme_public(fixture.id('programme'))).status), 200, 'then it is public');
select is((select (api.preset_rules('saima')).body #>> '{rules,claims,max_winners}'), '3', 'what a preset starts from is public');
select throws_ok($$select api.preset_rules('utopia')$$, 'WF404', 'not_found', 'of a preset that there is');

select is(fixture.errors($$select pg_temp.batch('{"solicit_until": "2026-02-01T00:00:00+08:00"}')$$), 'solicit_until time_order', 'a window runs forwards');
select is(fixture.errors($$select pg_temp.batch('{"solicit_until": null}')$$), 'solicit_until required', 'a window has an end unless the batch is rolling');
select throws_ok($$select api.batch_create(fixture.session('leader1'), fixture.req(), fixture.id('programme'), fixture.batch_body())$$, 'WF403', 'role_missing', 'batches are the officers'' work');
select fixture.keep('batch', ((pg_temp.batch('{"doc_no": null}')).body ->> 'id')::uuid);
select throws_ok($$select api.batch_public(fixture.id('batch'))$$, 'WF404', 'not_found', 'a draft batch is not public');
select is(fixture.errors($$select fixture.event('officer1', 'batch', 'solicit')$$), 'doc_no required', 'a solicitation has a document number');
select is((select (pg_temp.edit('officer1', 3, '{"industries": ["新材料"]}')).version), 4, 'rules may change while every batch is a draft');
select is((select (api.batch_edit(fixture.session('officer1'), fixture.req(1), fixture.id('batch'), fixture.batch_body())).version), 2, 'a draft batch may be rewritten');
select fixture.at('2026-04-01 00:00+08');
select is(fixture.errors($$select fixture.event('officer1', 'batch', 'solicit')$$), 'solicit_until time_past', 'a window that is over opens nothing');
select fixture.at('2026-03-02 09:00+08');
select is((select (fixture.event('officer1', 'batch', 'solicit')).body #>> '{state,code}'), 'soliciting', 'a complete one goes out');
select is((select due from workflow.item where id = fixture.id('batch')), '2026-04-01 00:00+08', 'with its end as the next deadline');
select is((select (api.batch_public(fixture.id('batch'))).body ->> 'name'), '2026年第一批', 'and is public');
select is((select (api.batch_list('{}')).body #>> '{items,0,id}'), fixture.id('batch')::text, 'in the public list, too');
select throws_ok($$select api.batch_edit(fixture.session('officer1'), fixture.req(), fixture.id('batch'), fixture.batch_body())$$, 'WF409', 'step_not_allowed', 'what has been announced is not rewritten');
select throws_ok($$select pg_temp.edit('officer1', 4, '{"rules": {"quota": {"per_unit": 9}}, "industries": ["新材料"]}')$$, 'WF409', 'rules_fixed', 'nor are the rules');
select throws_ok($$select api.programme_event(fixture.session('leader2'), fixture.req(), fixture.id('programme'), '{"event": "close"}')$$, 'WF409', 'batches_open', 'a programme with a running batch is not closed');
select throws_ok($$select fixture.event('officer1', 'batch', 'build')$$, 'WF409', 'batch_not_rolling', 'needs are distilled after the window, or all the time');
select is(fixture.errors($$select fixture.event('officer1', 'batch', 'close')$$), 'reason required', 'closing early has a reason');
select is((select (fixture.event('officer1', 'batch', 'close', '{"reason": "征集任务已完成"}')).body #>> '{state,code}'), 'solicited', 'which is given');
select is((select count(*)::int from workflow.timer where item = fixture.id('batch') and done_at is null), 0, 'and ends the deadline');
select fixture.event('officer1', 'batch', 'build');
select throws_ok($$select fixture.event('officer1', 'batch', 'select')$$, 'WF409', 'no_pooled_needs', 'nothing is selected from nothing');
select is((select (fixture.event('leader1', 'batch', 'cancel', '{"reason": "本批次不再进行"}')).body #>> '{state,code}'), 'cancelled', 'a leader may cancel');
select is((select (api.programme_event(fixture.session('leader2'), fixture.req(), fixture.id('programme'), '{"event": "close"}')).body #>> '{state,code}'), 'closed', 'then the programme can end');
select throws_ok($$select pg_temp.edit('officer1', null)$$, 'WF409', 'programme_closed', 'and changes no more');
select * from finish();
rollback;

-- From the programme to the published list, every step by its role through the api.
begin;
select no_plan();
\ir fixtures/people.sql
\ir fixtures/programme.sql
select fixture.city();
select fixture.published(array['n1', 'n2']);

select is((select state from workflow.item where id = fixture.id('batch')), 'published', 'publishing a list moves its batch');
select results_eq('select number, state from core.list_item x join workflow.item i using (id) order by number',
  $$values ('2026-CY-01', 'open'), ('2026-CY-02', 'open')$$, 'each entry becomes a numbered, open challenge');
select is((select count(*)::int from workflow.timer where event = 'claims_close' and due = '2026-06-01 00:00+08'), 2, 'each with its deadline');
select is((select hash from core.list where id = fixture.id('list')),
  (select encode(sha256(convert_to(((api.list_public(fixture.id('list'))).body ->> 'canonical'), 'UTF8')), 'hex')),
  'the hash of a list can be computed from its public document');
select * from finish();
rollback;

-- The machine checker: silent about every preset there is, and loud about each kind of planted fault.
begin;
\ir fixtures/people.sql
select no_plan();

select is_empty('select * from workflow.check_machines()', 'no preset has a dead end, a lost state, a race, a loose name or an idle event');
select results_eq('select count(*)::int from workflow.preset', array[4], 'and there are four presets to look at');
select ok((select count(*) > 100 from workflow.transition), 'with edges enough to look at');

-- A small sound machine, then one fault at a time.
select workflow.load_machine('toy', 'a', '玩具', 'toy', array[['a', '甲', 'a', ''], ['b', '乙', 'b', ''], ['z', '终', 'end', 'final']],
  array[['go', '走', 'go', '/toys/{id}/events', '', ''], ['end', '完', 'end', '/toys/{id}/events', '', '']]);
create function pg_temp.edges(p_edges text[]) returns void language sql as $$ select workflow.load_edges('jinzhou', 'toy', p_edges) $$;
create function pg_temp.said() returns setof text language sql as $$ select problem from workflow.check_machines() where machine = 'toy' or machine is null $$;

select pg_temp.edges(array[['a', 'go', 'b', 'officer', '', ''], ['b', 'end', 'z', 'officer', '', '']]);
select is_empty('select pg_temp.said()', 'a sound machine is not complained about');

select pg_temp.edges(array[['a', 'go', 'b', 'officer', '', ''], ['a', 'end', 'z', 'officer', '', '']]);
select results_eq('select pg_temp.said()', array['b: dead end'], 'a state without a way to an end is found');

select pg_temp.edges(array[['a', 'end', 'z', 'officer', '', ''], ['b', 'go', 'z', 'officer', '', '']]);
select results_eq('select pg_temp.said()', array['b: cannot be reached'], 'a state that nothing leads to is found');

select pg_temp.edges(array[['a', 'go', 'z', 'officer', '', ''], ['a', 'end', 'z', 'officer', '', '']]);
select results_eq('select pg_temp.said()', array['b: in no preset'], 'a state that no preset uses is found');

select pg_temp.edges(array[['a', 'go', 'b', 'officer', '', ''], ['b', 'end', 'z', 'officer', '', '']]);
update workflow.transition set role = '' where machine = 'toy' and event = 'go';
select results_eq('select pg_temp.said()', array['a: go has no role ()'], 'an edge without a role is found');

select pg_temp.edges(array[['a', 'go', 'b', 'officer', '', ''], ['a', 'go', 'z', 'officer', '', ''], ['b', 'end', 'z', 'officer', '', '']]);
select results_eq('select pg_temp.said()', array['a: go by officer races: b or z'], 'two edges that race are found');

select pg_temp.edges(array[['a', 'go', 'b', 'officer', 'has_claims', ''], ['a', 'go', 'z', 'officer', 'no_claims', ''], ['b', 'end', 'z', 'officer', '', '']]);
select is_empty('select pg_temp.said()', 'guards that exclude each other do not race');

select pg_temp.edges(array[['a', 'go', 'b', 'officer', 'has_claims', ''], ['a', 'go', 'z', 'officer', 'is_sealed', ''], ['b', 'end', 'z', 'officer', '', '']]);
select results_eq('select pg_temp.said()', array['a: go by officer races: b or z'], 'guards that do not exclude each other race');

select pg_temp.edges(array[['a', 'go', 'b', 'officer', 'no_such_guard', ''], ['b', 'end', 'z', 'officer', '', '']]);
select set_eq('select pg_temp.said()', array['go: guard no_such_guard has no function', 'go: guard no_such_guard is not registered'], 'a guard that does not exist is found');

select pg_temp.edges(array[['a', 'go', 'b', 'officer', '', 'no_such_effect'], ['b', 'end', 'z', 'officer', '', '']]);
select results_eq('select pg_temp.said()', array['go: effect no_such_effect has no function'], 'an effect that does not exist is found');

select pg_temp.edges(array[['a', 'go', 'b', 'officer', '', ''], ['b', 'go', 'z', 'officer', '', '']]);
select results_eq('select pg_temp.said()', array['end: no edge has this event'], 'an event that no edge uses is found');

select pg_temp.edges(array[['a', 'go', 'b', 'officer', '', ''], ['b', 'end', 'z', 'system', '', '']]);
insert into workflow.event (machine, event, label_zh, label_en) values ('toy', 'qqqq', '无人', 'nobody');
insert into workflow.transition (preset, machine, from_state, event, to_state, role) values ('jinzhou', 'toy', 'b', 'qqqq', 'z', 'system');
select results_eq('select pg_temp.said()', array['qqqq: nobody fires it'], 'an event that nobody fires is found');

update workflow.transition set role = 'officer' where machine = 'toy' and event = 'qqqq';
select ok('qqqq: taken by officer, but has no route' in (select pg_temp.said()), 'an act of a person without a route is found');

update workflow.event set route = '/x', label_zh = '' where machine = 'toy' and event = 'qqqq';
select results_eq('select pg_temp.said()', array['qqqq: has no label'], 'an act without its words is found');

update workflow.guard set excludes = null where name = 'no_claims';
select ok('guard has_claims excludes no_claims, which does not exclude it' in (select pg_temp.said()), 'an exclusion that is not mutual is found');
select * from finish();
rollback;

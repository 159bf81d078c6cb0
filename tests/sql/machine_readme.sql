-- sql/machines/README.md shows the machines as they are (sql/machines/draw.sh writes it).
begin;
select no_plan();
\set readme `cat ../../sql/machines/README.md 2>/dev/null || cat sql/machines/README.md`
select is(rtrim(:'readme', E'\n'), rtrim(workflow.draw_machines(), E'\n'), 'the drawing is up to date');
select is((select count(*)::int from regexp_matches(:'readme', 'stateDiagram-v2', 'g')),
          (select count(distinct (preset, machine))::int from workflow.transition), 'and has one diagram for each machine of each preset');
select * from finish();
rollback;

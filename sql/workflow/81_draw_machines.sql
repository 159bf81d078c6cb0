-- Every machine as a Mermaid state diagram; sql/machines/draw.sh writes them into the README there.
create or replace function workflow.draw_machine(p_preset text, p_machine text) returns text
language sql stable security definer set search_path = '' as $$
  select concat_ws(E'\n', '```mermaid', 'stateDiagram-v2',
    (select string_agg(format('    %s: %s', s.state, s.label_zh), E'\n' order by s.ordinal) from workflow.state s
      where s.machine = p_machine and exists (select from workflow.transition t
        where t.preset = p_preset and t.machine = p_machine and s.state in (t.from_state, t.to_state))),
    (select '    [*] --> ' || m.initial from workflow.machine m where m.name = p_machine),
    (select string_agg(format('    %s --> %s: %s · %s%s', t.from_state, t.to_state, t.label_zh, t.roles,
              case when t.guards <> '' then ' [' || t.guards || ']' else '' end), E'\n' order by t.ordinal, t.to_state collate "C", t.roles collate "C")
       from (select t.from_state, t.to_state, e.label_zh, array_to_string(t.guards, ' ') as guards, min(t.ordinal) as ordinal,
                    string_agg(t.role, ' ' order by t.ordinal, t.role collate "C") as roles
               from workflow.transition t join workflow.event e on e.machine = t.machine and e.event = t.event
              where t.preset = p_preset and t.machine = p_machine
              group by t.from_state, t.to_state, e.label_zh, t.guards) t),
    (select string_agg(format('    %s --> [*]', s.state), E'\n' order by s.ordinal) from workflow.state s
      where s.machine = p_machine and s.final and exists (select from workflow.transition t
        where t.preset = p_preset and t.machine = p_machine and t.to_state = s.state)),
    '```')
$$;

create or replace function workflow.draw_machines() returns text
language sql stable security definer set search_path = '' as $$
  select concat_ws(E'\n\n', '# Machines',
    'Every procedure is rows in `workflow.transition`. A preset without rows for a machine takes its parent''s. On an edge: what '
      || E'happens · who may do it [what must hold].\nWritten by `draw.sh`; `workflow.check_machines()` finds dead ends, unreachable '
      || E'states, edges without a role\nand edges that race.',
    (select string_agg(format(E'## %s: %s\n\n%s', p.name, p.title_zh, concat_ws(E'\n\n', p.note, nullif(
              (select string_agg(format(E'### %s · %s\n\n%s', m.name, m.title_zh, workflow.draw_machine(p.name, m.name)), E'\n\n' order by m.name collate "C")
                 from workflow.machine m where exists (select from workflow.transition t where t.preset = p.name and t.machine = m.name)), ''))),
            E'\n\n' order by p.parent collate "C" nulls first, p.name collate "C")
       from workflow.preset p))
$$;

-- The procedures a programme may choose. A preset without rows for a machine takes its parent's.
insert into workflow.preset (name, parent, title_zh, title_en, note) values
  ('jinzhou',  null,      '揭榜制（锦州）', 'Challenge, Jinzhou order', '发榜方择优 → 市政府核准 → 公示 → 任务合同书 → 启动 (锦州"春芽计划"工作方案 三 5)'),
  ('liaoning', 'jinzhou', '揭榜制（先签约）', 'Challenge, parties sign first', '双方先签揭榜协议,发榜方申报,专家评审,公示,批准,签订任务合同书'),
  ('saima',    'jinzhou', '赛马制', 'Parallel race', '同一榜单项由多家揭榜方并行攻关'),
  ('chengguo', 'jinzhou', '成果转化类', 'Achievement seeks taker', '成果持有人发榜,企业揭榜')
on conflict (name) do update set parent = excluded.parent, title_zh = excluded.title_zh, title_en = excluded.title_en, note = excluded.note;

-- Loads one machine of one preset from compact rows, replacing what was there.
-- p_edges: {from|*states, event, to, role, guards, effects}; "a,b" in from stands for several rows.
create or replace function workflow.load_edges(p_preset text, p_machine text, p_edges text[][]) returns void
language plpgsql as $$
declare
  e text[];
begin
  delete from workflow.transition where preset = p_preset and machine = p_machine;
  foreach e slice 1 in array p_edges loop
    insert into workflow.transition (preset, machine, from_state, event, to_state, role, guards, effects, ordinal)
    select p_preset, p_machine, f, e[2], e[3], r, string_to_array(e[5], ' '), string_to_array(e[6], ' '),
           (select count(*) from workflow.transition where preset = p_preset and machine = p_machine)
      from unnest(string_to_array(e[1], ' ')) f, unnest(string_to_array(e[4], ' ')) r;
  end loop;
end;
$$;

-- Writes the states and events of a machine. One that is gone from the rows stays in the table, because the history names it; no edge leads there any more.
create or replace function workflow.load_machine(p_machine text, p_initial text, p_zh text, p_en text, p_states text[][], p_events text[][]) returns void
language plpgsql as $$
declare
  s text[];
  v_ordinal int := 0;
begin
  insert into workflow.machine (name, initial, title_zh, title_en) values (p_machine, p_initial, p_zh, p_en)
  on conflict (name) do update set initial = excluded.initial, title_zh = excluded.title_zh, title_en = excluded.title_en;
  foreach s slice 1 in array p_states loop
    v_ordinal := v_ordinal + 1;
    insert into workflow.state (machine, state, label_zh, label_en, ordinal, final, public)
    values (p_machine, s[1], s[2], s[3], v_ordinal, s[4] like '%final%', s[4] like '%public%')
    on conflict (machine, state) do update set label_zh = excluded.label_zh, label_en = excluded.label_en,
      ordinal = excluded.ordinal, final = excluded.final, public = excluded.public;
  end loop;
  -- event, zh, en, route ('' when only the system fires it), flags ('weighty'), fields as JSON
  foreach s slice 1 in array p_events loop
    insert into workflow.event (machine, event, label_zh, label_en, route, weighty, fields)
    values (p_machine, s[1], s[2], s[3], nullif(s[4], ''), s[5] like '%weighty%', coalesce(nullif(s[6], ''), '[]')::jsonb)
    on conflict (machine, event) do update set label_zh = excluded.label_zh, label_en = excluded.label_en,
      route = excluded.route, weighty = excluded.weighty, fields = excluded.fields;
  end loop;
end;
$$;

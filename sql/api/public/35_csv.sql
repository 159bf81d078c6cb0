-- GET /notices.csv and GET /projects.csv: what the lists show, as tables for spreadsheets; the newest thousand.

-- The public things of one kind that a query asks for, newest first.
create or replace function core.outcomes(p_machine text, p_query jsonb) returns setof uuid
language sql stable security definer set search_path = '' as $$
  select i.id from workflow.item i
   where i.machine = p_machine and i.public
     and (p_query ->> 'state' is null or i.state = p_query ->> 'state')
     and (p_query ->> 'batch' is null or i.batch = (p_query ->> 'batch')::uuid)
     and (p_query ->> 'item' is null or i.parent = (p_query ->> 'item')::uuid)
   order by i.created_at desc, i.id limit 1000
$$;

-- A file of lines under a header: byte order mark for spreadsheets, no cell that one would run.
create or replace function core.csv_file(p_name text, p_header text[], p_lines text)
returns table (status int, text text, media text, filename text)
language sql stable security definer set search_path = '' as $$
  select 200, E'\uFEFF' || core.guarded_line(p_header) || coalesce(p_lines, ''), 'text/csv; charset=utf-8',
         case when core.is_sample() then '样例数据-' else '' end || p_name
$$;

create or replace function core.guarded_line(p_cells text[]) returns text
language sql stable security definer set search_path = '' as $$
  select lib.csv_line(array_agg(lib.guarded(c) order by n)) from unnest(p_cells) with ordinality t (c, n)
$$;

-- A line for each candidate of a notice; one that has none is a line of its own.
create or replace function api.notices_csv(p_query jsonb)
returns table (status int, text text, media text, filename text)
language plpgsql security definer set search_path = '' as $$
declare
  v_lines text;
begin
  perform workflow.as_reader();
  select string_agg(core.guarded_line(array[d.doc ->> 'doc_no', d.doc ->> 'title', d.doc #>> '{state,zh}', core.shanghai(d.doc ->> 'published_at'),
             d.doc #>> '{window,first_day}', d.doc #>> '{window,last_day}', l.line ->> 'project', l.line ->> 'poster', l.line ->> 'claimant',
             (select string_agg(p #>> '{}', '；')
                from jsonb_array_elements(case jsonb_typeof(l.line -> 'partners') when 'array' then l.line -> 'partners' else '[]' end) p),
             l.line ->> 'leader', l.line ->> 'total_wan', d.doc ->> 'id']), '' order by d.n, l.m) into v_lines
    from (select o.n, api.notice_document(o.id) as doc from core.outcomes('notice', p_query) with ordinality o (id, n)) d
    left join lateral jsonb_array_elements(case jsonb_typeof(d.doc #> '{body,lines}') when 'array' then d.doc #> '{body,lines}' else '[]' end)
                      with ordinality l (line, m) on true;
  return query select * from core.csv_file('notices.csv',
    array['文号', '标题', '状态', '发布时间', '公示首日', '公示末日', '项目', '发榜单位', '揭榜单位', '联合单位', '负责人', '金额（万元）', 'id'], v_lines);
end;
$$;

create or replace function api.projects_csv(p_query jsonb)
returns table (status int, text text, media text, filename text)
language plpgsql security definer set search_path = '' as $$
declare
  v_lines text;
begin
  perform workflow.as_reader();
  select string_agg(core.guarded_line(array[d.doc ->> 'number', d.doc ->> 'title', d.doc #>> '{state,zh}', d.doc #>> '{poster,name}',
             d.doc #>> '{claimant,name}', d.doc ->> 'leader', d.doc ->> 'start_on',
             d.doc ->> 'end_on', d.doc ->> 'item', d.doc ->> 'id']), '' order by d.n) into v_lines
    from (select o.n, api.project_document(o.id) as doc from core.outcomes('project', p_query) with ordinality o (id, n)) d;
  return query select * from core.csv_file('projects.csv',
    array['编号', '名称', '状态', '发榜单位', '揭榜单位', '负责人', '启动日期', '结束日期', '榜题id', 'id'], v_lines);
end;
$$;

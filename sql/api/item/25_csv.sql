-- GET /items.csv: what GET /items finds, as a table for spreadsheets; the newest thousand.
create or replace function api.items_csv(p_query jsonb)
returns table (status int, text text, media text, filename text)
language plpgsql security definer set search_path = '' as $$
declare
  v_lines text;
begin
  perform workflow.as_reader();
  execute format($q$
    select string_agg(core.guarded_line(array[
             d.doc ->> 'number', d.doc ->> 'title', d.doc #>> '{state,zh}', d.doc ->> 'industry', d.doc ->> 'field', d.doc #>> '{poster,name}',
             d.doc ->> 'division', d.doc ->> 'budget_wan', core.shanghai(d.doc ->> 'created_at'), core.shanghai(d.doc ->> 'claim_until'),
             d.doc #>> '{list,number}', d.doc ->> 'id']), '' order by d.at desc, d.item)
      from (select f.at, f.item, f.doc::jsonb as doc from core.face f where %s order by f.at desc, f.item limit 1000) d$q$,
    core.items_where(p_query)) into v_lines using p_query;
  return query select * from core.csv_file('items.csv', array['编号', '名称', '状态', '产业', '技术领域', '发榜单位', '行政区划',
    '总投入（万元）', '发榜时间', '揭榜截止时间', '榜单', 'id'], v_lines);
end;
$$;

-- A time of a document as people here write it.
create or replace function core.shanghai(p_time text) returns text
language sql stable security definer set search_path = '' as
$$ select to_char(p_time::timestamptz at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') $$;

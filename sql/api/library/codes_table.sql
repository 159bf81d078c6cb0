-- Code lists and calendars from a table (CSV): a list of hundreds of codes, or the days of a year as a
-- notice names them, are edited in a spreadsheet and read back whole.

-- Where the columns of a table stand: {"name": 1, …}, by its header (p_names: {"名称": "name_zh", "name_zh":
-- "name_zh", …}; other columns are passed over). Refuses 422 csv_malformed, invalid (missing_column of p_needed).
create or replace function lib.table_columns(p_text text, p_names jsonb, p_needed text[]) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_at jsonb;
begin
  select coalesce(jsonb_object_agg(p_names ->> t.name, h.n) filter (where p_names ? t.name), '{}') into v_at
    from lib.parse_csv(p_text) r, unnest(r.cells) with ordinality h (t, n), lateral (select lib.unguarded(btrim(h.t))) t (name) where r.n = 1;
  perform workflow.refuse_fields((select coalesce(jsonb_agg(workflow.bad(c, 'missing_column', jsonb_build_object('label', c)) order by n), '[]')
    from unnest(p_needed) with ordinality t (c, n) where not v_at ? (p_names ->> c)));
  return v_at;
end;
$$;

-- The lines of a table under its header as objects of those names; empty cells are absent. Refuses 422 as
-- table_columns, import_empty, import_too_long.
create or replace function lib.table_lines(p_text text, p_names jsonb, p_needed text[]) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_at    jsonb := lib.table_columns(p_text, p_names, p_needed);
  v_lines jsonb;
begin
  select jsonb_agg(l.line order by l.n) into v_lines from (
    select r.n, (select jsonb_object_agg(a.key, btrim(lib.unguarded(r.cells[a.value::int])))
                   from jsonb_each_text(v_at) a where btrim(lib.unguarded(r.cells[a.value::int])) <> '') as line
      from lib.parse_csv(p_text) r where r.n > 1) l where l.line is not null;
  if v_lines is null then
    perform workflow.refuse(422, 'import_empty');
  elsif jsonb_array_length(v_lines) > 5000 then
    perform workflow.refuse(422, 'import_too_long', '{"max": 5000}');
  end if;
  return v_lines;
end;
$$;

-- A day as it is written in a table, or null.
create or replace function lib.table_day(p_text text) returns date
language plpgsql immutable security definer set search_path = '' as $$
declare
  v text[] := regexp_match(p_text, '^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$');
begin
  return make_date(v[1]::int, v[2]::int, v[3]::int);
exception when datetime_field_overflow then
  return null;
end;
$$;

-- What is wrong in a line, by its number in the table.
create or replace function lib.line_faults(p_lines jsonb, p_needed text[], p_days text[]) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(workflow.bad(format('rows[%s].%s', f.n + 1, f.field), f.code, f.more
           || jsonb_build_object('label', core.mark_label(null, f.n::int + 1))) order by f.n), '[]')
    from (select l.n, c as field, 'required' as code, '{}'::jsonb as more
            from jsonb_array_elements(p_lines) with ordinality l (line, n), unnest(p_needed) c where not l.line ? c
          union all
          select l.n, c, 'not_a_date', '{}' from jsonb_array_elements(p_lines) with ordinality l (line, n), unnest(p_days) c
           where l.line ? c and lib.table_day(l.line ->> c) is null
          union all
          select l.n, e.key, 'too_long', '{"max": 100}' from jsonb_array_elements(p_lines) with ordinality l (line, n), jsonb_each_text(l.line) e
           where char_length(e.value) > 100
          union all
          select l.n, 'code', 'bad_code', '{}' from jsonb_array_elements(p_lines) with ordinality l (line, n)
           where l.line ->> 'code' !~ '^[A-Za-z0-9._-]{1,20}$') f
$$;

-- POST /codes/{list}/table: a new edition, named by the day, with the title and standard of the present one.
create or replace function api.code_list_table(p_session bytea, p_req jsonb, p_list text, p_text text) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v       api.answer := workflow.begin(p_session, p_req);
  v_now   ref.code_list;
  v_lines jsonb;
  v_name  text;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer', 'sysadmin');
  perform auth.require_recent(p_req);
  select * into v_now from ref.code_list where list = p_list and current;
  if not found then
    perform workflow.refuse(404, 'not_found');
  end if;
  v_lines := lib.table_lines(p_text, '{"代码": "code", "code": "code", "名称": "name_zh", "name_zh": "name_zh", "英文名": "name_en", "name_en": "name_en",
    "上级代码": "parent", "parent": "parent", "废止日期": "valid_to", "valid_to": "valid_to", "来源": "source", "source": "source"}', array['代码', '名称']);
  perform workflow.refuse_fields(lib.line_faults(v_lines, array['code', 'name_zh'], array['valid_to']));
  select workflow.today() || case when count(*) > 0 then '-' || count(*) + 1 else '' end into v_name
    from ref.code_list e where e.list = p_list and e.edition like workflow.today() || '%';
  perform lib.load_codes(p_list, jsonb_build_object('edition', v_name, 'standard', v_now.standard,
    'title_zh', v_now.title_zh, 'title_en', v_now.title_en, 'effective_from', workflow.today(),
    'source', coalesce(v_lines #>> '{0,source}', v_now.source), 'codes', (
      select jsonb_agg(l - 'source' || jsonb_strip_nulls(jsonb_build_object('valid_to', lib.table_day(l ->> 'valid_to'))) order by n)
        from jsonb_array_elements(v_lines) with ordinality t (l, n))));
  perform auth.log('code_list', auth.me(), null, jsonb_build_object('list', p_list, 'edition', v_name));
  return workflow.done(p_req, 200, (api.code_list(p_list)).body);
end;
$$;

-- GET /codes/{list}/table.csv: the present edition as that table.
create or replace function api.code_list_csv(p_list text)
returns table (status int, text text, media text, filename text)
language plpgsql stable security definer set search_path = '' as $$
declare
  v ref.code_list;
begin
  select * into v from ref.code_list where list = p_list and current;
  if not found then
    perform workflow.refuse(404, 'not_found');
  end if;
  return query select * from core.csv_file(p_list || '.csv', array['代码', '名称', '英文名', '上级代码', '废止日期'], (
    select string_agg(core.guarded_line(array[c.code, c.name_zh, c.name_en, c.parent, c.valid_to::text]), '' order by c.ordinal, c.code)
      from ref.code c where c.list = p_list and c.edition = v.edition));
end;
$$;

-- POST /calendar/{year}/table: the whole year's days from a table: day, 休 or 班, what it is called.
create or replace function api.calendar_table(p_session bytea, p_req jsonb, p_year text, p_text text) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v        api.answer := workflow.begin(p_session, p_req);
  v_lines  jsonb;
  v_faults jsonb;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer', 'sysadmin');
  perform auth.require_recent(p_req);
  if p_year !~ '^20[0-9]{2}$' then
    perform workflow.refuse(404, 'not_found');
  end if;
  v_lines := lib.table_lines(p_text, '{"日期": "day", "day": "day", "休或班": "off", "off": "off", "名称": "name", "name": "name",
    "来源": "source", "source": "source"}', array['日期', '休或班', '名称']);
  v_faults := lib.line_faults(v_lines, array['day', 'off', 'name'], array['day'])
    || (select coalesce(jsonb_agg(workflow.bad(format('rows[%s].off', n + 1), 'bad_choice', jsonb_build_object('choices', '["休", "班"]'::jsonb,
          'label', core.mark_label(null, n::int + 1))) order by n), '[]')
          from jsonb_array_elements(v_lines) with ordinality t (l, n) where l ->> 'off' not in ('休', '班', 'true', 'false'));
  perform workflow.refuse_fields(v_faults);
  perform lib.load_calendar(p_year, jsonb_build_object('source', coalesce(v_lines #>> '{0,source}', '表格 ' || workflow.today()),
    'days', (select jsonb_agg(jsonb_build_object('day', lib.table_day(l ->> 'day'), 'off', l ->> 'off' in ('休', 'true'), 'name', l ->> 'name') order by n)
               from jsonb_array_elements(v_lines) with ordinality t (l, n))));
  perform auth.log('calendar', auth.me(), null, jsonb_build_object('year', p_year));
  return workflow.done(p_req, 200, (api.calendar(p_year)).body);
end;
$$;

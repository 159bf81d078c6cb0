-- Search in one library: q (words that must all occur), field, unit, division (a city finds its
-- counties), trl_min, trl_max, title_level, year, page, size, facets. Public, newest first.
-- The values are written into the statement so that the planner sees how rare they are. Counts stop at
-- 10,000 ("more"), pages end there too (422 page_too_deep).

create or replace function lib.conditions(p_kind text, p_query jsonb) returns text
language sql stable security definer set search_path = '' as $$
  select string_agg(c.sql, ' and ') from (
    select format('s.kind = %L', p_kind) as sql
    union all
    select format(t.sql, p_query ->> t.name) from (values
      ('field', 's.fields @> array[%L]'), ('unit', 's.unit = %L'), ('trl_min', 's.trl >= %L'), ('trl_max', 's.trl <= %L'),
      ('title_level', 's.title_level = %L'), ('year', 's.year = %L')) as t (name, sql)
     where p_query ->> t.name is not null
    union all
    select format('s.terms @@ %L::tsquery', lib.query(p_query ->> 'q')) where lib.query(p_query ->> 'q') is not null
    union all
    select format('s.division = any (%L)', lib.divisions(p_query ->> 'division')) where p_query ->> 'division' is not null) c
$$;

-- A division with what lies in it: a province its cities, a city its counties.
create or replace function lib.divisions(p_code text) returns text[]
language sql stable security definer set search_path = '' as $$
  select array_agg(c.code) || p_code
    from ref.code_list l join ref.code c using (list, edition)
   where l.list = 'division' and l.current
     and (c.parent = p_code or c.parent in (select m.code from ref.code m where m.list = 'division' and m.edition = l.edition and m.parent = p_code))
$$;

-- Counts by field, division, readiness, title level and year over the newest 2,000 that were found.
create or replace function lib.facets(p_where text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v jsonb;
begin
  execute format($q$
    with s as materialized (
      select s.fields, s.division, s.trl, s.title_level, s.year from lib.search s where %s
       order by s.created_at desc, s.record limit 2000),
    value as (
      select 'field' as facet, unnest(fields) as v from s
      union all select 'division', division from s union all select 'trl', trl::text from s
      union all select 'title_level', title_level from s union all select 'year', year::text from s),
    counted as (select facet, v, count(*) as n from value where v is not null group by 1, 2)
    select jsonb_object_agg(facet, list) from (
      select facet, jsonb_agg(jsonb_build_object('value', v, 'count', n,
               'name', lib.name_of(case facet when 'year' then null else facet end, v)) order by n desc, v) as list
        from counted group by facet) f$q$, p_where) into v;
  return coalesce(v, '{}');
end;
$$;

create or replace function api.library_search(p_kind text, p_query jsonb) returns api.answer
language plpgsql stable security definer set search_path = '' as $$
declare
  v_where text := lib.conditions(p_kind, p_query);
  v_size int := coalesce((p_query ->> 'size')::int, 20);
  v_page int := coalesce((p_query ->> 'page')::int, 1);
  v_body jsonb;
begin
  perform auth.enter_public();
  if v_page::bigint * v_size > 10000 then
    perform workflow.refuse(422, 'page_too_deep', '{"max": 10000}');
  end if;
  execute format($q$
    select jsonb_build_object(
      'items', (select coalesce(jsonb_agg(lib.shown(r.kind, r.data) || jsonb_build_object('id', r.id, 'unit', r.unit, 'library', r.kind,
                         'provenance', jsonb_build_object('source', r.source, 'date', r.source_date, 'sample', r.sample))
                         order by s.created_at desc, s.record), '[]')
                  from (select s.record, s.created_at from lib.search s where %1$s
                         order by s.created_at desc, s.record limit %2$s offset %3$s) s
                  join lib.record r on r.id = s.record),
      'total', (select count(*) from (select from lib.search s where %1$s limit 10001) c))$q$,
    v_where, v_size, (v_page - 1) * v_size) into v_body;
  v_body := v_body || jsonb_build_object('page', v_page, 'size', v_size, 'more', (v_body ->> 'total')::int > 10000,
                                         'total', least((v_body ->> 'total')::int, 10000));
  if coalesce((p_query ->> 'facets')::boolean, false) then
    v_body := v_body || jsonb_build_object('facets', lib.facets(v_where));
  end if;
  return row(200, v_body::json, null, null)::api.answer;
end;
$$;

-- The libraries there are, how many records each has, and what a record of each holds: the columns of
-- its CSV file.
create or replace function api.libraries() returns api.answer
language plpgsql stable security definer set search_path = '' as $$
begin
  perform auth.enter_public();
  return row(200, (select json_build_object('items', json_agg(json_build_object('library', k.kind, 'path', lib.path(k.kind),
           'title', json_build_object('zh', k.title_zh, 'en', k.title_en),
           'fields', (select json_agg(json_build_object('name', f.name, 'type', f.type, 'header', json_build_object('zh', f.header_zh, 'en', f.header_en),
                        'list', f.list, 'required', f.required, 'private', f.private, 'min', f.lowest, 'max', f.highest) order by f.ordinal)
                        from lib.field f where f.kind = k.kind)) order by k.ordinal)) from lib.kind k), null, null)::api.answer;
end;
$$;

-- Search in one library: q (words that must all occur), field, unit, division (a city finds its
-- counties), trl_min, trl_max, title_level, year, page, size, facets. Public, newest first.
-- The values are written into the statement so that the planner sees how rare they are. Counts stop at
-- 1,000 ("more"), pages end there too (422 page_too_deep).

create or replace function lib.conditions(p_kind text, p_query jsonb) returns text
language sql stable security definer set search_path = '' as $$
  select format('s.kind = %L', p_kind)
    || case when p_query ->> 'unit' is null then '' else format(' and s.unit = %L', p_query ->> 'unit') end
    || coalesce((select format(' and s.terms @@ %L::tsquery', string_agg(q.term, ' & ')) from (
      select lib.query(p_query ->> 'q')::text as term
      union all
      select quote_literal(format('=%s/%s', f, p_query ->> f))
        from unnest(array['field', 'division', 'title_level', 'year']) f where p_query ->> f is not null
      union all
      select '(' || string_agg(quote_literal('=trl/' || t), ' | ') || ')'
        from generate_series(coalesce((p_query ->> 'trl_min')::int, 1), coalesce((p_query ->> 'trl_max')::int, 9)) t
       where p_query ->> 'trl_min' is not null or p_query ->> 'trl_max' is not null
      having count(*) > 0) q where q.term is not null having count(*) > 0), '')
    || case when (p_query ->> 'trl_min')::int > (p_query ->> 'trl_max')::int then ' and false' else '' end
$$;

-- Counts by field, division, readiness, title level and year over the records found.
create or replace function lib.facets(p_found uuid[]) returns jsonb
language sql stable security definer set search_path = '' as $$
  with s as materialized (
    select s.fields, s.division, s.trl, s.title_level, s.year from lib.search s where s.record = any (p_found)),
  value as (
    select 'field' as facet, unnest(fields) as v from s
    union all select 'division', division from s union all select 'trl', trl::text from s
    union all select 'title_level', title_level from s union all select 'year', year::text from s),
  counted as (select facet, v, count(*) as n from value where v is not null group by 1, 2)
  select coalesce(jsonb_object_agg(facet, list), '{}') from (
    select facet, jsonb_agg(jsonb_build_object('value', v, 'count', n,
             'name', lib.label_of(case facet when 'year' then null else facet end, v)) order by n desc, v) as list
      from counted group by facet) f
$$;

-- The newest 1,000 records that match, in order, and how many match, up to 1,001. How common they are is
-- seen in the newest 1,000 records. Common: the index of the order is walked, which meets them soon,
-- but never further than 50,000. Rare, or the walk ended short: everything that matches is gathered
-- first, for an ordered scan that hopes to meet a rare word would read the whole library.
create or replace function lib.find(p_kind text, p_where text, out ids uuid[], out total int)
language plpgsql stable security definer set search_path = '' as $$
declare
  v_newest constant text := '(select * from lib.search where kind = %L order by created_at desc, record limit %s) s where %s';
begin
  execute 'select count(*) from ' || format(v_newest, p_kind, 1000, p_where) into total;
  if total >= 50 then
    execute 'select array(select s.record from ' || format(v_newest, p_kind, 50000, p_where) || ' limit 1001)' into ids;
    total := cardinality(ids);
    if total > 1000 then
      return;
    end if;
  end if;
  execute format($q$
    with hit as materialized (select s.record, s.created_at from lib.search s where %s)
    select array(select h.record from hit h order by h.created_at desc, h.record limit 1000), (select count(*) from hit)$q$,
    p_where) into ids, total;
end;
$$;

create or replace function api.library_search(p_kind text, p_query jsonb) returns api.answer
language plpgsql stable security definer set search_path = '' as $$
declare
  v_where text := lib.conditions(p_kind, p_query);
  v_size int := coalesce((p_query ->> 'size')::int, 20);
  v_page int := coalesce((p_query ->> 'page')::int, 1);
  v_found record;
  v_body jsonb;
begin
  perform auth.enter_public();
  if v_page::bigint * v_size > 1000 then
    perform workflow.refuse(422, 'page_too_deep', '{"max": 1000}');
  end if;
  v_found := lib.find(p_kind, v_where);
  select jsonb_build_object('page', v_page, 'size', v_size, 'more', v_found.total > 1000, 'total', least(v_found.total, 1000),
      'items', coalesce(jsonb_agg(lib.shown(r.kind, r.data) || jsonb_build_object('id', r.id, 'unit', r.unit, 'library', r.kind,
        'provenance', jsonb_build_object('source', r.source, 'date', r.source_date, 'sample', r.sample)) order by i.n), '[]'))
    into v_body
    from unnest(v_found.ids[(v_page - 1) * v_size + 1 : v_page * v_size]) with ordinality as i (id, n) join lib.record r on r.id = i.id;
  if coalesce((p_query ->> 'facets')::boolean, false) then
    v_body := v_body || jsonb_build_object('facets', lib.facets(v_found.ids));
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

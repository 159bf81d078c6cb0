-- Small conversions that the documents of challenges and claims share.

-- Fen as 万元 with two decimals, the unit in which people read it.
create or replace function core.to_wan(p_fen bigint) returns numeric
language sql immutable security definer set search_path = '' as
$$ select round(p_fen / 1000000.0, 2) $$;

-- A moment as people here write it, with its offset (RFC 3339): for what a refusal says.
create or replace function core.shanghai(p_at timestamptz) returns text
language sql immutable security definer set search_path = '' as
$$ select to_char(p_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"') $$;

-- A pattern that finds p_text anywhere, whatever wildcards it holds.
create or replace function core.anywhere(p_text text) returns text
language sql immutable security definer set search_path = '' as
$$ select '%' || regexp_replace(p_text, '([\\%_])', '\\\1', 'g') || '%' $$;

-- {"id","name"} of a unit, also where the asker may not read the register.
create or replace function core.unit_ref(p_unit uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_ref    jsonb;
begin
  select jsonb_build_object('id', u.id, 'name', u.name) into v_ref from party.unit u where u.id = p_unit;
  perform workflow.back_to(v_before);
  return v_ref;
end;
$$;

create or replace function core.unit_refs(p_units uuid[]) returns jsonb
language sql security definer set search_path = '' as $$
  select coalesce(jsonb_agg(core.unit_ref(u) order by n), '[]') from unnest(p_units) with ordinality as t (u, n)
$$;

-- What differs between two documents: [{"path","from","to"}], arrays by position.
create or replace function core.diff(p_old jsonb, p_new jsonb, p_path text default '') returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_all jsonb := '[]';
  v_key text;
begin
  if p_old is not distinct from p_new then
    return v_all;
  elsif jsonb_typeof(p_old) = 'object' and jsonb_typeof(p_new) = 'object' then
    for v_key in select k from (select jsonb_object_keys(p_old || p_new)) t (k) order by k loop
      v_all := v_all || core.diff(p_old -> v_key, p_new -> v_key, concat_ws('.', nullif(p_path, ''), v_key));
    end loop;
  elsif jsonb_typeof(p_old) = 'array' and jsonb_typeof(p_new) = 'array' then
    for i in 0 .. greatest(jsonb_array_length(p_old), jsonb_array_length(p_new)) - 1 loop
      v_all := v_all || core.diff(p_old -> i, p_new -> i, format('%s[%s]', p_path, i));
    end loop;
  else
    v_all := jsonb_build_array(jsonb_build_object('path', p_path, 'from', p_old, 'to', p_new));
  end if;
  return v_all;
end;
$$;

-- The answer of a list: one page of documents and the count of all. Nobody reads further than the first
-- 1,000: whoever has to look there narrows the search, and nobody can make the database walk a million
-- rows by asking for the last page. Counts stop there too, and `more` says so.
create or replace function core.page_size(p_query jsonb) returns int
language sql immutable security definer set search_path = '' as
$$ select least(greatest(coalesce((p_query ->> 'size')::int, 20), 1), 100) $$;

-- Refuses 422 page_too_deep.
create or replace function core.page_offset(p_query jsonb) returns int
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_size int := core.page_size(p_query);
  v_page bigint := greatest(coalesce((p_query ->> 'page')::int, 1), 1);
begin
  if v_page * v_size > 1000 then
    perform workflow.refuse(422, 'page_too_deep', '{"max": 1000}');
  end if;
  return (v_page - 1) * v_size;
end;
$$;

-- Does the database hold sample data? And what is then to be said wherever data are shown.
create or replace function core.is_sample() returns boolean
language sql stable security definer set search_path = '' as
$$ select exists (select from meta.setting where name = 'sample' and value = 'true') $$;

create or replace function core.banner() returns jsonb
language sql stable security definer set search_path = '' as
$$ select coalesce((select value from meta.setting where name = 'banner'), '{"zh": "样例数据", "en": "Sample data"}') $$;

-- The asked page of a list whose ids, up to 1,001 of them, are here in order.
create or replace function core.page_of(p_query jsonb, p_ids anyarray)
returns anyarray language sql stable security definer set search_path = '' as $$
  select p_ids[core.page_offset(p_query) + 1 : core.page_offset(p_query) + core.page_size(p_query)]
$$;

-- A page of a list. `sample` stands in front, true, where the data are samples.
create or replace function core.page(p_query jsonb, p_items jsonb, p_count bigint, p_facets jsonb default null)
returns jsonb language sql stable security definer set search_path = '' as $$
  select jsonb_strip_nulls(jsonb_build_object('sample', nullif(core.is_sample(), false), 'items', coalesce(p_items, '[]'),
    'page', coalesce((p_query ->> 'page')::int, 1), 'size', core.page_size(p_query),
    'total', least(p_count, 1000), 'more', case when p_count > 1000 then true end,
    'facets', p_facets))
$$;

-- The search of the libraries by the engine: counts and facets are its own; the records are read here.
create or replace function core.tell_search(p_name text, p_question jsonb, p_answer jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_one   boolean := jsonb_array_length(p_question #> '{filter,kinds}') = 1;
  v_items jsonb;
begin
  select coalesce(jsonb_agg(case when p_name = 'search'
           then jsonb_build_object('id', l.value -> 'id', 'kind', l.value -> 'kind', 'title', coalesce(l.record ->> 'title', l.record ->> 'name'),
                  'path', core.match_path(l.value ->> 'kind', (l.value ->> 'id')::uuid), 'record', l.record, 'passages', l.value -> 'passages')
           else l.record || jsonb_build_object('passages', l.value -> 'passages') end order by l.n), '[]')
    into v_items
    from (select x.value, x.n, core.match_record(x.value ->> 'kind', (x.value ->> 'id')::uuid) as record
            from jsonb_array_elements(p_answer -> 'list') with ordinality x (value, n)) l
   where l.record is not null;
  if jsonb_array_length(v_items) < jsonb_array_length(p_answer -> 'list') then
    raise warning 'match: a search told of records that the asker may not see';
  end if;
  return jsonb_build_object('page', p_question #> '{context,page}', 'size', p_question #> '{context,size}', 'items', v_items,
           'total', p_answer -> 'total', 'more', p_answer -> 'more')
      || case when p_question -> 'facets' = 'true' then jsonb_build_object('facets', core.match_facets(p_answer -> 'facets', v_one)) else '{}' end;
end;
$$;

-- {"field": [{"value","count","name"}], ...}: fields, industries and disciplines apart. States are the
-- workflow's, and of one library alone the kind is the same everywhere.
create or replace function core.match_facets(p_facets jsonb, p_one boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
  with one as (
    select case when f ->> 'facet' = 'field' then split_part(f ->> 'value', ':', 1) else f ->> 'facet' end as facet,
           case when f ->> 'facet' = 'field' then substr(f ->> 'value', strpos(f ->> 'value', ':') + 1)
                when f ->> 'facet' = 'kind' then core.match_kind((f ->> 'value')::int) else f ->> 'value' end as v,
           (f ->> 'n')::int as n
      from jsonb_array_elements(p_facets) f)
  select coalesce(jsonb_object_agg(facet, list), '{}') from (
    select facet, jsonb_agg(jsonb_build_object('value', v, 'count', n,
             'name', lib.label_of(nullif(nullif(facet, 'year'), 'kind'), v)) order by n desc, v) as list
      from one where v <> '' and facet <> 'state' and not (p_one and facet = 'kind') group by facet) f
$$;

-- The word for a kind's bit (services/common/rpc.c).
create or replace function core.match_kind(p_bit int) returns text
language sql immutable security definer set search_path = '' as $$
  select (array['need', 'item', 'expert', 'unit', 'achievement', 'patent', 'paper', 'earlier', 'claim', 'project', 'label'])[1 + round(log(2, p_bit))::int]
$$;

-- The same without the engine: one library as it was searched before, or challenges and libraries, newest
-- first, one after the other.
create or replace function core.search_without(p_name text, p_question jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_given jsonb := p_question #> '{context,given}';
  v_kinds text[] := array(select jsonb_array_elements_text(p_question #> '{filter,kinds}'));
  v_from  int := (p_question ->> 'offset')::int;
  v_size  int := (p_question ->> 'limit')::int;
  v_kind  text;
  v_ids   uuid[];
  v_found record;
  v_total int := 0;
  v_more  boolean := false;
  v_items jsonb := '[]';
begin
  if p_name <> 'search' then
    return (api.library_search(core.match_library(v_kinds[1]), v_given)).body;
  end if;
  foreach v_kind in array v_kinds loop
    if core.match_library(v_kind) is not null then
      v_found := lib.find(core.match_library(v_kind), lib.conditions(core.match_library(v_kind), v_given));
      v_ids := v_found.ids;
      v_more := v_more or v_found.total > 1000;
    else
      v_ids := case v_kind
        when 'item' then array(select f.item from core.face f join core.face_word w on w.item = f.item
                                where f.public and w.terms @@ lib.query(v_given ->> 'q') order by f.at desc, f.item limit 1000)
        else array(select u.id from party.unit u where u.id = any (party.named(v_given ->> 'q')) order by u.created_at desc, u.id limit 1000) end;
    end if;
    v_items := v_items || (select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'kind', v_kind, 'record', r.record,
        'title', coalesce(r.record ->> 'title', r.record ->> 'name'), 'path', core.match_path(v_kind, i.id)) order by i.n), '[]')
      from unnest(v_ids) with ordinality i (id, n) cross join lateral (select core.match_record(v_kind, i.id) as record) r
     where v_total + i.n between v_from + 1 and v_from + v_size and r.record is not null);
    v_total := v_total + cardinality(v_ids);
  end loop;
  return jsonb_build_object('page', p_question #> '{context,page}', 'size', v_size, 'items', v_items, 'total', least(v_total, 10000), 'more', v_more);
end;
$$;

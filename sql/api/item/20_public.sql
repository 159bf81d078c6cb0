-- Public reads of challenges: no session, the same for everybody, kept in the gateway's memory.

-- The context of a public read. In a transaction of its own nothing but the context has to be set; in
-- one that somebody has entered before, everything is written over as always.
create or replace function workflow.as_reader() returns void
language plpgsql security definer set search_path = '' as $$
begin
  if coalesce(current_setting('jb.context', true), '') = '' then
    perform set_config('jb.context', 'public', true);
  elsif current_setting('jb.context') <> 'public' then
    perform auth.enter_public('{}');
  end if;
end;
$$;

-- GET /items/{id}: no row, which the gateway answers 404 not_found. The most read of all, so it is
-- written for the planner to dissolve into the statement: one row by key through the view that the
-- gateway may read, no rights to change, no context to set (measured: bench/README.md).
create or replace function api.item_public(p_id uuid) returns setof api.answer
language sql stable rows 1 as
$$ select 200, i.doc, i.version, null::text from api.public_item i where i.item = p_id $$;

-- Each change with its values as people read them: a row of a list as one line, the rest as it is.
create or replace function core.change_texts(p_change jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(c || jsonb_strip_nulls(jsonb_build_object(
           'from_text', core.change_text(c ->> 'path', c -> 'from'), 'to_text', core.change_text(c ->> 'path', c -> 'to'))) order by n), '[]')
    from jsonb_array_elements(p_change) with ordinality t (c, n)
$$;

create or replace function core.change_text(p_path text, p_value jsonb) returns text
language sql stable security definer set search_path = '' as $$
  select case
    when jsonb_typeof(p_value) in ('object', 'array') then
      (select string_agg(v #>> '{}', ' ') from jsonb_path_query(p_value, 'strict $.** ? (@.type() == "string" || @.type() == "number")') v)
    when p_path ~ '(_until|_from|_at)$' and p_value ->> 0 ~ '^\d{4}-\d\d-\d\dT' then core.shanghai(p_value ->> 0)
    when jsonb_typeof(p_value) = 'boolean' then case when p_value = 'true' then '是 / yes' else '否 / no' end
    else p_value ->> 0 end
$$;

-- GET /items/{id}/versions: every published revision with what changed, oldest first.
create or replace function api.item_versions(p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_body jsonb;
begin
  perform workflow.as_reader();
  if not exists (select from workflow.item where id = p_id and machine = 'list_item' and public) then
    perform workflow.refuse(404, 'not_found');
  end if;
  select jsonb_build_object('id', l.id, 'number', l.number, 'revision', l.revision, 'versions', (
           select coalesce(jsonb_agg(jsonb_build_object('revision', v.revision, 'at', v.at, 'note', v.note, 'hash', v.hash,
                    'change', core.change_texts(v.change)) order by v.revision), '[]')
             from core.item_version v where v.item = l.id))
    into v_body
    from core.list_item l where l.id = p_id;
  return row(200, v_body::json, null, null)::api.answer;
end;
$$;

-- The conditions of a search, as SQL over f (core.face) with the query as $1. Only words of this file
-- get into the text.
create or replace function core.items_where(p_query jsonb) returns text
language sql immutable security definer set search_path = '' as $$
  select concat_ws(' and ', 'f.public',
    case when p_query ->> 'state' is not null then 'f.state = $1 ->> ''state''' end,
    case when (p_query ->> 'open')::boolean then
      'f.state in (''open'', ''interested'') and f.claim_until > (select workflow.now())' end,
    case when p_query ->> 'batch' is not null then 'f.batch = ($1 ->> ''batch'')::uuid' end,
    case when p_query ->> 'industry' is not null then 'f.industry = $1 ->> ''industry''' end,
    case when p_query ->> 'field' is not null then 'f.field = $1 ->> ''field''' end,
    case when p_query ->> 'division' is not null then 'f.division like ($1 ->> ''division'') || ''%''' end,
    case when p_query ->> 'list' is not null then 'f.list = ($1 ->> ''list'')::uuid' end,
    -- a masked poster cannot be found by asking for its challenges
    case when p_query ->> 'unit' is not null then 'f.poster = ($1 ->> ''unit'')::uuid and f.named' end,
    case when p_query ->> 'q' is not null then
      'f.item in (select w.item from core.face_word w where w.terms @@ lib.query($1 ->> ''q''))' end)
$$;

-- In what order a page of them is shown; those of one list by number. Of more than a thousand the newest are put in order.
create or replace function core.items_order(p_query jsonb) returns text
language sql immutable security definer set search_path = '' as $$
  select case p_query ->> 'sort'
    when 'deadline' then 'h.claim_until, '
    when 'budget' then '(select (x.face ->> ''budget_wan'')::numeric from core.face x where x.item = h.item) desc nulls last, '
    else '' end || 'h.at desc, h.number, h.item'
$$;

-- GET /items?q=&industry=&field=&unit=&division=&state=&batch=&list=&open=&sort=&page=&size=
create or replace function api.items(p_query jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_from   text := 'from core.face f where ' || core.items_where(p_query);
  v_items  jsonb;
  v_count  bigint;
  v_facets jsonb;
begin
  perform workflow.as_reader();
  -- one walk for the page, the count and the facets
  execute format($q$
    with hit as materialized (
      select f.item, f.number, f.at, f.claim_until, f.state, f.industry, f.field, f.division %1$s order by f.at desc, f.item limit 1001),
    facet as (
      select case when grouping(state) = 0 then 'state' when grouping(industry) = 0 then 'industry'
                  when grouping(field) = 0 then 'field' else 'division' end as name,
             coalesce(state, industry, field, division) as code, count(*) as n
        from hit group by grouping sets ((state), (industry), (field), (division)))
    select (select count(*) from hit), (select jsonb_object_agg(f.name, f.list) from (
             select name, jsonb_agg(jsonb_build_object('code', code, 'count', n) order by n desc, code) as list
               from facet where code is not null group by name) f),
           (select jsonb_agg(f.doc::jsonb - 'content' order by %2$s)
              from (select h.item, h.number, h.at, h.claim_until from hit h order by %2$s limit %3$s offset %4$s) h join core.face f on f.item = h.item)$q$,
    v_from, core.items_order(p_query), core.page_size(p_query), core.page_offset(p_query)) into v_count, v_facets, v_items using p_query;
  return row(200, core.page(p_query, v_items, v_count, coalesce(v_facets, '{}'))::json, null, null)::api.answer;
end;
$$;

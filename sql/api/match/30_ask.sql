-- From a request to the engine's question (services/gateway/match_json.h has its form).

-- The text of a need that is not in the index yet, a draft: what the engine would have read.
create or replace function core.match_text(p_title text, p_keywords text[], p_content jsonb) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select jsonb_build_object('title', p_title, 'keywords', to_jsonb(coalesce(p_keywords, '{}')), 'body', feed.content_body(p_content))
$$;

-- What is asked about: a record by id, a draft by its text, words as they were sent.
create or replace function core.match_subject(p_subject text, p_id uuid, p_given jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  if p_subject = 'need' then
    return (select case when i.state = 'draft' then core.match_text(n.title, n.keywords, n.content) else jsonb_build_object('id', n.id) end
              from core.need n join workflow.item i on i.id = n.id where n.id = p_id);
  elsif p_id is not null then
    return jsonb_build_object('id', p_id);
  end if;
  return jsonb_strip_nulls(jsonb_build_object('title', coalesce(p_given ->> 'q', p_given ->> 'title'),
    'keywords', p_given -> 'keywords', 'body', p_given ->> 'text'));
end;
$$;

-- Hard filters that the asker set, in the engine's words.
create or replace function core.match_filter(p_given jsonb) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'fields', (select jsonb_agg(f || ':' || (p_given ->> f)) from unnest(array['field', 'industry', 'discipline']) f where p_given ? f),
    'division', regexp_replace(p_given ->> 'division', '(00)+$', ''),
    'levels', case when p_given ? 'title_level' then jsonb_build_array(p_given -> 'title_level') end,
    'states', case when p_given ? 'state' then jsonb_build_array(p_given -> 'state') end,
    'units', case when p_given ? 'unit' then jsonb_build_array(p_given -> 'unit') end,
    'trl_min', p_given -> 'trl_min', 'trl_max', p_given -> 'trl_max',
    'year_min', coalesce(p_given -> 'year', p_given -> 'year_min'), 'year_max', coalesce(p_given -> 'year', p_given -> 'year_max')))
$$;

-- Some questions are about some records alone.
create or replace function core.match_among(p_ask text, p_subject text, p_id uuid, p_kinds text[]) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  if p_ask = 'groups' then  -- the needs of this batch that are still under way
    return jsonb_build_object('units', (select coalesce(jsonb_agg(t.id), jsonb_build_array(p_id)) from (
      select i.id from workflow.item i join workflow.state s on s.machine = i.machine and s.state = i.state
       where i.batch = p_id and i.machine = 'need' and i.state not in ('draft', 'merged') and not s.final
       order by i.created_at desc, i.id limit 400) t));
  elsif p_ask = 'same' then  -- a need is no duplicate of what became of it or went into it
    return jsonb_build_object('not_ids', (select coalesce(jsonb_agg(t.id), '[]') from (
      select l.id from core.list_item l where l.need = p_id
      union select p.id from core.project p join core.list_item l on l.id = p.item where l.need = p_id
      union select n.id from core.need n where n.merged_into = p_id
      union select n.merged_into from core.need n where n.id = p_id and n.merged_into is not null) t));
  elsif p_kinds = array['item'] then  -- challenges that still can be claimed
    return '{"states": ["open", "interested"]}';
  end if;
  return '{}';
end;
$$;

-- The parts of a team's work: what each indicator asks for, with the need's title, without which
-- 良率 or 能耗 would be said of anything.
create or replace function core.match_parts(p_subject text, p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object('name', t.i ->> 'name', 'text', concat_ws(' ', feed.indicator_text(t.i), s.title)) order by t.n), '[]')
      from (select n.title, n.content from core.need n where n.id = p_id and p_subject = 'need'
            union all
            select f.face ->> 'title', f.face::jsonb -> 'content' from core.face f where f.item = p_id and p_subject = 'item') s,
           jsonb_array_elements(s.content -> 'indicators') with ordinality t (i, n)
     where t.n <= 24);
end;
$$;

-- The whole question. `context` is for match_tell.
create or replace function core.match_asked(p_name text, p_id uuid, p_given jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v        record := core.match_question(p_name);
  v_size   int := coalesce((p_given ->> 'size')::int, case p_name when 'text' then 5 when 'batch_groups' then 100 else 20 end);
  v_page   int := coalesce((p_given ->> 'page')::int, 1);
  v_kinds  text[] := case when p_given ? 'kind' then array[p_given ->> 'kind'] else v.kinds end;
  v_near   jsonb := '{}';
  v_parts  jsonb := case v.ask when 'cover' then core.match_parts(v.subject, p_id) end;
  v_filter jsonb;
begin
  if v_page::bigint * v_size > 1000 then
    perform workflow.refuse(422, 'page_too_deep', '{"max": 1000}');
  end if;
  v_filter := core.match_filter(p_given) || core.match_among(v.ask, v.subject, p_id, v_kinds)
    || jsonb_build_object('kinds', to_jsonb(v_kinds), 'scopes', core.match_scopes());
  if v.conflicts then
    v_near := core.match_conflicts(v.subject, p_id);
    v_filter := v_filter || jsonb_build_object('not_units', v_near -> 'units', 'not_persons', v_near -> 'persons', 'not_ids', v_near -> 'records');
  end if;
  return jsonb_strip_nulls(jsonb_build_object(
    'ask', v.ask, 'subject', case when v.ask <> 'groups' then core.match_subject(v.subject, p_id, p_given) end,
    'filter', v_filter, 'offset', (v_page - 1) * v_size, 'limit', v_size,
    'reasons', case when v.ask in ('match', 'search', 'same', 'cover') then v_size else 0 end,
    'near', regexp_replace(p_given ->> 'near', '(00)+$', ''),
    'near_weight', case when p_given ? 'near' then coalesce((p_given ->> 'near_weight')::numeric, 50) / 100 end,
    'threshold', (p_given ->> 'likeness')::numeric / 100, 'want_trl', p_given -> 'trl', 'newest', p_given -> 'newest', 'facets', p_given -> 'facets',
    'cover_kind', case v.ask when 'cover' then coalesce(p_given ->> 'by', 'unit') end,
    'parts', (select jsonb_agg(x -> 'text') from jsonb_array_elements(v_parts) x),
    'context', jsonb_build_object('id', p_id, 'page', v_page, 'size', v_size, 'given', p_given,
      'parts', (select jsonb_agg(x -> 'name') from jsonb_array_elements(v_parts) x),
      'excluded', case when v_near ? 'units' then jsonb_build_object('units', jsonb_array_length(v_near -> 'units'),
        'persons', jsonb_array_length(v_near -> 'persons')) end)));
end;
$$;

-- Step one of every route of services/gateway/flows/match.c. Refuses 404 not_found, 422 page_too_deep,
-- without indicators there is nothing to share out: the answer is an empty team, and nobody is asked.
create or replace function api.match_ask(p_session bytea, p_req jsonb, p_name text, p_id uuid, p_given jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_asked jsonb;
begin
  perform core.match_enter(p_session, p_req, p_name);
  if p_id is not null and not core.match_sees((core.match_question(p_name)).subject, p_id) then
    perform workflow.refuse(404, 'not_found');
  end if;
  p_given := jsonb_strip_nulls(p_given);  -- a field that was left empty is not asked for
  v_asked := core.match_asked(p_name, p_id, p_given);
  if v_asked ->> 'ask' = 'cover' and v_asked -> 'parts' is null then
    return row(200, (core.tell_cover(p_name, v_asked, '{"list": [], "cover": {"chosen": [], "covered": [], "uncovered": []}}')
                     || jsonb_build_object('engine', core.match_engine('{"available": true}')))::json, null, null)::api.answer;
  end if;
  return row(200, v_asked::json, null, null)::api.answer;
end;
$$;

-- From the engine's answer to the document. Everything that it names is read again under the row
-- policies; what they hide is dropped, and said in the log: then the scopes of the records are wrong.

-- The reasons with words; evidence with its record. A record that the asker may not see tells nothing.
create or replace function core.match_reasons(p_reasons jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_all   jsonb := '[]';
  v_one   jsonb;
  v_title jsonb;
begin
  for v_one in select * from jsonb_array_elements(p_reasons) loop
    v_title := case when v_one ? 'id' then core.match_title((v_one ->> 'id')::uuid) end;
    if v_one ? 'id' and v_title is null then
      raise warning 'match: evidence % is told to whoever may not see it', v_one ->> 'id';
    end if;
    v_all := v_all || jsonb_strip_nulls(jsonb_build_object('kind', v_one -> 'kind', 'share', v_one -> 'share',
      'term', v_one -> 'term', 'other', v_one -> 'other', 'weight', v_one -> 'weight', 'record', v_title,
      'text', core.match_sentence(v_one ->> 'kind', v_one ->> 'term', v_one ->> 'other', v_title ->> 'title',
        (v_one ->> 'weight')::numeric),
      'parts', case when v_one ? 'parts' and v_title is not null then core.match_reasons(v_one -> 'parts') end));
  end loop;
  return v_all;
end;
$$;

-- The unit on the solving side: of a record, or itself.
create or replace function core.match_unit(p_kind text, p_id uuid) returns uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  return case when p_kind = 'unit' then p_id
              when core.match_library(p_kind) is not null then
                (select coalesce(r.unit, (select u.id from party.unit u where u.name = r.data ->> 'unit_name' limit 1))
                   from lib.record r where r.id = p_id) end;
end;
$$;

-- One candidate; null when the asker does not see its record.
create or replace function core.match_candidate(p_one jsonb, p_rank int, p_item uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_kind   text := p_one ->> 'kind';
  v_id     uuid := (p_one ->> 'id')::uuid;
  v_record jsonb := core.match_record(v_kind, v_id);
begin
  if v_record is null then
    raise warning 'match: % % is told to whoever may not see it', v_kind, v_id;
    return null;
  end if;
  return jsonb_build_object('id', v_id, 'kind', v_kind, 'rank', p_rank, 'path', core.match_path(v_kind, v_id),
    'title', coalesce(v_record ->> 'title', v_record ->> 'name'), 'record', v_record, 'score', p_one -> 'score',
    'strength', core.match_strength(p_one ->> 'strength'), 'reasons', core.match_reasons(p_one -> 'reasons'),
    'passages', p_one -> 'passages', 'asked', p_one -> 'asked', 'missing', p_one -> 'missing',
    'marks', core.match_marks(p_item, core.match_unit(v_kind, v_id)));
end;
$$;

-- The challenge that a need became or an item is, for the marks.
create or replace function core.match_item(p_subject text, p_id uuid) returns uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  return case p_subject when 'item' then p_id when 'need' then (select l.id from core.list_item l where l.need = p_id) end;
end;
$$;

-- The candidates in the engine's order, each kind ranked for itself; places as in the engine's list, null
-- where one was dropped.
create or replace function core.match_candidates(p_list jsonb, p_from int, p_item uuid) returns jsonb[]
language plpgsql security definer set search_path = '' as $$
declare
  v_all  jsonb[] := '{}';
  v_one  record;
begin
  for v_one in
    select l.value as doc, p_from + row_number() over (partition by l.value ->> 'kind' order by l.n) as rank
      from jsonb_array_elements(p_list) with ordinality l (value, n) order by l.n
  loop
    v_all := v_all || core.match_candidate(v_one.doc, v_one.rank::int, p_item);
  end loop;
  return v_all;
end;
$$;

create or replace function core.match_shown(p_list jsonb[]) returns jsonb
language sql immutable security definer set search_path = '' as
$$ select coalesce(jsonb_agg(c order by n), '[]') from unnest(p_list) with ordinality t (c, n) where c is not null $$;

-- What was proposed for a need or challenge, and what challenges were proposed to whom, is kept. Written
-- as the system: who asks may not read what others were shown.
create or replace function core.match_record_shown(p_name text, p_id uuid, p_engine text, p_list jsonb[]) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v        record := core.match_question(p_name);
  v_to     boolean := v.subject in ('need', 'item');
  v_me     uuid := auth.me();
  v_unit   uuid := auth.my_unit();
  v_before text := workflow.as_system();
begin
  insert into core.suggestion (subject, subject_kind, kind, candidate, item, unit, rank, score, strength, engine, person, viewer, at, day)
  select p_id, v.subject, c ->> 'kind', (c ->> 'id')::uuid,
         case when v_to then p_id else (c ->> 'id')::uuid end,
         case when v_to then core.match_unit(c ->> 'kind', (c ->> 'id')::uuid) else core.match_unit(v.subject, p_id) end,
         (c ->> 'rank')::int, (c ->> 'score')::real, c #>> '{strength,code}', p_engine, v_me, v_unit, workflow.now(), workflow.today()
    from unnest(p_list) c where c is not null
  on conflict do nothing;
  perform workflow.back_to(v_before);
end;
$$;

create or replace function core.tell_match(p_name text, p_question jsonb, p_answer jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v      record := core.match_question(p_name);
  v_id   uuid := (p_question #>> '{context,id}')::uuid;
  v_list jsonb[] := core.match_candidates(p_answer -> 'list', (p_question ->> 'offset')::int, core.match_item(v.subject, v_id));
begin
  if v.recorded then
    perform core.match_record_shown(p_name, v_id, p_answer #>> '{engine,version}', v_list);
  end if;
  return jsonb_build_object('items', core.match_shown(v_list), 'filters', core.match_passed(p_question),
           'page', p_question #> '{context,page}', 'size', p_question #> '{context,size}');
end;
$$;

-- Groups of alike needs; each with the needs and the terms that they share. One whose members the asker
-- cannot all see is not shown.
create or replace function core.tell_groups(p_name text, p_question jsonb, p_answer jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_list jsonb[] := core.match_candidates(p_answer -> 'list', 0, null);
begin
  return jsonb_build_object('items', (
    select coalesce(jsonb_agg(jsonb_build_object('likeness', g.value -> 'likeness', 'shared', g.value -> 'shared',
             'needs', (select jsonb_agg(v_list[m::int + 1] -> 'record' order by n)
                         from jsonb_array_elements_text(g.value -> 'members') with ordinality x (m, n)))
             order by g.n), '[]')
      from jsonb_array_elements(p_answer -> 'groups') with ordinality g (value, n)
     where not exists (select from jsonb_array_elements_text(g.value -> 'members') m where v_list[m::int + 1] is null)));
end;
$$;

-- A team: who takes which indicators, in the order taken, and which nobody covers.
create or replace function core.tell_cover(p_name text, p_question jsonb, p_answer jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v       record := core.match_question(p_name);
  v_item  uuid := core.match_item(v.subject, (p_question #>> '{context,id}')::uuid);
  v_list  jsonb[] := core.match_candidates(p_answer -> 'list', 0, v_item);
  v_parts jsonb := p_question #> '{context,parts}';
begin
  return jsonb_build_object('by', p_question -> 'cover_kind', 'filters', core.match_passed(p_question),
    'indicators', coalesce(v_parts, '[]'),
    'team', (select coalesce(jsonb_agg((v_list[c::int + 1] - array['rank', 'asked']) || jsonb_build_object('covers', (
               select coalesce(jsonb_agg(jsonb_build_object('indicator', v_parts -> (p ->> 'part')::int, 'score', p -> 'score')
                                         order by (p ->> 'part')::int), '[]')
                 from jsonb_array_elements(p_answer #> '{cover,covered}') p where (p ->> 'by')::int = c::int)) order by n), '[]')
               from jsonb_array_elements_text(p_answer #> '{cover,chosen}') with ordinality t (c, n) where v_list[c::int + 1] is not null),
    'uncovered', (select coalesce(jsonb_agg(v_parts -> u::int order by n), '[]')
                    from jsonb_array_elements_text(p_answer #> '{cover,uncovered}') with ordinality t (u, n)));
end;
$$;

-- Step three: what there is to say. When the engine has not answered, searches are answered by
-- PostgreSQL and everything else is empty and says so: a match is never a failure.
create or replace function api.match_tell(p_session bytea, p_req jsonb, p_name text, p_question jsonb, p_answer jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v        record := core.match_question(p_name);
  v_engine jsonb := core.match_engine(p_answer -> 'engine');
  v_answer jsonb := '{"list": [], "groups": [], "cover": {"chosen": [], "covered": [], "uncovered": []}}'::jsonb || p_answer;
  v_body   jsonb;
begin
  perform core.match_enter(p_session, p_req, p_name);
  v_body := case
    when v.ask = 'search' and not (v_engine ->> 'available')::boolean then core.search_without(p_name, p_question)
    when v.ask = 'search' then core.tell_search(p_name, p_question, v_answer)
    when v.ask = 'groups' then core.tell_groups(p_name, p_question, v_answer)
    when v.ask = 'cover' then core.tell_cover(p_name, p_question, v_answer)
    else core.tell_match(p_name, p_question, v_answer) end;
  v_body := v_body || jsonb_build_object('engine', v_engine || case when p_answer ? 'known' and v.subject is not null
    then jsonb_build_object('known', p_answer -> 'known') else '{}' end);
  return row(200, v_body::json, null, null)::api.answer;
end;
$$;

-- Reading needs.
create or replace function api.need_get(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  perform auth.enter(p_session, p_req);
  v_doc := api.need_document(p_id);
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_doc::json, (v_doc ->> 'version')::int, null)::api.answer;
end;
$$;

-- The clinic: what is still missing, at any time. {"complete","gaps":[{field, code, level, ...}]}
create or replace function api.need_check(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_content jsonb;
  v_gaps    jsonb;
begin
  perform auth.enter(p_session, p_req);
  select content into v_content from core.need where id = p_id;
  if not found then
    perform workflow.refuse(404, 'not_found');
  end if;
  v_gaps := core.need_gaps(v_content, core.rules_of(p_id), workflow.today());
  return row(200, jsonb_build_object('complete', core.gap_errors(v_gaps) = '[]', 'gaps', v_gaps)::json, null, null)::api.answer;
end;
$$;

-- The clinic over what is being typed: form_need, which is looked at and not kept.
create or replace function api.need_draft_check(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_gaps jsonb;
begin
  perform auth.enter(p_session, p_req);
  if not exists (select from core.need where id = p_id) then
    perform workflow.refuse(404, 'not_found');
  end if;
  v_gaps := core.need_gaps(core.need_content(p_body), core.rules_of(p_id), workflow.today());
  return row(200, jsonb_build_object('complete', core.gap_errors(v_gaps) = '[]', 'gaps', v_gaps)::json, null, null)::api.answer;
end;
$$;

-- As submitted, as argued, as published; each with its hash and what differs from the one before.
-- Of a need that was stopped for secrecy nothing is shown.
create or replace function api.need_versions(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_list   jsonb;
  v_inside boolean;
  v_co     boolean;
begin
  perform auth.enter(p_session, p_req);
  if not exists (select from core.need where id = p_id) then
    perform workflow.refuse(404, 'not_found');
  end if;
  v_inside := auth.is_bureau() or auth.has('auditor') or auth.has('county') or core.is_poster(p_id);
  v_co := core.is_co_poster(p_id);
  select coalesce(jsonb_agg(jsonb_build_object('kind', t.kind, 'n', t.n, 'at', t.at, 'note', t.note, 'hash', t.hash,
           'content', core.money_out(t.shown),
           'change', case when t.before is null then '[]' else core.diff(core.money_out(t.before), core.money_out(t.shown)) end)
           order by t.at, t.ordinal), '[]')
    into v_list
    from (select w.*, lag(w.shown) over (order by w.at, w.ordinal) as before
            from (select v.kind, v.n, v.at, v.note, v.hash,
                         case when v_inside and not v_co then v.content - 'salt' else core.publishable(v.content) end as shown,
                         (array_position(array['submitted', 'argued', 'published'], v.kind) * 1000 + v.n) as ordinal
                    from core.need_version v join workflow.item i on i.id = v.need
                   where v.need = p_id and i.state <> 'secret_refused') w) t;
  return row(200, jsonb_build_object('items', v_list)::json, null, null)::api.answer;
end;
$$;

-- The needs of one place, newest first: my unit's own and shared ones and those before my panels, my
-- county's, or all that the bureau has. Query: state, batch, q, page, size.
create or replace function api.need_list(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_query  jsonb := coalesce(p_req -> 'query', '{}');
  v_where  text;
  v_from   text := 'workflow.item';
  v_ids    uuid[];
  v_before text;
begin
  perform auth.enter(p_session, p_req);
  perform core.page_offset(v_query); -- a page that is too deep is refused before anything is read
  v_where := core.my_needs() || core.need_filter(v_query);
  -- what core.my_needs says is all that the row policy would let through; asking the policy again for
  -- a thousand rows costs most of the time
  v_before := workflow.as_system();
  -- the planner thinks the policy hides nearly all rows and would read and sort the table; for whoever
  -- sees many and searches for no word, the index in the order of the list is the way
  if not v_query ? 'q' and v_where not like 'i.id = any%' then
    perform set_config('enable_sort', 'off', true);
  elsif v_where not like 'i.id = any%' and core.is_common_word(v_query) then
    perform set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true);
  elsif v_where not like 'i.id = any%' and not v_query ? 'batch' then
    -- a rare word finds less than a county has in a state, which the planner does not know
    v_from := format('(select * from workflow.item w where w.machine = ''need'' and w.title ilike %L offset 0)', core.anywhere(v_query ->> 'q'));
  end if;
  -- one walk for the page and for the count
  execute format($q$select array(select i.id from %s i where i.machine = 'need' and %s
                    order by i.created_at desc, i.id limit 1001)$q$, v_from, v_where) into v_ids;
  perform set_config('enable_sort', 'on', true), set_config('enable_bitmapscan', 'on', true);
  perform workflow.back_to(v_before);
  return row(200, core.page(v_query, (select jsonb_agg(core.need_line(x.id) order by x.n) from unnest(core.page_of(v_query, v_ids)) with ordinality x (id, n)),
                            cardinality(v_ids))::json, null, null)::api.answer;
end;
$$;

-- Does one in fifty of the newest needs have this in its title? Then reading them in order meets a page of
-- them sooner than gathering all that there are.
create or replace function core.is_common_word(p_query jsonb) returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
  return (select count(*) >= 20 from (select i.title from workflow.item i where i.machine = 'need' order by i.created_at desc, i.id limit 1000) t
           where t.title ilike core.anywhere(p_query ->> 'q'));
end;
$$;

-- Which needs are the actor's to see, as a condition on workflow.item i.
create or replace function core.my_needs() returns text
language plpgsql stable security definer set search_path = '' as $$
begin
  if auth.is_bureau() or auth.has('auditor') then
    return 'i.state <> ''draft''';
  elsif auth.has('county') then
    return format('i.recommender = %L and i.state <> ''draft''', auth.my_recommender());
  end if;
  return format('i.id = any (array(select o.id from workflow.item o where o.owner = %1$L and o.machine = ''need''
                                   union select p.item from workflow.party p where p.unit = %1$L
                                   union select p.item from workflow.party p where p.person = %2$L))', auth.my_unit(), auth.me());
end;
$$;

create or replace function core.need_filter(p_query jsonb) returns text
language sql immutable security definer set search_path = '' as $$
  select concat(
    case when p_query ->> 'state' is not null then format(' and i.state = %L', p_query ->> 'state') end,
    case when p_query ->> 'batch' is not null then format(' and i.batch = %L::uuid', p_query ->> 'batch') end,
    case when p_query ->> 'q' is not null then format(' and i.title ilike %L', core.anywhere(p_query ->> 'q')) end)
$$;

-- One line of a list.
create or replace function core.need_line(p_id uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
begin
  return (
  select workflow.head(n.id) || jsonb_build_object('title', n.title, 'kind', n.kind, 'industry', n.industry, 'field', n.field,
           'budget_wan', core.to_wan(n.budget_fen), 'keywords', n.keywords, 'unit', core.unit_ref(n.unit), 'merged_into', n.merged_into,
           'recommender', (select jsonb_build_object('id', r.id, 'name', r.name) from workflow.item i
                             join party.recommender r on r.id = i.recommender where i.id = n.id))
    from core.need n where n.id = p_id);
end;
$$;

-- What everybody may read of a challenge, and how much of it (DOMAIN 9): open | masked (the poster is
-- not named, the bureau relays) | summary (the outline; the rest after a signed undertaking). What
-- of the content that is says core.public_content; contacts are never public.

-- The whole public document but for the state. Built as the system: the poster's name is public
-- where the masking says so, whoever asks.
create or replace function core.item_face(p_item uuid) returns json
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_face   json;
begin
  select json_build_object('number', l.number, 'revision', l.revision, 'title', l.title,
           'list', json_build_object('id', s.id, 'number', s.number, 'title', s.title, 'published_at', s.published_at),
           'industry', l.industry, 'field', l.field, 'division', l.division, 'kind', n.kind, 'origin', n.origin,
           'masking', l.masking, 'poster', case l.masking when 'open' then core.unit_ref(l.poster) end,
           'posters', case l.masking when 'open' then core.need_posters(l.id) end,
           'claim_until', l.claim_until, 'extensions', l.extensions, 'sealed', l.sealed, 'max_winners', l.max_winners,
           'budget_wan', core.to_wan(l.budget_fen), 'content', core.public_content(l.content, l.masking))
    into v_face
    from core.list_item l join core.list s on s.id = l.list join core.need n on n.id = l.need
   where l.id = p_item;
  perform workflow.back_to(v_before);
  return v_face;
end;
$$;

-- What a challenge is found by: every text of its face, and nothing that is not in it.
create or replace function core.face_terms(p_face jsonb) returns tsvector
language sql stable security definer set search_path = '' as $$
  select lib.terms(concat_ws(' ', p_face ->> 'number', p_face ->> 'title', p_face #>> '{poster,name}',
    (select string_agg(v #>> '{}', ' ') from jsonb_path_query(p_face -> 'content', 'strict $.**') v where jsonb_typeof(v) = 'string')))
$$;

-- To be called after every change of core.list_item that the public may see, and at its birth; every
-- move of the item calls it by itself. `doc` is the answer of GET /items/{id}, ready.
create or replace function core.refresh_face(p_item uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_face   json := core.item_face(p_item);
  v_before text := workflow.as_system();
begin
  insert into core.face (item, number, list, industry, field, division, named, at, state, batch, poster, claim_until, face, doc,
                         version, public)
  select l.id, l.number, l.list, l.industry, l.field, l.division, l.masking = 'open', i.created_at, i.state, i.batch, l.poster, l.claim_until, v_face,
         (rtrim(json_build_object('id', i.id, 'machine', i.machine, 'preset', i.preset,
            'state', json_build_object('code', s.state, 'zh', s.label_zh, 'en', s.label_en, 'final', s.final),
            'version', i.version, 'since', i.since, 'batch', i.batch, 'created_at', i.created_at)::text, '} ')
          || ', ' || ltrim(v_face::text, ' {'))::json, i.version, i.public
    from core.list_item l
    join workflow.item i on i.id = l.id
    join workflow.state s on s.machine = i.machine and s.state = i.state
   where l.id = p_item
  on conflict (item) do update set industry = excluded.industry, field = excluded.field, division = excluded.division,
    named = excluded.named, at = excluded.at, state = excluded.state, claim_until = excluded.claim_until, face = excluded.face,
    doc = excluded.doc, version = excluded.version, public = excluded.public;
  insert into core.face_word (item, terms) values (p_item, core.face_terms(v_face::jsonb))
  on conflict (item) do update set terms = excluded.terms where face_word.terms <> excluded.terms;
  perform workflow.back_to(v_before);
  perform feed.touch('item', p_item);
  perform pg_notify('public_changed', p_item::text);
end;
$$;

create or replace function effect.item_moved(p_item uuid, p_data jsonb) returns void
language sql security definer set search_path = '' as
$$ select core.refresh_face(p_item) $$;

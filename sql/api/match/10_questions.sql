-- What the routes of the match engine ask, as rows: a route names its question (services/gateway/
-- routes/match.def), match_ask and match_tell look here what it means.
--   ask       match | search | same | groups | cover | classify, see proto/match.proto
--   subject   what the path's id names: need item batch unit, or a library; null: the words sent
--   kinds     what is looked for
--   conflicts whoever is too near the subject is left out before ranking
--   recorded  what is proposed is kept in core.suggestion
--   open      the same for everybody: asked and answered without a session
create or replace function core.match_questions()
returns table (name text, ask text, subject text, kinds text[], conflicts boolean, recorded boolean, open boolean)
language sql immutable security definer set search_path = '' as $$
  select s || '_' || k || 's', 'match', s, array[k], true, true, false
    from unnest(array['need', 'item']) s, unnest(array['expert', 'unit', 'achievement', 'patent']) k
  union all
  select s || '_challenges', 'match', s, array['item'], true, true, false
    from unnest(array['expert', 'unit', 'achievement', 'patent']) s
  union all
  select s || '_similar', 'match', s, array[s], false, false, true
    from unnest(array['expert', 'achievement', 'patent', 'earlier', 'item']) s
  union all values
    ('unit_similar',    'match',    'unit',  array['unit'], false, false, false),
    ('need_similar',    'match',    'need',  array['need'], false, false, false),
    ('text',            'match',    null,    array['item', 'need', 'expert', 'unit', 'achievement', 'patent', 'earlier'], false, false, false),
    ('search',          'search',   null,    array['item', 'expert', 'unit', 'achievement', 'patent', 'earlier'], false, false, true),
    ('search_expert',   'search',   null,    array['expert'], false, false, true),
    ('search_achievement', 'search', null,   array['achievement'], false, false, true),
    ('search_patent',   'search',   null,    array['patent'], false, false, true),
    ('search_earlier',  'search',   null,    array['earlier'], false, false, true),
    ('need_duplicates', 'same',     'need',  array['need', 'item', 'earlier', 'project'], false, false, false),
    ('batch_groups',    'groups',   'batch', array['need'], false, false, false),
    ('need_teams',      'cover',    'need',  array['expert', 'unit'], true, false, false),
    ('item_teams',      'cover',    'item',  array['expert', 'unit'], true, false, false),
    ('need_labels',     'classify', 'need',  array['label'], false, false, false)
$$;

create or replace function core.match_question(p_name text,
  out ask text, out subject text, out kinds text[], out conflicts boolean, out recorded boolean, out open boolean)
language plpgsql immutable security definer set search_path = '' as $$
begin
  select q.ask, q.subject, q.kinds, q.conflicts, q.recorded, q.open into strict ask, subject, kinds, conflicts, recorded, open
    from core.match_questions() q where q.name = p_name;
end;
$$;

-- In whose name is it asked? What is open is read as the public, whoever asks.
create or replace function core.match_enter(p_session bytea, p_req jsonb, p_name text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if (core.match_question(p_name)).open then
    perform auth.enter_public(p_req);
  else
    perform auth.enter(p_session, p_req);
  end if;
end;
$$;

-- What the asker may see, in the words of the records (feed): never more than the row policies.
create or replace function core.match_scopes() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_agg(s) from unnest(array['public',
    case when auth.context() = 'person' then 'signed' end,
    case when auth.context() = 'person' and auth.is_bureau() then 'bureau' end,
    case when auth.context() = 'person' and auth.has('city') then 'city' end,
    case when auth.context() = 'person' and auth.has('auditor') then 'auditor' end,
    case when auth.context() = 'person' then 'unit:' || auth.my_unit() end,
    case when auth.context() = 'person' and auth.has('county') then 'recommender:' || auth.my_recommender() end,
    case when auth.context() = 'person' then 'person:' || auth.me() end]) s where s is not null
$$;

-- The library of lib.record that a kind of the engine is, or null.
create or replace function core.match_library(p_kind text) returns text
language sql immutable security definer set search_path = '' as
$$ select case when p_kind in ('expert', 'achievement', 'patent') then p_kind when p_kind = 'earlier' then 'need' end $$;

-- Does the asker see what the path names? By the row policies.
create or replace function core.match_sees(p_subject text, p_id uuid) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  if core.match_library(p_subject) is not null then
    return exists (select from lib.record r where r.id = p_id and r.kind = core.match_library(p_subject));
  elsif p_subject = 'unit' then
    return exists (select from party.unit u where u.id = p_id);
  end if;
  return exists (select from workflow.item i
                  where i.id = p_id and i.machine = case p_subject when 'item' then 'list_item' else p_subject end);
end;
$$;

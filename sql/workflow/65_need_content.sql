-- The content of a need between the form, the tables and the readers.

-- The checked body of form_need as it is kept: no nulls, money named by its unit (integer fen).
create or replace function core.need_content(p_body jsonb) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select jsonb_strip_nulls((b - array['batch', 'budget', 'cash', 'finance', 'note', 'kind']) || jsonb_build_object(
           'budget_fen', b -> 'budget', 'cash_fen', b -> 'cash',
           'finance', case when b ? 'finance' then jsonb_build_object('revenue_fen', b #> '{finance,revenue}', 'rd_fen', b #> '{finance,rd}') end))
    from (select jsonb_strip_nulls(p_body)) t (b)
$$;

-- Kept content as people read it: *_fen becomes *_wan at every depth.
create or replace function core.money_out(p_doc jsonb) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select case jsonb_typeof(p_doc)
    when 'object' then (select coalesce(jsonb_object_agg(
        case when key like '%\_fen' then regexp_replace(key, '_fen$', '_wan') else key end,
        case when key like '%\_fen' and jsonb_typeof(value) = 'number' then to_jsonb(core.to_wan((value #>> '{}')::bigint))
             else core.money_out(value) end), '{}') from jsonb_each(p_doc))
    when 'array' then (select coalesce(jsonb_agg(core.money_out(e) order by n), '[]') from jsonb_array_elements(p_doc) with ordinality t (e, n))
    else p_doc end
$$;

-- The members by which needs are listed and judged, copied out of the content.
create or replace function core.set_need_content(p_need uuid, p_content jsonb) returns void
language plpgsql security definer set search_path = '' as $$
begin
  update core.need
     set title = p_content ->> 'title', industry = p_content ->> 'industry', field = p_content #>> '{fields,0}',
         budget_fen = (p_content ->> 'budget_fen')::bigint, cash_fen = (p_content ->> 'cash_fen')::bigint,
         keywords = array(select jsonb_array_elements_text(coalesce(p_content -> 'keywords', '[]'))), content = p_content
   where id = p_need;
  update workflow.item set title = p_content ->> 'title' where id = p_need;
end;
$$;

-- Keeps a version of a need: 'submitted', 'argued' or 'published'; numbered within its kind.
create or replace function core.keep_need_version(p_need uuid, p_kind text, p_content jsonb, p_note text default null) returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_n int;
begin
  select coalesce(max(v.n), 0) + 1 into v_n from core.need_version v where v.need = p_need and v.kind = p_kind;
  insert into core.need_version (need, kind, n, content, hash, note, by, at)
  values (p_need, p_kind, v_n, p_content, workflow.digest(p_content), p_note, auth.me(), workflow.now());
  return v_n;
end;
$$;

-- The wording that counts: the last argued version, else the last submitted one, else the draft.
create or replace function core.need_wording(p_need uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(
    (select v.content from core.need_version v where v.need = p_need and v.kind = 'argued' order by v.n desc limit 1),
    (select v.content from core.need_version v where v.need = p_need and v.kind = 'submitted' order by v.n desc limit 1),
    (select n.content from core.need n where n.id = p_need))
$$;

-- What a published challenge says: the wording without what is between poster and bureau.
create or replace function core.publishable(p_content jsonb) returns jsonb
language sql immutable security definer set search_path = '' as
$$ select p_content - array['contact', 'finance', 'secret', 'commitments', 'tried', 'partner_wish', 'background', 'salt'] $$;

-- The published content as the public may read it (DOMAIN 9), money in 万元:
--   open     everything, with the posters' names
--   masked   without the posters' names, also where the text says them; the bureau relays
--   summary  title, industry, fields, keywords, goal, money and years; the rest after a written
--            undertaking
-- `content.posters` holds [{"id","name"}]. The phone and person of contact are never in it.
create or replace function core.public_content(p_content jsonb, p_masking text) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_out  jsonb := core.money_out(core.publishable(p_content));
  v_name text;
begin
  if p_masking = 'open' then
    return v_out;
  end if;
  v_out := v_out - 'posters';
  for v_name in select p ->> 'name' from jsonb_array_elements(coalesce(p_content -> 'posters', '[]')) p
                 order by char_length(p ->> 'name') desc loop
    v_out := replace(v_out::text, trim(both '"' from to_jsonb(v_name)::text), '该企业')::jsonb;
  end loop;
  if p_masking = 'summary' then
    select coalesce(jsonb_object_agg(key, value), '{}') into v_out from jsonb_each(v_out)
     where key in ('title', 'industry', 'industry_code', 'fields', 'keywords', 'goal', 'budget_wan', 'cash_wan', 'year_from', 'year_until');
  end if;
  return v_out;
end;
$$;

-- Records an edit that moves nothing: one version more, one row of history in the same state.
create or replace function workflow.touch(p_item uuid, p_event text, p_role text, p_data jsonb default '{}') returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_item workflow.item;
begin
  update workflow.item set version = version + 1 where id = p_item;
  select * into strict v_item from workflow.item where id = p_item;
  insert into workflow.history (item, machine, version, event, from_state, to_state, actor, unit, role, data, at, rid, ip)
  values (p_item, v_item.machine, v_item.version, p_event, v_item.state, v_item.state, auth.me(), auth.my_unit(), p_role,
          p_data, workflow.now(), current_setting('jb.rid', true), current_setting('jb.ip', true));
  perform feed.touch_item(p_item, v_item.machine);
  if v_item.public then
    perform pg_notify('public_changed', p_item::text);
  end if;
  return v_item.version;
end;
$$;

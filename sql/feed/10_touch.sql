-- What has changed, told where it is written: no triggers. The reader builds the document from the row
-- as it then stands, so that it does not matter how often or in which order a row is touched.

-- kind: of the engine's records (services/common/rpc.c), or 'terms'.
create or replace function feed.touch(p_kind text, p_id uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  insert into feed.change (kind, id) values (p_kind, p_id);
  perform pg_notify('feed_changed', '');
end;
$$;

create or replace function feed.touch_all(p_kind text, p_ids uuid[]) returns void
language plpgsql security definer set search_path = '' as $$
begin
  insert into feed.change (kind, id) select p_kind, i from unnest(p_ids) i;
  if found then
    perform pg_notify('feed_changed', '');
  end if;
end;
$$;

-- The kind of an item of the workflow; null: nothing that is looked for.
create or replace function feed.kind_of(p_machine text) returns text
language sql immutable security definer set search_path = '' as $$
  select case p_machine when 'list_item' then 'item' when 'need' then 'need' when 'claim' then 'claim' when 'project' then 'project' end
$$;

-- An item's state, content or parties changed.
create or replace function feed.touch_item(p_item uuid, p_machine text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if p_machine in ('need', 'list_item', 'claim', 'project') then
    perform feed.touch(feed.kind_of(p_machine), p_item);
  end if;
end;
$$;

-- Who may see these items changed.
create or replace function feed.touch_parties(p_items uuid[]) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
begin
  perform feed.touch_item(i.id, i.machine) from workflow.item i where i.id = any (p_items);
  perform workflow.back_to(v_before);
end;
$$;

-- The kind of a library's record: 'need' there is what was needed before.
create or replace function feed.kind_of_record(p_kind text) returns text
language sql immutable security definer set search_path = '' as
$$ select case p_kind when 'need' then 'earlier' else p_kind end $$;

-- A record of credit against a unit or a person bars, or no longer bars, whatever is theirs.
create or replace function feed.touch_credit(p_unit uuid, p_person uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
begin
  insert into feed.change (kind, id)
  select 'unit', p_unit where p_unit is not null
  union all
  select feed.kind_of_record(r.kind), r.id from lib.record r where r.unit = p_unit and r.state = 'active'
  union all
  select 'expert', r.id from lib.record r where r.person = p_person and r.state = 'active' and r.unit is distinct from p_unit;
  perform pg_notify('feed_changed', ''), workflow.back_to(v_before);
end;
$$;

-- Labels have no rows of their own: their ids are made of list and code.
create or replace function feed.label_id(p_list text, p_code text) returns uuid
language sql immutable security definer set search_path = '' as
$$ select md5(p_list || ':' || p_code)::uuid $$;

create or replace function feed.label_lists() returns text[]
language sql immutable security definer set search_path = '' as $$ select array['field', 'discipline'] $$;

-- A new edition of a code list.
create or replace function feed.touch_codes(p_list text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if p_list = any (feed.label_lists()) then
    perform feed.touch_all('label', array(select distinct feed.label_id(c.list, c.code) from ref.code c where c.list = p_list));
  end if;
end;
$$;

-- Another list of terms: told as a change too, so that a lost notification loses nothing.
create or replace function feed.touch_terms() returns void
language plpgsql security definer set search_path = '' as $$
begin
  update feed.state set terms = terms + 1;
  insert into feed.change (kind, id) values ('terms', '00000000-0000-0000-0000-000000000000');
  perform pg_notify('feed_changed', 'terms');
end;
$$;

-- Code lists and calendars from a file, by an operator at the machine.

-- {"list", "edition", "standard", "title_zh", "title_en", "source", "codes": [{code, name_zh, ...}]}
create or replace function ops.load_codes(p_doc jsonb) returns text
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_system('codes');
  perform lib.load_codes(p_doc ->> 'list', p_doc);
  return format('%s %s: %s codes', p_doc ->> 'list', p_doc ->> 'edition', jsonb_array_length(p_doc -> 'codes'));
end;
$$;

-- {"year", "source", "days": [{"day", "off", "name"}]}
create or replace function ops.load_calendar(p_doc jsonb) returns text
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_system('calendar');
  perform lib.load_calendar(p_doc ->> 'year', p_doc);
  return format('%s: %s days differ', p_doc ->> 'year', (select count(*) from ref.calendar_day
    where extract(year from day) = (p_doc ->> 'year')::int));
end;
$$;

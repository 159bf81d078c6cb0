-- The working-day calendar of a year: only days that differ from Monday-to-Friday are kept.

-- Refuses 404 for a year that is not loaded: nothing is guessed.
create or replace function api.calendar(p_year text) returns api.answer
language plpgsql stable security definer set search_path = '' as $$
declare
  v ref.calendar_year;
begin
  select * into v from ref.calendar_year where year::text = p_year;
  if not found then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, json_build_object('year', v.year, 'source', v.source, 'loaded_at', v.loaded_at, 'days', (
    select coalesce(json_agg(json_build_object('day', d.day, 'off', d.off, 'name', d.name) order by d.day), '[]')
      from ref.calendar_day d where d.day >= make_date(v.year, 1, 1) and d.day < make_date(v.year + 1, 1, 1))), null, null)::api.answer;
end;
$$;

-- GET /calendar: every year that is loaded, and the present one with those beside it whether they are or
-- not (source null), latest first: {"items": [{"year", "source", "days" (how many)}]}.
create or replace function api.calendars() returns api.answer
language plpgsql stable security definer set search_path = '' as $$
begin
  return row(200, (
    select json_build_object('items', json_agg(json_build_object('year', y.year, 'source', c.source, 'days', (
             select count(*) from ref.calendar_day d where d.day >= make_date(y.year, 1, 1) and d.day < make_date(y.year + 1, 1, 1))) order by y.year desc))
      from (select c.year from ref.calendar_year c
            union select extract(year from workflow.today())::int + g from generate_series(-1, 1) g) y
      left join ref.calendar_year c on c.year = y.year), null, null)::api.answer;
end;
$$;

-- Takes {source, days: [{day, off, name}]}, the whole year; what was there is replaced. The papers
-- name whole holidays, so days off on a weekend are understood and not kept. Refuses 422 invalid: a day
-- of another year, twice, or "working" on a day that works anyway.
create or replace function lib.load_calendar(p_year text, p_doc jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_year int;
  v_bad  jsonb;
begin
  if p_year !~ '^20[0-9]{2}$' then
    perform workflow.refuse(404, 'not_found');
  end if;
  v_year := p_year::int;
  select jsonb_agg(workflow.bad(format('days[%s]', n - 1), fault) order by n) into v_bad from (
    select n, case when extract(year from day) <> v_year then 'other_year'
                   when nth > 1 then 'repeated_item'
                   when not off and extract(isodow from day) < 6 then 'works_anyway' end as fault
      from (select (e ->> 'day')::date as day, (e ->> 'off')::boolean as off, n, row_number() over (partition by e ->> 'day' order by n) as nth
              from jsonb_array_elements(p_doc -> 'days') with ordinality as s (e, n)) d) f
   where fault is not null;
  perform workflow.refuse_fields(v_bad);
  insert into ref.calendar_year (year, source, loaded_at) values (v_year, p_doc ->> 'source', now())
  on conflict (year) do update set source = excluded.source, loaded_at = excluded.loaded_at;
  delete from ref.calendar_day where day >= make_date(v_year, 1, 1) and day < make_date(v_year + 1, 1, 1);
  insert into ref.calendar_day (day, off, name)
  select (e ->> 'day')::date, (e ->> 'off')::boolean, e ->> 'name' from jsonb_array_elements(p_doc -> 'days') e
   where (e ->> 'off')::boolean = (extract(isodow from (e ->> 'day')::date) < 6);
  perform pg_notify('public_changed', 'calendar');
end;
$$;

create or replace function api.calendar_put(p_session bytea, p_req jsonb, p_year text, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v api.answer := workflow.begin(p_session, p_req);
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer', 'sysadmin');
  perform auth.require_recent(p_req);
  perform lib.load_calendar(p_year, p_body);
  perform auth.log('calendar', auth.me(), null, jsonb_build_object('year', p_year));
  return workflow.done(p_req, 200, (api.calendar(p_year)).body);
end;
$$;

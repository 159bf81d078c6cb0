-- Working days and the windows of public notices (DOMAIN 7).
--
-- A day is working when it is Monday to Friday, unless the State Council's calendar of its year says
-- otherwise: holidays on weekdays, make-up days on weekends. A year that is not loaded is refused,
-- not guessed: 422 calendar_missing {year}.

create or replace function ref.is_working_day(p_day date) returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
  v_off boolean;
begin
  if not exists (select from ref.calendar_year where year = extract(year from p_day)) then
    perform workflow.refuse(422, 'calendar_missing', jsonb_build_object('year', extract(year from p_day)::int));
  end if;
  select off into v_off from ref.calendar_day where day = p_day;
  return not coalesce(v_off, extract(isodow from p_day) >= 6);
end;
$$;

-- The p_count-th working day counted from p_day, p_day itself included when it is one.
create or replace function ref.add_working_days(p_day date, p_count int) returns date
language plpgsql stable security definer set search_path = '' as $$
declare
  v_day  date := p_day;
  v_left int := p_count;
begin
  if p_count < 1 then
    raise exception 'working days are counted from 1, not %', p_count;
  end if;
  loop
    v_left := v_left - ref.is_working_day(v_day)::int;
    exit when v_left = 0;
    v_day := v_day + 1;
  end loop;
  return v_day;
end;
$$;

-- Working days from p_from to p_to, both included; 0 when p_to is earlier.
create or replace function ref.count_working_days(p_from date, p_to date) returns int
language sql stable security definer set search_path = '' as $$
  select count(*)::int from generate_series(p_from, p_to, interval '1 day') d where ref.is_working_day(d::date)
$$;

-- The p_count-th day from p_day in the rule's unit: working (the default) or calendar.
create or replace function ref.nth_day(p_rule jsonb, p_day date, p_count int) returns date
language sql stable security definer set search_path = '' as $$
  select case coalesce(p_rule ->> 'unit', 'working')
         when 'calendar' then p_day + p_count - 1 else ref.add_working_days(p_day, p_count) end
$$;

-- The end of a window's last day, exclusive: at the cutoff hour, by default at 24:00.
create or replace function ref.day_end(p_rule jsonb, p_day date) returns timestamptz
language sql immutable security definer set search_path = '' as $$
  select workflow.day_start(p_day) + make_interval(hours => coalesce((p_rule ->> 'cutoff_hour')::int, 24))
$$;

-- rule: {"unit": working|calendar, "length": 5, "include_publication_day": false, "cutoff_hour": 24}
-- The window is half-open: [from_at, until_at). Counting the publication day, it opens at once; else
-- with the next calendar day. A publication day that is no working day is never counted as one.
create or replace function ref.notice_window(p_rule jsonb, p_published timestamptz,
                                             out from_at timestamptz, out until_at timestamptz)
language plpgsql stable security definer set search_path = '' as $$
declare
  v_today boolean := coalesce((p_rule ->> 'include_publication_day')::boolean, false);
  v_first date := (p_published at time zone 'Asia/Shanghai')::date + case when v_today then 0 else 1 end;
begin
  from_at := case when v_today then p_published else workflow.day_start(v_first) end;
  until_at := ref.day_end(p_rule, ref.nth_day(p_rule, v_first, coalesce((p_rule ->> 'length')::int, 5)));
end;
$$;

-- Where a window that was paused ends once it runs again: the days that were left, the day of the
-- pause counted as left, run on from the day of the resumption. Resumed on the day it was paused, it
-- ends when it would have ended; what was over stays over.
create or replace function ref.resumed_until(p_rule jsonb, p_until timestamptz, p_paused timestamptz, p_resumed timestamptz)
returns timestamptz language plpgsql stable security definer set search_path = '' as $$
declare
  v_last   date := ((p_until - interval '1 second') at time zone 'Asia/Shanghai')::date;
  v_paused date := (p_paused at time zone 'Asia/Shanghai')::date;
  v_left   int;
begin
  v_left := case coalesce(p_rule ->> 'unit', 'working')
            when 'calendar' then v_last - v_paused + 1 else ref.count_working_days(v_paused, v_last) end;
  if p_paused >= p_until or v_left < 1 then
    return p_until;
  end if;
  return ref.day_end(p_rule, ref.nth_day(p_rule, (p_resumed at time zone 'Asia/Shanghai')::date, v_left));
end;
$$;

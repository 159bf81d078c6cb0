-- The deadlines that people outside keep, as a calendar (RFC 5545): claims, solicitations, objections.

create or replace function core.ics_text(p_text text) returns text
language sql immutable security definer set search_path = '' as $$
  select replace(replace(replace(replace(
    regexp_replace(coalesce(p_text, ''), E'[\\x01-\\x09\\x0b-\\x1f]', '', 'g'), '\', '\\'), ';', '\;'), ',', '\,'), E'\n', '\n')
$$;

-- A line of content, folded at 75 octets and never inside a character.
create or replace function core.ics_line(p_name text, p_value text) returns text
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_out  text := '';
  v_room int := 75;
  v_char text;
begin
  foreach v_char in array regexp_split_to_array(p_name || ':' || p_value, '') loop
    if octet_length(v_char) > v_room then
      v_out := v_out || E'\r\n ';
      v_room := 74;
    end if;
    v_out := v_out || v_char;
    v_room := v_room - octet_length(v_char);
  end loop;
  return v_out || E'\r\n';
end;
$$;

-- A moment in the calendar, with a reminder three days before.
create or replace function core.ics_event(p_id uuid, p_what text, p_title text, p_at timestamptz, p_since timestamptz, p_link text) returns text
language sql stable security definer set search_path = '' as $$
  select E'BEGIN:VEVENT\r\n' || core.ics_line('UID', p_id || '@jiebang') || core.ics_line('DTSTAMP', t.since) || core.ics_line('DTSTART', t.at)
    || core.ics_line('SUMMARY', core.ics_text(p_what || '：' || p_title)) || core.ics_line('URL', p_link) || core.ics_line('TRANSP', 'TRANSPARENT')
    || E'BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-P3D\r\n' || core.ics_line('DESCRIPTION', core.ics_text(p_what || '：' || p_title))
    || E'END:VALARM\r\nEND:VEVENT\r\n'
    from (select to_char(p_since at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"') as since,
                 to_char(p_at at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"') as at) t
$$;

-- GET /items.ics: what is still to come, soonest first; at most 500 of each.
create or replace function api.deadlines_ics(p_site text) returns table (status int, text text, media text, filename text)
language plpgsql security definer set search_path = '' as $$
declare
  v_events text;
begin
  perform workflow.as_reader();
  select string_agg(core.ics_event(e.id, e.what, e.title, e.at, e.since, p_site || e.path), '' order by e.at, e.id) into v_events
    from ((select f.item as id, '揭榜截止' as what, f.face ->> 'title' as title, (f.face ->> 'claim_until')::timestamptz as at,
                  f.at as since, '/items/' || f.item as path
             from core.face f where f.public and f.state in ('open', 'interested') order by f.at desc limit 500)
          union all
          (select i.id, '征集截止', i.title, b.solicit_until, i.since, '/batches/' || i.id
             from workflow.item i join core.batch b on b.id = i.id where i.machine = 'batch' and i.public and i.state = 'soliciting'
            order by i.created_at desc limit 500)
          union all
          (select i.id, '公示期满', i.title, n.until_at, i.since, '/notices/' || i.id
             from workflow.item i join core.notice n on n.id = i.id where i.machine = 'notice' and i.public and i.state = 'running'
            order by i.created_at desc limit 500)) e
   where e.at > workflow.now();
  return query select 200, E'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//jiebang//deadlines//ZH\r\nCALSCALE:GREGORIAN\r\n'
    || core.ics_line('X-WR-CALNAME', core.ics_text(case when core.is_sample() then '样例数据：' else '' end || '揭榜挂帅截止时间'))
    || coalesce(v_events, '') || E'END:VCALENDAR\r\n', 'text/calendar; charset=utf-8', null::text;
end;
$$;

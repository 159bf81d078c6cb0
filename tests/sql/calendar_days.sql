-- Working days, and the real windows of DOMAIN 7 counted again.
begin;
\ir fixtures/people.sql
select no_plan();

insert into ref.calendar_year (year, source) values (2020, '国办发明电〔2019〕16号'), (2023, '国办发明电〔2022〕16号'), (2024, '国办发明电〔2023〕7号') on conflict do nothing;
insert into ref.calendar_day (day, off, name) values
  ('2020-10-01', true, '国庆节'), ('2020-10-02', true, '国庆节'), ('2020-10-05', true, '国庆节'), ('2020-10-06', true, '国庆节'),
  ('2020-10-07', true, '国庆节'), ('2020-10-08', true, '国庆节'), ('2020-10-10', false, '国庆节'),
  ('2023-04-29', true, '劳动节'), ('2023-05-01', true, '劳动节'), ('2023-05-02', true, '劳动节'), ('2023-05-03', true, '劳动节'),
  ('2023-04-23', false, '劳动节'), ('2023-05-06', false, '劳动节'),
  ('2024-09-14', false, '中秋节'), ('2024-09-16', true, '中秋节'), ('2024-09-17', true, '中秋节'), ('2024-09-29', false, '国庆节'),
  ('2024-10-01', true, '国庆节'), ('2024-10-02', true, '国庆节'), ('2024-10-03', true, '国庆节'), ('2024-10-04', true, '国庆节'),
  ('2024-10-07', true, '国庆节'), ('2024-10-12', false, '国庆节')
on conflict do nothing;

select ok(ref.is_working_day('2024-09-27'), 'an ordinary Friday is a working day');
select ok(not ref.is_working_day('2024-09-28'), 'an ordinary Saturday is not');
select ok(ref.is_working_day('2024-09-29'), 'a make-up Sunday is');
select ok(not ref.is_working_day('2024-10-01'), 'a holiday on a Tuesday is not');
select is(ref.add_working_days('2024-09-27', 1), '2024-09-27', 'the first working day from a working day is that day');
select is(ref.add_working_days('2024-09-28', 1), '2024-09-29', 'from a Saturday the make-up Sunday is the first');
select is(ref.count_working_days('2024-09-25', '2024-09-30'), 5, 'working days between two dates count both ends');
select throws_ok($$select ref.is_working_day('2031-01-05')$$, 'WF422', 'calendar_missing', 'a year without a calendar is refused');
select throws_ok($$select ref.add_working_days('2020-12-30', 5)$$, 'WF422', 'calendar_missing', 'also when the count only runs into it');
select throws_ok($$select * from ref.notice_window('{"length": 5}', '2031-01-05 09:00+08')$$, 'WF422', 'calendar_missing', 'and so is a window in it');

-- published, counted from, last day: as the notices print them
create function pg_temp.last_day(p_rule jsonb, p_published text) returns date language sql as $$
  select ((until_at - interval '1 second') at time zone 'Asia/Shanghai')::date from ref.notice_window(p_rule, (p_published || '+08')::timestamptz) $$;
select is(pg_temp.last_day('{"unit": "working", "length": 5}', '2023-04-26 10:00'), '2023-05-06', 'Rongcheng 2023: from the next day over the holiday to the make-up Saturday');
select is(pg_temp.last_day('{"unit": "working", "length": 6}', '2023-10-26 10:00'), '2023-11-03', 'Jiangmen 2023: six working days from the next day');
select is(pg_temp.last_day('{"unit": "working", "length": 5, "include_publication_day": true}', '2024-06-28 10:00'), '2024-07-04', 'Chongqing 2024: the day itself is the first');
select is(pg_temp.last_day('{"unit": "working", "length": 5, "include_publication_day": true}', '2024-09-25 10:00'), '2024-09-30', 'Liaoning 2024: with the make-up Sunday five by Monday');
select is(pg_temp.last_day('{"unit": "working", "length": 5, "include_publication_day": true}', '2023-07-31 10:00'), '2023-08-04', 'Shanghai 2023: Monday to Friday');
select is(pg_temp.last_day('{"unit": "working", "length": 5, "include_publication_day": true}', '2020-10-14 10:00'), '2020-10-20', 'Shanghai 2020: over a weekend');
select is(pg_temp.last_day('{"unit": "calendar", "length": 7}', '2024-09-28 10:00'), '2024-10-05', 'seven calendar days do not look at holidays');

select is((select from_at from ref.notice_window('{"length": 5}', '2024-09-25 10:00+08')), '2024-09-26 00:00+08'::timestamptz, 'a window that does not count the day opens at the next midnight');
select is((select from_at from ref.notice_window('{"length": 5, "include_publication_day": true}', '2024-09-25 10:00+08')), '2024-09-25 10:00+08'::timestamptz, 'one that counts it opens at once');
select is((select until_at from ref.notice_window('{"length": 5}', '2024-09-24 10:00+08')), '2024-10-01 00:00+08'::timestamptz, 'it ends, exclusive, at 24:00 of its last day');
select is((select until_at from ref.notice_window('{"length": 5, "cutoff_hour": 17}', '2024-09-24 10:00+08')), '2024-09-30 17:00+08'::timestamptz, 'or at its cutoff hour');
select is((select until_at from ref.notice_window('{"length": 1}', '2024-09-24 23:59+08')), '2024-09-26 00:00+08'::timestamptz, 'the day is that of Shanghai, late in the evening too');

-- a pause: what was left runs on
create function pg_temp.resumed(p_paused text, p_resumed text, p_rule jsonb default '{}') returns timestamptz language sql as
$$ select ref.resumed_until(p_rule, '2024-09-28 00:00+08', (p_paused || '+08')::timestamptz, (p_resumed || '+08')::timestamptz) $$;
select is(pg_temp.resumed('2024-09-25 11:00', '2024-09-25 15:00'), '2024-09-28 00:00+08'::timestamptz, 'resumed on the same day it ends when it would have');
select is(pg_temp.resumed('2024-09-25 11:00', '2024-09-27 11:00'), '2024-10-01 00:00+08'::timestamptz, 'three days left run on over the make-up Sunday');
select is(pg_temp.resumed('2024-09-25 11:00', '2024-09-30 11:00'), '2024-10-10 00:00+08'::timestamptz, 'and over the holiday week');
select is(pg_temp.resumed('2024-09-25 11:00', '2024-09-30 11:00', '{"unit": "calendar"}'), '2024-10-03 00:00+08'::timestamptz, 'calendar days run on as calendar days');
select is(pg_temp.resumed('2024-09-28 11:00', '2024-09-30 11:00'), '2024-09-28 00:00+08'::timestamptz, 'a window that was over stays over');
select * from finish();
rollback;

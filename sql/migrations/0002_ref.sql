-- 0002 - code lists as versioned data and the working-day calendar.
set role jb_owner;

-- A list in one edition of its standard; codes stay valid for old records.
create table ref.code_list (
  list           text not null,           -- 'division', 'industry', 'discipline', 'trl', ...
  edition        text not null,           -- '2023', 'GB/T 4754-2017', ...
  standard       text not null,
  title_zh       text not null,
  title_en       text not null,
  effective_from date,
  current        boolean not null default true,
  source         text not null,
  primary key (list, edition)
);
create unique index code_list_one_current on ref.code_list (list) where current;

create table ref.code (
  list     text not null,
  edition  text not null,
  code     text not null,
  name_zh  text not null,
  name_en  text,
  parent   text,
  level    int not null default 1,
  ordinal  int not null default 0,
  valid_to date,
  primary key (list, edition, code),
  foreign key (list, edition) references ref.code_list
);

-- A year without a row here is unknown: an end date in working days is refused, not guessed.
create table ref.calendar_year (
  year      int primary key check (year between 2000 and 2100),
  source    text not null,                -- the paper of the State Council
  loaded_at timestamptz not null default now()
);
-- Only the days that differ from Monday-to-Friday: off on a weekday, or work on a weekend.
create table ref.calendar_day (
  day  date primary key,
  off  boolean not null,
  name text not null
);
grant delete on ref.calendar_day, ref.calendar_year to jb_api;
reset role;

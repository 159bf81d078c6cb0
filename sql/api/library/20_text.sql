-- How texts are compared and searched. Chinese is indexed by pairs of neighbouring characters (a run
-- ends with its last character alone), the rest by words: no dictionary, and a hit is exact.

-- For comparing names: width, case, spaces and punctuation do not count.
create or replace function lib.fold(p_text text) returns text
language sql immutable security definer set search_path = '' as
$$ select regexp_replace(lower(normalize(coalesce(p_text, ''), nfkc)), '[^[:alnum:]一-鿿㐀-䶿]', '', 'g') $$;

-- The runs of a text in order: Chinese ones and words.
create or replace function lib.runs(p_text text) returns table (run text, n bigint)
language sql immutable security definer set search_path = '' as $$
  select m.r[1], m.n
    from regexp_matches(lower(normalize(p_text, nfkc)), '([一-鿿㐀-䶿]+|[0-9a-zß-ʯα-ωа-џ]+)', 'g')
         with ordinality as m (r, n)
$$;

create or replace function lib.is_chinese(p_run text) returns boolean
language sql immutable security definer set search_path = '' as
$$ select p_run ~ '^[一-鿿㐀-䶿]' $$;

create or replace function lib.terms(p_text text) returns tsvector
language sql immutable security definer set search_path = '' as $$
  with run as (
    select r.run, r.n + coalesce(sum(length(r.run)) over (order by r.n rows between unbounded preceding and 1 preceding), 0) as start
      from lib.runs(left(p_text, 8000)) r),
  term as (
    select case when lib.is_chinese(run) then substr(run, i, 2) else left(run, 60) end as t, start + i as at
      from run, generate_series(1, case when lib.is_chinese(run) then length(run) else 1 end) i)
  select coalesce(string_agg(quote_literal(t) || ':' || least(at, 16383), ' '), '')::tsvector from term
$$;

-- What somebody typed: words parted by blanks must all occur, each as it is written; a word of the
-- Latin kind may be the beginning of one. Null when there is nothing to look for.
create or replace function lib.query(p_text text) returns tsquery
language sql immutable security definer set search_path = '' as $$
  select string_agg(
           case when not lib.is_chinese(r.run) or length(r.run) = 1 then quote_literal(left(r.run, 60)) || ':*'
                else (select '(' || string_agg(quote_literal(substr(r.run, i, 2)), ' <-> ' order by i) || ')'
                        from generate_series(1, length(r.run) - 1) i)
           end, ' & ')::tsquery
    from lib.runs(p_text) r
$$;

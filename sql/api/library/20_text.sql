-- How texts are compared and searched. Chinese is indexed by pairs of neighbouring characters (a run
-- ends with its last character alone), the rest by words: no dictionary, and a hit is exact.

-- For comparing names: width, case, spaces and punctuation do not count.
create or replace function lib.fold(p_text text) returns text
language sql immutable security definer set search_path = '' as
$$ select regexp_replace(lower(normalize(coalesce(p_text, ''), nfkc)), '[^[:alnum:]一-鿿㐀-䶿]', '', 'g') $$;

-- The runs of a text in order: Chinese ones and words.
create or replace function lib.runs(p_text text) returns table (run text, n bigint)
language sql immutable rows 20 security definer set search_path = '' as $$
  select m.r[1], m.n
    from regexp_matches(lower(normalize(p_text, nfkc)), '([一-鿿㐀-䶿]+|[0-9a-zß-ʯα-ωа-џ]+)', 'g')
         with ordinality as m (r, n)
$$;

create or replace function lib.is_chinese(p_run text) returns boolean
language sql immutable as
$$ select p_run ~ '^[一-鿿㐀-䶿]' $$;

create or replace function lib.terms(p_text text) returns tsvector
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_run  text;
  v_at   int := 1;
  v_list text[] := '{}';
begin
  for v_run in select r.run from lib.runs(left(p_text, 8000)) r order by r.n loop
    if lib.is_chinese(v_run) then
      for i in 1 .. length(v_run) loop
        v_list := v_list || (quote_literal(substr(v_run, i, 2)) || ':' || least(v_at, 16383));
        v_at := v_at + 1;
      end loop;
    else
      v_list := v_list || (quote_literal(left(v_run, 60)) || ':' || least(v_at, 16383));
    end if;
    v_at := v_at + 2;  -- a phrase does not reach over what stood between
  end loop;
  return array_to_string(v_list, ' ')::tsvector;
end;
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

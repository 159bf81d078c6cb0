-- The term list as services/match/serve/term_list.h reads it.

-- Keywords that two records or more carry: words of the trade, kept whole unless the bureau stops them.
-- Counted now and then, since every change makes the engine read all texts anew.
create or replace function feed.count_keywords() returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v_news bigint;
begin
  perform auth.enter_system('feed');
  with counted as materialized (
    select k.word, count(*)::int as n
      from lib.record r, lateral (select distinct lower(normalize(trim(e), nfkc)) as word
                                    from jsonb_array_elements_text(feed.list_of(r.data -> 'keywords')) e) k
     where r.state = 'active' and char_length(k.word) between 2 and 30 group by k.word having count(*) > 1),
  gone as (delete from feed.keyword k where not exists (select from counted c where c.word = k.word) returning 1),
  put as (
    insert into feed.keyword as k (word, n) select c.word, c.n from counted c
    on conflict (word) do update set n = excluded.n where k.n <> excluded.n
    returning (xmax = 0) as fresh)
  select (select count(*) from gone) + (select count(*) from put where fresh) into v_news;
  update feed.state set keywords_at = clock_timestamp();
  if v_news > 0 then
    perform feed.touch_terms();
  end if;
  return v_news > 0;
end;
$$;

-- All rows in one list, in an order that does not depend on when they came. p_known: the version that the
-- reader has; the rows are null when nothing is new.
create or replace function feed.terms(p_known bigint default null) returns table (version bigint, rows jsonb)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
begin
  perform auth.enter_system('feed');
  select s.terms into version from feed.state s;
  if version is distinct from p_known then
    rows := (
      select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('rule', t.rule, 'term', t.term, 'other', t.other, 'weight', t.weight))
                                order by t.rule, t.term, t.other), '[]')
        from (select l.rule, l.term, l.other, case when l.rule in ('synonym', 'bridge') then l.weight end as weight
                from lib.term l where l.state = 'on'
              union all
              select 'bridge', 'industry:' || b.industry, 'discipline:' || b.discipline, b.weight from ref.bridge b
              union all
              select 'keep', k.word, null, null from feed.keyword k
               where not exists (select from lib.term l where l.rule in ('keep', 'stop') and lower(l.term) = k.word)) t);
  end if;
  return next;
end;
$$;

-- library.sql - fills the expert library with :rows records (1000000) and times each kind of search on it:
-- best of three, in ms. Run by a superuser on a migrated database of its own, never on a city's:
--   psql -v rows=1000000 -f bench/plans/library.sql -d ...
-- The search table is filled as lib.project() does it, in bulk.
\set ON_ERROR_STOP on
\if :{?rows}
\else
  \set rows 1000000
\endif
set synchronous_commit = off;
set client_min_messages = warning;
create temp table word as
select w, row_number() over () - 1 as n
  from unnest(array['半导体', '硅片', '抛光', '二氧化钛', '电驱动', '减速器', '陶瓷', '滤波器', '石英', '坩埚', '储能', '钒电池', '抗体',
                    '药物', '海参', '嫁接', '碳化硅', '单晶', '衬底', '离子液体']) w;
insert into lib.record (kind, key, title, data, source, refreshed_at, created_at)
select 'expert', 'bench ' || i, '专家' || i, jsonb_build_object('name', '专家' || i, 'unit_name', '示例大学' || i % 5000,
         'title_level', (array['senior', 'associate', 'middle'])[1 + i % 3],
         'fields', jsonb_build_array((array['material', 'energy', 'bio', 'agri', 'health'])[1 + i % 5]),
         'division', (array['210702', '210711', '210781', '210102', '210202'])[1 + (i / 7) % 5],
         'research', (select string_agg(w, '与') from word where n in (i % 20, (i / 20) % 20, (i / 400) % 20)) || i % 10007),
       'bench', now(), timestamptz '2020-01-01' + i * interval '1 minute'
  from generate_series(1, :rows) i;
insert into lib.search (record, kind, title, division, fields, title_level, terms, created_at)
select r.id, r.kind, r.title, r.data ->> 'division', array(select jsonb_array_elements_text(r.data -> 'fields')), r.data ->> 'title_level',
       lib.terms(concat_ws(E'\n', r.data ->> 'name', r.data ->> 'unit_name', r.data ->> 'research')) || lib.filter_terms(r.data), r.created_at
  from lib.record r where r.source = 'bench';
vacuum analyze lib.record;
vacuum analyze lib.search;

create temp table asked (name text, query jsonb);
insert into asked values
  ('everything', '{}'), ('a common word', '{"q": "半导体"}'), ('two words', '{"q": "半导体 抛光"}'), ('a phrase', '{"q": "半导体与抛光"}'),
  ('a rare word', '{"q": "专家123456"}'), ('a unit', '{"q": "示例大学4321"}'), ('one character', '{"q": "硅"}'), ('nothing', '{"q": "量子计算"}'),
  ('a field', '{"field": "bio"}'), ('a city', '{"division": "210700"}'), ('a title level', '{"title_level": "senior"}'),
  ('all filters', '{"q": "储能", "field": "bio", "division": "210700", "title_level": "senior"}'),
  ('the last page', '{"q": "储能", "page": 10, "size": 100}'), ('facets', '{"q": "半导体 抛光", "facets": true}');
create function pg_temp.best(p_query jsonb) returns numeric language plpgsql as $$
declare
  v_best  numeric;
  v_start timestamptz;
begin
  for i in 1 .. 3 loop
    v_start := clock_timestamp();
    perform api.library_search('expert', p_query);
    v_best := least(v_best, extract(epoch from clock_timestamp() - v_start) * 1000);
  end loop;
  return round(v_best, 1);
end;
$$;
select name, pg_temp.best(query) as ms from asked;

-- The need clinic: everything that keeps a need from being understood, by field. One list serves the
-- draft's author at any time (GET /needs/{id}/check) and the submission, which refuses while an
-- entry of level 'error' remains; a 'warning' is advice. DOMAIN 4.1.

create or replace function core.gap(p_field text, p_code text, p_params jsonb default '{}', p_level text default 'error')
returns jsonb language sql immutable security definer set search_path = '' as
$$ select workflow.bad(p_field, p_code, p_params) || jsonb_build_object('level', p_level) $$;

-- Words that promise without saying how much.
create or replace function core.vague_word(p_text text) returns text
language sql immutable security definer set search_path = '' as
$$ select (regexp_match(p_text, '(显著|大幅|明显|较好|较高|较低|良好|优良|优异|先进|领先|一流|进一步|一定程度|尽可能|若干|适当|有效提升)'))[1] $$;

-- What every need must say, whatever the programme: member, and for texts the least length.
create or replace function core.need_musts(p_rules jsonb, p_activity text) returns table (field text, shortest int)
language sql immutable security definer set search_path = '' as $$
  select * from (values ('title', 4), ('industry', 1), ('problem', 20), ('key_tech', 20), ('goal', 10), ('keywords', 1),
    ('budget_fen', 0), ('cash_fen', 0), ('year_from', 0), ('year_until', 0), ('solution', 0), ('activity', 0),
    ('disclosure', 0), ('secret', 0), ('contact.name', 1), ('contact.phone', 1)) as fixed (field, shortest)
  union
  select m, 0 from jsonb_array_elements_text(p_rules #> '{need,must}') m
  union
  select case p_activity when 'basic' then 'discipline' else 'fields' end, 0
   where p_activity is not null
$$;

-- One indicator: has it a number, a unit, a way to measure?
create or replace function core.indicator_gaps(p_path text, p_i jsonb) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_gaps jsonb := '[]';
  v_vague text := core.vague_word(concat_ws(' ', p_i ->> 'name', p_i ->> 'unit'));
begin
  if coalesce(p_i ->> 'op', 'none') = 'none' then
    if coalesce((p_i ->> 'must')::boolean, false) then
      v_gaps := v_gaps || core.gap(p_path || '.value', 'no_number');
    end if;
    if v_vague is not null then
      v_gaps := v_gaps || core.gap(p_path || '.name', 'vague_words', jsonb_build_object('word', v_vague));
    end if;
  else
    if p_i ->> 'value' is null then
      v_gaps := v_gaps || core.gap(p_path || '.value', 'no_number');
    end if;
    if p_i ->> 'unit' is null then
      v_gaps := v_gaps || core.gap(p_path || '.unit', 'no_unit');
    end if;
    if p_i ->> 'op' = 'range' and p_i ->> 'value2' is null then
      v_gaps := v_gaps || core.gap(p_path || '.value2', 'no_number');
    elsif p_i ->> 'op' = 'range' and (p_i ->> 'value')::numeric >= (p_i ->> 'value2')::numeric then
      v_gaps := v_gaps || core.gap(p_path || '.value2', 'range_order');
    end if;
  end if;
  if p_i ->> 'test_method' is null then
    v_gaps := v_gaps || core.gap(p_path || '.test_method', 'no_test_method');
  end if;
  return v_gaps;
end;
$$;

-- Indicators together: enough of them in numbers, no name twice.
create or replace function core.indicators_gaps(p_indicators jsonb, p_least int) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_gaps jsonb := '[]';
  v_row  record;
begin
  if (select count(*) from jsonb_array_elements(p_indicators) i
       where coalesce(i ->> 'op', 'none') <> 'none' and i ->> 'value' is not null) < p_least then
    v_gaps := v_gaps || core.gap('indicators', 'too_few_numbers', jsonb_build_object('min', p_least));
  end if;
  for v_row in select e.i, e.n - 1 as n from jsonb_array_elements(p_indicators) with ordinality e (i, n) loop
    v_gaps := v_gaps || core.indicator_gaps(format('indicators[%s]', v_row.n), v_row.i);
    if exists (select from jsonb_array_elements(p_indicators) with ordinality b (i, n)
                where b.n - 1 < v_row.n and b.i ->> 'name' = v_row.i ->> 'name') then
      v_gaps := v_gaps || core.gap(format('indicators[%s].name', v_row.n), 'repeated_item');
    end if;
  end loop;
  return v_gaps;
end;
$$;

-- Years and money against the rules.
create or replace function core.terms_gaps(p_c jsonb, p_rules jsonb, p_today date) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_gaps  jsonb := '[]';
  v_floor bigint := core.fen((p_rules #>> '{need,budget_floor}')::numeric);
  v_most  int := (p_rules #>> '{need,max_years}')::int;
  v_share numeric := (p_rules #>> '{need,cash_min_pct_of_city_grant}')::numeric;
  v_grant bigint;
begin
  if (p_c ->> 'year_from')::int < extract(year from p_today) then
    v_gaps := v_gaps || core.gap('year_from', 'too_small', jsonb_build_object('min', extract(year from p_today)::int));
  end if;
  if (p_c ->> 'year_until')::int <= (p_c ->> 'year_from')::int then
    v_gaps := v_gaps || core.gap('year_until', 'year_order');
  elsif (p_c ->> 'year_until')::int - (p_c ->> 'year_from')::int > v_most then
    v_gaps := v_gaps || core.gap('year_until', 'too_many_years', jsonb_build_object('max', v_most));
  end if;
  if (p_c ->> 'budget_fen')::bigint < v_floor then
    v_gaps := v_gaps || core.gap('budget', 'too_small', jsonb_build_object('min', core.to_wan(v_floor)));
  end if;
  if (p_c ->> 'cash_fen')::bigint > (p_c ->> 'budget_fen')::bigint then
    v_gaps := v_gaps || core.gap('cash', 'too_large', jsonb_build_object('max', core.to_wan((p_c ->> 'budget_fen')::bigint)));
  end if;
  if v_share is not null and p_c ? 'budget_fen' then
    -- the most that the city may give to a project of this size, all of the rest being own money
    v_grant := (core.funding(p_rules -> 'funding_rule', jsonb_build_object('total_fen', p_c -> 'budget_fen',
      'contract_fen', p_c -> 'budget_fen', 'paid_fen', p_c -> 'budget_fen', 'poster_fen', p_c -> 'budget_fen')) ->> 'max_fen')::bigint;
    if (p_c ->> 'cash_fen')::bigint < v_grant * v_share / 100 then
      v_gaps := v_gaps || core.gap('cash', 'too_small', jsonb_build_object('min', core.to_wan(ceil(v_grant * v_share / 100)::bigint)));
    end if;
  end if;
  return v_gaps;
end;
$$;

-- The poster's means (财务资格): revenue and the share of R&D in it, where the rules ask for them.
create or replace function core.finance_gaps(p_c jsonb, p_rules jsonb) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_revenue bigint := (p_c #>> '{finance,revenue_fen}')::bigint;
  v_rd      bigint := (p_c #>> '{finance,rd_fen}')::bigint;
  v_floor   bigint := core.fen((p_rules #>> '{need,revenue_floor}')::numeric);
  v_bands   jsonb := coalesce(p_rules #> '{need,rd_bands}', '[]');
  v_pct     numeric;
  v_gaps    jsonb := '[]';
begin
  if v_revenue is null and (v_floor is not null or v_bands <> '[]') then
    v_gaps := v_gaps || core.gap('finance.revenue', 'required');
  elsif v_revenue < v_floor then
    v_gaps := v_gaps || core.gap('finance.revenue', 'too_small', jsonb_build_object('min', core.to_wan(v_floor)));
  end if;
  select (b ->> 'pct')::numeric into v_pct from jsonb_array_elements(v_bands) with ordinality t (b, n)
   where b ->> 'below' is null or v_revenue < core.fen((b ->> 'below')::numeric) order by n limit 1;
  if v_rd is null and v_bands <> '[]' then
    v_gaps := v_gaps || core.gap('finance.rd', 'required');
  elsif v_rd < v_revenue * v_pct / 100 then
    v_gaps := v_gaps || core.gap('finance.rd', 'too_small', jsonb_build_object('min', core.to_wan(ceil(v_revenue * v_pct / 100)::bigint)));
  end if;
  return v_gaps;
end;
$$;

-- Words about money in the form's own names: the gateway calls budget_fen 'budget'.
create or replace function core.form_name(p_field text) returns text
language sql immutable security definer set search_path = '' as $$ select regexp_replace(p_field, '_fen$', '') $$;

-- All gaps of a need's content under a programme's rules.
create or replace function core.need_gaps(p_c jsonb, p_rules jsonb, p_today date) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  -- as the form asks for them
  v_order constant text[] := array['title', 'industry', 'fields', 'keywords', 'activity', 'discipline', 'problem', 'key_tech',
    'goal', 'tried', 'budget_fen', 'cash_fen', 'year_from', 'year_until', 'solution', 'conditions', 'ip', 'background',
    'secret', 'disclosure', 'contact.name', 'contact.phone'];
  v_gaps jsonb := '[]';
  v_row  record;
  v_text text;
  v_name text;
begin
  for v_row in select * from core.need_musts(p_rules, p_c ->> 'activity') m order by array_position(v_order, m.field), m.field loop
    v_text := p_c #>> string_to_array(v_row.field, '.');
    if v_text is null or v_text in ('', '[]', '{}') then
      v_gaps := v_gaps || core.gap(core.form_name(v_row.field), 'required');
    elsif char_length(v_text) < v_row.shortest then
      v_gaps := v_gaps || core.gap(v_row.field, 'too_short', jsonb_build_object('min', v_row.shortest));
    end if;
  end loop;
  foreach v_name in array array['invest', 'first_use', 'credit', 'not_secret', 'unsolvable'] loop
    if not coalesce((p_c #>> array['commitments', v_name])::boolean, false) then
      v_gaps := v_gaps || core.gap('commitments.' || v_name, 'must_be_committed');
    end if;
  end loop;
  v_gaps := v_gaps || core.indicators_gaps(coalesce(p_c -> 'indicators', '[]'), (p_rules #>> '{need,min_indicators}')::int)
    || core.terms_gaps(p_c, p_rules, p_today) || core.finance_gaps(p_c, p_rules);
  return v_gaps || core.need_warnings(p_c);
end;
$$;

-- Advice that does not stop a submission.
create or replace function core.need_warnings(p_c jsonb) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_gaps  jsonb := '[]';
  v_name  text;
  v_vague text;
begin
  foreach v_name in array array['key_tech', 'goal'] loop
    v_vague := core.vague_word(p_c ->> v_name);
    if v_vague is not null and p_c ->> v_name !~ '[0-9０-９]' then
      v_gaps := v_gaps || core.gap(v_name, 'vague_words', jsonb_build_object('word', v_vague), 'warning');
    end if;
  end loop;
  if p_c ->> 'title' ~ '(、.*(及|与|和))|(以及)|[;；]' or p_c ->> 'problem' ~ '(二是|其二|另一(个|项)需求)' then
    v_gaps := v_gaps || core.gap('title', 'several_needs', '{}', 'warning');
  end if;
  if p_c ->> 'solution' = 'own' then
    v_gaps := v_gaps || core.gap('solution', 'own_work', '{}', 'warning');
  end if;
  return v_gaps;
end;
$$;

-- Only what stops a submission, without the level.
create or replace function core.gap_errors(p_gaps jsonb) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(g - 'level'), '[]') from jsonb_array_elements(p_gaps) g where g ->> 'level' = 'error'
$$;

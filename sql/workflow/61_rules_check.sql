-- What each member of a programme's rules may hold, as rows: dotted path, kind, bounds, choices.
-- `null_ok`: the member may be null (no such limit).
create or replace function core.rule_shape()
returns table (path text, kind text, lo numeric, hi numeric, words text, null_ok boolean)
language sql immutable security definer set search_path = '' as $$
  select * from (values
    ('eligibility.poster.kinds',            'words',  1::numeric, 6::numeric, 'enterprise university institute government social other', false),
    ('eligibility.poster.divisions',        'codes',  0, 200, null, false),
    ('eligibility.poster.verified',         'bool',   null, null, null, false),
    ('eligibility.claimant.kinds',          'words',  1, 6, 'enterprise university institute government social other', false),
    ('eligibility.claimant.divisions',      'codes',  0, 200, null, false),
    ('eligibility.claimant.verified',       'bool',   null, null, null, false),
    ('quota.per_recommender',               'int',    1, 10000, null, true),
    ('quota.per_unit',                      'int',    1, 1000, null, true),
    ('need.budget_floor',                   'money',  0, 100000000, null, false),
    ('need.cash_min_pct_of_city_grant',     'number', 0, 1000, null, true),
    ('need.revenue_floor',                  'money',  0, 100000000, null, true),
    ('need.rd_bands',                       'bands',  null, null, null, false),
    ('need.max_years',                      'int',    1, 10, null, false),
    ('need.min_indicators',                 'int',    1, 30, null, false),
    ('need.must',                           'words',  0, 20,
     'industry_code fields conditions ip ip_note tried partner_wish finance discipline background', false),
    ('need.formal_checks',                  'texts',  0, 20, null, false),
    ('funding_rule.basis',                  'word',   null, null, 'total_investment contract_amount paid_amount fixed', false),
    ('funding_rule.pct_min',                'number', 0, 100, null, true),
    ('funding_rule.pct_max',                'number', 0, 100, null, true),
    ('funding_rule.cap',                    'money',  0, 100000000, null, true),
    ('funding_rule.min_amount',             'money',  0, 100000000, null, true),
    ('funding_rule.floor_total',            'money',  0, 100000000, null, true),
    ('funding_rule.floor_poster_cash',      'money',  0, 100000000, null, true),
    ('funding_rule.match_ratio',            'number', 0.01, 100, null, true),
    ('funding_rule.pay_mode',               'word',   null, null, 'pre post mixed', false),
    ('funding_rule.tranches',               'tranches', 1, 10, null, false),
    ('funding_rule.cap_includes_prior',     'bool',   null, null, null, false),
    ('criteria.need',                       'criteria', 1, 20, null, false),
    ('criteria.claim',                      'criteria', 1, 20, null, false),
    ('panel.min',                           'int',    3, 50, null, false),
    ('panel.quorum',                        'int',    3, 50, null, false),
    ('panel.drop_extremes',                 'bool',   null, null, null, false),
    ('panel.pass_mark',                     'number', 0, 100, null, false),
    ('panel.show_names',                    'bool',   null, null, null, false),
    ('claims.sealed',                       'bool',   null, null, null, false),
    ('claims.max_winners',                  'int',    1, 5, null, false),
    ('claims.leader_max_items',             'int',    1, 100, null, true),
    ('claims.max_partners',                 'int',    0, 20, null, false),
    ('times.contract_days',                 'int',    1, 365, null, false)
  ) as fixed (path, kind, lo, hi, words, null_ok)
  union all
  select 'notice.' || n || '.' || m.path, m.kind, m.lo, m.hi, m.words, false
    from unnest(array['argument', 'award', 'result']) n,
      (values
        ('unit', 'word', null::numeric, null::numeric, 'working calendar'),
        ('length', 'int', 1, 60, null),
        ('include_publication_day', 'bool', null, null, null),
        ('cutoff_hour', 'int', 1, 24, null),
        ('objection_timestamp', 'word', null, null, 'received postmark'),
        ('written_only', 'bool', null, null, null)) as m (path, kind, lo, hi, words)
$$;

-- The same for a form, section by section, in the order of the rows, with what the rules say: [{"section", "rules": [{"path",
-- "field" (of the form), "kind", "min", "max", "words", "nullable"}]}].
create or replace function core.rule_sections(p_rules jsonb) returns jsonb
language sql immutable security definer set search_path = '' as $$
  with rule as (
    select regexp_replace(s.path, '\.[^.]+$', '') as section, s.*, row_number() over () as n from core.rule_shape() s),
  part as (
    select section, min(n) as n, jsonb_agg(jsonb_build_object('path', path, 'field', 'rules.' || path, 'kind', kind, 'min', lo, 'max', hi,
             'words', string_to_array(words, ' '), 'nullable', null_ok,
             'value', p_rules #> string_to_array(path, '.')) order by n) as rules
      from rule group by section)
  select jsonb_agg(jsonb_build_object('section', section, 'rules', rules) order by n) from part
$$;

-- A number within bounds and with at most so many decimals, or what is wrong with it.
create or replace function core.bad_number(p_field text, p_value jsonb, p_lo numeric, p_hi numeric, p_decimals int) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_n numeric;
begin
  if jsonb_typeof(p_value) <> 'number' then
    return jsonb_build_array(workflow.bad(p_field, case p_decimals when 0 then 'not_an_integer' else 'not_a_number' end));
  end if;
  v_n := (p_value #>> '{}')::numeric;
  if v_n <> round(v_n, p_decimals) then
    return jsonb_build_array(case p_decimals when 0 then workflow.bad(p_field, 'not_an_integer')
      else workflow.bad(p_field, 'too_many_decimals', jsonb_build_object('max', p_decimals)) end);
  elsif v_n < p_lo then
    return jsonb_build_array(workflow.bad(p_field, 'too_small', jsonb_build_object('min', p_lo)));
  elsif v_n > p_hi then
    return jsonb_build_array(workflow.bad(p_field, 'too_large', jsonb_build_object('max', p_hi)));
  end if;
  return '[]';
end;
$$;

-- A list of words (of `p_words`), codes or free texts, within its count.
create or replace function core.bad_words(p_field text, p_value jsonb, p_lo numeric, p_hi numeric, p_kind text, p_words text) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_errors jsonb := '[]';
  v_word   record;
begin
  if jsonb_typeof(p_value) <> 'array' then
    return jsonb_build_array(workflow.bad(p_field, 'not_a_list'));
  elsif jsonb_array_length(p_value) < p_lo then
    return jsonb_build_array(workflow.bad(p_field, 'too_few_items', jsonb_build_object('min', p_lo)));
  elsif jsonb_array_length(p_value) > p_hi then
    return jsonb_build_array(workflow.bad(p_field, 'too_many_items', jsonb_build_object('max', p_hi)));
  end if;
  for v_word in select e.value, e.n - 1 as n from jsonb_array_elements(p_value) with ordinality e (value, n) loop
    if jsonb_typeof(v_word.value) <> 'string' then
      v_errors := v_errors || workflow.bad(format('%s[%s]', p_field, v_word.n), 'not_a_text');
    elsif p_kind = 'words' and not (v_word.value #>> '{}') = any (string_to_array(p_words, ' ')) then
      v_errors := v_errors || workflow.bad(format('%s[%s]', p_field, v_word.n), 'bad_choice',
        jsonb_build_object('choices', to_jsonb(string_to_array(p_words, ' '))));
    elsif p_kind = 'codes' and not (v_word.value #>> '{}') ~ '^[0-9]{2,6}$' then
      v_errors := v_errors || workflow.bad(format('%s[%s]', p_field, v_word.n), 'bad_code');
    elsif p_kind = 'texts' and char_length(v_word.value #>> '{}') not between 1 and 60 then
      v_errors := v_errors || workflow.bad(format('%s[%s]', p_field, v_word.n), 'too_long', '{"max": 60}');
    end if;
  end loop;
  return v_errors;
end;
$$;

-- Criteria: codes once each, weights that add up to 100, anchors inside 0..100.
create or replace function core.bad_criteria(p_field text, p_value jsonb) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_errors jsonb := '[]';
  v_row    record;
  v_path   text;
begin
  if jsonb_typeof(p_value) <> 'array' then
    return jsonb_build_array(workflow.bad(p_field, 'not_a_list'));
  elsif jsonb_array_length(p_value) not between 1 and 20 then
    return jsonb_build_array(workflow.bad(p_field, 'too_few_items', '{"min": 1}'));
  end if;
  for v_row in select e.value as c, e.n - 1 as n from jsonb_array_elements(p_value) with ordinality e (value, n) loop
    v_path := format('%s[%s]', p_field, v_row.n);
    if jsonb_typeof(v_row.c) <> 'object' then
      v_errors := v_errors || workflow.bad(v_path, 'not_an_object');
      continue;
    end if;
    if coalesce(v_row.c ->> 'code', '') !~ '^[a-z_]{2,30}$' then
      v_errors := v_errors || workflow.bad(v_path || '.code', 'bad_code');
    end if;
    if char_length(coalesce(v_row.c ->> 'name', '')) not between 1 and 40 then
      v_errors := v_errors || workflow.bad(v_path || '.name', 'required');
    end if;
    v_errors := v_errors || core.bad_number(v_path || '.weight', coalesce(v_row.c -> 'weight', 'null'), 1, 100, 2)
      || core.bad_anchors(v_path || '.anchors', coalesce(v_row.c -> 'anchors', '[]'));
  end loop;
  if v_errors = '[]' and (select count(distinct c ->> 'code') < count(*) from jsonb_array_elements(p_value) c) then
    v_errors := v_errors || workflow.bad(p_field, 'repeated_item');
  end if;
  if v_errors = '[]' and (select sum((c ->> 'weight')::numeric) <> 100 from jsonb_array_elements(p_value) c) then
    v_errors := v_errors || workflow.bad(p_field, 'weights_not_100', jsonb_build_object(
      'sum', (select sum((c ->> 'weight')::numeric) from jsonb_array_elements(p_value) c)));
  end if;
  return v_errors;
end;
$$;

-- Band anchors: [{"from", "to", "text"}], bands inside 0..100 that do not overlap.
create or replace function core.bad_anchors(p_field text, p_value jsonb) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_errors jsonb := '[]';
  v_row    record;
begin
  if jsonb_typeof(p_value) <> 'array' then
    return jsonb_build_array(workflow.bad(p_field, 'not_a_list'));
  end if;
  for v_row in select e.value as a, format('%s[%s]', p_field, e.n - 1) as path
                 from jsonb_array_elements(p_value) with ordinality e (value, n) loop
    v_errors := v_errors || core.bad_number(v_row.path || '.from', coalesce(v_row.a -> 'from', 'null'), 0, 100, 2)
      || core.bad_number(v_row.path || '.to', coalesce(v_row.a -> 'to', 'null'), 0, 100, 2);
    if char_length(coalesce(v_row.a ->> 'text', '')) not between 1 and 200 then
      v_errors := v_errors || workflow.bad(v_row.path || '.text', 'required');
    end if;
  end loop;
  if v_errors = '[]' and exists (
       select from jsonb_array_elements(p_value) with ordinality a (v, n), jsonb_array_elements(p_value) with ordinality b (v, n)
        where a.n <= b.n and ((a.v ->> 'from')::numeric > (a.v ->> 'to')::numeric
           or (a.n < b.n and (a.v ->> 'from')::numeric <= (b.v ->> 'to')::numeric and (b.v ->> 'from')::numeric <= (a.v ->> 'to')::numeric))) then
    v_errors := v_errors || workflow.bad(p_field, 'bands_overlap');
  end if;
  return v_errors;
end;
$$;

-- Tranches: each a share of the grant or a fixed sum; the shares add up to 100.
create or replace function core.bad_tranches(p_field text, p_value jsonb) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_errors jsonb := '[]';
  v_row    record;
begin
  if jsonb_typeof(p_value) <> 'array' then
    return jsonb_build_array(workflow.bad(p_field, 'not_a_list'));
  elsif jsonb_array_length(p_value) not between 1 and 10 then
    return jsonb_build_array(workflow.bad(p_field, 'too_few_items', '{"min": 1}'));
  end if;
  for v_row in select e.value as t, format('%s[%s]', p_field, e.n - 1) as path
                 from jsonb_array_elements(p_value) with ordinality e (value, n) loop
    if coalesce(v_row.t ->> 'trigger', '') not in ('contract', 'milestone', 'acceptance') then
      v_errors := v_errors || workflow.bad(v_row.path || '.trigger', 'bad_choice', '{"choices": ["contract", "milestone", "acceptance"]}');
    end if;
    if (v_row.t -> 'pct') is not null and (v_row.t -> 'amount') is not null then
      v_errors := v_errors || workflow.bad(v_row.path, 'pct_or_amount');
    elsif v_row.t ? 'amount' then
      v_errors := v_errors || core.bad_number(v_row.path || '.amount', v_row.t -> 'amount', 0.01, 100000000, 2);
    else
      v_errors := v_errors || core.bad_number(v_row.path || '.pct', coalesce(v_row.t -> 'pct', 'null'), 0.01, 100, 2);
    end if;
  end loop;
  if v_errors = '[]' and (select sum((t ->> 'pct')::numeric) from jsonb_array_elements(p_value) t) is distinct from 100 then
    v_errors := v_errors || workflow.bad(p_field, 'weights_not_100', jsonb_build_object(
      'sum', (select coalesce(sum((t ->> 'pct')::numeric), 0) from jsonb_array_elements(p_value) t)));
  end if;
  return v_errors;
end;
$$;

-- Bands of revenue: [{"below", "pct"}], rising; only the last may be open (below null).
create or replace function core.bad_bands(p_field text, p_value jsonb) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_errors jsonb := '[]';
  v_row    record;
begin
  if jsonb_typeof(p_value) <> 'array' then
    return jsonb_build_array(workflow.bad(p_field, 'not_a_list'));
  end if;
  for v_row in
    select e.b, format('%s[%s]', p_field, e.n - 1) as path, e.n = jsonb_array_length(p_value) as last,
           lag(e.b) over (order by e.n) as before
      from jsonb_array_elements(p_value) with ordinality e (b, n)
     order by e.n
  loop
    v_errors := v_errors || core.bad_number(v_row.path || '.pct', coalesce(v_row.b -> 'pct', 'null'), 0, 100, 2);
    if not v_row.last or coalesce(v_row.b -> 'below', 'null') <> 'null' then
      v_errors := v_errors || core.bad_number(v_row.path || '.below', coalesce(v_row.b -> 'below', 'null'), 0.01, 100000000, 2);
    end if;
    if v_errors = '[]' and (v_row.b ->> 'below')::numeric <= (v_row.before ->> 'below')::numeric then
      v_errors := v_errors || workflow.bad(p_field, 'bands_overlap');
    end if;
  end loop;
  return v_errors;
end;
$$;

-- Every path of a document that is not an object any more: 'quota.per_unit', ...
create or replace function core.leaves(p_doc jsonb) returns setof text
language sql immutable security definer set search_path = '' as $$
  with recursive down (path, doc) as (
    select e.key, e.value from jsonb_each(p_doc) e
    union all
    select d.path || '.' || e.key, e.value
      from down d cross join lateral jsonb_each(case jsonb_typeof(d.doc) when 'object' then d.doc else '{}' end) e)
  select path from down where jsonb_typeof(doc) <> 'object' or doc = '{}'
$$;

-- Every bad member of a programme's rules: [{"field", "code", ...}], empty when all is well.
create or replace function core.check_rules(p_rules jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_errors jsonb := '[]';
  v_row    record;
  v_value  jsonb;
  v_field  text;
begin
  for v_row in select * from core.rule_shape() loop
    v_value := p_rules #> string_to_array(v_row.path, '.');
    v_field := 'rules.' || v_row.path;
    if coalesce(v_value, 'null') = 'null' then
      if v_value is null or not v_row.null_ok then
        v_errors := v_errors || workflow.bad(v_field, 'required');
      end if;
      continue;
    end if;
    v_errors := v_errors || case v_row.kind
      when 'int' then core.bad_number(v_field, v_value, v_row.lo, v_row.hi, 0)
      when 'number' then core.bad_number(v_field, v_value, v_row.lo, v_row.hi, 4)
      when 'money' then core.bad_number(v_field, v_value, v_row.lo, v_row.hi, 2)
      when 'criteria' then core.bad_criteria(v_field, v_value)
      when 'tranches' then core.bad_tranches(v_field, v_value)
      when 'bands' then core.bad_bands(v_field, v_value)
      when 'bool' then case jsonb_typeof(v_value) when 'boolean' then '[]' else jsonb_build_array(workflow.bad(v_field, 'not_a_boolean')) end
      when 'word' then case when v_value #>> '{}' = any (string_to_array(v_row.words, ' ')) then '[]' else
        jsonb_build_array(workflow.bad(v_field, 'bad_choice', jsonb_build_object('choices', to_jsonb(string_to_array(v_row.words, ' '))))) end
      else core.bad_words(v_field, v_value, v_row.lo, v_row.hi, v_row.kind, v_row.words) end;
  end loop;
  v_errors := v_errors || coalesce((select jsonb_agg(workflow.bad('rules.' || l, 'unknown_field') order by l)
    from core.leaves(p_rules) l where not exists (select from core.rule_shape() s where s.path = l)), '[]');
  if v_errors = '[]' then
    v_errors := core.rules_at_odds(p_rules);
  end if;
  return v_errors;
end;
$$;

-- Members that are right alone and wrong together.
create or replace function core.rules_at_odds(p_rules jsonb) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_errors jsonb := '[]';
  v_fund   jsonb := p_rules -> 'funding_rule';
begin
  if (p_rules #>> '{panel,quorum}')::int > (p_rules #>> '{panel,min}')::int then
    v_errors := v_errors || workflow.bad('rules.panel.quorum', 'too_large', jsonb_build_object('max', p_rules #> '{panel,min}'));
  end if;
  if (v_fund ->> 'pct_min')::numeric > (v_fund ->> 'pct_max')::numeric then
    v_errors := v_errors || workflow.bad('rules.funding_rule.pct_min', 'too_large', jsonb_build_object('max', v_fund -> 'pct_max'));
  end if;
  if (v_fund ->> 'min_amount')::numeric > (v_fund ->> 'cap')::numeric then
    v_errors := v_errors || workflow.bad('rules.funding_rule.min_amount', 'too_large', jsonb_build_object('max', v_fund -> 'cap'));
  end if;
  if v_fund ->> 'basis' = 'fixed' and v_fund ->> 'cap' is null then
    v_errors := v_errors || workflow.bad('rules.funding_rule.cap', 'required');
  elsif v_fund ->> 'basis' <> 'fixed' and v_fund ->> 'pct_max' is null then
    v_errors := v_errors || workflow.bad('rules.funding_rule.pct_max', 'required');
  end if;
  return v_errors;
end;
$$;

-- What became of what was proposed: the outcomes that the city has on record, joined to the suggestions
-- that came before them. On the solving side units are counted: an expert, achievement or patent
-- stands for the unit that it belongs to.

-- Who took up which challenge in a period: contact | claim | choice | signature, the first time of each.
create or replace function core.match_outcomes(p_outcome text, p_from timestamptz, p_until timestamptz)
returns table (item uuid, unit uuid, at timestamptz)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
begin
  case p_outcome
    when 'contact' then return query
      select c.item, c.unit, min(c.held_at) from core.contact c
       where c.held_at >= p_from and c.held_at < p_until and c.unit is not null group by 1, 2;
    when 'claim' then return query
      select c.item, u, min(c.submitted_at) from core.claim c, unnest(core.claim_units(c.id)) u
       where c.submitted_at >= p_from and c.submitted_at < p_until group by 1, 2;
    when 'choice' then return query
      select c.item, u, min(h.at)
        from core.choice h join core.choice_rank r on r.choice = h.id join core.claim c on c.id = r.claim, unnest(core.claim_units(c.id)) u
       where h.at >= p_from and h.at < p_until and r.rank is not null and r.outcome in ('current', 'won') group by 1, 2;
    else return query
      select k.item, p.unit, min(p.signed_at) from core.contract_party p join core.contract k on k.id = p.contract
       where p.signed_at >= p_from and p.signed_at < p_until and p.role in ('claimant', 'partner') and k.live group by 1, 2;
  end case;
end;
$$;

-- Each outcome beside what the engine said before it, by version and kind: the best place that its
-- challenge's or its team's lists gave it. `asked` is whose list it is, `rank` null when it was not in it.
create or replace function core.match_pairs(p_outcome text, p_from timestamptz, p_until timestamptz)
returns table (engine text, kind text, asked uuid, rank int)
language sql stable security definer set search_path = '' as $$
  with outcome as materialized (select * from core.match_outcomes(p_outcome, p_from, p_until)),
  said as materialized (  -- a need's list is that of the challenge that it became
    select v.engine, s.kind, s.rank, s.at, s.unit, coalesce(l.id, s.item) as item,
           case when s.kind = 'item' then s.unit else coalesce(l.id, s.item) end as asked
      from core.suggestion s cross join lateral (values (s.engine), ('*')) v (engine)
      left join core.list_item l on l.need = s.item and s.subject_kind = 'need'),
  list as (select distinct engine, kind from said)
  select g.engine, g.kind, case when g.kind = 'item' then o.unit else o.item end, (
           select min(s.rank) from said s
            where s.engine = g.engine and s.kind = g.kind and s.item = o.item and s.unit = o.unit and s.at <= o.at)
    from outcome o cross join list g
   where exists (select from said s where s.engine = g.engine and s.kind = g.kind and s.at <= o.at
                    and s.asked = case when g.kind = 'item' then o.unit else o.item end)
$$;

-- By version (each learning and each list of terms makes one; '*' is all of them) and kind. `asked`: lists
-- that had an outcome after them; mrr over these lists (1/place of the first that came true, 0 when none
-- did), recall over their outcomes. Without dates: the last year.
create or replace function core.match_measures(p_query jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_outcome text := coalesce(p_query ->> 'outcome', 'claim');
  v_from    date := coalesce((p_query ->> 'from')::date, workflow.today() - 365);
  v_until   date := coalesce((p_query ->> 'until')::date, workflow.today());
  v_begin   timestamptz := workflow.day_start(v_from);
  v_end     timestamptz := workflow.day_start(v_until + 1);
  v_before  text := workflow.as_system();
  v_all     bigint;
  v_items   jsonb;
begin
  select count(*) into v_all from core.match_outcomes(v_outcome, v_begin, v_end);
  with pair as materialized (select * from core.match_pairs(v_outcome, v_begin, v_end)),
  list as (select p.engine, p.kind, p.asked, coalesce(1.0 / min(p.rank), 0) as first from pair p group by 1, 2, 3),
  shown as (select v.engine, s.kind, count(*) as n, count(distinct s.subject) as subjects
              from core.suggestion s cross join lateral (values (s.engine), ('*')) v (engine)
             where s.at >= v_begin and s.at < v_end group by 1, 2)
  select jsonb_agg(jsonb_build_object('engine', s.engine, 'kind', s.kind, 'suggestions', s.n, 'subjects', s.subjects,
           'asked', coalesce(l.n, 0), 'outcomes', coalesce(p.n, 0), 'mrr', l.mrr,
           'recall_5', p.r5, 'recall_10', p.r10, 'recall_20', p.r20,
           'coverage', case when v_all > 0 then round(coalesce(p.n, 0)::numeric / v_all, 4) end) order by s.engine, s.kind)
    into v_items
    from shown s
    left join (select engine, kind, count(*) as n, round(avg(first), 4) as mrr from list group by 1, 2) l using (engine, kind)
    left join (select engine, kind, count(*) as n, round(avg((coalesce(rank, 999) <= 5)::int), 4) as r5,
                      round(avg((coalesce(rank, 999) <= 10)::int), 4) as r10, round(avg((coalesce(rank, 999) <= 20)::int), 4) as r20
                 from pair group by 1, 2) p using (engine, kind);
  perform workflow.back_to(v_before);
  return jsonb_build_object('outcome', v_outcome, 'from', v_from, 'until', v_until, 'outcomes', v_all, 'items', coalesce(v_items, '[]'));
end;
$$;

-- GET /reports/match
create or replace function api.match_report(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader', 'auditor');
  return row(200, core.match_measures(coalesce(p_req -> 'query', '{}'))::json, null, null)::api.answer;
end;
$$;

-- GET /reports/match.csv
create or replace function api.match_report_csv(p_session bytea, p_req jsonb)
returns table (status int, text text, media text, filename text)
language plpgsql security definer set search_path = '' as $$
declare
  v_lines text;
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader', 'auditor');
  select string_agg(core.guarded_line(array(select i ->> c from unnest(array['engine', 'kind', 'suggestions', 'subjects', 'asked',
           'outcomes', 'mrr', 'recall_5', 'recall_10', 'recall_20', 'coverage']) with ordinality t (c, n) order by n)), '')
    into v_lines from jsonb_array_elements(core.match_measures(coalesce(p_req -> 'query', '{}')) -> 'items') i;
  return query select * from core.csv_file('match-report.csv', array['引擎版本', '类别', '推荐数', '被推荐对象数', '有结果的推荐清单', '其后的结果', 'MRR',
    '召回率@5', '召回率@10', '召回率@20', '覆盖率'], v_lines);
end;
$$;

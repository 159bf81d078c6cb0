-- The opened claims of a challenge side by side, for the poster who chooses and for whoever decides
-- after it. Columns stand in the order of submission, never of merit.

-- What an answer says of a measure: better | meets | partly | below | none.
create or replace function core.answer_verdict(p_indicator jsonb, p_answer jsonb) returns text
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_number constant text := '^-?[0-9]+([.][0-9]+)?$';
  v_asked  numeric := case when p_indicator ->> 'value' ~ v_number then (p_indicator ->> 'value')::numeric end;
  v_upper  numeric := case when p_indicator ->> 'value2' ~ v_number then (p_indicator ->> 'value2')::numeric end;
  v_given  numeric := case when p_answer ->> 'value' ~ v_number then (p_answer ->> 'value')::numeric end;
begin
  if p_answer ->> 'commit' is null then
    return 'none';
  elsif p_answer ->> 'commit' = 'no' then
    return 'below';
  elsif p_answer ->> 'commit' = 'partly' then
    return 'partly';
  elsif v_given is null or v_asked is null then
    return 'meets';
  end if;
  return case p_indicator ->> 'op'
    when '<=' then case when v_given < v_asked then 'better' when v_given = v_asked then 'meets' else 'below' end
    when '>=' then case when v_given > v_asked then 'better' when v_given = v_asked then 'meets' else 'below' end
    when '=' then case when v_given = v_asked then 'meets' else 'below' end
    when 'range' then case when v_given between v_asked and coalesce(v_upper, v_given) then 'meets' else 'below' end
    else 'meets' end;
end;
$$;

-- A claim as a column. p_no: 甲, 乙, 丙 … in the order of submission.
create or replace function core.compared_claim(p_claim core.claim, p_no int) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', p_claim.id, 'no', coalesce((array['甲','乙','丙','丁','戊','己','庚','辛','壬','癸'])[p_no], p_no::text),
    'unit', core.unit_ref(p_claim.unit), 'leader', p_claim.content -> 'leader', 'receipt_no', p_claim.receipt_no, 'submitted_at', p_claim.submitted_at,
    'state', (select jsonb_build_object('code', s.state, 'zh', s.label_zh, 'en', s.label_en, 'final', s.final)
                from workflow.item i join workflow.state s on s.machine = i.machine and s.state = i.state where i.id = p_claim.id),
    'intent_at', (select n.at from core.intent n where n.item = p_claim.item and n.unit = p_claim.unit and n.withdrawn_at is null),
    'team', jsonb_array_length(coalesce(nullif(p_claim.content -> 'team', 'null'), '[]')),
    'partners', core.claim_partners(p_claim.id), 'ip', coalesce(nullif(p_claim.content -> 'ip', 'null'), '{}'),
    'milestones', coalesce(nullif(p_claim.content -> 'milestones', 'null'), '[]'),
    'until', (select max(m ->> 'due') from jsonb_array_elements(coalesce(nullif(p_claim.content -> 'milestones', 'null'), '[]')) m),
    'achievements', coalesce(nullif(p_claim.content -> 'achievements', 'null'), '[]'),
    'plan', p_claim.content -> 'plan', 'risk', p_claim.content -> 'risk',
    'total_wan', core.to_wan((core.budget_facts(p_claim.content -> 'budget') ->> 'total_fen')::bigint),
    'poster_wan', core.to_wan((core.budget_facts(p_claim.content -> 'budget') ->> 'poster_fen')::bigint),
    'city_wan', core.to_wan((core.budget_facts(p_claim.content -> 'budget') ->> 'city_fen')::bigint),
    'advice', core.advice_on(p_claim.id))
$$;

-- The experts' opinion on a claim, without their names; null while there is none.
create or replace function core.advice_on(p_claim uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_advice jsonb;
begin
  select jsonb_build_object('average', o.average, 'counted', o.counted, 'conclusion', o.conclusion, 'text', o.text) into v_advice
    from core.opinion o where o.subject = p_claim order by o.at desc limit 1;
  perform workflow.back_to(v_before);
  return v_advice;
end;
$$;

-- {columns: of a table with a head and what is required, claims: [column], indicators: [{…, answers: [{claim, no, commit, value, unit, basis, verdict}]}]}
create or replace function core.comparison(p_item uuid) returns jsonb
language sql security definer set search_path = '' as $$
  with opened as (
    select c, row_number() over (order by c.submitted_at, c.receipt_no)::int as no
      from core.claim c where c.item = p_item and c.opened_at is not null),
  asked as (
    select e.i, e.n from core.list_item l, jsonb_array_elements(coalesce(nullif(l.content -> 'indicators', 'null'), '[]')) with ordinality e (i, n)
     where l.id = p_item)
  select jsonb_build_object('columns', (select count(*) + 2 from opened),
    'claims', (select coalesce(jsonb_agg(core.compared_claim(o.c, o.no) order by o.no), '[]') from opened o),
    'indicators', (select coalesce(jsonb_agg(a.i || jsonb_build_object('answers', (
        select coalesce(jsonb_agg(jsonb_build_object('claim', (o.c).id, 'no', coalesce((array['甲','乙','丙','丁','戊','己','庚','辛','壬','癸'])[o.no], o.no::text))
                 || coalesce(r.r, '{}') || jsonb_build_object('verdict', core.answer_verdict(a.i, r.r)) order by o.no), '[]')
          from opened o
          left join lateral (select x as r from jsonb_array_elements(coalesce(nullif((o.c).content -> 'responses', 'null'), '[]')) x
                              where x ->> 'indicator' in (a.i ->> 'name', a.n::text) limit 1) r on true)) order by a.n), '[]') from asked a))
$$;

-- GET /items/{id}/comparison: to the inside of the case, after the opening.
create or replace function api.item_comparison(p_session bytea, p_req jsonb, p_item uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_item workflow.item;
begin
  perform auth.enter(p_session, p_req);
  select * into v_item from workflow.item where id = p_item and machine = 'list_item';
  if not found or not core.is_inside(v_item) then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, (jsonb_build_object('item', p_item, 'title', v_item.title) || core.comparison(p_item))::json, null, null)::api.answer;
end;
$$;

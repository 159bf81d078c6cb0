-- The way of a challenge as its parties see it: where it stands, since when, who has it, what is next;
-- and what may be done beside the machine's own events.

-- The stages by procedure, in order. `done`: the event that ends a stage.
create or replace function core.flow_stages(p_preset text)
returns table (n int, code text, zh text, en text, who_zh text, who_en text, states text[], done text)
language sql immutable security definer set search_path = '' as $$
  select row_number() over (order by v.n)::int, v.code, v.zh, v.en, v.who_zh, v.who_en, v.states, v.done
    from (values
      (10, null, 'publish', '发榜', 'Published', '市科技局', 'the bureau', array[]::text[], null),
      (20, null, 'claim', '揭榜', 'Claims', '揭榜方', 'the teams', array['open', 'interested', 'unclaimed'], 'claims_close'),
      (30, null, 'unseal', '开封', 'Opening', '市科技局，两人', 'two people of the bureau', array['sealed'], 'unseal'),
      (40, null, 'choose', '对接择优', 'Choice', '发榜方', 'the poster', array['matching'], 'choose'),
      (50, 'liaoning', 'agree', '揭榜协议', 'Agreement', '发榜方、揭榜方', 'both sides', array['chosen'], 'agree'),
      (51, 'liaoning', 'apply', '申报', 'Application', '发榜方', 'the poster', array['agreed'], 'apply'),
      (52, 'liaoning', 'review', '专家评审', 'Review', '市科技局', 'the bureau', array['applied'], 'pass_review'),
      (53, 'liaoning', 'notice', '公示', 'Notice', '市科技局', 'the bureau', array['reviewed', 'noticing', 'disputed'], 'notice_end'),
      (54, 'liaoning', 'file', '报批', 'Filing', '市科技局', 'the bureau', array['noticed'], 'file'),
      (55, 'liaoning', 'approve', '核准', 'Approval', '市政府', 'the city government', array['filed'], 'approve'),
      (56, 'liaoning', 'sign', '签约', 'Contract', '发榜方、揭榜方、市科技局', 'all parties', array['approved'], 'sign'),
      (60, 'jinzhou', 'file', '报批', 'Filing', '市科技局', 'the bureau', array['chosen'], 'file'),
      (61, 'jinzhou', 'approve', '核准', 'Approval', '市政府', 'the city government', array['filed'], 'approve'),
      (62, 'jinzhou', 'notice', '公示', 'Notice', '市科技局', 'the bureau', array['approved', 'noticing', 'disputed'], 'notice_end'),
      (63, 'jinzhou', 'sign', '签约', 'Contract', '发榜方、揭榜方、市科技局', 'all parties', array['noticed'], 'sign'),
      (70, null, 'start', '启动', 'Start', '市科技局', 'the bureau', array['signed'], 'start'))
      v (n, preset, code, zh, en, who_zh, who_en, states, done)
   where v.preset is null or v.preset = case p_preset when 'liaoning' then 'liaoning' else 'jinzhou' end
$$;

-- [{code, label, who, done, current, at, until}]. A stage that was passed, but to which the challenge
-- has come back (不予核准, 异议成立), is to be done again.
create or replace function core.item_flow(p_item uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_item   workflow.item;
  v_row    core.list_item;
  v_at     int;
  v_checking boolean;
  v_flow   jsonb;
begin
  select * into v_item from workflow.item where id = p_item;
  select * into v_row from core.list_item where id = p_item;
  v_at := coalesce((select s.n from core.flow_stages(workflow.ruling_preset(v_item.preset, 'list_item')) s where v_item.state = any (s.states)),
                   case when v_item.state = 'started' then 1000 end);
  v_checking := v_item.state = 'matching' and exists (
    select from workflow.item c where c.parent = p_item and c.machine = 'claim' and c.state = 'submitted');
  select jsonb_agg(jsonb_build_object('code', s.code, 'label', jsonb_build_object('zh', s.zh, 'en', s.en),
           'who', case when s.n = v_at and v_checking then '{"zh": "市科技局（资格审查）", "en": "the bureau (checking the claims)"}'::jsonb
                       else jsonb_build_object('zh', s.who_zh, 'en', s.who_en) end,
           'done', s.done is null or coalesce(s.n < v_at, h.at is not null), 'current', s.n is not distinct from v_at,
           'at', case when s.done is null then v_item.created_at when s.n is not distinct from v_at then v_item.since
                      when s.n < v_at or v_at is null then h.at end,
           'until', case when s.n = v_at then case s.code when 'claim' then v_row.claim_until else v_item.due end end) order by s.n)
    into v_flow
    from core.flow_stages(workflow.ruling_preset(v_item.preset, 'list_item')) s
    left join lateral (select max(x.at) as at from workflow.history x where x.item = p_item and x.event = s.done) h on true
   where s.code <> 'unseal' or v_row.sealed;
  perform workflow.back_to(v_before);
  return v_flow;
end;
$$;

-- What the asker may do with a challenge that is no event of its machine; true members alone. The
-- rules are those of the functions that do it (30_intent, claim/30_write, contract/30_write).
create or replace function core.item_may(p_item workflow.item) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_unit   uuid := auth.my_unit();
  v_roles  text[] := workflow.roles_on(p_item);
  v_row    core.list_item;
  v_before text;
  v_may    jsonb;
begin
  v_before := workflow.as_system();
  select * into v_row from core.list_item where id = p_item.id;
  with mine as (
    select exists (select from party.unit u where u.id = v_unit and u.state = 'verified') as verified,
           v_unit = any (core.posters(p_item.id)) as poster,
           core.not_open(p_item.id) is null as open,
           exists (select from core.intent i where i.item = p_item.id and i.unit = v_unit and i.withdrawn_at is null) as intends,
           (select c.id from core.claim c where c.item = p_item.id and c.unit = v_unit and c.live) as claim,
           exists (select from core.disclosure d where d.item = p_item.id and d.unit = v_unit) as undertaken)
  select jsonb_build_object(
           'intend', verified and open and not poster and not intends,
           'unintend', intends,
           'claim', verified and open and not poster and claim is null,
           'undertake', verified and not poster and not undertaken and v_row.masking = 'summary',
           'contact', v_roles && array['officer', 'leader', 'broker', 'poster'] or v_unit is not null and core.is_team(p_item.id, v_unit),
           'compare', v_roles && array['officer', 'leader', 'city', 'poster'] and exists (
             select from core.claim c where c.item = p_item.id and c.opened_at is not null),
           'panel', 'officer' = any (v_roles) and exists (
             select from core.claim c join workflow.item i on i.id = c.id where c.item = p_item.id and i.state in ('eligible', 'chosen'))) into v_may
    from mine;
  perform workflow.back_to(v_before);
  return (select coalesce(jsonb_object_agg(key, true), '{}') from jsonb_each(v_may) where value = 'true')
    || jsonb_strip_nulls(jsonb_build_object('contract', case when v_roles && array['poster', 'officer'] then core.paper_wanted(p_item) end));
end;
$$;

-- The paper to be drawn up next: {claim, unit, kind}; null when none is due.
create or replace function core.paper_wanted(p_item workflow.item) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_kind   text := case when core.paper_is_due(p_item, 'agreement') then 'agreement' when core.paper_is_due(p_item, 'task') then 'task' end;
  v_before text := workflow.as_system();
  v_wanted jsonb;
begin
  select jsonb_build_object('claim', c.id, 'unit', core.unit_ref(c.unit), 'kind', v_kind) into v_wanted
    from unnest(core.current_claims(p_item.id)) with ordinality t (id, n) join core.claim c on c.id = t.id
   where v_kind is not null and not exists (select from core.contract k where k.claim = c.id and k.kind = v_kind and k.live)
   order by t.n limit 1;
  perform workflow.back_to(v_before);
  return v_wanted;
end;
$$;

-- What a new claim starts from, or a draft goes on with: a line for each indicator of the challenge.
create or replace function core.claim_start(p_content jsonb, p_claim jsonb default '{}') returns jsonb
language sql immutable security definer set search_path = '' as $$
  select p_claim || jsonb_build_object('responses', coalesce(jsonb_agg(
           coalesce(r.r, jsonb_strip_nulls(jsonb_build_object('unit', e.i -> 'unit'))) || jsonb_build_object('indicator', e.i -> 'name') order by e.n), '[]'))
    from jsonb_array_elements(coalesce(nullif(p_content -> 'indicators', 'null'), '[]')) with ordinality e (i, n)
    left join lateral (select x as r from jsonb_array_elements(coalesce(nullif(p_claim -> 'responses', 'null'), '[]')) x
                        where x ->> 'indicator' in (e.i ->> 'name', e.n::text) limit 1) r on true
$$;

-- What a contract starts from: the claim's milestones and its money, to be put in order by hand. Who
-- gets the rights is left open on purpose: the form asks for it.
create or replace function core.contract_start(p_wanted jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_start  jsonb;
begin
  select jsonb_build_object('claim', c.id, 'kind', p_wanted ->> 'kind', 'subject', l.title,
           'until', (select max(m ->> 'due') from jsonb_array_elements(coalesce(nullif(c.content -> 'milestones', 'null'), '[]')) m),
           'total_wan', core.to_wan(nullif((core.budget_facts(c.content -> 'budget') ->> 'total_fen')::bigint, 0)),
           'milestones', coalesce(nullif(c.content -> 'milestones', 'null'), '[]'),
           'money', (select coalesce(jsonb_agg(jsonb_build_object('source', b -> 'source', 'tranche', '首款', 'trigger', 'contract',
                       'amount_wan', core.to_wan((b ->> 'amount_fen')::bigint)) order by n), '[]')
                       from jsonb_array_elements(coalesce(nullif(c.content -> 'budget', 'null'), '[]')) with ordinality t (b, n))) into v_start
    from core.claim c join core.list_item l on l.id = c.item
   where c.id = (p_wanted ->> 'claim')::uuid;
  perform workflow.back_to(v_before);
  return v_start;
end;
$$;

-- What a notice starts from: a title, and where to object as the last notice said it.
create or replace function core.notice_start(p_title text) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_strip_nulls(jsonb_build_object('title', format('关于拟立项“揭榜挂帅”项目的公示（%s）', p_title),
    'issuer', n.issuer, 'basis', n.basis, 'how', n.how, 'discipline', n.body ->> 'discipline'))
    from (select 1) one left join lateral (select * from core.notice where kind = 'award' order by published_at desc limit 1) n on true
$$;

-- One row for each claim that still can be chosen, in the order of their submission.
create or replace function core.choice_start(p_item uuid) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('ranks', coalesce(jsonb_agg(jsonb_build_object('claim', t.id, 'n', t.n) order by t.n), '[]'))
    from (select c.id, row_number() over (order by c.submitted_at, c.receipt_no) as n from core.claim c join workflow.item i on i.id = c.id
           where c.item = p_item and i.state in ('eligible', 'reserve')) t
$$;

-- The forms of a challenge as they start, each only for whoever may fill it in.
create or replace function core.item_forms(p_item workflow.item, p_content jsonb, p_may jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'claim', case when p_may ? 'claim' then core.claim_start(p_content) end,
    'contract', case when p_may ? 'contract' then core.contract_start(p_may -> 'contract') end,
    'notice', case when p_item.state in ('approved', 'reviewed') and workflow.roles_on(p_item) && array['officer'] then core.notice_start(p_item.title) end,
    'choice', case when p_item.state = 'matching' and p_item.owner = auth.my_unit() then core.choice_start(p_item.id) end))
$$;

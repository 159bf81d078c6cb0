-- A challenge as the one who asks may see it: its own people see the whole case, a team its side,
-- everybody else what is public.

-- The head, the face and the actions; the answer of every write on a challenge.
create or replace function api.list_item_document(p_item uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_item workflow.item;
  v_row  core.list_item;
begin
  select * into v_item from workflow.item where id = p_item and machine = 'list_item';
  if not found then
    return null;
  end if;
  select * into v_row from core.list_item where id = p_item;
  return (workflow.head(p_item) - 'owner') || (select f.face::jsonb from core.face f where f.item = p_item)
    || case when core.is_inside(v_item) then jsonb_build_object('content', core.money_out(v_row.content - array['contact', 'salt']),
              'poster', core.unit_ref(v_row.poster), 'posters', core.need_posters(p_item))
            when v_row.masking = 'summary' and core.has_undertaken(p_item) then
              jsonb_build_object('content', core.public_content(v_row.content, 'masked')) else '{}' end;
end;
$$;

-- Has the actor's unit undertaken to keep a summarised challenge secret? It is shown what a masked one
-- shows everybody; who the poster is and how to reach it, the bureau relays.
create or replace function core.has_undertaken(p_item uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select from core.disclosure d where d.item = p_item and d.unit = auth.my_unit() and auth.my_unit() is not null)
$$;

-- The poster, the bureau, the city, the recommending county, auditors.
create or replace function core.is_inside(p_item workflow.item) returns boolean
language sql stable security definer set search_path = '' as $$
  select auth.context() = 'system'
      or auth.context() = 'person' and (workflow.roles_on(p_item) && array['poster', 'officer', 'leader', 'city', 'county'] or auth.has('auditor'))
$$;

-- GET /items/{id}/work
create or replace function api.item_work(p_session bytea, p_req jsonb, p_item uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc  jsonb;
  v_item workflow.item;
  v_may  jsonb;
begin
  perform auth.enter(p_session, p_req);
  v_doc := api.list_item_document(p_item);
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  select * into v_item from workflow.item where id = p_item;
  v_may := core.item_may(v_item);
  v_doc := v_doc || jsonb_build_object('flow', core.item_flow(p_item), 'may', v_may,
    'forms', core.item_forms(v_item, v_doc -> 'content', v_may), 'claims', core.claims_of(p_item), 'contracts', core.contracts_of(p_item),
    'intents', core.intents_of(p_item), 'contacts', core.contacts_of(p_item),
    'notices', (select coalesce(jsonb_agg(api.notice_document(n.id) - 'body' order by n.created_at), '[]')
                  from workflow.item n where n.parent = p_item and n.machine = 'notice'),
    'projects', (select coalesce(jsonb_agg(api.project_document(p.id) order by p.id), '[]')
                   from workflow.item p where p.parent = p_item and p.machine = 'project'));
  if core.is_inside(v_item) then
    v_doc := v_doc || core.inner_case(p_item);
  end if;
  return row(200, v_doc::json, v_item.version, null)::api.answer;
end;
$$;

-- What only the inside of a case reads: choices with their reasons, filings, opening, money, credit,
-- who was shown what, and every step.
create or replace function core.inner_case(p_item uuid) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object(
    'choices', (select coalesce(jsonb_agg(jsonb_build_object('round', c.round, 'reason', c.reason, 'at', c.at, 'ranks', (
        select jsonb_agg(jsonb_build_object('claim', r.claim, 'rank', r.rank, 'reason', r.reason, 'outcome', r.outcome,
                 'outcome_reason', r.outcome_reason) order by r.rank nulls last, r.claim)
          from core.choice_rank r where r.choice = c.id)) order by c.round), '[]') from core.choice c where c.item = p_item),
    'approvals', (select coalesce(jsonb_agg(to_jsonb(a) - array['id', 'item', 'filed_by', 'decided_by'] order by a.round), '[]')
                    from core.approval a where a.item = p_item),
    'applications', (select coalesce(jsonb_agg(core.money_out(to_jsonb(a) - array['item', 'by']) order by a.round), '[]')
                       from core.application a where a.item = p_item),
    'opening', (select jsonb_build_object('first_at', o.first_at, 'opened_at', o.opened_at, 'second_needed', o.second_by is null)
                  from core.opening o where o.item = p_item),
    'funding', core.money_out(l.funding), 'credit', l.credit,
    'disclosures', (select coalesce(jsonb_agg(jsonb_build_object('unit', core.unit_ref(d.unit), 'statement', d.statement, 'at', d.at)
                             order by d.at), '[]') from core.disclosure d where d.item = p_item),
    'steps', workflow.steps(p_item))
    from core.list_item l where l.id = p_item
$$;

create or replace function core.contracts_of(p_item uuid) returns jsonb
language sql security definer set search_path = '' as $$
  select coalesce(jsonb_agg(api.contract_document(i.id) - array['content', 'gaps', 'form'] order by i.created_at, i.id), '[]')
    from workflow.item i where i.parent = p_item and i.machine = 'contract'
$$;

create or replace function core.intents_of(p_item uuid) returns jsonb
language sql security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('unit', core.unit_ref(n.unit), 'statement', n.statement, 'at', n.at,
           'withdrawn_at', n.withdrawn_at) order by n.at, n.unit), '[]') from core.intent n where n.item = p_item
$$;

create or replace function core.contacts_of(p_item uuid) returns jsonb
language sql security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'unit', case when c.unit is not null then core.unit_ref(c.unit) end, 'kind', c.kind,
           'held_at', c.held_at, 'place', c.place, 'people', c.people, 'summary', c.summary) order by c.held_at, c.id), '[]')
    from core.contact c where c.item = p_item
$$;

-- The document of a list for the bureau: its entries while it is composed, its frozen content later.
create or replace function api.list_document(p_id uuid) returns jsonb
language sql security definer set search_path = '' as $$
  select workflow.head(l.id) || jsonb_build_object('number', l.number, 'title', l.title, 'doc_no', l.doc_no, 'minutes_no', l.minutes_no,
           'body', l.body, 'claim_until', l.claim_until, 'hash', l.hash, 'frozen_at', l.frozen_at, 'published_at', l.published_at,
           'content', l.content, 'canonical', l.content::text,
           'items', (select coalesce(jsonb_agg(jsonb_build_object('need', e.need, 'title', core.need_wording(e.need) ->> 'title',
                              'ordinal', e.ordinal, 'number', e.number,
                              'masking', e.masking, 'max_winners', e.max_winners, 'claim_until', e.claim_until,
                              'item', (select x.id from core.list_item x where x.need = e.need)) order by e.ordinal), '[]')
                       from core.list_entry e where e.list = l.id))
    from core.list l where l.id = p_id
$$;

-- What may stand on a list of the batch: its own entries in their order, then approved needs that are on no
-- list, the best argued first. [{"need","title","masking","unit","average","rank","here"}]
create or replace function core.list_choices(p_batch uuid, p_list uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  with choice as (
    select e.need, e.ordinal, e.masking, true as here from core.list_entry e where e.list = p_list
    union all
    select i.id, null, coalesce(core.need_wording(i.id) ->> 'disclosure', 'open'), false
      from workflow.item i
     where i.batch = p_batch and i.machine = 'need' and i.state = 'approved'
       and not exists (select from core.list_entry e where e.list = p_list and e.need = i.id))
  select coalesce(jsonb_agg(jsonb_build_object('need', c.need, 'title', core.need_wording(c.need) ->> 'title', 'masking', c.masking,
           'unit', u.name, 'average', o.average, 'rank', o.rank, 'here', c.here) order by c.ordinal, o.average desc nulls last, i.created_at, c.need), '[]')
    from choice c join workflow.item i on i.id = c.need left join party.unit u on u.id = i.owner
    left join lateral (select average, rank from core.opinion x where x.subject = c.need order by x.at desc limit 1) o on true
$$;

-- For everybody, once published. `hash` is the SHA-256 of the UTF-8 bytes of `canonical`, which is
-- `content` in one fixed spelling: anybody can compute it again.
create or replace function core.list_face(p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', l.id, 'number', l.number, 'title', l.title, 'doc_no', l.doc_no, 'body', l.body, 'batch', l.batch,
           'claim_until', l.claim_until, 'published_at', l.published_at, 'hash', l.hash, 'content', l.content, 'canonical', l.content::text,
           'items', (select coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'number', x.number, 'title', x.title, 'industry', x.industry,
                              'claim_until', x.claim_until, 'revision', x.revision, 'masking', x.masking,
                              'state', jsonb_build_object('code', s.state, 'zh', s.label_zh, 'en', s.label_en)) order by x.ordinal), '[]')
                       from core.list_item x join workflow.item i on i.id = x.id join workflow.state s on s.machine = i.machine and s.state = i.state
                      where x.list = l.id))
    from core.list l join workflow.item i on i.id = l.id
   where l.id = p_id and i.state = 'published'
$$;

create or replace function api.list_public(p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  perform auth.enter_public();
  v_doc := core.list_face(p_id);
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_doc::json, null, null)::api.answer;
end;
$$;

-- Of a list that is still composed: each entry as it would be public. Else null.
create or replace function core.list_preview(p_list uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_agg(jsonb_build_object('need', e.need, 'masking', e.masking,
           'content', core.money_out(core.public_content(core.entry_content(e.need), e.masking))) order by e.ordinal)
    from core.list_entry e join workflow.item i on i.id = e.list
   where e.list = p_list and i.state = 'draft'
$$;

create or replace function api.list_work(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader', 'auditor', 'city');
  v_doc := api.list_document(p_id) || jsonb_build_object('steps', workflow.steps(p_id),
    'choices', (select core.list_choices(l.batch, l.id) from core.list l where l.id = p_id),
    'preview', core.list_preview(p_id));
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_doc::json, (v_doc ->> 'version')::int, null)::api.answer;
end;
$$;

-- Lists in sight, newest first: published ones for everybody, all for the bureau.
create or replace function core.list_page(p_query jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  with hit as (
    select i.id, i.created_at from workflow.item i
     where i.machine = 'list' and (p_query ->> 'state' is null or i.state = p_query ->> 'state')
       and (p_query ->> 'batch' is null or i.batch = (p_query ->> 'batch')::uuid)),
  page as (select * from hit order by created_at desc, id limit core.page_size(p_query) offset core.page_offset(p_query))
  select core.page(p_query, (select jsonb_agg(jsonb_build_object('id', l.id, 'number', l.number, 'title', l.title, 'doc_no', l.doc_no, 'batch', l.batch,
            'state', i.state, 'version', i.version, 'claim_until', l.claim_until, 'published_at', l.published_at, 'hash', l.hash,
            'count', (select count(*) from core.list_item x where x.list = l.id),
            'entries', (select count(*) from core.list_entry e where e.list = l.id)) order by g.created_at desc, g.id)
            from page g join core.list l on l.id = g.id join workflow.item i on i.id = g.id),
    (select count(*) from (select from hit limit 1001) c))
$$;

create or replace function api.list_list(p_query jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_public();
  return row(200, core.list_page(p_query)::json, null, null)::api.answer;
end;
$$;

create or replace function api.list_work_list(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader', 'auditor');
  return row(200, core.list_page(coalesce(p_req -> 'query', '{}'))::json, null, null)::api.answer;
end;
$$;

-- Public notices (公示): what they say (DOMAIN 8), and reading them.
create or replace function api.notice_document(p_notice uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_notice core.notice;
begin
  select * into v_notice from core.notice where id = p_notice;
  if not found then
    return null;
  end if;
  return workflow.head(p_notice) || jsonb_build_object('kind', v_notice.kind, 'title', v_notice.title, 'doc_no', v_notice.doc_no,
    'issuer', v_notice.issuer, 'basis', v_notice.basis, 'body', v_notice.body, 'how', v_notice.how, 'rule', v_notice.rule,
    'item', v_notice.item, 'published_at', v_notice.published_at, 'paused_at', v_notice.paused_at,
    'window', jsonb_build_object('from', v_notice.from_at, 'until', v_notice.until_at,
      'first_day', (v_notice.from_at at time zone 'Asia/Shanghai')::date,
      'last_day', ((v_notice.until_at - interval '1 second') at time zone 'Asia/Shanghai')::date));
end;
$$;

-- GET /notices/{id}
create or replace function api.notice(p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  perform workflow.as_reader();
  v_doc := api.notice_document(p_id);
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_doc::json, (v_doc ->> 'version')::int, null)::api.answer;
end;
$$;

-- GET /notices?state=&batch=&item=&page=&size=
create or replace function api.notices(p_query jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_from  text := $q$from workflow.item i where i.machine = 'notice' and i.public$q$
    || case when p_query ->> 'state' is not null then $q$ and i.state = $1 ->> 'state'$q$ else '' end
    || case when p_query ->> 'batch' is not null then $q$ and i.batch = ($1 ->> 'batch')::uuid$q$ else '' end
    || case when p_query ->> 'item' is not null then $q$ and i.parent = ($1 ->> 'item')::uuid$q$ else '' end;
  v_items jsonb;
  v_count bigint;
begin
  perform workflow.as_reader();
  execute format('select jsonb_agg(api.notice_document(r.id) - ''body'' order by r.created_at desc, r.id)
                    from (select i.id, i.created_at %s order by i.created_at desc, i.id limit %s offset %s) r',
                 v_from, core.page_size(p_query), core.page_offset(p_query)) into v_items using p_query;
  execute format('select count(*) from (select 1 %s limit 1001) c', v_from) into v_count using p_query;
  return row(200, core.page(p_query, v_items, v_count)::json, null, null)::api.answer;
end;
$$;

-- The steps that an award has passed, in order, for the text of its notice.
create or replace function core.steps_passed(p_item uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_steps  jsonb;
begin
  select coalesce(jsonb_agg(jsonb_build_object('event', h.event, 'zh', e.label_zh, 'en', e.label_en,
           'on', (h.at at time zone 'Asia/Shanghai')::date) order by h.version), '[]') into v_steps
    from workflow.history h join workflow.event e on e.machine = h.machine and e.event = h.event
   where h.item = p_item and h.event in ('claims_close', 'unseal', 'choose', 'agree', 'apply', 'pass_review', 'file', 'approve');
  perform workflow.back_to(v_before);
  return v_steps;
end;
$$;

-- What is noticed of each candidate: project, poster (where its name is public), claimant, partners,
-- leader, city money asked for, the experts' mark where there is one.
create or replace function core.award_lines(p_item uuid, p_claims uuid[]) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_lines  jsonb;
begin
  select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('claim', c.id, 'number', l.number, 'project', l.title,
           'poster', case l.masking when 'open' then core.unit_ref(l.poster) ->> 'name' end,
           'claimant', core.unit_ref(c.unit) ->> 'name', 'leader', c.leader,
           'partners', (select jsonb_agg(core.unit_ref(p.unit) ->> 'name' order by p.unit) from core.claim_partner p
                         where p.claim = c.id and p.state = 'signed'),
           'total_wan', core.to_wan((core.budget_facts(c.content -> 'budget') ->> 'total_fen')::bigint),
           'score', (select o.average from core.opinion o where o.subject = c.id order by o.at desc limit 1)))
           order by t.n), '[]') into v_lines
    from unnest(p_claims) with ordinality t (id, n) join core.claim c on c.id = t.id join core.list_item l on l.id = c.item
   where l.id = p_item;
  perform workflow.back_to(v_before);
  return v_lines;
end;
$$;

-- A county recommends several needs in one letter with a summary table (推荐函 + 汇总表). DOMAIN 3.2.
-- Takes form_recommendation {letter_no, letter_date, signer, summary, needs [{need, opinion}]}.
-- All or none. Refuses 403 role_missing, 409 letter_used, 422 invalid (a need that is not there, or
-- of another batch), what the machine refuses for a need (county_quota, step_not_allowed).
create or replace function api.recommend(p_session bytea, p_req jsonb, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v       api.answer := workflow.begin(p_session, p_req);
  v_id    uuid;
  v_row   record;
  v_batch uuid;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('county');
  v_batch := core.recommended_batch(p_body -> 'needs');
  -- one letter at a time within a county and batch, so that the quota is counted right
  perform pg_advisory_xact_lock(hashtextextended('recommend ' || auth.my_recommender() || v_batch, 0));
  if exists (select from core.recommendation where recommender = auth.my_recommender() and letter_no = p_body ->> 'letter_no') then
    perform workflow.refuse(409, 'letter_used', jsonb_build_object('letter_no', p_body -> 'letter_no'));
  end if;
  v_id := gen_random_uuid();
  insert into core.recommendation (id, batch, recommender, letter_no, letter_date, signer, summary, by, at)
  values (v_id, v_batch, auth.my_recommender(), p_body ->> 'letter_no', (p_body ->> 'letter_date')::date, p_body ->> 'signer',
          p_body ->> 'summary', auth.me(), workflow.now());
  for v_row in
    select (e.r ->> 'need')::uuid as need, e.r ->> 'opinion' as opinion, e.n
      from jsonb_array_elements(p_body -> 'needs') with ordinality e (r, n) order by 1
  loop
    insert into core.recommended_need (recommendation, need, ordinal, opinion) values (v_id, v_row.need, v_row.n, v_row.opinion);
    perform workflow.advance(v_row.need, 'recommend', jsonb_build_object('recommendation', v_id, 'letter_no', p_body ->> 'letter_no'));
  end loop;
  return workflow.done(p_req, 201, api.recommendation_document(v_id)::json, null, '/recommendations/' || v_id);
end;
$$;

-- The one batch that all needs of a letter belong to.
create or replace function core.recommended_batch(p_needs jsonb) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_errors jsonb := '[]';
  v_batch  uuid;
  v_row    record;
begin
  for v_row in
    select i.id, i.batch, format('needs[%s].need', e.n - 1) as field, e.r ->> 'need' as asked,
           count(*) over (partition by e.r ->> 'need') as times
      from jsonb_array_elements(p_needs) with ordinality e (r, n)
      left join workflow.item i on i.id = (e.r ->> 'need')::uuid and i.machine = 'need' and i.recommender = auth.my_recommender()
     order by e.n
  loop
    v_batch := coalesce(v_batch, v_row.batch);
    if v_row.id is null then
      v_errors := v_errors || workflow.bad(v_row.field, 'not_known');
    elsif v_row.batch <> v_batch then
      v_errors := v_errors || workflow.bad(v_row.field, 'other_batch');
    elsif v_row.times > 1 then
      v_errors := v_errors || workflow.bad(v_row.field, 'repeated_item');
    end if;
  end loop;
  perform workflow.refuse_fields(v_errors);
  return v_batch;
end;
$$;

-- The letter with its summary table.
create or replace function api.recommendation_document(p_id uuid) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('id', r.id, 'batch', r.batch, 'letter_no', r.letter_no, 'letter_date', r.letter_date, 'signer', r.signer,
           'summary', r.summary, 'at', r.at, 'recommender', jsonb_build_object('id', c.id, 'name', c.name),
           'needs', (select coalesce(jsonb_agg(jsonb_build_object('ordinal', n.ordinal, 'need', d.id, 'title', d.title, 'unit', core.unit_ref(d.unit),
                              'industry', d.industry, 'budget_wan', core.to_wan(d.budget_fen),
                              'years', concat_ws('-', d.content ->> 'year_from', d.content ->> 'year_until'),
                              'state', i.state, 'opinion', n.opinion) order by n.ordinal), '[]')
                       from core.recommended_need n join core.need d on d.id = n.need join workflow.item i on i.id = d.id
                      where n.recommendation = r.id),
           'total_wan', (select core.to_wan(sum(d.budget_fen)::bigint)
                           from core.recommended_need n join core.need d on d.id = n.need where n.recommendation = r.id))
    from core.recommendation r join party.recommender c on c.id = r.recommender
   where r.id = p_id
$$;

create or replace function api.recommendation_get(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  perform auth.enter(p_session, p_req);
  v_doc := api.recommendation_document(p_id);
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_doc::json, null, null)::api.answer;
end;
$$;

-- Letters of a batch (bureau) or of one's own county, newest first.
create or replace function api.recommendation_list(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_query jsonb := coalesce(p_req -> 'query', '{}');
  v_ids   uuid[];
  v_count bigint;
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('county', 'officer', 'leader', 'auditor');
  select array_agg(t.id) into v_ids from (
    select r.id from core.recommendation r
     where (v_query ->> 'batch' is null or r.batch = (v_query ->> 'batch')::uuid)
       and (not auth.has('county') or r.recommender = auth.my_recommender())
     order by r.at desc, r.id limit core.page_size(v_query) offset core.page_offset(v_query)) t;
  select count(*) into v_count from core.recommendation r
   where (v_query ->> 'batch' is null or r.batch = (v_query ->> 'batch')::uuid)
     and (not auth.has('county') or r.recommender = auth.my_recommender());
  return row(200, core.page(v_query, (select jsonb_agg(api.recommendation_document(x.id) order by x.n)
               from unnest(v_ids) with ordinality x (id, n)), v_count)::json, null, null)::api.answer;
end;
$$;

-- Guards of a need's submission: DOMAIN 3.2, 4.1, 9, 10.

-- Complete by the clinic; every gap is named.
create or replace function guard.need_complete(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_errors jsonb;
begin
  select core.gap_errors(core.need_gaps(n.content, core.rules_of(p_item), workflow.today())) into v_errors
    from core.need n where n.id = p_item;
  return case when v_errors <> '[]' then jsonb_build_object('status', 422, 'slug', 'need_incomplete', 'errors', v_errors) end;
end;
$$;

-- An open solicitation does not take secrets: ask and stop. Nothing is snapshotted or sent on.
create or replace function guard.not_secret(p_item uuid, p_data jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select case when (n.content ->> 'secret')::boolean then '{"status": 422, "slug": "secret_need"}'::jsonb end
    from core.need n where n.id = p_item
$$;

create or replace function guard.need_in_industry(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_have text[] := (core.programme_of(p_item)).industries;
  v_want text := (select industry from core.need where id = p_item);
begin
  return case when v_want is null or not v_want = any (v_have)
    then jsonb_build_object('status', 422, 'slug', 'industry_not_key', 'industry', v_want, 'industries', to_jsonb(v_have)) end;
end;
$$;

-- Kind, area and verification of the poster by the rules; and a recommending unit to go through,
-- since needs do not come to the bureau directly.
create or replace function guard.poster_eligible(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_item workflow.item;
  v_why  text;
begin
  select * into strict v_item from workflow.item where id = p_item;
  v_why := core.not_eligible(core.rules_of(p_item), 'poster', v_item.owner);
  if v_why = 'verified' then
    return jsonb_build_object('status', 403, 'slug', 'unit_not_verified', 'state', (select state from party.unit where id = v_item.owner));
  elsif v_why is not null then
    return jsonb_build_object('status', 422, 'slug', 'poster_not_eligible', 'why', v_why);
  elsif v_item.recommender is null then
    return '{"status": 409, "slug": "no_recommender"}';
  end if;
  return null;
end;
$$;

create or replace function guard.poster_credit(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_before  text;
  v_problem jsonb;
begin
  v_before := workflow.as_system();  -- credit records are not the poster's to read
  select party.credit_problem(i.owner, null, workflow.today()) into v_problem from workflow.item i where i.id = p_item;
  perform workflow.back_to(v_before);
  return case when v_problem is not null then jsonb_build_object('status', 409, 'slug', 'poster_credit_bad', 'credit', v_problem) end;
end;
$$;

-- So many needs a unit in one batch. Counted under a lock, so that two at once cannot both be the last.
create or replace function guard.unit_quota(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_item  workflow.item;
  v_quota int := (core.rules_of(p_item) #>> '{quota,per_unit}')::int;
  v_have  bigint;
begin
  if v_quota is null then
    return null;
  end if;
  select * into strict v_item from workflow.item where id = p_item;
  perform pg_advisory_xact_lock(hashtextextended('unit quota ' || v_item.owner || v_item.batch, 0));
  select count(*) into v_have from workflow.item i
   where i.owner = v_item.owner and i.machine = 'need' and i.batch = v_item.batch and i.id <> p_item
     and i.state not in ('draft', 'withdrawn', 'refused', 'secret_refused', 'self_solved')
     and not exists (select from core.need n where n.merged_into = i.id);  -- a common need is the bureau's doing
  return case when v_have >= v_quota then jsonb_build_object('status', 409, 'slug', 'unit_quota_full', 'quota', v_quota) end;
end;
$$;

-- So many needs a county in one batch; a need recommended again after a return counts once. The row
-- of the letter is there already when this is asked.
create or replace function guard.county_quota(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_quota int := (core.rules_of(p_item) #>> '{quota,per_recommender}')::int;
  v_have  bigint;
begin
  select count(distinct r.need) into v_have
    from core.recommended_need r join core.recommendation l on l.id = r.recommendation join workflow.item i on i.id = p_item
   where l.recommender = i.recommender and l.batch = i.batch;
  return case when v_have > v_quota then jsonb_build_object('status', 409, 'slug', 'county_quota_full', 'quota', v_quota) end;
end;
$$;

-- Four eyes: whoever proposed the wording does not approve it.
create or replace function guard.not_who_worded(p_item uuid, p_data jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select '{"status": 403, "slug": "other_person_needed"}'::jsonb
    from (select h.actor from workflow.history h where h.item = p_item and h.event = 'word' order by h.version desc limit 1) w
   where w.actor = auth.me()
$$;

-- What the leader approves is a wording that the experts' argument produced and the poster agreed to.
create or replace function guard.argued_version(p_item uuid, p_data jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select case when not exists (select from core.need_version v where v.need = p_item and v.kind = 'argued')
              then '{"status": 409, "slug": "no_argued_version"}'::jsonb end
$$;

-- The window of a notice as objections pause it and let it run on (DOMAIN 3.6, 7).

-- The notice of a challenge that counts now.
create or replace function core.live_notice(p_item uuid) returns uuid
language sql stable security definer set search_path = '' as $$
  select i.id from workflow.item i where i.parent = p_item and i.machine = 'notice' and i.state <> 'revoked'
   order by i.created_at desc, i.id limit 1
$$;

create or replace function effect.notice_paused(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_notice uuid := core.live_notice(p_item);
begin
  update core.notice set paused_at = coalesce(paused_at, workflow.now()) where id = v_notice;
  perform workflow.cascade(v_notice, 'pause');
  perform workflow.set_timer(v_notice, 'end', null);
end;
$$;

-- The days that were left run on from today.
create or replace function effect.notice_resumed(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_notice core.notice;
begin
  select * into v_notice from core.notice where id = core.live_notice(p_item);
  v_notice.until_at := ref.resumed_until(v_notice.rule, v_notice.until_at, v_notice.paused_at, workflow.now());
  update core.notice set until_at = v_notice.until_at, paused_at = null where id = v_notice.id;
  perform workflow.cascade(v_notice.id, 'resume');
  perform workflow.set_timer(v_notice.id, 'end', v_notice.until_at);
  update workflow.item set due = v_notice.until_at where id = p_item;
end;
$$;

-- How many objections to the notices of this challenge, or to this notice, still wait for an answer.
create or replace function core.open_objections(p_item uuid) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_count  bigint;
begin
  select count(*) into v_count from workflow.item o
   where o.machine = 'objection' and o.state in ('received', 'investigating')
     and (o.parent = p_item or o.parent in (select n.id from workflow.item n where n.parent = p_item and n.machine = 'notice'));
  perform workflow.back_to(v_before);
  return v_count;
end;
$$;

create or replace function guard.no_open_objection(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'objection_open', 'count', core.open_objections(p_item))
   where core.open_objections(p_item) > 0
$$;

-- The window is over and nothing is open against it.
create or replace function guard.notice_may_end(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select case when workflow.now() < (select until_at from core.notice where id = p_item)
           then jsonb_build_object('status', 409, 'slug', 'notice_running') else guard.no_open_objection(p_item, p_data) end
$$;

-- The challenge goes on, where the notice is of one.
create or replace function effect.notice_ended(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_item uuid := (select item from core.notice where id = p_item and kind = 'award');
begin
  if v_item is not null then
    perform workflow.cascade(v_item, 'notice_end');
  end if;
end;
$$;

-- An objection was upheld: the claims it strikes out fall, with their papers; the notice too when
-- nobody is left on it. Next comes the poster's choice among the reserve.
create or replace function effect.award_overturned(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_notice uuid := core.live_notice(p_item);
begin
  perform core.end_candidates(p_item, core.struck_out(p_item, p_data), 'overturn', 'overturned', p_data ->> 'reason');
  if cardinality(core.current_claims(p_item)) = 0 then
    perform workflow.set_timer(v_notice, 'end', null);
    perform workflow.cascade(v_notice, 'revoke', jsonb_build_object('reason', p_data ->> 'reason'));
    update workflow.item set due = null where id = p_item;
  else
    update core.notice n set claims = core.current_claims(p_item),
           body = n.body || jsonb_build_object('lines', core.award_lines(p_item, core.current_claims(p_item)))
     where n.id = v_notice;
  end if;
end;
$$;

-- The candidates an upheld objection names; all of them when it names none.
create or replace function core.struck_out(p_item uuid, p_data jsonb) returns uuid[]
language sql security definer set search_path = '' as $$
  select case when jsonb_array_length(coalesce(nullif(p_data -> 'claims', 'null'), '[]')) = 0 then core.current_claims(p_item)
         else array(select c from unnest(core.current_claims(p_item)) c where p_data -> 'claims' ? c::text) end
$$;

create or replace function guard.winners_remain(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'no_winner_remains')
   where cardinality(core.struck_out(p_item, p_data)) >= cardinality(core.current_claims(p_item))
$$;
create or replace function guard.no_winner_remains(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'winners_remain')
   where cardinality(core.struck_out(p_item, p_data)) < cardinality(core.current_claims(p_item))
$$;

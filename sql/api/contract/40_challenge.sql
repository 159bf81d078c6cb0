-- What the papers do to their challenge.

-- Every claim in hand has a signed paper of this kind.
create or replace function core.unsigned_claims(p_item uuid, p_kind text) returns uuid[]
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_claims uuid[];
begin
  v_claims := array(
    select c from unnest(core.current_claims(p_item)) c
     where not exists (select from core.contract k join workflow.item i on i.id = k.id
                        where k.claim = c and k.kind = p_kind and k.live and i.state = 'signed'));
  perform workflow.back_to(v_before);
  return v_claims;
end;
$$;

create or replace function core.papers_missing(p_item uuid, p_kind text) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'contracts_missing', 'claims', core.unsigned_claims(p_item, p_kind))
   where cardinality(core.unsigned_claims(p_item, p_kind)) > 0 or cardinality(core.current_claims(p_item)) = 0
$$;

create or replace function guard.contracts_signed(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as
$$ select core.papers_missing(p_item, 'task') $$;

create or replace function guard.agreements_signed(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as
$$ select core.papers_missing(p_item, 'agreement') $$;

-- Where several may win: does one stand when those without a signed contract fall?
create or replace function guard.some_signed(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'contracts_missing')
   where cardinality(core.unsigned_claims(p_item, 'task')) >= cardinality(core.current_claims(p_item))
$$;
create or replace function guard.none_signed(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'contracts_signed')
   where cardinality(core.unsigned_claims(p_item, 'task')) < cardinality(core.current_claims(p_item))
$$;

-- One paper is signed by all: the challenge moves when it was the last one.
create or replace function effect.contract_done(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_row core.contract;
begin
  select * into v_row from core.contract where id = p_item;
  if core.papers_missing(v_row.item, v_row.kind) is null then
    perform workflow.cascade(v_row.item, case v_row.kind when 'task' then 'sign' else 'agree' end);
  end if;
end;
$$;

-- 签约失败: whoever has not signed by now is out; the next candidate comes by a new choice. Where others
-- have signed all, the challenge goes on with them.
create or replace function effect.signing_failed(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_kind text := case when core.paper_is_due((select i from workflow.item i where i.id = p_item), 'task') then 'task' end;
begin
  perform core.end_candidates(p_item, case when v_kind = 'task' then core.unsigned_claims(p_item, 'task') else core.current_claims(p_item) end,
                              'fail', 'failed', p_data ->> 'reason');
  if v_kind = 'task' and core.papers_missing(p_item, 'task') is null then
    perform workflow.cascade(p_item, 'sign');
  end if;
end;
$$;

-- All have signed: winners are under contract, everybody else hears why not, projects begin.
create or replace function effect.contracts_made(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_item   workflow.item;
  v_row    record;
begin
  select * into v_item from workflow.item where id = p_item;
  for v_row in select k.id, k.claim, k.content, k.kind from core.contract k join workflow.item i on i.id = k.id and i.state = 'signed'
                where k.item = p_item and k.live and k.kind = 'task' and k.claim = any (core.current_claims(p_item)) order by k.number loop
    perform core.make_project(v_item, v_row.id, v_row.claim, (v_row.content ->> 'until')::date);
    perform workflow.cascade(v_row.claim, 'contract', jsonb_build_object('contract', v_row.id));
  end loop;
  for v_row in select i.id, (select r.reason from core.choice_rank r join core.choice c on c.id = r.choice
                              where r.claim = i.id order by c.round desc limit 1) as reason
                 from workflow.item i where i.parent = p_item and i.machine = 'claim' and i.state in ('reserve', 'eligible') order by i.id loop
    perform workflow.cascade(v_row.id, 'turn_down', jsonb_build_object('reason', v_row.reason));
    update core.choice_rank set outcome = 'turned_down' where claim = v_row.id and outcome = 'waiting';
  end loop;
  perform core.note_credit(p_item, 'contract', core.posters(p_item) || array(
    select distinct u from core.project p, unnest(core.claim_units(p.claim)) u where p.item = p_item));
  update workflow.item set due = null where id = p_item;
  perform workflow.back_to(v_before);
end;
$$;

-- What must always hold, checked over the whole database: after a crash, after a restore, whenever an
-- operator asks. One row a check: its name, whether it holds, and the first offenders.
create or replace function ops.verify() returns table ("check" text, ok boolean, detail text)
language plpgsql security definer set search_path = '' set jit = off as $$
begin
  perform auth.enter_system('verify');
  return query
    select v.name, v.bad = 0, case when v.bad > 0 then v.bad || ': ' || v.first else v.seen || ' seen' end
      from (select * from ops.verify_history() union all
            select * from ops.verify_programme() union all
            select * from ops.verify_accounts()) v;
end;
$$;

-- The offenders of one check, counted.
create or replace function ops.finding(p_name text, p_bad text[], p_seen bigint, out name text, out bad int, out first text, out seen bigint)
language sql immutable security definer set search_path = '' as $$
  select p_name, coalesce(cardinality(p_bad), 0), array_to_string(p_bad[1:5], ', '), p_seen
$$;

create or replace function ops.verify_history() returns table (name text, bad int, first text, seen bigint)
language plpgsql security definer set search_path = '' as $$
begin
  return query
  -- versions 1..n without a gap, and the item at the last of them
  select f.* from ops.finding('every item has its whole history', array(
    select i.id::text from workflow.item i
      left join (select item, count(*) as n, max(version) as top, min(version) as low from workflow.history group by item) h on h.item = i.id
     where h.item is null or h.n <> i.version or h.top <> i.version or h.low <> 1), (select count(*) from workflow.item)) f
  union all
  select f.* from ops.finding('every item stands where its history ends', array(
    select i.id::text from workflow.item i join workflow.history h on h.item = i.id and h.version = i.version
     where h.to_state <> i.state), (select count(*) from workflow.item)) f
  union all
  select f.* from ops.finding('every step starts where the one before ended', array(
    select h.item || ' v' || h.version from workflow.history h
      join workflow.history b on b.item = h.item and b.version = h.version - 1
     where h.from_state is distinct from b.to_state), (select count(*) from workflow.history)) f
  union all
  select f.* from ops.finding('every step is told once', array(
    select o.item || ' v' || o.version from (
             select item, (payload ->> 'version')::int as version, count(*) as n from workflow.outbox
              where kind = 'moved' and payload ? 'version' group by 1, 2) o
      left join workflow.history h on h.item = o.item and h.version = o.version
     where o.n > 1 or h.item is null), (select count(*) from workflow.outbox)) f
  union all
  select f.* from ops.finding('what is public is in a public state', array(
    select i.id::text from workflow.item i join workflow.state s on s.machine = i.machine and s.state = i.state
     where i.public <> s.public), (select count(*) from workflow.item)) f
  union all
  select f.* from ops.finding('every item knows its next deadline', array(
    select i.id::text from workflow.item i
      left join (select item, min(due) as due from workflow.timer where done_at is null group by item) t on t.item = i.id
     where i.due is distinct from t.due), (select count(*) from workflow.timer)) f
  union all
  select f.* from ops.finding('no deadline waits on what has ended', array(
    select t.item || ' ' || t.event from workflow.timer t join workflow.item i on i.id = t.item
      join workflow.state s on s.machine = i.machine and s.state = i.state
     where t.done_at is null and s.final and t.due < workflow.now() - interval '1 hour'), (select count(*) from workflow.timer)) f;
end;
$$;

create or replace function ops.verify_programme() returns table (name text, bad int, first text, seen bigint)
language plpgsql security definer set search_path = '' as $$
begin
  return query
  select f.* from ops.finding('no challenge has more winners than it may', array(
    select l.id::text from core.list_item l join core.claim c on c.item = l.id join workflow.item i on i.id = c.id
     where i.state in ('won', 'contracted') group by l.id, l.max_winners having count(*) > l.max_winners),
    (select count(*) from core.list_item)) f
  union all
  select f.* from ops.finding('the hash of every frozen list fits', array(
    select l.number from core.list l where l.content is not null and l.hash is distinct from workflow.digest(l.content)),
    (select count(*) from core.list l where l.content is not null)) f
  union all
  select f.* from ops.finding('the hash of every published version fits', array(
    select v.item || ' r' || v.revision from core.item_version v where v.hash is distinct from workflow.digest(v.content)),
    (select count(*) from core.item_version)) f
  union all
  select f.* from ops.finding('the hash of every need version fits', array(
    select v.need || ' ' || v.kind || ' ' || v.n from core.need_version v where v.hash is distinct from workflow.digest(v.content)),
    (select count(*) from core.need_version)) f
  union all
  select f.* from ops.finding('no receipt is given twice', array(
    select r.no from (select receipt_no as no from core.claim where receipt_no is not null
                      union all select receipt_no from core.objection) r group by r.no having count(*) > 1),
    (select count(*) from core.claim where receipt_no is not null) + (select count(*) from core.objection)) f
  union all
  select f.* from ops.finding('every submitted claim has its receipt', array(
    select c.id::text from core.claim c join workflow.item i on i.id = c.id
     where i.state not in ('draft', 'withdrawn', 'lapsed') and (c.receipt_no is null or c.submitted_at is null)),
    (select count(*) from core.claim)) f
  union all
  select f.* from ops.finding('the sums of every contract add up', array(
    select c.number from core.contract c join workflow.item i on i.id = c.id
     where i.state in ('signing', 'signed') and not ops.contract_adds_up(c)), (select count(*) from core.contract)) f
  union all
  select f.* from ops.finding('what is signed is what stands in the contract', array(
    select c.number from core.contract c join workflow.item i on i.id = c.id
     where i.state = 'signed' and c.digest is distinct from core.contract_digest(c)), (select count(*) from core.contract)) f
  union all
  select f.* from ops.finding('nobody decides on the own filing', array(
    select a.id::text from core.approval a where a.decided_by = a.filed_by), (select count(*) from core.approval)) f
  union all
  select f.* from ops.finding('every signed contract bears all signatures', array(
    select c.number from core.contract c join workflow.item i on i.id = c.id
     where i.state = 'signed' and exists (select from core.contract_party p
             where p.contract = c.id and (p.signed_at is null or p.digest is distinct from c.digest))),
    (select count(*) from core.contract)) f;
end;
$$;

-- Money by source and milestones each make the contract's total.
create or replace function ops.contract_adds_up(p_contract core.contract) returns boolean
language sql immutable security definer set search_path = '' as $$
  select bool_and(v.fen = p_contract.total_fen)
    from (select coalesce(sum((m ->> 'amount_fen')::bigint), 0) as fen
            from unnest(array['money', 'milestones']) part
            left join lateral jsonb_array_elements(p_contract.content -> part) m on true
           group by part) v
$$;

create or replace function ops.verify_accounts() returns table (name text, bad int, first text, seen bigint)
language plpgsql security definer set search_path = '' as $$
begin
  return query
  select f.* from ops.finding('no disabled account has a session', array(
    select a.login from auth.account a where a.state = 'disabled' and exists (select from auth.session s where s.account = a.id)),
    (select count(*) from auth.account)) f
  union all
  select f.* from ops.finding('nobody holds two administrations', array(
    select a.login from auth.account a join party.membership m on m.person = a.id and m.state = 'active'
     cross join unnest(m.roles) r where r in ('sysadmin', 'secadmin', 'auditor')
     group by a.login having count(distinct r) > 1), (select count(*) from auth.account)) f
  union all
  select f.* from ops.finding('every granted role was decided by another', array(
    select g.id::text from auth.role_grant g
     where g.decision = 'granted' and (g.decided_by = g.person or (g.action = 'add' and g.decided_by = g.asked_by))),
    (select count(*) from auth.role_grant)) f;
end;
$$;

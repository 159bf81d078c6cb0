-- What browsers that wait (GET /live) are told at once, after the commit and never if it fails. The
-- gateways listen; what they hear is only that it is time to look, and how much is unread.

-- At most 1000: more is not shown anyway.
create or replace function workflow.unread(p_person uuid) returns int
language plpgsql stable security definer set search_path = '' as $$
begin
  return (select count(*) from (select from workflow.inbox n where n.person = p_person and n.read_at is null limit 1000) u);
end;
$$;

-- Something has changed for these people. Channel desk, payload '<person> <unread>'.
create or replace function workflow.tell_desks(p_people uuid[]) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform pg_notify('desk', t.p || ' ' || workflow.unread(t.p)) from (select distinct p from unnest(p_people) p where p is not null) t;
end;
$$;

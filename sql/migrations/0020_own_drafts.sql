-- 0020 - a claim that was never submitted stays its own side's, also when it has lapsed or was withdrawn.
set role jb_owner;
create policy own_draft on core.claim as restrictive for select using (
  submitted_at is not null or (select auth.context()) = 'system' or unit = (select auth.my_unit())
  or exists (select from core.claim_partner p where p.claim = claim.id and p.unit = (select auth.my_unit())));
reset role;

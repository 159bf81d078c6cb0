-- 0062 - who may be invited to a panel: the few that are experts, not everybody.
set role jb_owner;
create index membership_expert on party.membership (person) where state = 'active' and 'expert' = any (roles);
reset role;

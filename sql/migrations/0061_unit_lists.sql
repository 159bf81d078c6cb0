-- 0061 - units by area and kind; memberships that have ended too, which the row policy of units asks for;
-- the titles of needs alone, which are what words are looked for in.
set role jb_owner;
create index unit_division on party.unit (division, created_at desc, id);
create index unit_kind on party.unit (kind, created_at desc, id);
create index membership_of_person on party.membership (person);
create index account_state on auth.account (state, created_at desc, id);
drop index workflow.item_title_trgm;
create index item_need_title on workflow.item using gin (title public.gin_trgm_ops) where machine = 'need';
reset role;

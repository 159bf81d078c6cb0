-- 0022 - one award a place and challenge (S27): while a candidate stands on a rank of a challenge, in
-- whatever round, nobody else does; ranks that win are at most list_item.max_winners.
set role jb_owner;
alter table core.choice_rank add column item uuid references core.list_item;
update core.choice_rank r set item = c.item from core.choice c where c.id = r.choice;
alter table core.choice_rank alter column item set not null;
create unique index choice_rank_award on core.choice_rank (item, rank) where outcome in ('current', 'won');
reset role;

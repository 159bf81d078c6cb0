-- 0065 - the words of each library in an index of its own: a search is always in one library, and in
-- the common index half of what it found, and had to look at, belonged to the others.
set role jb_owner;
create index search_expert_terms on lib.search using gin (terms) where kind = 'expert';
create index search_achievement_terms on lib.search using gin (terms) where kind = 'achievement';
create index search_patent_terms on lib.search using gin (terms) where kind = 'patent';
create index search_need_terms on lib.search using gin (terms) where kind = 'need';
create index search_other_terms on lib.search using gin (terms) where kind not in ('expert', 'achievement', 'patent', 'need');
drop index lib.search_terms;
reset role;

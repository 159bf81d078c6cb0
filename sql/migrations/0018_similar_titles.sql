-- 0018 - which earlier needs and funded projects have a title like this one.
set role jb_owner;
create index search_need_title on lib.search using gin (title public.gin_trgm_ops) where kind = 'need';
reset role;

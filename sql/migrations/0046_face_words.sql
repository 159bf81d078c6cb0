-- 0046 - the words that challenges are found by, in a table whose policy asks nothing, like that of the
-- libraries (lib.search): a text index cannot be used under a policy that does. Nothing is in it but
-- what the public reads anyway, and it leads only to core.face, which has its policy.
set role jb_owner;
create table core.face_word (
  item  uuid primary key references core.face,
  terms tsvector not null
);
alter table core.face_word enable row level security;
alter table core.face_word force row level security;
create policy see on core.face_word for select using (true);
create policy add on core.face_word for insert with check ((select auth.context()) is not null);
create policy change on core.face_word for update using ((select auth.context()) is not null);
insert into core.face_word select item, terms from core.face where terms is not null;
create index face_word_terms on core.face_word using gin (terms);
alter table core.face drop column terms;
reset role;

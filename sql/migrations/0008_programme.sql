-- 0008 - a list while it is being composed: which needs, in which order, how much of each is shown.
-- What is published from it stands in core.list_item and never changes with it.
set role jb_owner;

create table core.list_entry (
  list        uuid not null references core.list,
  need        uuid not null references core.need,
  ordinal     int not null check (ordinal > 0),
  number      text,                       -- given when the list is frozen
  masking     text not null check (masking in ('open', 'masked', 'summary')),
  max_winners int not null check (max_winners between 1 and 5),
  claim_until timestamptz not null,
  primary key (list, need),
  unique (list, ordinal) deferrable initially deferred
);
create index list_entry_need on core.list_entry (need);
grant delete on core.list_entry, core.panel_subject to jb_api;

alter table core.list_entry enable row level security;
alter table core.list_entry force row level security;
create policy see on core.list_entry for select using (exists (select from workflow.item i where i.id = list));
create policy add on core.list_entry for insert with check ((select auth.context()) is not null);
create policy change on core.list_entry for update using ((select auth.context()) is not null);
create policy remove on core.list_entry for delete using ((select auth.context()) is not null);

-- The needs of a batch by state, for the bureau's and the counties' lists.
create index item_batch_state on workflow.item (batch, machine, state, created_at desc, id);
-- Which needs a letter recommended, and which letters belong to a batch.
create index recommendation_batch on core.recommendation (batch, at desc, id);
create index recommendation_recommender on core.recommendation (recommender, batch);
create index programme_year on core.programme (year desc, created_at desc, id);
reset role;

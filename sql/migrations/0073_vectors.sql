-- 0073 - what an embedding endpoint has said of texts, so that it is asked once.
set role jb_owner;

-- `model`: the endpoint's name for it. `sum`: of the text, the text itself is not kept. `vector`: its
-- numbers, each four bytes of IEEE 754, the lowest first.
create table feed.vector (
  model   text not null,
  sum     uuid not null,
  vector  bytea not null,
  used_on date not null default current_date,
  primary key (model, sum)
);
create index vector_used on feed.vector (used_on);
grant select, insert, update, delete on feed.vector to jb_api;
reset role;

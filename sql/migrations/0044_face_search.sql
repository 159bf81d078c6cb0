-- 0044 - challenges are listed and searched by their faces alone: where they stand, since when, and
-- pairs of characters (lib.terms) for words.
set role jb_owner;
alter table core.face add column at timestamptz;
alter table core.face add column state text;
alter table core.face add column batch uuid;
alter table core.face add column poster uuid;
alter table core.face add column terms tsvector;
update core.face f set at = i.created_at, state = i.state, batch = i.batch, poster = i.owner from workflow.item i where i.id = f.item;
create index face_at on core.face (at desc, item);
create index face_state on core.face (state, at desc, item);
create index face_batch on core.face (batch, at desc, item);
create index face_industry on core.face (industry, at desc, item);
create index face_field on core.face (field, at desc, item);
create index face_list on core.face (list, at desc, item);
create index face_poster on core.face (poster, at desc, item) where named;
create index face_terms on core.face using gin (terms);
reset role;

-- 0087 - until when a challenge may be claimed stands beside its face: what is open now is found by it,
-- and put in order by it. And the experts of a unit known by its name alone are found by their index.
--
-- As LIKE in 0007: ->> tells nothing about a row but its result, whatever it is given, and while that
-- is not said row policies keep every index on a member of a document (0070, 0071) out of use.
do $$
begin
  alter function pg_catalog.jsonb_object_field_text(jsonb, text) leakproof;
exception when insufficient_privilege then
  raise notice '->> stays as it is: indexes on members of documents do not help';
end;
$$;
set role jb_owner;
alter table core.face add column claim_until timestamptz;
update core.face f set claim_until = l.claim_until from core.list_item l where l.id = f.item;
-- In the order of the list; the deadline last, so that what is over is passed by without its row.
create index face_open on core.face (at desc, item, claim_until) where public and state in ('open', 'interested');
reset role;

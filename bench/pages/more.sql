-- more.sql - the challenges of the played sample city several times over, so that a page of the list is
-- full. In the database of a bench alone.
set session_replication_role = replica;
create temp table copy as
select i.id as old, md5('copy ' || n || i.id)::uuid as id, n
  from workflow.item i, generate_series(1, 10) n where i.machine = 'list_item' and i.public;
insert into workflow.item (id, preset, machine, state, version, title, batch, parent, owner, recommender, public, due, since, created_by, created_at)
select c.id, preset, machine, state, version, title, batch, parent, owner, recommender, public, due, since, created_by, created_at - n * interval '1 hour'
  from copy c join workflow.item i on i.id = c.old;
insert into core.face (item, number, list, industry, field, division, named, face, doc, version, public, at, state, batch, poster, claim_until)
select c.id, number || '-' || n, list, industry, field, division, named, face, replace(doc::text, old::text, c.id::text)::json,
       version, public, at, state, batch, poster, claim_until
  from copy c join core.face f on f.item = c.old;
analyze;

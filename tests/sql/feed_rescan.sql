-- Reading a kind through, versions, and the digest by which a reader proves that it has everything.
begin;
\ir fixtures/people.sql
select no_plan();
select auth.enter_system('test');
select fixture.unit('示例单位' || n, 'institute') from generate_series(1, 7) n;
select fixture.unit('待核单位' || n, 'institute', 'pending') from generate_series(1, 7) n;
select feed.position() as start \gset
create function pg_temp.through(p_kind text, p_page int) returns table (id uuid, version bigint, doc jsonb) language plpgsql as $$
declare
  v_last uuid;
  v_row  record;
  v_n    int;
begin
  loop
    v_n := 0;
    for v_row in select * from feed.rescan(p_kind, v_last, p_page) loop
      id := v_row.id; version := v_row.version; doc := v_row.doc;
      v_last := id;
      v_n := v_n + 1;
      return next;
    end loop;
    exit when v_n = 0;
  end loop;
end;
$$;
create temp table first as select * from pg_temp.through('unit', 2);
select is((select count(*) from first), 7::bigint, 'pages of two give every verified unit, past pages without any');
select is((select count(distinct id) from first), 7::bigint, 'once');
select is((select array_agg(id order by id) from first), (select array_agg(id) from first), 'in order of the id');
select ok((select bool_and(doc is not null and version > 0) from first), 'each with document and version');
select is((select count(*) from feed.rescan('paper', null, 100)), 0::bigint, 'a kind that the city does not keep has none');
select is((select count(*) from feed.rescan('nonsense', null, 100)), 0::bigint, 'nor has an unknown one');

-- the digest, computed here as digest.c does
create function pg_temp.sum_of(p_rows text) returns numeric language plpgsql as $$
declare
  v_sum numeric;
begin
  execute format($q$select mod(sum(('x' || left(md5(id::text || ':' || version), 16))::bit(64)::bigint::numeric) + 18446744073709551616 * 1000, 18446744073709551616) from %s$q$, p_rows)
     into v_sum;
  return case when v_sum >= 9223372036854775808 then v_sum - 18446744073709551616 else v_sum end;
end;
$$;
select is((select hash::numeric from feed.digest() where kind = 'unit'), pg_temp.sum_of('first'), 'the digest is that of what was read');
select is((select n from feed.digest() where kind = 'unit'), 7::bigint, 'with its count');
select is((select count(*) from feed.digest() where kind = 'paper'), 0::bigint, 'a kind without records has no row');

create temp table again as select * from pg_temp.through('unit', 100);
select is((select count(*) from again a join first f using (id, version)), 7::bigint, 'reading again gives the same versions');
update party.unit set intro = '新的简介' where id = fixture.id('示例单位3');
create temp table third as select * from pg_temp.through('unit', 3);
select is((select array_agg(t.id) from third t join first f using (id) where t.version > f.version), array[fixture.id('示例单位3')],
          'a change that nobody told of is found, and gets a new version');
select is((select hash::numeric from feed.digest() where kind = 'unit'), pg_temp.sum_of('third'), 'and the digest follows');
update party.unit set contact = '{"phone": "13800000009"}' where id = fixture.id('示例单位3');
select is((select version from feed.rescan('unit', null, 100) where id = fixture.id('示例单位3')), (select version from third where id = fixture.id('示例单位3')),
          'a change that is not fed changes no version');
update party.unit set state = 'pending' where id = (select id from third order by id desc limit 1);
create temp table fourth as select * from pg_temp.through('unit', 2);
select is((select count(*) from fourth), 6::bigint, 'what is gone is not read');
select is((select hash::numeric from feed.digest() where kind = 'unit'), pg_temp.sum_of('fourth'), 'nor in the digest, also at the end of the kind');

-- labels
select ok((select count(*) > 70 from feed.rescan('label', null, 1000)), 'fields and disciplines are fed');
select is((select doc ->> 'title' from feed.rescan('label', null, 1000) where id = feed.label_id('field', 'material')), '新材料及应用', 'by their names');

-- positions
select throws_ok($$select * from feed.changes('', 10)$$, 'WF410', 'position_unknown', 'no position');
select throws_ok($$select * from feed.changes('000000000000.1', 10)$$, 'WF410', 'position_unknown', 'another database''s');
select throws_ok($$select * from feed.changes(left(feed.this_database(), 12) || '.999999', 10)$$, 'WF410', 'position_unknown', 'one that was never given');
select lives_ok(format($$select * from feed.changes(%L, 10)$$, :'start'), 'the one that was given is good');
select last_value as versions from feed.version \gset
update feed.state set database = 'a backup';
select throws_ok(format($$select * from feed.changes(%L, 10)$$, :'start'), 'WF410', 'position_unknown', 'after a restore it is not');
select isnt(feed.position(), null, 'reading begins anew');
select is((select count(*) from feed.item), 0::bigint, 'with nothing told');
select ok((select min(version) from feed.rescan('unit', null, 100)) > greatest(:versions, extract(epoch from now() - interval '1 day') * 1000000),
          'and versions above all that were ever given');

-- housekeeping
insert into feed.change (kind, id, at) values ('unit', fixture.id('示例单位1'), now() - interval '8 days');
select feed.position() as late \gset
select is(feed.sweep(), 1::bigint, 'changes older than a week go');
select throws_ok(format($$select * from feed.changes(%L, 10)$$, :'late'), 'WF410', 'position_unknown', 'whoever has not read them reads everything');
delete from feed.change;
insert into party.credit (unit, name, level, decision, starts, ends, source)
  values (fixture.id('示例单位1'), '示例单位1', 'serious', '示例决字1号', '2026-09-10', '2026-09-20', '示例');
select fixture.at('2026-09-09 10:00+08'), feed.sweep();
select is((select count(*) from feed.change), 0::bigint, 'before its first day a record of credit changes nothing');
select fixture.at('2026-09-10 00:01+08');
select feed.sweep();
select is((select array_agg(id) from feed.change where kind = 'unit'), array[fixture.id('示例单位1')], 'on that day its unit is told of');
select feed.sweep();
select is((select count(*) from feed.change where kind = 'unit'), 1::bigint, 'once');
select fixture.at('2026-09-20 00:01+08');
select feed.sweep();
select is((select count(*) from feed.change where kind = 'unit'), 2::bigint, 'and again when it ends');

-- who may
select ok(has_function_privilege('jb_match', 'feed.changes(text, int)', 'execute'), 'the match engine may read the feed');
select ok(not has_table_privilege('jb_match', 'feed.item', 'select') and not has_table_privilege('jb_match', 'lib.record', 'select'), 'and no table');
select ok(not has_function_privilege('jb_gateway', 'feed.changes(text, int)', 'execute'), 'the gateway may not');
select * from finish();
rollback;

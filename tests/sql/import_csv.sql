-- Reading CSV: what is a table, what is a cell, which faults are named, what is written.
begin;
select no_plan();
\ir fixtures/people.sql
select fixture.unit('示例市科学技术局', 'government'), fixture.unit('示例企业甲');
select fixture.person('officer', '经办甲', fixture.id('示例市科学技术局'), '{officer}'), fixture.person('poster', '企业甲', fixture.id('示例企业甲'), '{member,signatory}');
select fixture.recommender('示例古塔区科学技术局', '210702');

-- RFC 4180
select is((select array_agg(cells::text order by n) from lib.parse_csv(E'a,b\r\n1,2\r\n')), '{"{a,b}","{1,2}"}', 'rows end with CRLF');
select is((select array_agg(cells::text order by n) from lib.parse_csv(E'\uFEFFa,b\n1,2')), '{"{a,b}","{1,2}"}', 'or LF, the last maybe without; a byte order mark is no cell');
select is((select cells from lib.parse_csv(E'"a ""b"", c\nd",,x\n')), array[E'a "b", c\nd', '', 'x'], 'quotes hold commas, lines and doubled quotes');
select is((select array_agg(n) from lib.parse_csv(E'a\n\nb\n')), '{1,3}', 'empty lines count, but are no rows');
select throws_ok($$select * from lib.parse_csv(E'a,b\n1,"2\n')$$, 'WF422', 'csv_malformed', 'a quote that is not closed is refused');
select throws_ok($$select * from lib.parse_csv(E'a,b\n1,"2"x\n')$$, 'WF422', 'csv_malformed', 'text after a closing quote is refused');
select throws_ok($$select * from lib.parse_csv(E'a,b\n1,x"2"\n')$$, 'WF422', 'csv_malformed', 'a quote inside an open cell is refused');
select throws_ok($$select * from lib.parse_csv(E'a,b\rc,d\r')$$, 'WF422', 'csv_malformed', 'a bare CR ends nothing');

-- cells
create function pg_temp.cell(p_kind text, p_name text, p_text text) returns text language sql as $$
  select coalesce(c ->> 'value', c #>> '{error,code}', 'empty') from (select lib.read_cell(f, p_text) as c from lib.field f where f.kind = p_kind and f.name = p_name) s
$$;
select is(pg_temp.cell('expert', 'name', '  专家甲　'), '专家甲', 'blanks around do not count');
select is(pg_temp.cell('expert', 'title_level', '正高级'), '正高级', 'a code may be its Chinese name');
select is(pg_temp.cell('expert', 'title_level', 'senior'), 'senior', 'or the code');
select is(pg_temp.cell('expert', 'title_level', '院士'), 'unknown_code', 'nothing else');
select is(pg_temp.cell('expert', 'division', '铁西区'), 'unknown_code', 'a name that two cities share is no code');
select is(pg_temp.cell('expert', 'birth_month', '1970年3月'), '1970-03', 'a month in Chinese');
select is(pg_temp.cell('expert', 'birth_month', '1970-13'), 'not_a_month', 'the thirteenth is none');
select is(pg_temp.cell('patent', 'filed_on', '2024/2/29'), '2024-02-29', 'a leap day');
select is(pg_temp.cell('patent', 'filed_on', '2023-02-29'), 'not_a_date', 'which other years have not');
select is(pg_temp.cell('patent', 'licence_fee_wan', '1,234.5'), '1234500000', 'money with thousands');
select is(pg_temp.cell('patent', 'licence_fee_wan', '1.005'), 'too_many_decimals', 'at most two decimals');
select is(pg_temp.cell('patent', 'licence_fee_wan', '-1'), 'not_a_number', 'and not less than nothing');
select is(pg_temp.cell('need', 'year', '2023年'), '2023', 'a year');
select is(pg_temp.cell('need', 'year', '1900'), 'too_small', 'within reason');
select is(pg_temp.cell('unit', 'code', ' 91110000 60003734-1l '), '91110000600037341L', 'a credit code is normalised');
select is(pg_temp.cell('unit', 'code', '91110000600037341N'), 'bad_check_digit', 'and its check character held to');
select is(pg_temp.cell('unit', 'phone', '123'), 'bad_phone', 'a telephone number');
select is(pg_temp.cell('unit', 'email', 'a@b'), 'bad_email', 'a mail address');
select is(pg_temp.cell('unit', 'postcode', '12100'), 'bad_postcode', 'a postcode');
select is(pg_temp.cell('unit', 'recommender', '没有'), 'unknown_recommender', 'a recommender that is not there');
select is(pg_temp.cell('expert', 'name', E'a\x01'), 'bad_character', 'control characters are refused');
select is(pg_temp.cell('expert', 'name', U&'专\202E家'), 'bad_character', 'and what turns or hides text, as in a form');
select is(pg_temp.cell('expert', 'research', U&'研\2066究'), 'bad_character', 'in prose too');
select is(pg_temp.cell('expert', 'research', E'一行\n二行'), E'一行\n二行', 'which has lines');
select is(pg_temp.cell('expert', 'keywords', '硅片；抛光、 检测'), '["硅片", "抛光", "检测"]', 'several words');
select is(pg_temp.cell('expert', 'keywords', repeat('长', 41)), 'word_too_long', 'no long ones');
select is(pg_temp.cell('expert', 'research', repeat('长', 501)), 'too_long', 'texts have their length');
select is(pg_temp.cell('expert', 'research', '''=1+1'), '=1+1', 'the apostrophe of an export is taken off');
select is(array(select lib.guarded(c) from unnest(array['=1', '＝1', ' +1', '@a', '''a', E'\t1', 'a=1', '1']) with ordinality t (c, n) order by n),
          array['''=1', '''＝1', ''' +1', '''@a', '''''a', E'''\t1', 'a=1', '1'], 'what a spreadsheet would count with is made text');
select ok(bool_and(lib.unguarded(lib.guarded(c)) = c), 'and taken back as it was') from unnest(array['=1', '＝1', ' +1', '''', '''=', '''a', E'\n-', '-5', '']) c;

-- faults by row and column
create temp table i as select (api.import_check(fixture.session('officer'), fixture.req(), 'expert',
  E'姓名,工作单位,职称等级,技术领域,手机\n专家甲,示例大学甲,正高级,新材料及应用,13800000000\n专家乙,,院士,新材料及应用,1\n专家甲,示例大学 甲,副高级,海洋,\na,b,senior,海洋,,x\n')).body::jsonb as d;
select is((select d ->> 'rows' from i), '4', 'every row is read');
select is((select d -> 'counts' from i), '{"insert": 1, "update": 0, "same": 0, "repeat": 1, "bad": 2}', 'and judged');
select is((select jsonb_path_query_array(d, '$.errors[*] ? (@.row == 3).code') from i), '["required", "unknown_code", "bad_phone"]', 'each fault of a row is named');
select is((select jsonb_path_query_array(d, '$.errors[*] ? (@.row == 3).column') from i), '[2, 3, 5]', 'with its column');
select is((select jsonb_path_query_first(d, '$.errors[*] ? (@.row == 3 && @.column == 3).header') #>> '{}' from i), '职称等级', 'and its header as written');
select is((select jsonb_path_query_first(d, '$.errors[*] ? (@.row == 4)') from i), '{"row": 4, "code": "repeated_row", "first": 2}',
          'a row that repeats another is named');
select is((select jsonb_path_query_first(d, '$.errors[*] ? (@.row == 5).code') #>> '{}' from i), 'too_many_cells', 'a row with more cells than columns');
select is((select count(*) from lib.record), 0::bigint, 'checking writes nothing');
select throws_ok($$select api.import_apply(fixture.session('officer'), fixture.req(1), (select (d ->> 'id')::uuid from i), '{}')$$, 'WF409', 'import_has_errors', 'faults stop it');
select is((api.import_apply(fixture.session('officer'), fixture.req(1), (select (d ->> 'id')::uuid from i), '{"skip_bad": true}')).body ->> 'state', 'applied', 'unless they may be skipped');
select is((select array_agg(title) from lib.record), '{专家甲}', 'then the good rows are there');
select is((select source from lib.record), 'import', 'with where they come from');
select throws_ok($$select api.import_apply(fixture.session('officer'), fixture.req(), (select (d ->> 'id')::uuid from i), '{}')$$, 'WF409', 'import_state', 'once');
select is(json_array_length((api.imports(fixture.session('officer'), fixture.req())).body -> 'items'), 1, 'imports are listed');
select is((api.import_get(fixture.session('officer'), fixture.req(), (select (d ->> 'id')::uuid from i))).version, 2, 'and read again');

-- headers, and whole files
select throws_ok($$select lib.read_header('expert', '{姓名,单位,职称级别,技术领域,身高}')$$, 'WF422', 'invalid', 'an unknown column is refused');
select throws_ok($$select lib.read_header('expert', '{姓名,单位,职称级别}')$$, 'WF422', 'invalid', 'so is a missing one');
select throws_ok($$select lib.read_header('expert', '{姓名,专家姓名,单位,职称级别,技术领域}')$$, 'WF422', 'invalid', 'and one that comes twice');
select is(lib.read_header('expert', '{ 姓 名 ,UNIT_NAME,职称级别,technical fields}'), '{name,unit_name,title_level,fields}', 'headers are read by name, in both languages');
select throws_ok($$select api.import_check(fixture.session('officer'), fixture.req(), 'expert', E'姓名,单位,职称级别,技术领域\n')$$, 'WF422', 'import_empty', 'a file without rows is refused');
select throws_ok($$select api.import_check(fixture.session('officer'), fixture.req(), 'expert', '')$$, 'WF422', 'import_empty', 'an empty one too');
select throws_ok($$select api.import_check(fixture.session('officer'), fixture.req(), 'expert', E'姓名,单位,职称级别,技术领域\n' || repeat(E'a,bb,senior,other\n', 5001))$$,
                 'WF422', 'import_too_long', 'there is an end to what is taken at once');
select throws_ok($$select api.import_check(fixture.session('officer'), fixture.req(), 'nothing', 'a')$$, 'WF404', 'not_found', 'there are five kinds');
select throws_ok($$select api.import_check(fixture.session('poster'), fixture.req(), 'expert', 'a')$$, 'WF403', 'role_missing', 'it is the bureau''s work');
select throws_ok($$select api.import_get(fixture.session('poster'), fixture.req(), (select (d ->> 'id')::uuid from i))$$, 'WF404', 'not_found', 'and nobody else''s to read');
select throws_ok($$select api.export_csv(fixture.session('poster'), fixture.req(), 'expert')$$, 'WF403', 'role_missing', 'nor to take out');
select throws_ok($$select api.export_csv(fixture.session('officer'), fixture.req(), 'nothing')$$, 'WF404', 'not_found', 'what is not there cannot be taken out');
select is(ops.import_csv('patent', E'专利号,名称\nCN201410234381.1,x\n') ->> 'state', 'checked', 'the operator''s import stops at a fault too');

-- out and in again
select ops.import_csv('patent', E'专利号,名称,许可费,发明人,摘要\nCN201410234381.X,"=cmd|'' /C calc''!A0",12.5,甲；乙,"@a, ""b""\nc"\n');
select ops.import_csv('unit', E'统一社会信用代码,机构全称,机构属性,推荐单位,企业称号,联系人,电话\n91110000600037341L,示例企业辰,企业,示例古塔区科学技术局,高新技术企业；瞪羚企业,联系人,0416-1234567\n');
select is((select state from party.unit where name = '示例企业辰'), 'pending', 'an imported unit waits for the bureau');
select is((select text from api.export_csv(fixture.session('officer'), fixture.req(), 'patent')), ops.export_csv('patent'), 'the bureau and the operator get the same file');
select alike(ops.export_csv('patent'), '%,''=cmd%', 'a cell that a spreadsheet would run is guarded');
select alike(ops.export_csv('patent'), '%"''@a, ""b""%', 'also within quotes');
select is(ops.import_csv(k, ops.export_csv(k)) -> 'counts' ->> 'same', n, 'what goes out comes in as the same: ' || k)
  from (values ('expert', '1'), ('patent', '1'), ('unit', '4')) v (k, n);

insert into lib.record (kind, key, title, data, source, refreshed_at, created_at)
select 'need', 'bulk' || i, 'x', '{}', 'x', now(), now() from generate_series(1, 10001) i;
select throws_ok($$select * from api.export_csv(fixture.session('officer'), fixture.req(), 'need')$$, 'WF422', 'export_too_large', 'a large library is exported at the machine');

select * from finish();
rollback;

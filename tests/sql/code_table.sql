-- Code lists and calendars from a table.
begin;
select no_plan();
\ir fixtures/people.sql
select fixture.unit('示例市科学技术局', 'government');
select fixture.unit('示例企业甲');
select fixture.person('officer', '经办甲', fixture.id('示例市科学技术局'), '{officer}');
select fixture.person('poster', '企业甲', fixture.id('示例企业甲'), '{member,signatory}');
select fixture.session('officer'), fixture.session('poster');
select fixture.at('2026-05-06 10:00+08');
create function pg_temp.codes(p_login text, p_list text, p_text text) returns jsonb language sql as $$
  select body::jsonb from api.code_list_table(fixture.session(p_login), fixture.req(), p_list, p_text) $$;
create function pg_temp.year(p_login text, p_text text) returns jsonb language sql as $$
  select body::jsonb from api.calendar_table(fixture.session(p_login), fixture.req(), '2031', p_text) $$;
create function pg_temp.errors(p_sql text) returns text language plpgsql as $$
declare
  v_detail text;
  v_slug   text;
begin
  execute p_sql;
  return null;
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail, v_slug = message_text;
  return coalesce((select string_agg(concat_ws(' ', e ->> 'field', e ->> 'code'), ', ' order by n) from jsonb_array_elements(v_detail::jsonb -> 'errors') with ordinality t (e, n)), v_slug);
end;
$$;

select is((pg_temp.codes('officer', 'degree', (select text from api.code_list_csv('degree')))) ->> 'edition', '2026-05-06', 'what is taken away comes back as an edition named by its day');
select is((pg_temp.codes('officer', 'degree', (select text from api.code_list_csv('degree')))) ->> 'edition', '2026-05-06-2', 'a second one of the day has a number');
select is(jsonb_array_length(pg_temp.codes('officer', 'degree', E'代码,名称,英文名,上级代码,废止日期\na,甲,first,,\nb,乙,,a,2026年7月1日\n') -> 'items'), 2, 'a table is a whole edition');
select is((api.code_list('degree')).body::jsonb #>> '{items,1,valid_to}', '2026-07-01', 'with days as people write them');
select is((api.code_list('degree')).body::jsonb #>> '{items,1,parent}', 'a', 'and what belongs below what');
select is((select count(*)::int from ref.code_list where list = 'degree' and current), 1, 'one edition is current, the others stay');
select is(pg_temp.errors($$select pg_temp.codes('officer', 'degree', E'代码\na\n')$$), '名称 missing_column', 'a table names its columns');
select is(pg_temp.errors($$select pg_temp.codes('officer', 'degree', E'代码,名称,废止日期\na b,甲,昨天\n,乙,\n')$$), 'rows[2].valid_to not_a_date, rows[2].code bad_code, rows[3].code required', 'each bad line is named');
select is(pg_temp.errors($$select pg_temp.codes('officer', 'degree', E'代码,名称\na,甲\na,乙\n')$$), 'codes[1].code repeated_item', 'a code stands once');
select is(pg_temp.errors($$select pg_temp.codes('officer', 'degree', E'代码,名称\n')$$), 'import_empty', 'an empty table is none');
select is(pg_temp.errors($$select pg_temp.codes('officer', 'nothing', E'代码,名称\na,甲\n')$$), 'not_found', 'nor is one for a list that nothing uses');
select is(pg_temp.errors($$select pg_temp.codes('poster', 'degree', E'代码,名称\na,甲\n')$$), 'role_missing', 'it is the bureau''s and the administrator''s');
select throws_ok($$select * from api.code_list_csv('nothing')$$, 'WF404', 'not_found', 'a list that is not there has no table');

select is(pg_temp.year('officer', E'日期,休或班,名称,来源\n2031-01-01,休,元旦,国办发明电（示例）\n2031年1月4日,班,元旦,\n') ->> 'source', '国办发明电（示例）', 'a year''s days are read from a table');
select ok(ref.is_working_day('2031-01-04') and not ref.is_working_day('2031-01-01'), 'and count');
select is(pg_temp.errors($$select pg_temp.year('officer', E'日期,休或班,名称\n2031-02-30,半天,元旦\n')$$), 'rows[2].day not_a_date, rows[2].off bad_choice', 'a day is a day, off or not');
select is(pg_temp.errors($$select pg_temp.year('officer', E'日期,休或班,名称\n2032-01-01,休,元旦\n')$$), 'days[0] other_year', 'of that year');
select * from finish();
rollback;

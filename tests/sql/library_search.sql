-- Search: words, filters, pages, counts.
begin;
select no_plan();
\ir fixtures/people.sql
select fixture.person('poster', '企业甲', fixture.unit('示例企业甲'), '{member}');
select auth.enter_system('test');
select lib.save('expert', null, '{"name": "专家甲", "unit_name": "示例大学甲", "title_level": "senior", "fields": ["material"], "division": "210702", "research": "半导体硅片抛光"}');
select lib.save('expert', null, '{"name": "专家乙", "unit_name": "示例大学乙", "title_level": "associate", "fields": ["energy", "material"], "division": "210711", "research": "SiC 单晶；硅胶片材"}');
select lib.save('expert', null, '{"name": "专家丙", "unit_name": "示例大学丙", "title_level": "middle", "fields": ["bio"], "division": "210202", "research": "8K液晶显示 detector"}');
select lib.save('achievement', null, '{"title": "成果甲", "unit_name": "示例大学甲", "fields": ["material"], "trl": 4}');
select lib.save('achievement', null, '{"title": "成果乙", "unit_name": "示例大学甲", "fields": ["material"], "trl": 8}');
select lib.save('need', null, '{"title": "抛光硅片", "nature": "need", "year": 2023, "budget_wan": 12345600}');

create function pg_temp.found(p_kind text, p_query jsonb) returns text language sql as $$
  select coalesce(string_agg(right(coalesce(e ->> 'name', e ->> 'title'), 1), '' order by coalesce(e ->> 'name', e ->> 'title') collate "C"), '')
    from json_array_elements((api.library_search(p_kind, p_query)).body -> 'items') e
$$;
select is(pg_temp.found('expert', '{"q": "硅片"}'), '甲', 'two characters must stand together');
select is(pg_temp.found('expert', '{"q": "导体硅片抛"}'), '甲', 'a long word must stand as it is');
select is(pg_temp.found('expert', '{"q": "硅片半导体"}'), '', 'in its order');
select is(pg_temp.found('expert', '{"q": "抛光 半导体"}'), '甲', 'words parted by blanks in any order');
select is(pg_temp.found('expert', '{"q": "胶"}'), '乙', 'one character is enough');
select is(pg_temp.found('expert', '{"q": "材"}'), '乙', 'also the last of a run');
select is(pg_temp.found('expert', '{"q": "sic"}'), '乙', 'letters in any case');
select is(pg_temp.found('expert', '{"q": "ＳｉＣ"}'), '乙', 'and in any width');
select is(pg_temp.found('expert', '{"q": "detect"}'), '丙', 'the beginning of a word');
select is(pg_temp.found('expert', '{"q": "8K液晶"}'), '丙', 'digits beside Chinese');
select is(pg_temp.found('expert', '{"q": "示例大学乙"}'), '乙', 'the unit''s name');
select is(pg_temp.found('expert', '{"q": "，。"}'), '丙乙甲', 'punctuation alone asks for nothing');
select is(pg_temp.found('expert', $${"q": "a' | 'b & :*"}$$), '', 'operators are text');
select is(pg_temp.found('expert', '{"field": "material"}'), '乙甲', 'by field');
select is(pg_temp.found('expert', '{"division": "210702"}'), '甲', 'by county');
select is(pg_temp.found('expert', '{"division": "210700"}'), '乙甲', 'a city finds its counties');
select is(pg_temp.found('expert', '{"division": "210000"}'), '丙乙甲', 'a province all of them');
select is(pg_temp.found('expert', '{"title_level": "associate"}'), '乙', 'by level of title');
select is(pg_temp.found('expert', $${"title_level": "x' or true --"}$$), '', 'a quote in a filter is text');
select is(pg_temp.found('achievement', '{"trl_min": 5}'), '乙', 'from a readiness level');
select is(pg_temp.found('achievement', '{"trl_min": 3, "trl_max": 5}'), '甲', 'between two');
select is(pg_temp.found('need', '{"year": 2023}'), '片', 'by year');
select is(pg_temp.found('need', '{"year": 2022}'), '', 'another year has none');
select is((api.library_search('need', '{}')).body #>> '{items,0,budget_wan}', '12.35', 'money to the cent of 万元');
select is((api.library_search('expert', '{"size": 2}')).body ->> 'total', '3', 'the count is of all');
select is(json_array_length((api.library_search('expert', '{"size": 2, "page": 2}')).body -> 'items'), 1, 'the second page holds the rest');
select throws_ok($$select api.library_search('expert', '{"size": 100, "page": 11}')$$, 'WF422', 'page_too_deep', 'nobody reads past 1,000');
select is((api.library_search('expert', '{"facets": true}')).body #> '{facets,field,0}' ->> 'value', 'material', 'facets, the most frequent first');
select is((api.library_search('expert', '{"facets": true}')).body #> '{facets,field,0}' ->> 'count', '2', 'with how many');
select is((api.library_search('expert', '{"q": "没有的词", "facets": true}')).body ->> 'facets', '{}', 'nothing has no facets');
select is(json_array_length((api.libraries()).body -> 'items'), 5, 'the libraries tell what they hold');

select auth.enter_system('test');
select lib.save('need', null, '{"title": "高纯及超高纯石英玻璃制备技术及产业化", "nature": "project", "year": 2023}');
select is((api.similar_needs(fixture.session('poster'), fixture.req(null, '{"title": "高纯石英玻璃制备技术"}'))).body #>> '{items,0,title}', '高纯及超高纯石英玻璃制备技术及产业化', 'a title like one that was funded is found');
select is((api.similar_needs(fixture.session('poster'), fixture.req(null, '{"title": "高纯石英玻璃制备技术"}'))).body #>> '{items,0,nature}', 'project', 'with what it was');
select is(json_array_length((api.similar_needs(fixture.session('poster'), fixture.req(null, '{"title": "蔬菜嫁接机"}'))).body -> 'items'), 0, 'another title finds nothing');

select * from finish();
rollback;

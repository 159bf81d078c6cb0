-- The sample city of Jinzhou's order.
begin;
select no_plan();
\ir ../lib/sample_city.sql
select is((select industries from core.programme), '{新材料,新能源,先进装备制造,生物医药,精细化工,现代农业}', 'the six industries of annex 2');
select is((select targets -> 0 ->> 'value' from core.programme), '60', 'sixty projects by 2024');
select is((select array_agg(division order by division) from party.recommender where kind = 'county'),
          (select array_agg(code order by code) from ref.code where list = 'division' and parent = '210700'), 'every county of the city recommends');
select is((select count(*) from lib.record where kind = 'need'), 60::bigint, 'sixty earlier needs of published lists');
select ok(party.affiliated((select id from party.unit where name = '示例企业甲研究中心'), (select id from party.unit where name = '示例企业甲')) is not null,
          'one team belongs to a poster');
select * from finish();
rollback;

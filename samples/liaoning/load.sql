-- Sample city of the order in which both sides sign first (preset liaoning). Goal, targets and names of
-- units are those of 葫芦岛市“十四五”科技创新规划 (2022-06-10); everything that happens is done by invented
-- units (示例...) and people. Run by sql/load_sample.sh, in one transaction.
\ir ../lib/people.sql

select pg_temp.settings();

select pg_temp.unit('示例市科学技术局', 'government', '211400'), pg_temp.unit('示例市人民政府', 'government', '211400');
select pg_temp.person(v.login, v.name, '示例市科学技术局', v.roles, v.title) from (values
  ('officer1',  '经办甲', '{officer}'::text[], '计划科'), ('officer2', '经办乙', '{officer}', '成果科'),
  ('leader1',   '局领导甲', '{leader}', '副局长'),        ('leader2',  '局领导乙', '{leader}', '局长'),
  ('sysadmin1', '系统管理员', '{sysadmin}', null),        ('secadmin1', '安全管理员', '{secadmin}', null),
  ('auditor1',  '审计管理员', '{auditor}', null),         ('broker1',  '技术经纪人甲', '{broker}', null)
) as v (login, name, roles, title);
select pg_temp.person('city1', '市府甲', '示例市人民政府', '{city}'), pg_temp.person('city2', '市府乙', '示例市人民政府', '{city}');

-- Two counties and the zone of the plan that has no code in GB/T 2260.
select pg_temp.recommender(v.code, v.name, v.kind, v.division) from (values
  ('211402', '示例连山区科学技术局', 'county', '211402'), ('211481', '示例兴城市科学技术局', 'county', '211481'),
  ('DDHXQ', '示例东戴河新区管委会', 'zone', null)) as v (code, name, kind, division);
select pg_temp.person('county' || n, '推荐经办' || n, unit, '{county}')
  from unnest(array['示例连山区科学技术局', '示例兴城市科学技术局', '示例东戴河新区管委会']) with ordinality as v (unit, n);

select pg_temp.unit(v.name, 'enterprise', v.division, v.recommender, '虚构企业，仅供演示') from (values
  ('示例企业甲', '211402', '211402'), ('示例企业乙', '211402', '211402'), ('示例企业丙', '211481', '211481'),
  ('示例企业丁', '211481', '211481'), ('示例企业戊', null, 'DDHXQ')) as v (name, division, recommender);
select pg_temp.person('poster' || n, '企业代表' || right(unit, 1), unit, '{member,signatory}')
  from unnest(array['示例企业甲', '示例企业乙', '示例企业丙', '示例企业丁', '示例企业戊']) with ordinality as v (unit, n);

select pg_temp.unit(v.name, v.kind, v.division, null, '虚构单位，仅供演示') from (values
  ('示例大学甲', 'university', '210100'), ('示例大学乙', 'university', '210200'), ('示例研究所甲', 'institute', '210100'),
  ('示例科技公司甲', 'enterprise', '210200')) as v (name, kind, division);
select pg_temp.person('team' || n, '团队代表' || n, unit, '{member,signatory}')
  from unnest(array['示例大学甲', '示例大学乙', '示例研究所甲', '示例科技公司甲']) with ordinality as v (unit, n);

select pg_temp.unit('示例评审院所' || c, 'institute', '211400', null, '虚构单位，仅供演示') from unnest(array['甲', '乙', '丙', '丁']) c;
select pg_temp.person('expert' || n, '专家' || c, case n when 9 then '示例企业丙' else '示例评审院所' || (array['甲', '乙', '丙', '丁'])[(n - 1) % 4 + 1] end, '{expert}')
  from unnest(array['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬']) with ordinality as v (c, n);

\set units `cat units.csv`
\set experts `cat experts.csv`
\set achievements `cat achievements.csv`
\set needs `cat earlier-needs.csv`
select pg_temp.import('unit', :'units'), pg_temp.import('expert', :'experts'), pg_temp.import('achievement', :'achievements'),
       pg_temp.import('need', :'needs');
update party.unit set state = 'verified', verified_at = workflow.now(), sample = true where source like '葫芦岛市%';
update lib.record set sample = true;
update lib.record r set person = p.id from party.person p
 where r.kind = 'expert' and p.name = r.title and p.sample and p.id in (select pg_temp.id('person expert' || n) from generate_series(1, 9) n);

insert into core.programme (id, preset, code, name, year, doc_no, goal, industries, targets, rules, state, sample) values
  (pg_temp.id('programme'), 'liaoning', 'JB', '“揭榜挂帅”科技攻关项目', 2026, null,
   '实行“揭榜挂帅”机制，加强关键技术攻关，加快突破制约重点产业发展的“卡脖子”技术、前沿引领技术和关键共性技术。'
   || '（依据：葫芦岛市“十四五”科技创新规划）',
   '{先进装备制造,电子信息,新材料,精细化工,生物医药,节能环保}',
   '[{"name": "“揭榜挂帅”科技攻关项目（到2025年）", "value": 50, "unit": "项"},
     {"name": "在本市转移转化的科技成果（到2025年）", "value": 200, "unit": "项"},
     {"name": "实质性产学研联盟（到2025年）", "value": 200, "unit": "个"}]',
   core.default_rules('liaoning'), 'active', true);

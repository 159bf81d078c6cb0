-- Sample city of Jinzhou's order: the programme of 锦州市实施“春芽计划”科技攻关项目工作方案 (annex 2 of the
-- plan of 2021-10-09), its industries and the units that the plan names; everything that happens is
-- done by invented units (示例...) and people. Run by sql/load_sample.sh, in one transaction.
\ir ../lib/people.sql

select pg_temp.settings();

-- The bureau and its separate administrators, the city government.
select pg_temp.unit('示例市科学技术局', 'government', '210700'), pg_temp.unit('示例市人民政府', 'government', '210700');
select pg_temp.person(v.login, v.name, '示例市科学技术局', v.roles, v.title) from (values
  ('officer1',  '经办甲', '{officer}'::text[], '成果转化科'), ('officer2', '经办乙', '{officer}', '计划科'),
  ('leader1',   '局领导甲', '{leader}', '副局长'),            ('leader2',  '局领导乙', '{leader}', '局长'),
  ('sysadmin1', '系统管理员', '{sysadmin}', null),            ('secadmin1', '安全管理员', '{secadmin}', null),
  ('auditor1',  '审计管理员', '{auditor}', null),             ('broker1',  '技术经纪人甲', '{broker}', null)
) as v (login, name, roles, title);
select pg_temp.person('city1', '市府甲', '示例市人民政府', '{city}'), pg_temp.person('city2', '市府乙', '示例市人民政府', '{city}');

-- Who recommends: the seven counties and districts of GB/T 2260 and the zone that has no code there.
select pg_temp.recommender(v.code, v.name, v.kind, v.division) from (values
  ('210702', '示例古塔区科学技术局', 'county', '210702'), ('210703', '示例凌河区科学技术局', 'county', '210703'),
  ('210711', '示例太和区科学技术局', 'county', '210711'), ('210726', '示例黑山县科学技术局', 'county', '210726'),
  ('210727', '示例义县科学技术局', 'county', '210727'),   ('210781', '示例凌海市科学技术局', 'county', '210781'),
  ('210782', '示例北镇市科学技术局', 'county', '210782'), ('SSXQ', '示例松山新区管委会', 'zone', null)
) as v (code, name, kind, division);
select pg_temp.person('county' || row_number() over (), v.label || '经办', v.unit, '{county}') from (values
  ('古塔区', '示例古塔区科学技术局'), ('凌河区', '示例凌河区科学技术局'), ('太和区', '示例太和区科学技术局'),
  ('黑山县', '示例黑山县科学技术局'), ('义县', '示例义县科学技术局'), ('凌海市', '示例凌海市科学技术局'),
  ('北镇市', '示例北镇市科学技术局'), ('松山新区', '示例松山新区管委会')) as v (label, unit);

-- Posters: invented enterprises of four counties and the zone.
select pg_temp.unit(v.name, 'enterprise', v.division, v.recommender, '虚构企业，仅供演示') from (values
  ('示例企业甲', '210702', '210702'), ('示例企业乙', '210702', '210702'), ('示例企业丙', '210702', '210702'),
  ('示例企业丁', '210711', '210711'), ('示例企业戊', '210711', '210711'), ('示例企业己', '210711', '210711'),
  ('示例企业庚', '210727', '210727'), ('示例企业辛', '210727', '210727'),
  ('示例企业壬', '210781', '210781'), ('示例企业癸', '210781', '210781'), ('示例企业子', '210781', '210781'),
  ('示例企业丑', null, 'SSXQ'),       ('示例企业寅', null, 'SSXQ'),       ('示例企业卯', null, 'SSXQ')
) as v (name, division, recommender);
select pg_temp.person('poster' || n, '企业代表' || right(unit, 1), unit, '{member,signatory}')
  from unnest(array['示例企业甲', '示例企业乙', '示例企业丙', '示例企业丁', '示例企业戊', '示例企业己', '示例企业庚', '示例企业辛',
                    '示例企业壬', '示例企业癸', '示例企业子', '示例企业丑', '示例企业寅', '示例企业卯']) with ordinality as v (unit, n);
select pg_temp.person('drafter1', '企业填报人甲', '示例企业甲', '{member}');  -- drafts, may not submit

-- Teams: team9 belongs to the group of 示例企业甲, team10 stands on a credit list.
select pg_temp.unit(v.name, v.kind, v.division, null, '虚构单位，仅供演示') from (values
  ('示例大学甲', 'university', '210700'), ('示例大学乙', 'university', '210100'), ('示例大学丙', 'university', '210200'),
  ('示例研究所甲', 'institute', '210200'), ('示例研究所乙', 'institute', '210100'), ('示例研究院丙', 'institute', '210700'),
  ('示例科技公司甲', 'enterprise', '210100'), ('示例科技公司乙', 'enterprise', '210200'),
  ('示例企业甲研究中心', 'enterprise', '210702'), ('示例失信公司', 'enterprise', '210100')
) as v (name, kind, division);
select pg_temp.person('team' || n, '团队代表' || n, unit, '{member,signatory}')
  from unnest(array['示例大学甲', '示例大学乙', '示例大学丙', '示例研究所甲', '示例研究所乙', '示例研究院丙', '示例科技公司甲',
                    '示例科技公司乙', '示例企业甲研究中心', '示例失信公司']) with ordinality as v (unit, n);
insert into party.unit_relation (unit, parent, kind, share, source) values
  (pg_temp.id('示例企业甲研究中心'), pg_temp.id('示例企业甲'), 'subordinate', null, '示例数据');
insert into party.credit (unit, name, level, decision, starts, ends, source) values
  (pg_temp.id('示例失信公司'), '示例失信公司', 'serious', '示例科罚〔2026〕1号', '2026-01-01', '2029-01-01', '示例数据');

-- A unit that has registered and waits for the bureau.
select pg_temp.unit('示例待核企业', 'enterprise', '210703', '210703', '虚构企业，等待核验', 'pending');
select pg_temp.person('pending1', '待核企业代表', '示例待核企业', '{member,signatory}');

-- Experts: eight from institutes that claim nothing, the ninth from a poster (to be recused there).
select pg_temp.unit('示例评审院所' || c, 'institute', '210700', null, '虚构单位，仅供演示') from unnest(array['甲', '乙', '丙', '丁']) c;
select pg_temp.person('expert' || n, '专家' || c, case n when 9 then '示例企业丙' else '示例评审院所' || (array['甲', '乙', '丙', '丁'])[(n - 1) % 4 + 1] end, '{expert}')
  from unnest(array['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬']) with ordinality as v (c, n);

-- The libraries, through the import that the bureau uses.
\set units `cat units.csv`
\set experts `cat experts.csv`
\set achievements `cat achievements.csv`
\set patents `cat patents.csv`
\set needs `cat earlier-needs.csv`
select pg_temp.import('unit', :'units'), pg_temp.import('expert', :'experts'), pg_temp.import('achievement', :'achievements'),
       pg_temp.import('patent', :'patents'), pg_temp.import('need', :'needs');
update party.unit set state = 'verified', verified_at = workflow.now(), sample = true where source like '锦州市%' or source like '葫芦岛市%';
update lib.record set sample = true;
update lib.record r set person = p.id from party.person p
 where r.kind = 'expert' and p.name = r.title and p.sample and p.id in (select pg_temp.id('person expert' || n) from generate_series(1, 9) n);

-- 春芽计划 as annex 2 has it; what the plan leaves open is the preset's.
insert into core.programme (id, preset, code, name, year, doc_no, goal, industries, targets, rules, state, sample) values
  (pg_temp.id('programme'), 'jinzhou', 'CY', '“春芽计划”科技攻关项目', 2026, null,
   '聚焦全市核心科技企业及产业资源禀赋，通过“揭榜挂帅”形式，围绕重点发展产业组织实施一批高水平科技项目，加快破解制约重点产业发展的'
   || '“卡脖子”技术、前沿引领技术和关键共性技术问题。（依据：锦州市实施“春芽计划”科技攻关项目工作方案）',
   '{新材料,新能源,先进装备制造,生物医药,精细化工,现代农业}',
   '[{"name": "“揭榜挂帅”科技攻关项目（到2024年）", "value": 60, "unit": "项"},
     {"name": "技术合同成交额（到2024年）", "value": 21, "unit": "亿元"},
     {"name": "实质性产学研联盟（到2024年）", "value": 60, "unit": "家"}]',
   core.default_rules('jinzhou'), 'active', true);

-- Technology readiness, GB/T 22900. The edition of 2009 orders levels 3 and 4 the other way round, so
-- a level is never stored without its scale.

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('trl', '2022', 'GB/T 22900-2022', '技术就绪度', 'technology readiness level', null, true,
   'GB/T 22900')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'trl', '2022', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('1', '报告级', 'report', null::text, 1, 1),
  ('2', '方案级', 'scheme', null, 1, 2),
  ('3', '仿真级', 'simulation', null, 1, 3),
  ('4', '功能级', 'function', null, 1, 4),
  ('5', '初样级', 'first sample', null, 1, 5),
  ('6', '正样级', 'qualified sample', null, 1, 6),
  ('7', '环境级', 'environment', null, 1, 7),
  ('8', '产品级', 'product', null, 1, 8),
  ('9', '系统级', 'system', null, 1, 9)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('trl', '2009', 'GB/T 22900-2009', '技术就绪度', 'technology readiness level', '2009-06-01', false,
   'GB/T 22900-2009 附录 A（资料性）')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'trl', '2009', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('1', '报告级', 'report', null::text, 1, 1),
  ('2', '方案级', 'scheme', null, 1, 2),
  ('3', '功能级', 'function', null, 1, 3),
  ('4', '仿真级', 'simulation', null, 1, 4),
  ('5', '初样级', 'first sample', null, 1, 5),
  ('6', '正样级', 'qualified sample', null, 1, 6),
  ('7', '环境级', 'environment', null, 1, 7),
  ('8', '产品级', 'product', null, 1, 8),
  ('9', '系统级', 'system', null, 1, 9)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

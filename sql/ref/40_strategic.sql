-- Strategic emerging industries, 2018 edition: 9 areas, the second level of areas 1 to 4.

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('strategic', '2018', '战略性新兴产业分类（2018）', '战略性新兴产业分类', 'strategic emerging industries', null, true,
   '国家统计局令第 23 号')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'strategic', '2018', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('1', '新一代信息技术产业', null::text, null::text, 1, 1),
  ('1.1', '下一代信息网络产业', null, '1', 2, 2),
  ('1.2', '电子核心产业', null, '1', 2, 3),
  ('1.3', '新兴软件和新型信息技术服务', null, '1', 2, 4),
  ('1.4', '互联网与云计算、大数据服务', null, '1', 2, 5),
  ('1.5', '人工智能', null, '1', 2, 6),
  ('2', '高端装备制造产业', null, null, 1, 7),
  ('2.1', '智能制造装备产业', null, '2', 2, 8),
  ('2.2', '航空装备产业', null, '2', 2, 9),
  ('2.3', '卫星及应用产业', null, '2', 2, 10),
  ('2.4', '轨道交通装备产业', null, '2', 2, 11),
  ('2.5', '海洋工程装备产业', null, '2', 2, 12),
  ('3', '新材料产业', null, null, 1, 13),
  ('3.1', '先进钢铁材料', null, '3', 2, 14),
  ('3.2', '先进有色金属材料', null, '3', 2, 15),
  ('3.3', '先进石化化工新材料', null, '3', 2, 16),
  ('3.4', '先进无机非金属材料', null, '3', 2, 17),
  ('3.5', '高性能纤维及制品和复合材料', null, '3', 2, 18),
  ('3.6', '前沿新材料', null, '3', 2, 19),
  ('3.7', '新材料相关服务', null, '3', 2, 20),
  ('4', '生物产业', null, null, 1, 21),
  ('4.1', '生物医药产业', null, '4', 2, 22),
  ('4.2', '生物医学工程产业', null, '4', 2, 23),
  ('4.3', '生物农业及相关产业', null, '4', 2, 24),
  ('4.4', '生物质能产业', null, '4', 2, 25),
  ('4.5', '其他生物业', null, '4', 2, 26),
  ('5', '新能源汽车产业', null, null, 1, 27),
  ('6', '新能源产业', null, null, 1, 28),
  ('7', '节能环保产业', null, null, 1, 29),
  ('8', '数字创意产业', null, null, 1, 30),
  ('9', '相关服务业', null, null, 1, 31)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

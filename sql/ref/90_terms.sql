-- What the match engine knows before a bureau has told it anything.
--
-- ref.bridge: which disciplines (GB/T 13745-2009) the work of an industry (GB/T 4754-2017) asks for. Neither
-- standard says so and there is no official table: it was written for this service from what the two
-- tables' names mean, and is meant to be corrected by rules of the bureau (POST /terms, rule bridge),
-- the higher weight counting. 1 would be "the same"; nothing here is.
insert into ref.bridge (industry, discipline, weight) values
  ('A', '210', .6), ('A', '220', .4), ('A', '230', .4), ('A', '240', .4), ('A01', '210', .8), ('A02', '220', .8),
  ('A03', '230', .8), ('A04', '240', .8),
  ('B', '440', .7), ('B', '170', .4), ('B06', '440', .8), ('B07', '440', .6), ('B08', '440', .7), ('B09', '440', .7),
  ('C13', '550', .7), ('C13', '210', .4), ('C14', '550', .8), ('C15', '550', .7), ('C16', '210', .4), ('C17', '540', .8),
  ('C18', '540', .7), ('C19', '530', .4), ('C20', '220', .6), ('C22', '530', .5), ('C22', '220', .3),
  ('C25', '530', .8), ('C25', '480', .5), ('C25', '440', .4), ('C26', '530', .9), ('C26', '150', .7), ('C26', '430', .5),
  ('C26', '610', .3), ('C27', '350', .9), ('C27', '360', .6), ('C27', '180', .5), ('C27', '530', .4), ('C27', '416', .3),
  ('C28', '540', .6), ('C28', '430', .6), ('C28', '530', .5), ('C29', '430', .7), ('C29', '530', .6), ('C30', '430', .8),
  ('C30', '560', .4), ('C31', '450', .9), ('C31', '430', .6), ('C32', '450', .9), ('C32', '430', .7), ('C33', '460', .6),
  ('C33', '430', .6), ('C34', '460', .9), ('C34', '470', .4), ('C35', '460', .8), ('C35', '416', .3), ('C36', '460', .7),
  ('C36', '580', .5), ('C36', '470', .5), ('C36', '413', .3), ('C37', '580', .7), ('C37', '590', .7), ('C37', '460', .5),
  ('C38', '470', .9), ('C38', '480', .5), ('C38', '430', .3), ('C39', '510', .9), ('C39', '520', .7), ('C39', '413', .5),
  ('C39', '430', .4), ('C39', '140', .3), ('C40', '460', .6), ('C40', '510', .5), ('C40', '413', .5), ('C42', '610', .7),
  ('C42', '430', .4), ('C43', '460', .5),
  ('D', '470', .6), ('D', '480', .6), ('D44', '470', .8), ('D44', '480', .7), ('D45', '480', .6), ('D46', '570', .6),
  ('D46', '610', .5), ('E', '560', .8), ('E48', '570', .5), ('G', '580', .7), ('I', '520', .9), ('I', '510', .5), ('I', '413', .5),
  ('I64', '520', .8), ('I65', '520', .9), ('I63', '510', .8), ('J', '790', .6), ('M', '410', .3), ('M73', '410', .4),
  ('N', '610', .7), ('N76', '570', .8), ('N77', '610', .9), ('Q', '320', .7), ('Q', '330', .6)
on conflict (industry, discipline) do update set weight = excluded.weight;

-- First synonyms: Chinese and English names, abbreviations and formulas of the same thing, which are common
-- technical knowledge. A bureau changes them like its own; what is there already stays as it is.
select set_config('jb.context', 'system', true);
insert into lib.term (rule, term, other, weight, note, source)
select 'synonym', s.term, s.other, s.weight, null, 'initial' from (values
  ('碳化硅', 'SiC', 1), ('碳化硅', 'silicon carbide', 1), ('氮化镓', 'GaN', 1), ('氮化镓', 'gallium nitride', 1),
  ('砷化镓', 'GaAs', 1), ('氧化镓', 'Ga2O3', 1), ('多晶硅', 'polysilicon', 1), ('单晶硅', 'monocrystalline silicon', 1),
  ('硅片', 'silicon wafer', .9), ('抛光硅片', 'polished wafer', .9), ('外延片', 'epitaxial wafer', 1), ('光刻胶', 'photoresist', 1),
  ('化学机械抛光', 'CMP', .9), ('化学气相沉积', 'CVD', 1), ('物理气相沉积', 'PVD', 1), ('原子层沉积', 'ALD', 1),
  ('绝缘栅双极型晶体管', 'IGBT', 1), ('场效应管', 'MOSFET', .8), ('集成电路', 'integrated circuit', 1), ('印制电路板', 'PCB', .9),
  ('二氧化钛', '钛白粉', .9), ('二氧化钛', 'TiO2', 1), ('二氧化钛', 'titanium dioxide', 1), ('四氯化钛', 'TiCl4', 1),
  ('四氯化锆', 'ZrCl4', 1), ('氧化锆', 'ZrO2', 1), ('氧化锆', 'zirconia', 1), ('氧化铝', 'Al2O3', 1), ('氧化铝', 'alumina', 1),
  ('二氧化硅', 'SiO2', 1), ('氮化铝', 'AlN', 1), ('氮化硅', 'Si3N4', 1), ('海绵钛', 'titanium sponge', 1), ('钛合金', 'titanium alloy', 1),
  ('铝合金', 'aluminium alloy', 1), ('高温合金', 'superalloy', 1), ('稀土', 'rare earth', 1), ('钒', 'vanadium', 1), ('钼', 'molybdenum', 1),
  ('铁合金', 'ferroalloy', 1), ('不锈钢', 'stainless steel', 1),
  ('吡唑醚菌酯', 'pyraclostrobin', 1), ('嘧菌酯', 'azoxystrobin', 1), ('草甘膦', 'glyphosate', 1), ('农药', 'pesticide', 1),
  ('杀菌剂', 'fungicide', 1), ('除草剂', 'herbicide', 1), ('催化剂', 'catalyst', 1), ('分子筛', 'molecular sieve', 1),
  ('丙烯酸', 'acrylic acid', 1), ('水性涂料', 'waterborne coating', 1), ('环氧树脂', 'epoxy resin', 1), ('聚氨酯', 'polyurethane', 1),
  ('聚氨酯', 'PU', .7), ('聚乙烯', 'polyethylene', 1), ('聚丙烯', 'polypropylene', 1), ('聚氯乙烯', 'PVC', 1), ('聚酰亚胺', 'polyimide', 1),
  ('聚醚醚酮', 'PEEK', 1), ('聚四氟乙烯', 'PTFE', 1), ('聚碳酸酯', 'polycarbonate', 1), ('橡胶', 'rubber', 1),
  ('碳纤维', 'carbon fiber', 1), ('碳纤维', 'carbon fibre', 1), ('玻璃纤维', 'glass fiber', 1), ('复合材料', 'composite', .9),
  ('石墨烯', 'graphene', 1), ('碳纳米管', 'carbon nanotube', 1), ('碳纳米管', 'CNT', .8), ('锂离子电池', 'lithium-ion battery', 1),
  ('锂离子电池', '锂电池', .9), ('磷酸铁锂', 'LiFePO4', 1), ('燃料电池', 'fuel cell', 1), ('质子交换膜', 'PEM', .8), ('光伏', 'photovoltaic', 1),
  ('钙钛矿', 'perovskite', 1), ('储能', 'energy storage', 1), ('氢能', 'hydrogen energy', 1), ('电解水', 'water electrolysis', 1),
  ('永磁同步电机', 'PMSM', 1), ('减速器', '减速机', 1), ('增材制造', '3D打印', .9), ('增材制造', 'additive manufacturing', 1),
  ('数控机床', 'CNC machine tool', .9), ('有限元', 'finite element', 1), ('机器视觉', 'machine vision', 1), ('机器人', 'robot', 1),
  ('人工智能', 'artificial intelligence', 1), ('人工智能', 'AI', .8), ('深度学习', 'deep learning', 1), ('物联网', 'IoT', 1),
  ('物联网', 'internet of things', 1), ('数字孪生', 'digital twin', 1), ('激光雷达', 'lidar', 1), ('传感器', 'sensor', 1),
  ('挥发性有机物', 'VOCs', 1), ('反渗透', 'reverse osmosis', 1), ('膜分离', 'membrane separation', 1), ('氨氮', 'ammonia nitrogen', 1),
  ('二氧化碳', 'CO2', 1), ('碳捕集', 'carbon capture', 1), ('脱硫', 'desulfurization', 1), ('波纹管', 'bellows', 1),
  ('汽轮机', 'steam turbine', 1), ('真空熔炼', 'vacuum melting', 1), ('热处理', 'heat treatment', 1), ('等离子体', 'plasma', .9)
) as s (term, other, weight)
on conflict do nothing;
update feed.state set terms = terms + 1;

-- The small lists of the forms, from the paper forms they come from. Codes are words where the paper
-- has none; the Chinese name is what people and files read and write.

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('field', '1', '技术需求征集表', '需求技术所属领域', 'technical field of a need', null, true,
   '技术需求征集表')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'field', '1', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('electronic', '电子信息', 'electronics and information', null::text, 1, 1),
  ('optomech', '光机电一体化', 'opto-mechatronics', null, 1, 2),
  ('bio', '生物技术与制药', 'biotechnology and pharmacy', null, 1, 3),
  ('material', '新材料及应用', 'new materials', null, 1, 4),
  ('agri', '现代农业', 'modern agriculture', null, 1, 5),
  ('energy', '新能源与高效节能', 'new energy and energy saving', null, 1, 6),
  ('environment', '资源与环境', 'resources and environment', null, 1, 7),
  ('service', '高技术服务业', 'high-tech services', null, 1, 8),
  ('marine', '海洋', 'marine', null, 1, 9),
  ('social', '社会公共事业', 'public affairs', null, 1, 10),
  ('health', '医疗卫生', 'health care', null, 1, 11),
  ('other', '其他', 'other', null, 1, 12)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('activity', '1', '技术需求征集表', '科技活动类型', 'kind of R&D activity', null, true,
   '技术需求征集表')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'activity', '1', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('basic', '基础研究', 'basic research', null::text, 1, 1),
  ('applied', '应用研究', 'applied research', null, 1, 2),
  ('development', '试验发展', 'experimental development', null, 1, 3),
  ('application', '研究与试验发展成果应用', 'use of R&D results', null, 1, 4),
  ('service', '技术推广与科技服务', 'technical services', null, 1, 5),
  ('production', '生产性活动', 'production', null, 1, 6)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('solution', '1', '技术需求征集表', '解决方式', 'way to a solution', null, true,
   '技术需求征集表')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'solution', '1', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('own', '独立研发', 'own development', null::text, 1, 1),
  ('commission', '委托研发', 'commissioned development', null, 1, 2),
  ('cooperate', '合作研发', 'joint development', null, 1, 3),
  ('other', '其他', 'other', null, 1, 4)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('unit_kind', '1', '技术需求征集表', '机构属性', 'kind of unit', null, true,
   '技术需求征集表；政府机关与社会组织为登记所需')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'unit_kind', '1', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('enterprise', '企业', 'enterprise', null::text, 1, 1),
  ('university', '高等院校', 'university', null, 1, 2),
  ('institute', '研究机构', 'research institute', null, 1, 3),
  ('government', '政府机关', 'government body', null, 1, 4),
  ('social', '社会组织', 'social organisation', null, 1, 5),
  ('other', '其他', 'other', null, 1, 6)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('unit_nature', '1', '技术合同登记表', '单位性质（技术合同登记）', 'unit nature of contract registration', null, true,
   '技术合同登记表（旧表）')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'unit_nature', '1', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('010', '机关法人', 'state organ', null::text, 1, 1),
  ('011', '国家级机关', 'national organ', null, 1, 2),
  ('012', '省级机关', 'provincial organ', null, 1, 3),
  ('013', '市级机关', 'city organ', null, 1, 4),
  ('014', '县级机关', 'county organ', null, 1, 5),
  ('020', '事业法人', 'public institution', null, 1, 6),
  ('021', '科研机构', 'research institute', null, 1, 7),
  ('022', '高等院校', 'university', null, 1, 8),
  ('023', '医疗卫生', 'health care', null, 1, 9),
  ('024', '其他事业法人', 'other public institution', null, 1, 10),
  ('030', '社团法人', 'social organisation', null, 1, 11),
  ('100', '内资企业', 'domestic enterprise', null, 1, 12),
  ('110', '国有企业', 'state-owned', null, 1, 13),
  ('120', '集体企业', 'collective', null, 1, 14),
  ('130', '股份合作企业', 'share cooperative', null, 1, 15),
  ('140', '联营企业', 'joint operation', null, 1, 16),
  ('150', '有限责任公司', 'limited company', null, 1, 17),
  ('160', '股份有限公司', 'company limited by shares', null, 1, 18),
  ('170', '私营企业', 'private', null, 1, 19),
  ('180', '其他内资企业', 'other domestic', null, 1, 20),
  ('200', '港澳台商投资企业', 'Hong Kong, Macao, Taiwan invested', null, 1, 21),
  ('300', '外商投资企业', 'foreign invested', null, 1, 22),
  ('310', '中外合资企业', 'joint venture', null, 1, 23),
  ('320', '中外合作企业', 'cooperative venture', null, 1, 24),
  ('340', '外商投资股份有限公司', 'foreign invested by shares', null, 1, 25)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('contract_type', '1', '民法典；技术合同认定登记', '技术合同类型', 'kind of technology contract', null, true,
   '民法典第三编第二十章')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'contract_type', '1', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('dev_commissioned', '技术开发（委托）', 'commissioned development', null::text, 1, 1),
  ('dev_joint', '技术开发（合作）', 'joint development', null, 1, 2),
  ('transfer', '技术转让', 'transfer', null, 1, 3),
  ('licence', '技术许可', 'licence', null, 1, 4),
  ('consulting', '技术咨询', 'consulting', null, 1, 5),
  ('service', '技术服务（含培训、中介）', 'service, training and brokerage', null, 1, 6)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('title_level', '1', 'GB/T 8561', '职称级别', 'level of professional title', null, true,
   'GB/T 8561，按级别归并')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'title_level', '1', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('senior', '正高级', 'senior', null::text, 1, 1),
  ('associate', '副高级', 'associate senior', null, 1, 2),
  ('middle', '中级', 'middle', null, 1, 3),
  ('junior', '初级', 'junior', null, 1, 4),
  ('none', '无', 'none', null, 1, 5)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('degree', '1', '学位', '学位', 'degree', null, true,
   '学位')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'degree', '1', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('bachelor', '学士', 'bachelor', null::text, 1, 1),
  ('master', '硕士', 'master', null, 1, 2),
  ('doctor', '博士', 'doctor', null, 1, 3),
  ('other', '其他', 'other', null, 1, 4)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('gender', '1', 'GB/T 2261.1', '性别', 'sex', null, true,
   'GB/T 2261.1')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'gender', '1', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('0', '未知的性别', 'not known', null::text, 1, 1),
  ('1', '男', 'male', null, 1, 2),
  ('2', '女', 'female', null, 1, 3),
  ('9', '未说明的性别', 'not stated', null, 1, 4)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('label', '1', '辽宁科技企业梯度培育', '企业称号', 'enterprise label', null, true,
   '辽宁科技企业梯度培育体系')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'label', '1', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('tech_sme', '科技型中小企业', 'technology SME', null::text, 1, 1),
  ('high_tech', '高新技术企业', 'high-tech enterprise', null, 1, 2),
  ('eaglet', '雏鹰企业', 'eaglet', null, 1, 3),
  ('gazelle', '瞪羚企业', 'gazelle', null, 1, 4),
  ('unicorn', '独角兽企业', 'unicorn', null, 1, 5),
  ('alliance_head', '产学研联盟盟主企业', 'head of an alliance', null, 1, 6)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('expert_class', '1', '专家库', '专业类别', 'class of expert', null, true,
   '专家库常见分类')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'expert_class', '1', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('technology', '技术', 'technology', null::text, 1, 1),
  ('management', '管理', 'management', null, 1, 2),
  ('finance', '财务', 'finance', null, 1, 3),
  ('investment', '投资', 'investment', null, 1, 4),
  ('law', '法律', 'law', null, 1, 5)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('ip', '1', '技术需求征集表；民法典', '产权归属', 'who will own the result', null, true,
   '技术需求征集表')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'ip', '1', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('poster', '归发榜方', 'the poster', null::text, 1, 1),
  ('claimant', '归揭榜方', 'the claimant', null, 1, 2),
  ('joint', '双方共有', 'both', null, 1, 3),
  ('negotiate', '另行商定', 'to be agreed', null, 1, 4)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('masking', '1', '公开程度', '公开程度', 'how much is shown', null, true,
   '榜单公开程度')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'masking', '1', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('open', '公开', 'open', null::text, 1, 1),
  ('masked', '隐去企业名称与联系人', 'without the name of the enterprise', null, 1, 2),
  ('summary', '仅概要', 'summary only', null, 1, 3)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('need_nature', '1', '需求库', '需求库类别', 'nature of an earlier need', null, true,
   '需求库')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'need_nature', '1', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('need', '需求', 'need', null::text, 1, 1),
  ('project', '立项项目', 'funded project', null, 1, 2)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('cooperation', '1', '成果库', '成果合作状态', 'state of cooperation', null, true,
   '成果库')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'cooperation', '1', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('open', '可合作', 'open', null::text, 1, 1),
  ('talking', '洽谈中', 'in talks', null, 1, 2),
  ('done', '已转化', 'transferred', null, 1, 3),
  ('closed', '不再合作', 'closed', null, 1, 4)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('patent_kind', '1', '专利申请号标准 ZC 0006', '专利类型', 'kind of patent', null, true,
   '专利申请号第五位')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'patent_kind', '1', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('1', '发明专利', 'invention', null::text, 1, 1),
  ('2', '实用新型专利', 'utility model', null, 1, 2),
  ('3', '外观设计专利', 'design', null, 1, 3),
  ('8', 'PCT 发明', 'PCT invention', null, 1, 4),
  ('9', 'PCT 实用新型', 'PCT utility model', null, 1, 5)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('patent_state', '1', '专利库', '专利法律状态', 'legal state of a patent', null, true,
   '专利库')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'patent_state', '1', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('pending', '审中', 'pending', null::text, 1, 1),
  ('granted', '有效', 'in force', null, 1, 2),
  ('lapsed', '失效', 'lapsed', null, 1, 3)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source) values
  ('licence_mode', '1', '民法典', '许可方式', 'mode of licence', null, true,
   '民法典；专利法')
on conflict (list, edition) do update set standard = excluded.standard, title_zh = excluded.title_zh,
  title_en = excluded.title_en, effective_from = excluded.effective_from, source = excluded.source;
insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal)
select 'licence_mode', '1', v.code, v.name_zh, v.name_en, v.parent, v.level, v.ordinal from (values
  ('exclusive', '独占许可', 'exclusive', null::text, 1, 1),
  ('sole', '排他许可', 'sole', null, 1, 2),
  ('ordinary', '普通许可', 'ordinary', null, 1, 3),
  ('open', '开放许可', 'open', null, 1, 4),
  ('transfer', '转让', 'transfer', null, 1, 5)
) as v (code, name_zh, name_en, parent, level, ordinal)
on conflict (list, edition, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,
  parent = excluded.parent, level = excluded.level, ordinal = excluded.ordinal;

-- contract (任务合同书, 揭榜协议): draft → signing → signed;  draft, signing → void
select workflow.load_machine('contract', 'draft', '合同', 'Contract', array[
  ['draft',   '起草',   'draft',   ''],
  ['signing', '签署中', 'being signed', ''],
  ['signed',  '已签署', 'signed',  'final'],
  ['void',    '作废',   'void',    'final']],
array[
  ['offer',    '提交签署', 'offer for signature', '/contracts/{id}/events', '', ''],
  ['revise',   '退回修改', 'back to draft', '/contracts/{id}/events', '', '[{"name":"reason","kind":"prose","required":true}]'],
  ['sign',     '签署',     'sign',      '/contracts/{id}/signatures', 'weighty', '[{"name":"digest","kind":"text","required":true}]'],
  ['complete', '签署完成', 'complete',  '', '', ''],
  ['void',     '作废',     'void',      '', '', '']]);
select workflow.load_edges('jinzhou', 'contract', array[
  ['draft',         'offer',    'signing', 'poster officer', 'contract_complete', 'contract_offered'],
  ['signing',       'revise',   'draft',   'poster officer', 'has_reason', 'contract_revised'],
  ['signing',       'sign',     'signing', 'poster claimant partner', 'signatory signature_fits parties_credit', 'contract_signed'],
  ['signing',       'sign',     'signing', 'leader', 'bureau_signs signature_fits parties_credit', 'contract_signed'],
  ['signing',       'complete', 'signed',  'system', 'contract_all_signed', 'contract_done'],
  ['draft signing', 'void',     'void',    'system', '', '']]);

-- project (项目): signed → running; what follows the start comes with a later machine version
select workflow.load_machine('project', 'signed', '项目', 'Project', array[
  ['signed',  '待启动', 'to be started', 'public'],
  ['running', '实施中', 'running', 'public final']],
array[
  ['start', '启动', 'start', '/projects/{id}/start', '', '[{"name":"start_on","kind":"date","required":true},{"name":"meeting","kind":"prose"}]']]);
select workflow.load_edges('jinzhou', 'project', array[
  ['signed', 'start', 'running', 'officer', 'start_ready', 'project_started']]);

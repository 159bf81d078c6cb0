-- list (榜单): draft → frozen → published;  frozen → draft (thaw);  draft → dropped
select workflow.load_machine('list', 'draft', '榜单', 'List', array[
  ['draft',     '编制中', 'being composed', ''],
  ['frozen',    '已定稿', 'frozen',         ''],
  ['published', '已发榜', 'published',      'public final'],
  ['dropped',   '已废弃', 'dropped',        'final']],
array[
  ['freeze',  '定稿', 'freeze',  '/lists/{id}/freezing', '', ''],
  ['thaw',    '退回修改', 'thaw', '/lists/{id}/events', '', '[{"name":"reason","kind":"prose","required":true}]'],
  ['publish', '发榜', 'publish', '/lists/{id}/publication', 'weighty', ''],
  ['drop',    '废弃', 'drop',    '/lists/{id}/events', '', '[{"name":"reason","kind":"prose","required":true}]']]);
select workflow.load_edges('jinzhou', 'list', array[
  ['draft',  'freeze',  'frozen',    'officer', 'list_has_items no_other_frozen', 'list_frozen'],
  ['frozen', 'thaw',    'draft',     'leader',  'has_reason', 'list_thawed'],
  ['frozen', 'publish', 'published', 'leader',  'not_who_froze list_window', 'list_published'],
  ['draft',  'drop',    'dropped',   'officer', 'has_reason', 'list_dropped']]);

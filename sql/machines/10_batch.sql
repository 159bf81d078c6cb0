-- batch (批次, 设榜): DOMAIN 3.1
--   draft → soliciting → solicited → building → selecting → published → claims_closed → choosing
--         → approving → noticing → running → closed;  draft..selecting → cancelled
-- Items run ahead of their batch one by one; the batch's own state says what the bureau is at.
select workflow.load_machine('batch', 'draft', '批次', 'Batch', array[
  ['draft',         '草拟',       'draft',            ''],
  ['soliciting',    '征集中',     'soliciting',       'public'],
  ['solicited',     '征集截止',   'solicitation over', 'public'],
  ['building',      '建榜',       'distilling needs', 'public'],
  ['selecting',     '定榜',       'selecting',        'public'],
  ['published',     '发榜中',     'list published',   'public'],
  ['claims_closed', '揭榜截止',   'claims closed',    'public'],
  ['choosing',      '对接择优',   'choosing',         'public'],
  ['approving',     '报批',       'in approval',      'public'],
  ['noticing',      '公示',       'public notice',    'public'],
  ['running',       '实施',       'running',          'public'],
  ['closed',        '关闭',       'closed',           'public final'],
  ['cancelled',     '取消',       'cancelled',        'final']],
array[
  ['solicit',       '发布征集',   'publish solicitation', '/batches/{id}/events', '', ''],
  ['close',         '征集截止',   'close solicitation',   '/batches/{id}/events', '', '[{"name":"reason","kind":"prose","required":true}]'],
  ['solicit_end',   '到期截止',   'window over',          '', '', ''],
  ['build',         '转入建榜',   'start distilling',     '/batches/{id}/events', '', ''],
  ['select',        '转入定榜',   'start selecting',      '/batches/{id}/events', '', ''],
  ['publish',       '发榜',       'publish',              '', '', ''],
  ['claims_close',  '揭榜截止',   'claims close',         '', '', ''],
  ['choose',        '转入对接择优', 'start choosing',     '/batches/{id}/events', '', ''],
  ['approve',       '转入报批',   'start approval',       '/batches/{id}/events', '', ''],
  ['notice',        '转入公示',   'start notice',         '/batches/{id}/events', '', ''],
  ['run',           '转入实施',   'start running',        '/batches/{id}/events', '', ''],
  ['finish',        '关闭批次',   'close batch',          '/batches/{id}/events', '', ''],
  ['cancel',        '取消批次',   'cancel batch',         '/batches/{id}/events', 'weighty', '[{"name":"reason","kind":"prose","required":true}]']]);
select workflow.load_edges('jinzhou', 'batch', array[
  ['draft',         'solicit',      'soliciting',    'officer', 'batch_ready', 'batch_window'],
  ['soliciting',    'close',        'solicited',     'officer', 'has_reason', 'batch_window_over'],
  ['soliciting',    'solicit_end',  'solicited',     'system',  '', ''],
  ['solicited',     'build',        'building',      'officer', '', ''],
  ['soliciting',    'build',        'building',      'officer', 'batch_rolling', ''],
  ['building',      'select',       'selecting',     'officer', 'batch_has_pooled', ''],
  ['building selecting', 'publish', 'published',     'system',  '', ''],
  ['published',     'publish',      'published',     'system',  '', ''],
  ['published',     'claims_close', 'claims_closed', 'system',  '', ''],
  ['claims_closed', 'choose',       'choosing',      'officer', '', ''],
  ['choosing',      'approve',      'approving',     'officer', '', ''],
  ['approving',     'notice',       'noticing',      'officer', '', ''],
  ['noticing',      'run',          'running',       'officer', '', ''],
  ['running',       'finish',       'closed',        'leader',  'batch_all_ended', ''],
  ['draft soliciting solicited building selecting', 'cancel', 'cancelled', 'leader', 'has_reason', 'batch_window_over']]);

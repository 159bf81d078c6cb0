-- notice (公示): draft → running → ended;  running ⇄ paused;  running, paused → revoked;  ended → paused
-- when a letter comes that is in time by its postmark
select workflow.load_machine('notice', 'draft', '公示', 'Public notice', array[
  ['draft',   '草拟',   'draft',   ''],
  ['running', '公示中', 'running', 'public'],
  ['paused',  '暂停',   'paused',  'public'],
  ['ended',   '已期满', 'ended',   'public final'],
  ['revoked', '已撤销', 'revoked', 'public final']],
array[
  ['publish', '发布',   'publish', '', '', ''],
  ['pause',   '暂停',   'pause',   '', '', ''],
  ['resume',  '恢复',   'resume',  '', '', ''],
  ['end',     '期满',   'end',     '', '', ''],
  ['revoke',  '撤销',   'revoke',  '', '', '']]);
select workflow.load_edges('jinzhou', 'notice', array[
  ['draft',          'publish', 'running', 'system', '', ''],
  ['running paused ended', 'pause', 'paused', 'system', '', ''],
  ['paused',         'resume',  'running', 'system', '', ''],
  ['running',        'end',     'ended',   'system', 'notice_may_end', 'notice_ended'],
  ['running paused', 'revoke',  'revoked', 'system', '', '']]);

-- objection (异议): DOMAIN 3.6; the challenge stays paused while one is open
--   received → dismissed | investigating → upheld | partly | rejected;  each is answered in writing
select workflow.load_machine('objection', 'received', '异议', 'Objection', array[
  ['received',      '收到',     'received',      ''],
  ['dismissed',     '不受理',   'not admitted',  'final'],
  ['investigating', '核查中',   'investigating', ''],
  ['rejected',      '不成立',   'not upheld',    'final'],
  ['partly',        '部分成立·更正', 'partly upheld', 'final'],
  ['upheld',        '成立',     'upheld',        'final']],
array[
  ['dismiss', '不予受理', 'dismiss',  '/objections/{id}/events', '', '[{"name":"reason","kind":"prose","required":true}]'],
  ['admit',   '受理',     'admit',    '/objections/{id}/events', '', ''],
  ['reject',  '不成立',   'reject',   '/objections/{id}/answer', '', ''],
  ['correct', '部分成立', 'uphold in part', '/objections/{id}/answer', '', ''],
  ['uphold',  '成立',     'uphold',   '/objections/{id}/answer', 'weighty', '']]);
select workflow.load_edges('jinzhou', 'objection', array[
  ['received',      'dismiss', 'dismissed',     'officer', 'has_reason', 'objection_settled'],
  ['received',      'admit',   'investigating', 'officer', 'objection_in_time', 'objection_admitted'],
  ['investigating', 'reject',  'rejected',      'officer', 'objection_answered', 'objection_settled'],
  ['investigating', 'correct', 'partly',        'leader',  'objection_answered', 'objection_settled'],
  ['investigating', 'uphold',  'upheld',        'leader',  'objection_answered', 'objection_upheld']]);

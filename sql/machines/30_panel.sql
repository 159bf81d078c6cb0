-- panel (专家组): draft → open → closed;  draft, open → dissolved
select workflow.load_machine('panel', 'draft', '专家组', 'Panel', array[
  ['draft',     '组建中', 'being formed', ''],
  ['open',      '评议中', 'at work',      ''],
  ['closed',    '已结论', 'concluded',    'final'],
  ['dissolved', '已解散', 'dissolved',    'final']],
array[
  ['open',     '开始评议', 'open',     '/panels/{id}/events', '', ''],
  ['close',    '形成结论', 'conclude', '/panels/{id}/conclusion', '', ''],
  ['dissolve', '解散',     'dissolve', '/panels/{id}/events', '', '[{"name":"reason","kind":"prose","required":true}]']]);
select workflow.load_edges('jinzhou', 'panel', array[
  ['draft',      'open',     'open',      'officer', 'panel_has_quorum', 'panel_opened'],
  ['open',       'close',    'closed',    'officer', 'panel_scored', 'panel_closed'],
  ['draft open', 'dissolve', 'dissolved', 'officer', 'has_reason', 'panel_dissolved']]);

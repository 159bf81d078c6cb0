-- chengguo (成果转化类): DOMAIN 1: the holder of an achievement posts, enterprises of the city claim.
-- The challenge goes the parent's way; a claim counts only from an enterprise (guard
-- claimant_enterprise), whatever kinds the programme lists; its divisions are a rule.
select workflow.load_edges('chengguo', 'claim', array[
  ['draft',      'submit',     'submitted',   'claimant', 'item_open signatory claim_complete consortium_signed claimant_enterprise claimant_eligible not_affiliated claimant_credit leader_quota', 'claim_submitted'],
  ['draft',      'sign_off',   'draft',       'partner',  'signatory partner_may_sign', 'claim_signed_off'],
  ['draft',      'decline',    'draft',       'partner',  'signatory has_reason', 'claim_declined'],
  ['draft submitted eligible', 'withdraw', 'withdrawn', 'claimant', 'has_reason signatory', 'claim_withdrawn'],
  ['submitted',  'qualify',    'eligible',    'officer',  'claim_opened formal_checks not_affiliated', ''],
  ['submitted',  'disqualify', 'ineligible',  'officer',  'claim_opened has_reason', 'claim_dead'],
  ['eligible reserve', 'choose', 'chosen',    'system',   '', ''],
  ['eligible reserve', 'hold', 'reserve',     'system',   '', ''],
  ['eligible reserve', 'turn_down', 'turned_down', 'system', '', 'claim_dead'],
  ['chosen',     'win',        'won',         'system',   '', ''],
  ['won',        'contract',   'contracted',  'system',   '', ''],
  ['chosen',     'refuse',     'refused',     'system',   '', 'claim_dead'],
  ['chosen won', 'overturn',   'overturned',  'system',   '', 'claim_dead'],
  ['chosen won', 'fail',       'failed',      'system',   '', 'claim_dead'],
  ['draft submitted eligible reserve chosen', 'lapse', 'lapsed', 'system', '', 'claim_dead']]);

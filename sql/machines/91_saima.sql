-- saima (赛马制): DOMAIN 1: several claimants work on one challenge side by side. Up to max_winners are
-- chosen at once and go through together; one of them may fall (objection upheld, contract not
-- signed) without taking the others along.
select workflow.load_edges('saima', 'list_item', array[
  ['open interested', 'intend',   'interested',  'system',  '', ''],
  ['open interested', 'claims_close', 'sealed',  'system',  'has_claims is_sealed', 'batch_claims_close'],
  ['open interested', 'claims_close', 'matching', 'system', 'has_claims not_sealed', 'claims_opened batch_claims_close'],
  ['open interested', 'claims_close', 'unclaimed', 'system', 'no_claims', 'batch_claims_close'],
  ['sealed',      'unseal',       'matching',    'officer leader', 'two_openers', 'claims_opened'],
  ['open unclaimed', 'extend',    'open',        'officer', 'has_reason', 'item_extended'],
  ['interested',  'extend',       'interested',  'officer', 'has_reason', 'item_extended'],
  ['unclaimed matching', 'reissue', 'open',      'leader',  'has_reason no_claims_left', 'item_reissued'],
  ['open interested sealed unclaimed matching', 'withdraw', 'withdrawn', 'leader', 'has_reason', 'item_ended batch_claims_close'],
  ['open interested sealed unclaimed matching', 'self_solve', 'self_solved', 'poster', 'has_reason signatory lead_poster', 'item_ended batch_claims_close'],
  ['matching',    'choose',       'chosen',      'poster',  'signatory lead_poster choice_ready parties_credit', 'choice_made'],
  ['chosen',      'file',         'filed',       'officer', '', 'approval_filed'],
  ['filed',       'approve',      'approved',    'city',    'approval_document approver_is_other', 'approval_given'],
  ['filed',       'refuse',       'matching',    'city',    'approval_document has_reason approver_is_other', 'approval_refused'],
  ['approved',    'notice',       'noticing',    'officer', 'parties_credit', ''],
  ['noticing disputed noticed', 'dispute', 'disputed', 'system', '', 'notice_paused'],
  ['disputed',    'resume',       'noticing',    'system',  'no_open_objection', 'notice_resumed'],
  ['noticing disputed', 'overturn', 'matching',  'system',  'no_winner_remains', 'award_overturned'],
  ['disputed',    'overturn',     'disputed',    'system',  'winners_remain', 'award_overturned'],
  ['noticing',    'overturn',     'noticing',    'system',  'winners_remain', 'award_overturned'],
  ['noticing',    'notice_end',   'noticed',     'system',  'no_open_objection', 'claims_won'],
  ['noticed',     'sign',         'signed',      'system',  'contracts_signed no_open_objection', 'contracts_made'],
  ['noticed',     'sign_fail',    'matching',    'officer', 'has_reason none_signed', 'signing_failed'],
  ['noticed',     'sign_fail',    'noticed',     'officer', 'has_reason some_signed', 'signing_failed'],
  ['signed',      'start',        'started',     'system',  'projects_started', '']]);

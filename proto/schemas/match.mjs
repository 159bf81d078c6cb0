// match.mjs - what the match engine proposes and why, searches, groups, duplicates, teams, the report.

const candidate = {
  id: 'uuid', kind: 'text', path: 'text|null', title: 'text', record: { '*': 'any' }, score: 'number', strength: 'MatchStrength',
  reasons: ['MatchReason'], passages: ['MatchPassage'], missing: ['text'], marks: ['text'],
};

export const schemas = {
  /**
   * Is the engine there, in which version; `known`: is what was asked about in its index yet; `vectors`, where there is
   * an embedding endpoint: used, or why not (late, down, filling).
   */
  MatchEngine: { available: 'bool', 'version?': 'text', 'why?': 'text', 'vectors?': 'text', 'note?': 'Words', 'known?': 'bool' },
  MatchStrength: { code: 'text', zh: 'text', en: 'text' },
  /** Shares of all reasons sum to the score, those of `parts` to the reason's own. */
  MatchReason: {
    kind: 'text', share: 'number', text: 'Words', 'term?': 'text', 'other?': 'text', 'weight?': 'number',
    'record?': { id: 'uuid', kind: 'text', title: 'text', 'year?': 'int' }, 'parts?': ['MatchReason'],
  },
  /** `marks`: from and to, in characters of `text`. */
  MatchPassage: { field: 'text', text: 'text', marks: [['int']] },
  MatchCandidate: { ...candidate, rank: 'int', asked: ['MatchPassage'] },
  MatchFilter: { name: 'text', value: 'text', text: 'Words' },
  Suggestions: { items: ['MatchCandidate'], filters: ['MatchFilter'], page: 'int', size: 'int', engine: 'MatchEngine' },
  FoundLine: {
    id: 'uuid', kind: 'text', path: 'text', title: 'text', record: { '*': 'any' }, 'passages?': ['MatchPassage'],
  },
  Found: {
    items: ['FoundLine'], page: 'int', size: 'int', total: 'int', more: 'bool', 'facets?': { '*': '[Facet]' }, engine: 'MatchEngine',
  },
  NeedGroups: {
    items: [{ likeness: 'number', shared: ['text'], needs: [{ '*': 'any' }] }], engine: 'MatchEngine',
  },
  Team: {
    by: 'text', indicators: ['text'], filters: ['MatchFilter'], engine: 'MatchEngine', uncovered: ['text'],
    team: [{ ...candidate, covers: [{ indicator: 'text', score: 'number' }] }],
  },
  MatchReport: {
    outcome: 'text', from: 'date', until: 'date', outcomes: 'int',
    items: [{
      engine: 'text', kind: 'text', suggestions: 'int', subjects: 'int', asked: 'int', outcomes: 'int', mrr: 'number|null',
      recall_5: 'number|null', recall_10: 'number|null', recall_20: 'number|null', coverage: 'number|null',
    }],
  },
};

const suggestions = { 200: 'Suggestions' };
export const answers = {
  'GET /search': { 200: 'Found' },
  'POST /match': suggestions,
  'GET /batches/{id}/groups': { 200: 'NeedGroups' },
  'GET /needs/{id}/duplicates': { 200: 'Suggestions' },
  'GET /needs/{id}/labels': suggestions,
  'GET /reports/match': { 200: 'MatchReport' },
  'GET /reports/match.csv': { 200: 'text/csv' },
};
for (const subject of ['needs', 'items']) {
  for (const kind of ['experts', 'units', 'achievements', 'patents']) answers[`GET /${subject}/{id}/${kind}`] = suggestions;
  answers[`GET /${subject}/{id}/team-proposals`] = { 200: 'Team' };
}
for (const side of ['experts', 'units', 'achievements', 'patents']) answers[`GET /${side}/{id}/challenges`] = suggestions;
for (const kind of ['experts', 'units', 'achievements', 'patents', 'earlier-needs', 'items', 'needs']) {
  answers[`GET /${kind}/{id}/similar`] = suggestions;
}

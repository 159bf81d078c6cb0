// drafts.mjs - what no moment of the story holds for long: a solicitation and a list that are drafts, so
// that the forms which compose, change and freeze them can be looked at.
const good = (answer, what) => {
  if (answer.status >= 400) throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};

/** In a city whose needs are agreed on. */
export async function addDrafts(town, password) {
  const officer = town.client();
  await officer.signIn('officer1', password);
  const { items: [{ id }] } = good(await officer.get('/work/batches'), 'batches');
  const batch = good(await officer.get(`/batches/${id}/work`), 'batch');
  good(await officer.post('/lists', { batch: id, title: '示例榜单（草拟）', claim_until: '2026-09-04T17:00:00+08:00',
    items: batch.choices.map(({ need }) => ({ need, masking: 'open' })) }), 'list');
  good(await officer.post(`/programmes/${batch.programme.id}/batches`, { name: '示例征集（草拟）',
    solicit_from: '2026-10-01T09:00:00+08:00', solicit_until: '2026-10-30T17:00:00+08:00' }), 'draft of a batch');
}

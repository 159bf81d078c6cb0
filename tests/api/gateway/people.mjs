// People for tests of the gateway: registered over HTTP, as anybody would.
import assert from 'node:assert/strict';

const LETTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
let units = 0;

/** A credit code of an invented unit (registration code 000000) with its right check character. */
export function creditCode() {
  units += 1;
  const body = `91000000${String(units).padStart(8, '0')}X`;
  const sum = [...body].reduce((total, letter, i) => total + LETTERS.indexOf(letter) * WEIGHTS[i], 0);
  return body + LETTERS[(31 - (sum % 31)) % 31];
}

/** Registers a person of a new unit; returns login and the body without its password. */
export async function register(client, login, password) {
  const body = { name: '示例人员', consent_version: '1', unit: { name: `示例企业${login}`, kind: 'enterprise', code: creditCode() } };
  const answer = await client.post('/accounts', { ...body, login, password });
  assert.equal(answer.status, 201, answer.text);
  return { login, body, account: answer.body.account };
}

// The Jinzhou scenario, played while everybody presses the button fifty times: each step that may
// happen once is sent by fifty connections at the same moment, through two gateways, from two
// sessions, every key by two of them. One key wins; the rest are told no in plain words.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import play from '../../samples/jinzhou/scenario.mjs';
import { claimBody } from '../../samples/lib/papers.mjs';
import { Stage } from '../../samples/lib/stage.mjs';
import { bin, city, Client, root } from '../lib/city.mjs';

const CLIENTS = 50;
// kind, the paths that are of it, how often it is raced
const kinds = [
  ['submit a need', /^\/needs\/[^/]+\/submission$/, 1],
  ['merge needs', /^\/needs\/merge$/, 1],
  ['accept, refuse, withdraw a need', /^\/needs\/[^/]+\/events$/, 2],
  ['conclude a panel', /\/conclusion$/, 1],
  ['freeze a list', /^\/lists\/[^/]+\/freezing$/, 1],
  ['publish a list', /^\/lists\/[^/]+\/publication$/, 1],
  ['sign off a consortium', /\/signoff$/, 1],
  ['submit a claim', /\/claims\/[^/]+\/submission$/, 3],
  ['qualify a claim', /^\/claims\/[^/]+\/events$/, 2],
  ['open the claims', /\/opening$/, 2],
  ['extend a challenge', /\/extension$/, 1],
  ['choose', /\/choice$/, 2],
  ['file', /\/filing$/, 1],
  ['approve or refuse', /\/approval$/, 2],
  ['give notice', /\/notice$/, 2],
  ['admit an objection', /^\/objections\/[^/]+\/events$/, 1],
  ['answer an objection', /^\/objections\/[^/]+\/answer$/, 2],
  ['offer a contract', /^\/contracts\/[^/]+\/events$/, 1],
  ['sign a contract', /\/signatures$/, 2],
  ['start a project', /^\/projects\/[^/]+\/start$/, 1],
];
const raced = new Map(kinds.map(([kind]) => [kind, []]));
let town;

class RacingStage extends Stage {
  #lanes = new Map(); // login → its clients, one per eight connections, over two sessions

  async #lane(login) {
    if (this.#lanes.has(login)) return this.#lanes.get(login);
    const sessions = [await this.as(login), new Client(this.url)];
    await sessions[1].signIn(login, this.password);
    const lane = Array.from({ length: Math.ceil(CLIENTS / 8) }, (_, i) => {
      const { cookies, csrf } = sessions[i % 2];
      return new Client(this.url, { headers: { cookie: cookies, 'x-csrf-token': csrf } });
    });
    this.#lanes.set(login, lane);
    sessions[1].close();
    return lane;
  }

  close() {
    super.close();
    for (const client of [...this.#lanes.values()].flat()) client.close();
  }

  /** A step that works: when it is of a kind to be raced, fifty do it and its winner's key is repeated. */
  async do(login, what, method, where, body, options = {}) {
    const kind = kinds.find(([name, form, times]) => form.test(where) && raced.get(name).length < times);
    if (method !== 'POST' || !kind || login === '') return super.do(login, what, method, where, body, options);
    const keys = options.key ? [options.key] : Array.from({ length: CLIENTS / 2 }, () => randomUUID());
    const rivals = login === 'team4' && kind[0] === 'submit a claim' ? [where, await this.#rival()] : [where];
    const answers = await this.#all(login, rivals, keys, body, options);
    const won = answers.filter(({ answer }) => answer.status < 300);
    raced.get(kind[0]).push({ what, answers, won });
    if (won[0] && won[0].where !== where) {
      const id = won[0].where.split('/').at(-2);
      await super.do(login, '撤回', 'POST', `/claims/${id}/events`, { event: 'withdraw', reason: '保留另一项申请。' });
    }
    return super.do(login, what, method, where, body, { ...options, key: won[0]?.where === where ? won[0].key : undefined });
  }

  /** The same request fifty times at once; a key goes to the same place each time. */
  async #all(login, places, keys, body, { version, type }) {
    const lane = await this.#lane(login);
    return Promise.all(Array.from({ length: CLIENTS }, async (_, i) => {
      const n = i % keys.length;
      const where = places[n % places.length];
      const answer = await lane[i % lane.length].request('POST', where, body, { version, type, key: keys[n] });
      return { key: keys[n], where, answer };
    }));
  }

  /** The same leader's claim on another challenge: one of the two is too many. */
  async #rival() {
    const { title } = this.data('needs.json').find((need) => need.key === 'crucible').body;
    const { items } = await this.get('', '/items?size=50');
    const item = await this.get('', `/items/${items.find((one) => one.title === title).id}`);
    const claim = await super.do('team4', '填写', 'POST', `/items/${item.id}/claims`, claimBody(item, '负责人乙'));
    return `/items/${item.id}/claims/${claim.id}/submission`;
  }
}

before(async () => {
  town = await city({ template: 'jinzhou', worker: true, match: true, gateways: 2,
    settings: { lock_ms: 30000, statement_ms: 30000, queue_ms: 30000, ip_sign_in_burst: 300 } });
  process.env.JB_CTL = path.join(bin, 'jiebang-ctl');
  process.env.DATABASE_URL = town.ops;
});
after(() => town?.stop());

test('the scenario goes as written while each of its steps is raced', async () => {
  const stage = new RacingStage('jinzhou', town.plain, path.join(root, 'samples/jinzhou'));
  const print = console.log;
  console.log = () => {};
  try {
    await play(stage); // ends with jiebang-ctl verify
  } finally {
    console.log = print;
    stage.close();
  }
});

for (const [kind, , times] of kinds) {
  test(`${kind}: one of fifty wins, the rest are told why not`, () => {
    const races = raced.get(kind);
    assert.equal(races.length, times);
    for (const { what, answers, won } of races) {
      assert.ok(won.length > 0, `${what}: ${answers[0].answer.text.slice(0, 300)}`);
      const winner = answers.filter((one) => one.key === won[0].key);
      assert.deepEqual(won, winner, `${what}: one key wins, each time it is sent: ${answers.map(({ answer }) => answer.status)}`);
      assert.deepEqual(new Set(won.map(({ answer }) => answer.text)).size, 1, `${what}: all get the same answer`);
      for (const { answer } of answers.filter((one) => !won.includes(one))) {
        assert.ok([409, 422].includes(answer.status), `${what}: ${answer.status} ${answer.text.slice(0, 300)}`);
        assert.ok(answer.body.title && answer.problem, `${what}: ${answer.text.slice(0, 300)}`);
      }
    }
  });
}

test('each of the four challenges has one award, one contract, one project', async () => {
  const found = await town.sql(`select count(*) filter (where i.machine = 'claim' and i.state = 'contracted')::int as awards,
      count(*) filter (where i.machine = 'contract' and i.state = 'signed')::int as contracts,
      count(*) filter (where i.machine = 'project')::int as projects
    from workflow.item i join workflow.item l on l.id = i.parent and l.machine = 'list_item' and l.state = 'started' group by l.id`);
  assert.deepEqual(found, Array(4).fill({ awards: 1, contracts: 1, projects: 1 }));
});

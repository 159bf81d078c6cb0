// inject_more.mjs - acts that the story of a batch has no need of, done after it so that their forms are
// filled too: accounts, units, administrators, libraries, codes, a second programme. The bodies are the
// examples of the contract (proto/examples.json) where no others are given.
import fs from 'node:fs';
import path from 'node:path';
import { totp } from '../../lib/client.mjs';
import { root } from '../../lib/city.mjs';

const examples = JSON.parse(fs.readFileSync(path.join(root, 'proto/examples.json'), 'utf8'));
const at = (date) => `${date}T09:00:00+08:00`;

class More {
  constructor(stage) {
    this.stage = stage;
  }

  /** `over`: members instead of the example's; undefined takes one away. */
  act(login, route, names, over = {}, options) {
    const [method, shape] = route.split(' ');
    const values = [].concat(names);
    const where = shape.replace(/\{\w+\}/g, () => values.shift());
    return this.stage.do(login, route, method, where, JSON.parse(JSON.stringify({ ...examples[route]?.request, ...over })), options);
  }

  async id(text, ...args) {
    const [row] = await this.stage.town.sql(text, args);
    if (!row) throw new Error(`nothing: ${text}`);
    return row.id;
  }

  async fresh(login, where) {
    return { version: (await this.stage.get(login, where)).version };
  }
}

const person = 'select id from auth.account where login = $1';
const member = 'select id from party.membership where person = (select id from auth.account where login = $1)';
const unit = 'select unit as id from party.membership where person = (select id from auth.account where login = $1)';

async function accounts(m) {
  const made = await m.act('', 'POST /accounts', [], { login: 'jbposter', password: 'Sample-city-2027', name: '示例联系人',
    unit: { name: '示例企业未', kind: 'enterprise', code: undefined, contact: { phone: '13800000000', email: 'a@example.org' } } });
  const first = await m.id('select unit as id from party.membership m join auth.account a on a.id = m.person where a.login = $1', 'jbposter');
  m.stage.check(made, 'somebody registers');
  await m.act('officer1', 'POST /units/{id}/decision', first, { decision: 'reject', reason: '材料不全，请补正后重新提交。' });
  await m.act('team1', 'PUT /account', [], { name: '团队代表1', phone: '13800000000', email: 'team1@example.org' });
  await m.act('team1', 'POST /account/tokens', [], { name: '读取' });
  await m.act('team2', 'POST /units', [], { name: '示例研究院申', code: undefined, contact: { person: '示例人', phone: '13800000000' } });
  const own = await m.id(unit, 'poster13');
  await m.act('poster13', 'PUT /units/{id}', own, { code: (await m.stage.get('poster13', `/units/${own}`)).code, name: '示例企业酉', kind: 'enterprise',
    contact: { person: '示例人', phone: '13800000000', address: '示例路1号' } }, await m.fresh('poster13', `/units/${own}`));
  await m.act('officer1', 'PUT /units/{id}/aliases', own, { aliases: ['示例别名'] }, await m.fresh('officer1', `/units/${own}`));
  await m.act('officer1', 'POST /units/{id}/relations', own, { parent: first, share: 51 });
  const zone = await m.act('officer1', 'POST /recommenders', [], { code: 'JBXQ' });
  await m.act('officer1', 'PUT /recommenders/{id}', zone.id, { code: 'JBXQ', name: '示例新区二', kind: 'zone', unit: undefined }, { version: zone.version });
  const credit = await m.act('officer1', 'POST /credits', [], { unit: first, name: '示例企业未' });
  await m.act('officer1', 'POST /credits/{id}/revocation', credit.id, {}, { version: credit.version });
}

async function administrators(m) {
  const made = await m.act('sysadmin1', 'POST /users', [], { login: 'jbclerk', unit: await m.id(unit, 'officer1') });
  const grant = await m.act('sysadmin1', 'POST /users/{id}/roles', await m.id(person, 'jbclerk'), { membership: await m.id(member, 'jbclerk'), roles: ['officer'] });
  await m.act('secadmin1', 'POST /role-grants/{id}/decision', grant.id, { decision: 'refused', note: '岗位职责不符' });
  m.stage.check(made, 'a clerk is hired');
  const officer = await m.stage.as('officer2');
  const asked = await officer.post('/account/second-factor', {});
  const on = await officer.post('/account/second-factor/confirmation', { code: totp(asked.body.secret) });
  m.stage.check(on.status < 300, `officer2 has a second factor: ${on.text}`);
  await m.act('sysadmin1', 'POST /users/{id}/password-reset', await m.id(person, 'officer2'), { second_factor: true });
  await m.act('secadmin1', 'POST /users/{id}/second-factor-reset', await m.id(person, 'officer2'), { decision: 'refused', note: '未当面核实身份' });
  await m.act('sysadmin1', 'POST /users/{id}/disabling', await m.id(person, 'jbclerk'));
}

async function codes(m) {
  const list = await m.stage.get('officer1', '/codes/label');
  await m.act('officer1', 'PUT /codes/{list}', 'label', { edition: '9', codes: list.items.map(({ code, name }) => ({ code, name_zh: name.zh, name_en: name.en ?? '示例' })) });
  await m.act('officer1', 'PUT /calendar/{year}', 2028, { days: [{ day: '2028-01-03', off: true, name: '元旦' }] });
  const term = await m.act('officer1', 'POST /terms', []);
  await m.act('officer1', 'PUT /terms/{id}', term.id, {}, { version: term.version });
}

async function libraries(m) {
  const [known] = (await m.stage.get('officer1', '/experts/kept?size=50')).items.filter((one) => one.person);
  const free = await m.act('officer1', 'POST /experts/{id}/unlink', known.id, {}, await m.fresh('officer1', `/experts/${known.id}`));
  await m.act('officer1', 'POST /experts/{id}/link', known.id, { person: known.person }, { version: free.version });
  for (const kind of ['experts', 'achievements', 'patents', 'earlier-needs']) {
    const made = await m.act('officer1', `POST /${kind}`, []);
    await m.act('officer1', `PUT /${kind}/{id}`, made.id, examples[`POST /${kind}`].request, { version: made.version });
    const other = await m.act('officer1', `POST /${kind}`, [], kind === 'patents' ? { number: 'ZL201510234382.9' } : {});
    await m.act('officer1', `POST /${kind}/{id}/state`, other.id, { state: 'removed', reason: '示例原因' }, { version: other.version });
  }
}

async function programme(m) {
  const rules = { need: { formal_checks: ['示例清单'] } };
  const made = await m.act('officer1', 'POST /programmes', [], { code: 'JB2', rules, targets: [{ name: '揭榜项目', value: 6, unit: '项' }] });
  await m.act('officer1', 'PUT /programmes/{id}', made.id, { code: 'JB2', rules, targets: [{ name: '揭榜项目', value: 8, unit: '项' }] }, { version: made.version });
  await m.act('leader1', 'POST /programmes/{id}/events', made.id);
  const times = { solicit_from: at('2026-11-03'), solicit_until: at('2026-12-01') };
  const batch = await m.act('officer1', 'POST /programmes/{id}/batches', made.id, times);
  await m.act('officer1', 'PUT /batches/{id}', batch.id, times, { version: batch.version });
  await m.act('officer1', 'POST /batches/{id}/events', batch.id, { event: 'solicit' });
  await m.act('officer1', 'POST /batches/{id}/prolongation', batch.id);
  await m.act('officer1', 'POST /batches/{id}/notices', await m.id("select id from workflow.item where machine = 'batch' order by created_at limit 1"));
  const need = (await m.stage.data('needs.json'))[0];
  const draft = await m.act(need.account, 'POST /needs', [], { ...need.body, batch: batch.id, title: '示例新需求' });
  await m.act(need.account, 'POST /needs/{id}/check', draft.id, need.body);
  await m.act('officer1', 'POST /match', []);
}

const parts = { accounts, administrators, codes, libraries, programme };

/** All of them; with `faults` what does not work is told there, and the rest is done. */
export default async function more(stage, faults) {
  for (const [name, part] of Object.entries(parts)) {
    try {
      await part(new More(stage));
    } catch (error) {
      if (!faults) throw error;
      faults.push(`${name}: ${error.message}`);
    }
  }
}

// poison_stage.mjs - plays a scenario over JSON with the corpus (corpus.mjs) in every text that is sent.
// What comes back is told to the scenario as it would be without, so that the story is the same.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { Stage } from '../../../samples/lib/stage.mjs';
import { bin } from '../../lib/city.mjs';
import { namesIn } from './rows.mjs';

/** Steps that are about what is not filled in. */
const bare = /只有名称|残缺/;

export class PoisonStage extends Stage {
  /** `before(login, method, where, body)`: looks at the page of an act that is about to be done; true when it has. */
  constructor(name, town, folder, { routes, pen, before = async () => {}, say = () => {} }) {
    super(name, town.plain, folder);
    Object.assign(this, { town, routes, pen, before, say, acting: undefined });
  }

  chapter(title) {
    this.say(title);
  }

  async as(login) {
    const known = this.clients.get(login);
    const client = await super.as(login);
    if (!known) this.#arm(client);
    return client;
  }

  /** The client sends the corpus while an act is done, and understands it in all answers. */
  #arm(client) {
    const { request } = client;
    client.person = this.pen.clean(client.person);
    client.request = async (method, where, body, options) => {
      const act = this.acting;
      const route = act && method !== 'GET' ? this.routes.find((one) => one.method === method && namesIn(one.path, where.split('?')[0])) : undefined;
      const fill = this.pen.fill;
      if (act && bare.test(act)) this.pen.fill = false;
      const sent = route ? this.pen.poison(route, body?.event ? { ...body, checks: [...body.checks ?? [], { name: '另查一项', ok: true }] } : body) : body;
      this.pen.fill = fill;
      const answer = await request.call(client, method, where, sent, options);
      if (route && answer.status < 300) this.pen.taken(where);
      answer.body = this.pen.clean(answer.body);
      return answer;
    };
  }

  async #quiet(act) {
    const { log } = console;
    console.log = () => {};
    try {
      return await act();
    } finally {
      console.log = log;
    }
  }

  async do(login, what, method, where, body, options = {}) {
    if (!this.promised && what === '登记揭榜意向') await this.#promise();
    if (method !== 'GET' && (await this.before(login, method, where, body))) {
      for (const client of this.clients.values()) client.close(); // they were idle meanwhile
    }
    this.acting = options.key ? undefined : what; // the same request again has to be the same
    try {
      const doc = await this.#quiet(() => super.do(login, what, method, where, body, options));
      this.say(`${this.count} ${login || '-'} ${what}`);
      return doc;
    } finally {
      this.acting = undefined;
    }
  }

  /** A step that neither story has: who wants to read a masked challenge promises to keep it. */
  async #promise() {
    this.promised = true;
    const [item] = await this.town.sql("select id from core.list_item where masking = 'masked'");
    if (item) await this.post('team6', '保密承诺', `/items/${item.id}/undertaking`, { statement: '承诺对详细资料保密，仅用于揭榜。' });
  }

  refused(...args) {
    return this.#quiet(() => super.refused(...args));
  }

  match(...args) {
    return this.#quiet(() => super.match(...args));
  }

  until(...args) {
    return this.#quiet(() => super.until(...args));
  }

  same(got, wanted, what) {
    super.same(this.pen.clean(got), this.pen.clean(wanted), what);
  }

  #ctl(...args) {
    return execFileSync(path.join(bin, 'jiebang-ctl'), args, { encoding: 'utf8', env: { ...process.env, DATABASE_URL: this.town.ops } });
  }

  clock(moment) {
    this.#ctl('set-clock', `${moment.replace(' ', 'T')}:00+08:00`);
    this.say(moment);
  }

  verify() {
    this.#ctl('verify');
  }
}

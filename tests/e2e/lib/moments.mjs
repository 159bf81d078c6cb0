// moments.mjs WANTED - plays the Jinzhou scenario over JSON once and leaves a template database for each
// moment of town.mjs. Run under a lock; does nothing when the wanted one is there already.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import play from '../../../samples/jinzhou/scenario.mjs';
import { Stage } from '../../../samples/lib/stage.mjs';
import { bin, city, clusterFolder, root } from '../../lib/city.mjs';
import { moments } from './town.mjs';

const done = (name) => path.join(clusterFolder(), `template_jinzhou_${name}`);

/** A database can be copied while nobody is in it: the services stop for a moment. */
async function snapshot(town, name) {
  await Promise.all([...town.gateways, town.worker, town.match].map((one) => one.stop()));
  town.gateways = [];
  const host = /host=(\S+)/.exec(town.admin)[1];
  const end = spawnSync('createdb', ['-h', host, '-U', 'postgres', '-T', town.database, `template_jinzhou_${name}`], { encoding: 'utf8' });
  if (end.status !== 0) throw new Error(end.stderr);
  await town.startMatch();
  await town.startGateway();
  town.startWorker();
}

class Snapshots extends Stage {
  constructor(town) {
    super('jinzhou', town.plain, path.join(root, 'samples/jinzhou'));
    this.town = town;
    this.left = new Map(Object.entries(moments).map(([name, what]) => [what, name]));
  }

  async do(login, what, ...rest) {
    for (const [step, name] of this.left) {
      if (!what.startsWith(step)) continue;
      this.left.delete(step);
      await snapshot(this.town, name);
      for (const client of this.clients.values()) client.close(); // their connections ended with the gateway
    }
    return super.do(login, what, ...rest);
  }
}

if (!fs.existsSync(done(process.argv[2]))) {
  const town = await city({ template: 'jinzhou', worker: true, match: true });
  process.env.JB_CTL = path.join(bin, 'jiebang-ctl');
  process.env.DATABASE_URL = town.ops;
  const stage = new Snapshots(town);
  try {
    await play(stage);
    if (stage.left.size > 0) throw new Error(`the scenario has no step ${[...stage.left.keys()]}`);
    for (const name of Object.keys(moments)) fs.writeFileSync(done(name), '');
  } finally {
    stage.close();
    await town.stop();
  }
}

// town.mjs - a city whose gateway serves pages, at any moment of the Jinzhou story.
//
//   const town = await pagesTown();                      // as loaded
//   const town = await pagesTown({ moment: 'argued' });  // experts are at work
//   const town = await pagesTown({ moment: 'played' });  // after the last step
//   const town = await pagesTown({ sample: 'liaoning' }); // another city, as loaded
//
// The moments are snapshots of one play over JSON, made once for each test cluster.
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bin, city, clusterFolder, root } from '../../lib/city.mjs';
import { addDrafts } from './drafts.mjs';

const run = promisify(execFile);
// dozens of small questions: psql itself, not Debian's script before it
process.env.PATH = `/usr/lib/postgresql/15/bin:${process.env.PATH}`;
export const PASSWORD = 'Sample-city-2026';

/** Each is the state before the first step of that name. */
export const moments = {
  submitted: '推荐函 示例古科函〔2026〕3号',  // a need was returned; counties are to recommend
  pooled: '不予受理',                          // needs in the library, two alike
  argued: '评分 vanadium',                     // a panel at work
  agreed: '编制榜单',                          // wording agreed, a list to be made
  frozen: '局领导发榜',                        // a list waits for its leader
  open: '记录对接：现场走访',                  // challenges published, intents
  signoff: '联合体成员签署联合协议',           // a draft claim of a consortium
  sealed: '第二人开封',                        // the deadline is past
  checked: '资格不合格',                       // claims are opened and checked
  approving: '市政府核准',                     // chosen and filed
  objected: '异议不成立，书面答复',            // notices run, objections are looked into
  signing: '签署合同',                         // contracts go round
};

/** Where the style sheet and the scripts are; ./test has built them (JB_STATIC), a file run alone does. */
export function staticFolder() {
  if (process.env.JB_STATIC) return process.env.JB_STATIC;
  const folder = path.join(bin, '../web');
  execFileSync(process.execPath, [path.join(root, 'services/web/build.mjs'), folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  return folder;
}

export async function pagesTown({ moment, sample = 'jinzhou', settings, ...options } = {}) {
  const template = !moment ? sample : moment === 'played' ? 'jinzhou_played' : await momentTemplate(moment);
  return city({ template, ...options, settings: {
    web: process.env.JB_WEB ?? path.join(root, 'services/web'), static_dir: staticFolder(), ip_sign_ins: 100000, ip_sign_in_burst: 1000,
    ...(process.env.JB_WEB_WATCH && { web_watch: 1 }), ...settings } });
}

/** The name of a moment's template; all are made at once, by whoever asks first. */
async function momentTemplate(moment) {
  if (!(moment in moments)) throw new Error(`no moment '${moment}'`);
  const folder = clusterFolder();
  if (!fs.existsSync(path.join(folder, `template_jinzhou_${moment}`))) {
    await run('flock', [path.join(folder, 'moments.lock'), process.execPath, path.join(path.dirname(fileURLToPath(import.meta.url)), 'moments.mjs'), moment],
      { env: { ...process.env, JB_TEST_CLUSTER: folder }, maxBuffer: 1 << 26 });
  }
  return `jinzhou_${moment}`;
}

/** Cities at several moments, by name (JB_E2E_MOMENTS: fewer). A page is looked for in the first ones first. */
const all = ['played', 'checked', 'argued', 'objected', 'submitted', 'approving', 'signing', 'frozen', 'agreed', 'signoff', 'sealed', 'pooled'];
export async function pagesTowns(names = process.env.JB_E2E_MOMENTS?.split(',') ?? all) {
  const towns = new Map();
  process.setMaxListeners(0); // each service that runs has one
  await momentTemplate('argued');
  for (const name of names) towns.set(name, await pagesTown({ moment: name, settings: { pool: 2 } }));
  if (towns.has('agreed')) await addDrafts(towns.get('agreed'), PASSWORD);
  return towns;
}

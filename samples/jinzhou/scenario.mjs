// 示例市 runs one batch of 春芽计划 from 设榜 to 任务合同书, in the order of annex 2 of the Jinzhou plan:
// the poster chooses, the city government approves, the public may object, a contract is signed.
import { solicit, compose } from './scenario-needs.mjs';
import { select } from './scenario-list.mjs';
import { claim } from './scenario-claims.mjs';
import { decide } from './scenario-award.mjs';
import { afterPublication, atTheEnd } from './scenario-match.mjs';

export default async function play(s) {
  const tale = { needs: {}, items: {}, claims: {} };
  await solicit(s, tale);
  await compose(s, tale);
  await select(s, tale);
  await afterPublication(s, tale);
  await claim(s, tale);
  await decide(s, tale);
  await atTheEnd(s);
  s.verify();
}

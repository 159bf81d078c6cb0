// sessions.mjs - sessions of all accounts of a city, made in its database: where it is not looked at,
// nobody need wait until dozens of passwords have been checked.
import { createHash, randomBytes } from 'node:crypto';

const made = new WeakMap(); // city → promise of Map login → token

async function make(town) {
  const accounts = await town.sql("select login from auth.account where state = 'active'");
  const tokens = new Map(accounts.map(({ login }) => [login, randomBytes(32)]));
  const rows = [...tokens].map(([login, token]) => `('${login}', '\\x${createHash('sha256').update(token).digest('hex')}'::bytea)`);
  await town.sql(`insert into auth.session (hash, account, membership, ends_at)
    select v.hash, a.id, (select m.id from party.membership m where m.person = a.id order by m.id limit 1), now() + interval '6 hours'
      from (values ${rows.join(', ')}) v (login, hash) join auth.account a on a.login = v.login`);
  return new Map([...tokens].map(([login, token]) => [login, token.toString('base64url')]));
}

/** What the cookie `jb` of this person holds. */
export async function sessionOf(town, login) {
  if (!made.has(town)) made.set(town, make(town));
  const token = (await made.get(town)).get(login);
  if (!token) throw new Error(`there is no account ${login}`);
  return token;
}

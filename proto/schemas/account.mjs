// account.mjs - who one is: sessions, accounts, tokens, users, roles, what happened to accounts.
import { all, page } from './common.mjs';

const mine = { id: 'uuid', unit: 'Ref', roles: ['text'], state: 'text' };

const session = {
  id: 'uuid', kind: 'text', login: 'text', person: { id: 'uuid', name: 'text', title: 'text|null' },
  unit: { id: 'uuid', code: 'text|null', kind: 'text', name: 'text', state: 'text' }, roles: ['text'],
  scopes: ['text'], membership: 'uuid', memberships: [mine], recommender: 'Ref|null', needs: ['text'],
  second_factor: 'bool', sample: 'bool', ends_at: 'time', reauth_until: 'time|null', 'csrf?': 'text',
};

const token = {
  id: 'uuid', name: 'text', unit: 'text', membership: 'uuid', scopes: ['text'], created_at: 'time',
  seen_at: 'time|null', ends_at: 'time', revoked_at: 'time|null',
};

export const schemas = {
  Session: session,
  SessionLine: {
    id: 'uuid', current: 'bool', created_at: 'time', seen_at: 'time', ends_at: 'time', ip: 'text|null',
    agent: 'text|null',
  },
  Account: {
    id: 'uuid', login: 'text', name: 'text', phone: 'text|null', email: 'text|null', title: 'text|null',
    state: 'text', state_reason: 'text|null', version: 'int', created_at: 'time', last_sign_in: 'time|null',
    locked_until: 'time|null', password_set: 'bool', second_factor: 'bool',
    second_factor_reset: 'FactorReset|null', sessions: 'int',
    memberships: [mine], mail: 'bool', 'one_time_token?': 'hash',
  },
  FactorReset: { asked_by: 'text', asked_at: 'time' },
  AccountLine: { id: 'uuid', login: 'text', name: 'text', state: 'text', created_at: 'time', 'memberships?': [{ unit: 'text', roles: ['text'] }] },
  Registered: {
    account: 'uuid', login: 'text', unit: { id: 'uuid', name: 'text', state: 'text' },
    membership: { id: 'uuid', state: 'text', roles: ['text'] },
  },
  FirstAdmin: { account: 'uuid', login: 'text', roles: ['text'] },
  SecondFactor: { second_factor: 'bool', 'recovery_codes?': ['text'] },
  SecondFactorSecret: { secret: 'text', uri: 'text' },
  RecoveryCodes: { recovery_codes: ['text'] },
  Token: token,
  TokenOnce: { ...token, 'token?': 'hash' },
  RoleGrant: {
    id: 'uuid', membership: 'uuid', person: 'Ref', unit: 'Ref', action: 'text', roles: ['text'], reason: 'text',
    asked_by: 'text', asked_at: 'time', decision: 'text|null', note: 'text|null', decided_by: 'text|null',
    decided_at: 'time|null',
  },
  AccountEvent: {
    seq: 'int', kind: 'text', at: 'time', actor: 'uuid|null', actor_name: 'text|null', account: 'uuid|null',
    account_name: 'text|null', object: 'uuid|null', 'object_name?': 'text|null', data: { '*': 'any' }, session: 'uuid|null', ip: 'text|null',
    rid: 'text|null',
  },
};

export const answers = {
  'POST /session': { 201: 'Session' },
  'GET /session': { 200: 'Session' },
  'DELETE /session': { 204: null },
  'POST /session/reauth': { 200: 'Session' },
  'PUT /session/membership': { 200: 'Session' },
  'POST /account/password': { 200: 'Session' },
  'POST /accounts': { 201: 'Registered' },
  'POST /first-admin': { 201: 'FirstAdmin' },
  'POST /password-reset': { 204: null },
  'GET /live': { 200: 'text/event-stream' },
  'GET /sessions': { 200: all('SessionLine') },
  'DELETE /sessions/{id}': { 204: null },
  'GET /account': { 200: 'Account' },
  'PUT /account': { 200: 'Account' },
  'PUT /account/notifications': { 200: 'Account' },
  'POST /account/second-factor': { 201: 'SecondFactorSecret' },
  'POST /account/second-factor/confirmation': { 200: 'SecondFactor' },
  'POST /account/second-factor/removal': { 200: 'SecondFactor' },
  'POST /account/recovery-codes': { 200: 'RecoveryCodes' },
  'GET /account/tokens': { 200: all('Token') },
  'POST /account/tokens': { 201: 'TokenOnce' },
  'DELETE /account/tokens/{id}': { 204: null },
  'GET /users': { 200: page('AccountLine') },
  'POST /users': { 201: 'Account' },
  'GET /users/{id}': { 200: 'Account' },
  'POST /users/{id}/disabling': { 200: 'Account' },
  'POST /users/{id}/enabling': { 200: 'Account' },
  'POST /users/{id}/unlocking': { 200: 'Account' },
  'POST /users/{id}/password-reset': { 201: 'Account' },
  'POST /users/{id}/second-factor-reset': { 200: 'Account' },
  'POST /users/{id}/roles': { 201: 'RoleGrant' },
  'GET /role-grants': { 200: page('RoleGrant') },
  'POST /role-grants/{id}/decision': { 200: 'RoleGrant' },
  'GET /account-events': { 200: { items: ['AccountEvent'], next: 'int|null' } },
};

// party.mjs - units and their people, relations, recommenders, credit records.
import { all, page } from './common.mjs';

export const schemas = {
  Unit: {
    id: 'uuid', code: 'text|null', name: 'text', aliases: ['text'], kind: 'text', state: 'text',
    'state_reason?': 'text|null', division: 'text|null', recommender: 'Ref|null', industry: 'text|null',
    legal_rep: 'text|null', 'contact?': 'UnitContact', intro: 'text|null', labels: ['text'], source: 'text',
    source_date: 'date|null', sample: 'bool', version: 'int', created_at: 'time', verified_at: 'time|null',
  },
  UnitContact: {
    'person?': 'text|null', 'phone?': 'text|null', 'email?': 'text|null', 'address?': 'text|null',
    'postcode?': 'text|null', 'site?': 'text|null',
  },
  Membership: {
    id: 'uuid', unit: 'Ref', roles: ['text'], state: 'text', since: 'time', until: 'time|null', version: 'int',
    asked_by: 'text|null',
    person: { id: 'uuid', name: 'text', phone: 'text|null', email: 'text|null', title: 'text|null' },
  },
  Relation: {
    unit: 'Ref', parent: 'Ref', kind: 'text', share: 'number|null', source: 'text|null', since: 'date|null',
    until: 'date|null',
  },
  Recommender: {
    id: 'uuid', code: 'text', name: 'text', kind: 'text', division: 'text|null', unit: 'uuid|null',
  },
  Credit: {
    id: 'uuid', unit: 'uuid|null', person: 'uuid|null', name: 'text', level: 'text', decision: 'text',
    starts: 'date', ends: 'date', source: 'text', note: 'text|null', created_at: 'time', revoked_at: 'time|null',
  },
};

export const answers = {
  'GET /units': { 200: page('Unit') },
  'POST /units': { 201: 'Unit' },
  'GET /units/{id}': { 200: 'Unit' },
  'PUT /units/{id}': { 200: 'Unit' },
  'POST /units/{id}/decision': { 200: 'Unit' },
  'PUT /units/{id}/aliases': { 200: 'Unit' },
  'PUT /units/{id}/recommender': { 200: 'Unit' },
  'GET /units/{id}/members': { 200: all('Membership') },
  'POST /units/{id}/members': { 201: 'Membership' },
  'GET /memberships/{id}': { 200: 'Membership' },
  'POST /memberships/{id}/answer': { 200: 'Membership' },
  'PUT /memberships/{id}': { 200: 'Membership' },
  'DELETE /memberships/{id}': { 204: null },
  'GET /units/{id}/relations': { 200: all('Relation') },
  'POST /units/{id}/relations': { 201: all('Relation') },
  'DELETE /units/{id}/relations/{parent_id}': { 204: null },
  'GET /recommenders': { 200: all('Recommender') },
  'POST /recommenders': { 201: 'Recommender' },
  'PUT /recommenders/{id}': { 200: 'Recommender' },
  'GET /credits': { 200: page('Credit') },
  'POST /credits': { 201: 'Credit' },
  'POST /credits/{id}/revocation': { 200: 'Credit' },
};

// engine.mjs - speaks with the match engine as the gateway does (proto/match.proto in frames), and gives
// it a database to follow that a test can change row by row.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { root } from './city.mjs';

/* --- the wire: the messages are read from proto/match.proto, so nothing is written twice ------- */

const TYPES = {};
for (const [, name, body] of fs.readFileSync(path.join(root, 'proto/match.proto'), 'utf8')
  .replace(/\/\/.*$/gm, '').matchAll(/(?:message|enum)\s+(\w+)\s*\{([^}]*)\}/g)) {
  TYPES[name] = [...body.matchAll(/(repeated\s+)?(?:([\w]+)\s+)?(\w+)\s*=\s*(\d+)\s*;/g)]
    .map(([, many, type, member, number]) => ({ many: Boolean(many), type, member, number: Number(number) }));
}
const isEnum = (type) => type in TYPES && TYPES[type].every((field) => !field.type);
const enumNumber = (type, word) => TYPES[type].find((field) => field.member === word).number;
const enumWord = (type, number) => TYPES[type].find((field) => field.number === number)?.member;

function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

function encodeValue(type, value) {
  if (type === 'double') {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return [1, bytes];
  }
  if (type === 'string' || type === 'bytes' || (type in TYPES && !isEnum(type))) {
    const bytes = type in TYPES ? encode(type, value) : Buffer.from(value);
    return [2, Buffer.concat([varint(bytes.length), bytes])];
  }
  return [0, varint(isEnum(type) ? enumNumber(type, value) : Number(value))];
}

export function encode(type, object) {
  const parts = [];
  for (const [member, given] of Object.entries(object)) {
    const field = TYPES[type].find((one) => one.member === member);
    for (const value of field.many ? given : [given]) {
      const [wire, bytes] = encodeValue(field.type, value);
      parts.push(varint((field.number << 3) | wire), bytes);
    }
  }
  return Buffer.concat(parts);
}

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  varint() {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.bytes[this.at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  }

  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

function decodeValue(type, reader, wire) {
  if (wire === 1) return reader.take(8).readDoubleLE();
  if (wire === 0) {
    const value = reader.varint();
    if (type === 'bool') return value === 1n;
    return isEnum(type) ? enumWord(type, Number(value)) : Number(BigInt.asIntN(64, value));
  }
  const bytes = reader.take(Number(reader.varint()));
  if (type === 'string') return bytes.toString('utf8');
  if (type === 'bytes') return Buffer.from(bytes);
  return decode(type, bytes);
}

export function decode(type, bytes) {
  const object = {};
  for (const field of TYPES[type]) {
    if (field.many) object[field.member] = [];
    else if (isEnum(field.type)) object[field.member] = enumWord(field.type, 0);
  }
  const reader = new Reader(bytes);
  while (reader.at < bytes.length) {
    const tag = Number(reader.varint());
    const field = TYPES[type].find((one) => one.number === tag >> 3);
    const packed = field.many && (tag & 7) === 2 && /^(u?int|double)/.test(field.type);
    if (packed) {
      const inner = new Reader(reader.take(Number(reader.varint())));
      while (inner.at < inner.bytes.length) object[field.member].push(decodeValue(field.type, inner, field.type === 'double' ? 1 : 0));
    } else if (field.many) object[field.member].push(decodeValue(field.type, reader, tag & 7));
    else object[field.member] = decodeValue(field.type, reader, tag & 7);
  }
  return object;
}

export const uuidBytes = (uuid) => Buffer.from(uuid.replaceAll('-', ''), 'hex');
export const bytesUuid = (bytes) => bytes.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');

/** A gateway's connection to the engine; ask() may be called many times at once. */
export class EngineClient {
  constructor(socket) {
    this.waiting = new Map();
    this.next = 0;
    this.input = Buffer.alloc(0);
    this.socket = net.connect(socket);
    this.closed = new Promise((resolve) => { this.socket.once('close', resolve); });
    this.socket.on('error', () => {});
    this.socket.on('data', (bytes) => this.read(bytes));
    this.closed.then(() => {
      this.gone = true;
      for (const { reject } of this.waiting.values()) reject(new Error('the engine has closed'));
    });
  }

  read(bytes) {
    this.input = Buffer.concat([this.input, bytes]);
    while (this.input.length >= 4 && this.input.length >= 4 + this.input.readUInt32BE()) {
      const length = this.input.readUInt32BE();
      const response = decode('Response', this.input.subarray(4, 4 + length));
      this.input = this.input.subarray(4 + length);
      this.waiting.get(response.id)?.resolve(response);
      this.waiting.delete(response.id);
    }
  }

  ask(request) {
    if (this.gone) return Promise.reject(new Error('the engine has closed'));
    const id = ++this.next;
    const bytes = encode('Request', { ...request, id });
    const head = Buffer.alloc(4);
    head.writeUInt32BE(bytes.length);
    this.socket.write(Buffer.concat([head, bytes]));
    return new Promise((resolve, reject) => { this.waiting.set(id, { resolve, reject }); });
  }

  /** The numbers of STATUS as an object beside its members. */
  async status() {
    const { numbers, ...rest } = await this.ask({ ask: 'STATUS' });
    return { ...rest, ...Object.fromEntries(numbers.map(({ name, value }) => [name, value ?? 0])) };
  }

  end() {
    this.socket.destroy();
    return this.closed;
  }
}

/* --- a feed of the test's own: one table, one log -------------------------------------------------- */

export const FEED = `
drop schema if exists feed cascade;
create schema feed;
create table feed.fed (id uuid primary key, kind text, version bigint, doc jsonb);
create table feed.log (nth bigserial primary key, kind text, id uuid, version bigint, doc jsonb);
create table feed.term (version bigint, rows jsonb);
create table feed.epoch (name text);
insert into feed.term values (1, '[]');
insert into feed.epoch values ('a');
create function feed.position() returns text language sql stable as $$
  select (select name from feed.epoch) || coalesce(max(nth), 0) from feed.log $$;
create function feed.changes(p_after text, p_limit int)
returns table ("position" text, kind text, id uuid, version bigint, doc jsonb) language plpgsql stable as $$
begin
  if left(p_after, 1) <> (select name from feed.epoch) then
    raise exception using errcode = 'WF410', message = 'gone';
  end if;
  return query select left(p_after, 1) || l.nth, l.kind, l.id, l.version, l.doc from feed.log l
    where l.nth > substr(p_after, 2)::bigint order by l.nth limit p_limit;
end $$;
create function feed.rescan(p_kind text, p_after uuid, p_limit int)
returns table (id uuid, version bigint, doc jsonb) language sql stable as $$
  select f.id, f.version, f.doc from feed.fed f where f.kind = p_kind and (p_after is null or f.id > p_after)
  order by f.id limit p_limit $$;
create function feed.digest() returns table (kind text, n bigint, hash bigint) language sql stable as $$
  select d.kind, d.n, (mod(mod(d.s + two63, two64) + two64, two64) - two63)::bigint
  from (select f.kind, count(*) as n, sum(('x' || left(md5(f.id::text || ':' || f.version), 16))::bit(64)::bigint) as s
        from feed.fed f group by f.kind) d,
       (values (9223372036854775808::numeric, 18446744073709551616::numeric)) as w (two63, two64) $$;
create function feed.terms(p_known bigint) returns table (version bigint, rows jsonb) language sql stable as $$
  select t.version, t.rows from feed.term t where t.version is distinct from p_known $$;
create function feed.put(p_kind text, p_id uuid, p_version bigint, p_doc jsonb, p_loud boolean) returns void language sql as $$
  insert into feed.fed values (p_id, p_kind, p_version, p_doc)
  on conflict (id) do update set version = excluded.version, doc = excluded.doc;
  insert into feed.log (kind, id, version, doc) values (p_kind, p_id, p_version, p_doc);
  select pg_notify('feed_changed', '') where p_loud;
$$;
create function feed.remove(p_id uuid, p_version bigint) returns void language sql as $$
  insert into feed.log (kind, id, version) select kind, id, p_version from feed.fed where id = p_id;
  delete from feed.fed where id = p_id;
  select pg_notify('feed_changed', '');
$$;
create table feed.vector (model text, sum uuid, vector bytea, primary key (model, sum));
create function feed.vectors(p_model text, p_sums uuid[]) returns table (sum uuid, vector bytea) language sql stable as $$
  select v.sum, v.vector from feed.vector v where v.model = p_model and v.sum = any (p_sums) $$;
create function feed.keep_vectors(p_model text, p_sums uuid[], p_vectors bytea[]) returns void language sql security definer as $$
  insert into feed.vector select p_model, s, v from unnest(p_sums, p_vectors) t (s, v)
  on conflict (model, sum) do update set vector = excluded.vector $$;
grant usage on schema feed to jb_match;
grant select on all tables in schema feed to jb_match;
grant execute on all functions in schema feed to jb_match;
`;

export const makeFeed = (town) => town.sql(FEED);

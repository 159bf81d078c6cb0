// inject_fields.mjs - texts of forms that do not take the corpus, and why: [pattern of 'METHOD /path field', reason].
import { checks } from '../../../samples/lib/papers.mjs';

/** The rule of the field allows only what stands in a list, or a shape. */
export const closed = [
  [/ industry$/, 'one of the programme’s key industries'],
  [/ \/(needs|experts|achievements|patents|earlier-needs)\S* fields$/, 'codes of a list'],
  [/ strategic$| discipline$/, 'codes of a list'],
  [/ (roles|scopes)$/, 'codes of a list'],
  [/ industries$/, 'names that needs are compared with'],
  [/^POST \/session login$/, 'who signs in has a name already'],
  [/^POST \/(users|units\/\{id\}\/members) login$/, 'letters and digits'],
  [/^(POST|PUT) \/patents\S* (number|ipc)$/, 'letters and digits'],
  [/ \/achievements\S* patents$/, 'numbers of patents'],
  [/ scores$/, 'points by the code of a criterion'],
  [/^POST \/first-admin /, 'before anybody else is there; the same texts as of POST \/accounts'],
];

/** What a rule behind the form allows, where it is less than the form says. */
export const shorter = [[/^POST \/accounts name$/, 40]];

export const most = (place) => shorter.find(([pattern]) => pattern.test(place))?.[1];

/** Values that a rule asks for by name; beside them stands one that nobody asks for. */
export const asked = new Set(checks.map(({ name }) => name));

export const kept = (place, value) => closed.some(([pattern]) => pattern.test(place)) || asked.has(value);

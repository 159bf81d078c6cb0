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

/** What no page that is walked afterwards shows as it was typed, and why. */
export const unseen = [
  [/events checks\.(name|note)$/, 'the lines of a checklist are kept with the step; pages say only that it was done'],
  [/ \/panels\S*drafts\S* comment$/, 'handed in as a sheet afterwards, which has its own text'],
  [/ \/items\/\{id\}\/undertaking statement$/, 'kept for the day it is asked for'],
  [/signoff reason$/, 'signing needs none; that of a refusal is shown'],
  [/^PUT \/account title$|^POST \/account\/tokens name$/, 'on the own pages of an account that the walk does not look at'],
  [/^POST \/recommenders name$/, 'renamed afterwards'],
  [/ codes\.name_en$/, 'on the English page of one list of codes'],
  [/ \/achievements\S* contact$/, 'whom to call is not public'],
  [/^POST \/needs\/\{id\}\/check /, 'not kept: the form is answered and forgotten'],
  [/^POST \/match /, 'not kept: the form is answered and forgotten'],
];

import { randomUUID } from 'node:crypto';
import { assert } from '../../src/kernel/assert.ts';
import { isRecord } from '../../src/infrastructure/http/json-schema.ts';
import type { Route } from '../../src/infrastructure/http/route.ts';
import { OTHER, OWN, type Caller, type Place, type Resource, type World } from './contract-world.ts';

/**
 * Which thing stands behind the `id` of a route that finds its park in what it is asked for. `nothing`: the thing is named
 * elsewhere in the request, where an example names one that nobody has.
 */
const RESOURCES: Readonly<Record<string, Resource | 'nothing'>> = {
  bookStatement: 'nothing',
  cancelTicketAsStaff: 'ticket',
  compareStatement: 'nothing',
  requestRefund: 'payment',
  settlePaymentByStatement: 'payment',
  listPaymentRefunds: 'payment',
  confirmRefund: 'payment',
  revokeDevice: 'device',
  listDeviceLogForks: 'device',
  closeShift: 'shift',
  getDeskSale: 'nothing',
  getShift: 'shift',
  cancelPass: 'pass',
  issuePass: 'nothing',
  payOutInCash: 'nothing',
  readGateBundle: 'nothing',
  resolveDifference: 'nothing',
  resolveIncident: 'nothing',
  withdrawStatement: 'nothing',
  retryFiscalReceipt: 'nothing',
};

/** Routes after which the session, or the account, of the caller is over. */
export const SESSION_ENDING = ['logout', 'logoutAll', 'changePassword', 'eraseMe'];

/** The names that a schema of an object requires. */
const requiredOf = (schema: Route['params']): readonly unknown[] =>
  Array.isArray(schema?.['required']) ? (schema['required'] as unknown[]) : [];

/** Parks a route is asked about. Where it may name none, that is a case of its own: only a role at all parks covers it. */
export function placesOf({ access, query }: Route): readonly Place[] {
  if (access.kind !== 'roles' || access.parkFrom === undefined) return ['none'];
  const [part, field] = access.parkFrom.split('.');
  return part === 'query' && !requiredOf(query).includes(field) ? ['own', 'other', 'none'] : ['own', 'other'];
}

const parkOf = (place: Place): string => (place === 'own' ? OWN : OTHER);

const propertiesOf = (schema: Route['params']): Readonly<Record<string, Record<string, unknown>>> => {
  const properties = schema?.['properties'];
  return isRecord(properties) ? (properties as Record<string, Record<string, unknown>>) : {};
};

/** A good value of a field by its example; ids are of nobody. */
function sampleOf(name: string, field: Readonly<Record<string, unknown>>): string {
  if (field['format'] === 'uuid') return randomUUID();
  const { example } = field;
  if (typeof example === 'string' || typeof example === 'number') return String(example);
  const [word] = Array.isArray(field['enum']) ? (field['enum'] as unknown[]) : [];
  assert(typeof word === 'string', `${name} has no example`);
  return word;
}

function headersOf(route: Route, { token }: Caller, bodyType: string | undefined): Record<string, string> {
  const own = Object.entries(propertiesOf(route.headers)).filter(([name]) => requiredOf(route.headers).includes(name));
  return {
    ...Object.fromEntries(own.map(([name, schema]) => [name, sampleOf(`${route.operationId}.${name}`, schema)])),
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(bodyType === undefined ? {} : { 'content-type': bodyType }),
    ...(route.idempotency === 'none' ? {} : { 'idempotency-key': randomUUID() }),
    ...(route.editing ? { 'if-match': '"1"' } : {}),
  };
}

type Request = { readonly path: string; readonly init: RequestInit };

/** The documented example of a route as a request of a caller about a park. */
export function requestOf(route: Route, caller: Caller, place: Place, world: World): Request {
  const { access } = route;
  const parkFrom = access.kind === 'roles' ? access.parkFrom : undefined;
  const [part, field = ''] = parkFrom === undefined || parkFrom === 'resource' ? [] : parkFrom.split('.');
  const resource = parkFrom === 'resource' ? RESOURCES[route.operationId] : undefined;
  if (parkFrom === 'resource') assert(resource, `name the thing behind ${route.operationId} in RESOURCES`);

  const params = Object.entries(propertiesOf(route.params)).map(([name, schema]): readonly [string, string] => {
    if (part === 'params' && name === field) return [name, parkOf(place)];
    if (name === 'id' && resource !== undefined && resource !== 'nothing') {
      return [name, world.resources[place === 'own' ? 'own' : 'other'][resource]];
    }
    if (route.url.includes('/parks/:id') && name === 'id') return [name, OWN];
    return [name, sampleOf(`${route.operationId}.${name}`, schema)];
  });
  let path = route.url;
  for (const [name, value] of params) path = path.replace(`:${name}`, encodeURIComponent(value));

  const query = new URLSearchParams();
  for (const [name, schema] of Object.entries(propertiesOf(route.query))) {
    if (part === 'query' && name === field) {
      if (place !== 'none') query.set(name, parkOf(place));
    } else if (requiredOf(route.query).includes(name))
      query.set(name, sampleOf(`${route.operationId}.${name}`, schema));
  }
  if (route.operationId === 'readGateBundle' && place !== 'none') query.set('park_id', parkOf(place));

  const [bodyType] = route.bodyTypes;
  const named =
    route.operationId === 'issuePass'
      ? { park_ids: [parkOf(place)] }
      : part === 'body'
        ? { [field]: parkOf(place) }
        : {};
  const example = isRecord(route.bodyExample) ? { ...route.bodyExample, ...named } : route.bodyExample;
  const body =
    bodyType === undefined
      ? undefined
      : bodyType === 'application/json'
        ? JSON.stringify(example ?? {})
        : typeof example === 'string'
          ? example
          : 'not what it says';
  return {
    path: query.size === 0 ? path : `${path}?${query.toString()}`,
    init: {
      method: route.method,
      redirect: 'manual',
      headers: headersOf(route, caller, bodyType),
      ...(body === undefined ? {} : { body }),
    },
  };
}

export type Verdict = 'may' | 'unauthorized' | 'forbidden' | 'kept from';

/** What the declared access of a route means for a caller and a park. `kept from`: refused, or told that there is no such thing. */
export function verdictOf({ access }: Route, caller: Caller, place: Place): Verdict {
  const isDevice = caller.name === 'device';
  // A device's credential is for gates; where a token only adds to what everybody gets, it is no token.
  if (access.kind === 'public') return isDevice && access.token === 'optional' ? 'forbidden' : 'may';
  if (caller.token === null) return 'unauthorized';
  if (access.kind === 'user') return isDevice ? 'forbidden' : 'may';
  if (isDevice ? access.devices === undefined : access.devices === 'only') return 'forbidden';
  const held = caller.roles.filter(({ role }) => access.roles.includes(role));
  if (held.length === 0) return 'forbidden';
  const isChainWide = held.some(({ parkId }) => parkId === null);
  if (access.parkFrom === undefined || place === 'own' || isChainWide) return 'may';
  return access.parkFrom === 'resource' ? 'kept from' : 'forbidden';
}

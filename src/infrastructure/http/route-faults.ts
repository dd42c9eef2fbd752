import { isRecord, plainSchema } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Route } from './route.ts';
import { compileValidator } from './validation.ts';

/** A text that a client sends must have a bound, and so must numbers and lists. */
function unbounded(schema: JsonSchema, path: string): string[] {
  const has = (...keywords: string[]): boolean => keywords.some((keyword) => keyword in schema);
  const types = [schema['type']].flat();
  const faults: string[] = [];
  if (types.includes('string') && !has('maxLength', 'format', 'enum', 'const'))
    faults.push(`${path}: a text without maxLength`);
  const bounded = has('minimum', 'exclusiveMinimum') && has('maximum', 'exclusiveMaximum');
  if ((types.includes('integer') || types.includes('number')) && !bounded && !has('enum', 'const'))
    faults.push(`${path}: a number without bounds`);
  if (types.includes('array') && !has('maxItems')) faults.push(`${path}: a list without maxItems`);
  if (has('allOf')) faults.push(`${path}: allOf cannot be closed to unknown fields`);
  if (has('patternProperties') && !has('maxProperties')) faults.push(`${path}: a record without maxProperties`);
  return [...faults, ...partsOf(schema, path).flatMap(([part, at]) => unbounded(part, at))];
}

function partsOf(schema: JsonSchema, path: string): [JsonSchema, string][] {
  const parts: [JsonSchema, string][] = [];
  for (const holder of [schema['properties'], schema['patternProperties']]) {
    if (isRecord(holder))
      for (const [name, part] of Object.entries(holder)) if (isRecord(part)) parts.push([part, `${path}.${name}`]);
  }
  if (isRecord(schema['items'])) parts.push([schema['items'], `${path}.items`]);
  for (const list of [schema['anyOf'], schema['oneOf']]) {
    if (Array.isArray(list)) list.forEach((part: unknown) => isRecord(part) && parts.push([part, path]));
  }
  return parts;
}

function exampleFaults(route: Route): string[] {
  const faults: string[] = [];
  const check = (what: string, schema: JsonSchema, example: unknown): void => {
    const errors = compileValidator(schema)(example);
    if (errors !== null) faults.push(`${what} does not match its schema: ${JSON.stringify(errors)}`);
  };
  if (route.bodyTypes.includes('application/json') && route.bodyExample === undefined) faults.push('no bodyExample');
  if (route.body !== undefined) check('bodyExample', route.body, route.bodyExample);
  for (const [status, response] of Object.entries(route.responses)) {
    if ('events' in response) check(`example of ${status}`, plainSchema(response.events), response.example);
    if ('schema' in response) check(`example of ${status}`, plainSchema(response.schema), response.example);
  }
  return faults;
}

function pathFaults(route: Route): string[] {
  const named = route.url
    .split('/')
    .filter((segment) => segment.startsWith(':'))
    .map((segment) => segment.slice(1));
  const declared = isRecord(route.params?.['properties']) ? Object.keys(route.params['properties']) : [];
  const same = named.length === declared.length && named.every((name) => declared.includes(name));
  return same ? [] : [`params are [${declared.join()}], the path has [${named.join()}]`];
}

function wordFaults(route: Route): string[] {
  const words = { operationId: route.operationId, summary: route.summary, tag: route.tag };
  const faults = Object.entries(words).flatMap(([name, word]) => (word.trim() === '' ? [`${name} is empty`] : []));
  if (!/^[a-z][A-Za-z0-9]*$/.test(route.operationId)) faults.push('operationId is not camelCase');
  if (Object.keys(route.responses).every((status) => Number(status) >= 300)) faults.push('no answer for success');
  return faults;
}

/** What is wrong with declared routes, one line each; empty when they keep the rules of the API. */
export function routeFaults(routes: readonly Route[]): string[] {
  const seen = new Map<string, number>();
  for (const { operationId } of routes) seen.set(operationId, (seen.get(operationId) ?? 0) + 1);
  return routes.flatMap((route) => {
    const requests = { params: route.params, query: route.query, headers: route.headers, body: route.body };
    const changesByStaff = route.access.kind === 'roles' && route.method !== 'GET';
    const faults = [
      ...(changesByStaff && !route.saysStepUp ? ['stepUp is not said'] : []),
      ...wordFaults(route),
      ...pathFaults(route),
      ...exampleFaults(route),
      ...Object.entries(requests).flatMap(([name, schema]) => (schema === undefined ? [] : unbounded(schema, name))),
      ...((seen.get(route.operationId) ?? 0) > 1 ? ['operationId is used twice'] : []),
    ];
    return faults.map((fault) => `${route.operationId}: ${fault}`);
  });
}

import { expect, test } from 'vitest';
import type { Node } from './load-today.ts';
import { stateOfNode } from './node-state.ts';

const NOW = Date.parse('2026-12-05T06:00:30Z');
const contact: NonNullable<Node['contact']> = {
  at: '2026-12-05T06:00:00.000Z',
  verdict: 'ok',
  trouble: null,
  app_version: '0.1.0',
  protocol: 2,
  knows_same_events: true,
  incarnation: '5d0a4c62-9f2e-4f0b-8a55-3a1a3a4c7b10',
  head: 10,
  accepted: 10,
  backlog: 0,
  feed_lag: 0,
  clock_offset_ms: 0,
  parked: [],
};
const node: Node = {
  id: 'park-osh',
  park_id: 'osh',
  status: 'enrolled',
  invited_at: '2026-12-04T03:00:00.000Z',
  code_expires_at: '2026-12-04T04:00:00.000Z',
  enrolled_at: '2026-12-04T03:10:00.000Z',
  revoked_at: null,
  key_id: null,
  old_key_id: null,
  home_from: null,
  incarnations: [],
  contact,
  copies: [],
  quarantined: 0,
};

test.each<[string, Partial<Node>]>([
  ['well', {}],
  ['invited', { status: 'invited', contact: null }],
  ['never_heard', { contact: null }],
  ['silent', { contact: { ...contact, at: '2026-12-05T05:59:00.000Z' } }],
  ['troubled', { contact: { ...contact, verdict: 'fork' } }],
  ['troubled', { contact: { ...contact, trouble: 'no room left' } }],
  ['troubled', { contact: { ...contact, parked: [{ subscription: 'x', events: 1, since: contact.at }] } }],
  ['troubled', { quarantined: 1 }],
])('a node is %s by %j', (expected, change) => {
  expect(stateOfNode({ ...node, ...change }, NOW)).toBe(expected);
});

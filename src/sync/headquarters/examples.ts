/** Bodies as the documents show them; what is signed in them is signed by nobody. */

const INCARNATION = '5d0a4c62-9f2e-4f0b-8a55-3a1a3a4c7b10';
const KEY = 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqo';
const LINK = 'q1yYc0m3s5JXzXv7rj1Vb8mJmV9m4zv6y0Tz0r3uQ2E';
const SIGNATURE = `${KEY}${KEY}`;
const NONCE = 'Zk3v9QmB7wXyT2aLr8cN0g';
export const SESSION_EXAMPLE = `1796450400000.eyJub2RlSWQiOiJwYXJrLWFsYS1hcmNoYSJ9.${KEY}`;
const PLACE = { incarnation: INCARNATION, seq: 1204, link: LINK };

export const enrolExample = {
  code: 'k3Vt0mXJ8QmYk3Vt0mXJ',
  nodeId: 'park-ala-archa',
  parkId: 'ala-archa',
  keyId: '5f1c20ab',
  publicKey: KEY,
  admissionKeys: [{ keyId: '90d3be71', x: KEY }],
  incarnation: INCARNATION,
  nonce: NONCE,
  signature: SIGNATURE,
};

export const challengeExample = { nodeId: 'park-ala-archa' };

export const helloExample = {
  nodeId: 'park-ala-archa',
  challenge: NONCE,
  nonce: NONCE,
  protocol: { min: 1, max: 2 },
  incarnation: INCARNATION,
  process: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d40',
  opened: [],
  head: PLACE,
  feed: { incarnation: INCARNATION, position: 4180, link: LINK, proof: KEY },
  eventTypes: '6f1ed002ab5595859014ebf0951522d9',
  stoppedAt: null,
  clockMs: 1_796_450_400_000,
  clockOffsetMs: null,
  appVersion: '0.1.0',
  parked: [{ subscription: 'flow.purchase', events: 2, sinceMs: 1_796_450_280_000 }],
  admissionKeys: [],
  signature: SIGNATURE,
};

export const rotateExample = {
  nodeId: 'park-ala-archa',
  challenge: NONCE,
  nonce: NONCE,
  oldKeyId: '5f1c20ab',
  keyId: '9d27e4b1',
  publicKey: 'A'.repeat(43),
  proof: SIGNATURE,
  signature: SIGNATURE,
};

export const retireExample = {
  nodeId: 'park-ala-archa',
  challenge: NONCE,
  nonce: NONCE,
  keyId: '9d27e4b1',
  oldKeyId: '5f1c20ab',
  until: { incarnation: INCARNATION, seq: 1204 },
  signature: SIGNATURE,
};

export const headquartersKeyExample = { nonce: NONCE, publicKey: 'A'.repeat(43) };

const exampleEvent = {
  id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  streamId: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3f',
  aggregateType: 'Incarnation',
  type: 'IncarnationOpened',
  schemaVersion: 1,
  data: { nodeId: 'park-ala-archa' },
  version: 1,
  parkId: 'ala-archa',
  actor: 'system',
  correlationId: 'sync',
  causationId: null,
  commandId: null,
  occurredAtMs: 1_796_450_400_000,
  recordedAtMs: 1_796_450_400_000,
  appendSize: 1,
  nodeId: 'park-ala-archa',
  incarnation: INCARNATION,
  seq: 1,
  hlc: '117732173414400000',
  link: LINK,
};

export const pushExample = {
  nonce: NONCE,
  segments: [
    {
      header: {
        nodeId: 'park-ala-archa',
        incarnation: INCARNATION,
        first: 1,
        last: 1,
        previousLink: LINK,
        lastLink: LINK,
        hlc: '117732173414400000',
        vector: [],
        keyId: '5f1c20ab',
      },
      signature: SIGNATURE,
      events: [exampleEvent],
    },
  ],
};

export const pullExample = { nonce: NONCE, after: 120, link: LINK, rebuild: [], atMost: 500 };

export const cardsExample = { nonce: NONCE, tickets: [exampleEvent.streamId] };

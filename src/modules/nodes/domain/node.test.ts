import { expect, test } from 'vitest';
import { admissionKeys, MOST_ADMISSION_KEYS } from './admission-keys.ts';
import { MOST_CHANGES, parkNode, type NodeState } from './node.ts';
import { INVITATION_MS, type NodeCommand, type NodeEvent } from './node-messages.ts';

const NOW = 1_000_000;
const key = { keyId: 'aaaaaaaa', publicKey: 'one' };
const otherKey = { keyId: 'bbbbbbbb', publicKey: 'two' };

const after = (...events: readonly NodeEvent[]): NodeState => events.reduce(parkNode.evolve, parkNode.initial);
function run(
  state: NodeState,
  command: NodeCommand,
): { readonly events: readonly NodeEvent[]; readonly state: NodeState } {
  const decided = parkNode.decide(command, state);
  if (!decided.ok) throw new Error(decided.refusal.code);
  return { events: decided.value, state: decided.value.reduce(parkNode.evolve, state) };
}

const invite = (codeHash = 'code'): NodeCommand => ({
  kind: 'invite',
  nodeId: 'park-osh',
  parkId: 'osh',
  codeHash,
  homeFrom: null,
  nowMs: NOW,
});
const enrol = (change: object = {}): NodeCommand => ({
  kind: 'enrol',
  codeHash: 'code',
  key,
  incarnation: 'life-1',
  accepted: [],
  nowMs: NOW,
  ...change,
});
const enrolled = (): NodeState => run(run(after(), invite()).state, enrol()).state;

test('a code enrols once, until it ends; the same request again changes nothing', () => {
  const invited = run(after(), invite()).state;
  expect(parkNode.decide(enrol({ nowMs: NOW + INVITATION_MS }), invited)).toMatchObject({ ok: false });
  const { state } = run(invited, enrol({ nowMs: NOW + INVITATION_MS - 1 }));
  expect(state.status).toBe('enrolled');
  expect(run(state, enrol()).events).toEqual([]);
  expect(parkNode.decide(enrol({ key: otherKey }), state)).toMatchObject({
    ok: false,
    refusal: { code: 'code_invalid' },
  });
  expect(parkNode.decide(enrol({ incarnation: 'life-2' }), state)).toMatchObject({ ok: false });
});

test('a newer code makes the one before good for nothing', () => {
  const state = run(run(after(), invite('one')).state, invite('two')).state;
  expect(parkNode.decide(enrol({ codeHash: 'one' }), state)).toMatchObject({ ok: false });
  expect(run(state, enrol({ codeHash: 'two' })).state.status).toBe('enrolled');
});

test('a name belongs to one park for ever', () => {
  expect(parkNode.decide({ ...invite(), parkId: 'bishkek' } as NodeCommand, enrolled())).toMatchObject({
    refusal: { code: 'node_name_taken' },
  });
});

test('who is enrolled again ends the lives before where headquarters has them', () => {
  const state = run(enrolled(), invite('again')).state;
  const accepted = [{ incarnation: 'life-1', seq: 7, link: 'seven' }];
  const { events, state: next } = run(
    state,
    enrol({ codeHash: 'again', key: otherKey, incarnation: 'life-2', accepted }),
  );
  expect(events.map(({ type }) => type)).toEqual(['IncarnationClosed', 'NodeEnrolled']);
  expect(events[0]?.data).toMatchObject({ incarnation: 'life-1', seq: 7, link: 'seven', successor: 'life-2' });
  expect(next.keys).toEqual([otherKey]);
  const old = run(next, invite('third')).state;
  expect(parkNode.decide(enrol({ codeHash: 'third', incarnation: 'life-1' }), old)).toMatchObject({ ok: false });
});

test('a life has one successor: the second copy of a node is found out', () => {
  const previous = { incarnation: 'life-1', seq: 3, link: 'three' };
  const { state } = run(enrolled(), { kind: 'succeed', previous, successor: 'life-2' });
  expect(run(state, { kind: 'succeed', previous, successor: 'life-2' }).events).toEqual([]);
  for (const successor of ['life-3', 'life-1']) {
    expect(parkNode.decide({ kind: 'succeed', previous, successor }, state)).toMatchObject({
      refusal: { code: 'succeeded_already' },
    });
  }
  expect(
    parkNode.decide({ kind: 'succeed', previous: { ...previous, incarnation: 'life-9' }, successor: 'x' }, state),
  ).toMatchObject({ refusal: { code: 'incarnation_unknown' } });
});

const thirdKey = { keyId: 'cccccccc', publicKey: 'three' };
const certify = (oldKeyId: string, next: typeof key): NodeCommand => ({
  kind: 'certify_key',
  oldKeyId,
  key: next,
  nowMs: NOW,
});
const retire = (oldKeyId: string, keyId: string, change: object = {}): NodeCommand => ({
  kind: 'retire_key',
  oldKeyId,
  keyId,
  oldUntil: { incarnation: 'life-1', seq: 3 },
  nowMs: NOW,
  ...change,
});
const codeOf = (state: NodeState, command: NodeCommand): string => {
  const decided = parkNode.decide(command, state);
  return decided.ok ? 'ok' : decided.refusal.code;
};

test('a key is changed by whoever has the one in force: either is good until the old one is retired', () => {
  const both = run(enrolled(), certify(key.keyId, otherKey)).state;
  expect(both.keys).toEqual([otherKey, key]);
  expect(run(both, certify(key.keyId, otherKey)).events).toEqual([]);
  expect(codeOf(both, certify(key.keyId, thirdKey))).toBe('key_moved');
  expect(codeOf(both, certify(otherKey.keyId, thirdKey))).toBe('key_change_open');
  const { state, events } = run(both, retire(key.keyId, otherKey.keyId));
  expect(events).toMatchObject([
    { type: 'NodeKeyRotated', data: { ...otherKey, oldKeyId: key.keyId, oldUntil: { seq: 3 } } },
  ]);
  expect(state.keys).toEqual([otherKey]);
  expect(run(state, retire(key.keyId, otherKey.keyId)).events).toEqual([]);
  expect(run(state, certify(otherKey.keyId, thirdKey)).state.keys).toEqual([thirdKey, otherKey]);
});

test('a key that was retired says nothing any more, and does not come back', () => {
  const { state } = run(run(enrolled(), certify(key.keyId, otherKey)).state, retire(key.keyId, otherKey.keyId));
  expect(codeOf(state, certify(key.keyId, thirdKey))).toBe('key_moved');
  // An old certificate that is shown again.
  expect(codeOf(state, certify(key.keyId, otherKey))).toBe('key_used_before');
  expect(codeOf(state, certify(otherKey.keyId, key))).toBe('key_used_before');
  expect(codeOf(state, certify(otherKey.keyId, { ...key, publicKey: 'made to have the same id' }))).toBe(
    'key_used_before',
  );
});

test('only the new key retires the old one, within a life that goes on', () => {
  const both = run(enrolled(), certify(key.keyId, otherKey)).state;
  expect(codeOf(both, retire(otherKey.keyId, key.keyId))).toBe('key_moved');
  expect(codeOf(both, retire(thirdKey.keyId, otherKey.keyId))).toBe('key_moved');
  expect(codeOf(enrolled(), retire(otherKey.keyId, key.keyId))).toBe('key_moved');
  const until = (incarnation: string) => ({ oldUntil: { incarnation, seq: 3 } });
  expect(codeOf(both, retire(key.keyId, otherKey.keyId, until('life-9')))).toBe('incarnation_unknown');
  const previous = { incarnation: 'life-1', seq: 3, link: 'three' };
  const later = run(both, { kind: 'succeed', previous, successor: 'life-2' }).state;
  expect(codeOf(later, retire(key.keyId, otherKey.keyId))).toBe('incarnation_unknown');
  expect(codeOf(later, retire(key.keyId, otherKey.keyId, until('life-2')))).toBe('ok');
});

test('a revoked node changes no keys, and one that is enrolled again has the key that it shows only', () => {
  const revoked = run(enrolled(), { kind: 'revoke', accepted: [], nowMs: NOW }).state;
  expect(codeOf(revoked, certify(key.keyId, otherKey))).toBe('node_not_found');
  const both = run(enrolled(), certify(key.keyId, otherKey)).state;
  const invited = run(both, invite('again')).state;
  const again = run(invited, enrol({ codeHash: 'again', key: thirdKey, incarnation: 'life-2' })).state;
  expect(again.keys).toEqual([thirdKey]);
  expect(codeOf(again, certify(otherKey.keyId, { keyId: 'dddddddd', publicKey: 'four' }))).toBe('key_moved');
});

test('a revoked node is cut at an exact event of each life, and never comes back', () => {
  const accepted = [{ incarnation: 'life-1', seq: 5, link: 'five' }];
  const { events, state } = run(enrolled(), { kind: 'revoke', accepted, nowMs: NOW });
  expect(events[0]).toMatchObject({ type: 'IncarnationClosed', data: { seq: 5, link: 'five', why: 'revoked' } });
  expect(run(state, { kind: 'revoke', accepted, nowMs: NOW }).events).toEqual([]);
  expect(parkNode.decide(invite('again'), state)).toMatchObject({ refusal: { code: 'node_revoked' } });
  expect(parkNode.decide(enrol(), state)).toMatchObject({ refusal: { code: 'code_invalid' } });
  expect(
    parkNode.decide(
      { kind: 'succeed', previous: { incarnation: 'life-1', seq: 5, link: 'five' }, successor: 'x' },
      state,
    ),
  ).toMatchObject({ refusal: { code: 'node_revoked' } });
});

test('lives and keys without end are believed of nobody, until the node is enrolled again', () => {
  let state = enrolled();
  for (let count = 1; count <= MOST_CHANGES; count += 1) {
    const previous = { incarnation: `life-${count}`, seq: 0, link: '' };
    state = run(state, { kind: 'succeed', previous, successor: `life-${count + 1}` }).state;
  }
  const previous = { incarnation: `life-${MOST_CHANGES + 1}`, seq: 0, link: '' };
  const refusal = { ok: false, refusal: { code: 'changed_too_often' } };
  expect(parkNode.decide({ kind: 'succeed', previous, successor: 'one-more' }, state)).toEqual(refusal);
  expect(parkNode.decide({ kind: 'certify_key', oldKeyId: key.keyId, key: otherKey, nowMs: NOW }, state)).toEqual(
    refusal,
  );
  const again = run(run(state, invite('again')).state, enrol({ codeHash: 'again', incarnation: 'new' })).state;
  const first = { incarnation: 'new', seq: 0, link: '' };
  expect(run(again, { kind: 'succeed', previous: first, successor: 'next' }).events).toHaveLength(1);
});

test('of one node no more than so many admission keys are made known', () => {
  const keyed = (index: number) => ({ keyId: `key-${index}`, x: 'x', nodeId: 'park-osh', parkId: 'osh' });
  const keys = Array.from({ length: MOST_ADMISSION_KEYS + 5 }, (_, index) => keyed(index));
  const decided = admissionKeys.decide({ kind: 'publish', keys: keys.slice(5) }, [keyed(0).keyId]);
  expect(decided).toMatchObject({ ok: true, value: { length: MOST_ADMISSION_KEYS - 1 } });
  const all = keys.slice(0, MOST_ADMISSION_KEYS).map(({ keyId }) => keyId);
  expect(admissionKeys.decide({ kind: 'publish', keys }, all)).toEqual({ ok: true, value: [] });
});

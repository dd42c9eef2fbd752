import { expect, test } from 'vitest';
import { parkNode, type NodeState } from './node.ts';
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
  expect(next.keyId).toBe(otherKey.keyId);
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

test('a key is changed by whoever has the one in force', () => {
  const change = { kind: 'rotate_key', oldUntil: { incarnation: 'life-1', seq: 3 }, nowMs: NOW } as const;
  const { state } = run(enrolled(), { ...change, oldKeyId: key.keyId, key: otherKey });
  expect(state.keyId).toBe(otherKey.keyId);
  expect(run(state, { ...change, oldKeyId: key.keyId, key: otherKey }).events).toEqual([]);
  expect(
    parkNode.decide({ ...change, oldKeyId: key.keyId, key: { keyId: 'cccccccc', publicKey: 'three' } }, state),
  ).toMatchObject({ refusal: { code: 'key_moved' } });
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

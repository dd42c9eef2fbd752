import { expect, test } from 'vitest';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createTextSeal } from '../../infrastructure/keys/text-seal.ts';
import { CHALLENGE_MS, SESSION_MS } from '../protocol/limits.ts';
import { createSessions } from './session.ts';

const clock = createManualClock(1_000_000);
const by = (byte: number) =>
  createSessions({ seal: createTextSeal(Buffer.alloc(32, byte)), clock, secret: (bytes) => 'r'.repeat(bytes) });
const session = {
  nodeId: 'park-osh',
  parkId: 'osh',
  incarnation: 'life',
  process: 'start',
  protocol: 1,
  keyId: '0a0a0a0a',
};

test('a session is known to every process with the same key until it is over', () => {
  const token = by(1).begin(session);
  expect(by(1).read(token)).toEqual(session);
  expect(by(2).read(token)).toBeNull();
  expect(by(1).read(`${Number(token.split('.')[0]) + 1}${token.slice(token.indexOf('.'))}`)).toBeNull();
  for (const text of ['', '.', 'a.b.c', token.slice(1)]) expect(by(1).read(text)).toBeNull();
  clock.advance(SESSION_MS);
  expect(by(1).read(token)).toBeNull();
});

test('a challenge is for one node, for half a minute, and no session', () => {
  const challenge = by(1).challenge('park-osh');
  expect(by(1).isChallenge(challenge, 'park-osh')).toBe(true);
  expect(by(1).isChallenge(challenge, 'park-else')).toBe(false);
  expect(by(1).read(Buffer.from(challenge, 'base64url').toString())).toBeNull();
  clock.advance(CHALLENGE_MS);
  expect(by(1).isChallenge(challenge, 'park-osh')).toBe(false);
});

test('no name makes a challenge that is good for another name, or for ever', () => {
  const mine = Buffer.from(by(1).challenge('park-osh\n9999999999999'), 'base64url').toString();
  const told = Buffer.from(`9999999999999\n${mine}`).toString('base64url');
  expect(by(1).isChallenge(told, 'park-osh')).toBe(false);
  const dotted = Buffer.from(by(1).challenge('park-osh\n9999999999999.x'), 'base64url').toString();
  expect(by(1).isChallenge(Buffer.from(`9999999999999.x\n${dotted}`).toString('base64url'), 'park-osh')).toBe(false);
});

import { expect, test } from 'vitest';
import { lagOf } from './lag-of.ts';

const NOW_MS = 1_800_000_000_000;
const contact = {
  nodeId: 'park-a',
  atMs: NOW_MS - 20_000,
  verdict: 'ok',
  trouble: null,
  appVersion: '1',
  protocol: 1,
  knowsSameTypes: true,
  incarnation: 'a',
  headSeq: 40,
  acceptedSeq: 40,
  feedLag: 0,
  clockOffsetMs: 0,
  parked: [],
};
const hourAgoMs = NOW_MS - 3_600_000;

test.each([
  {
    what: 'a quiet park that speaks',
    heard: { contact, receivedMs: hourAgoMs, heldSeq: 40 },
    behind: 0,
    ageMs: 20_000,
  },
  { what: 'a park whose events come', heard: { contact, receivedMs: NOW_MS - 5, heldSeq: 44 }, behind: 0, ageMs: 5 },
  { what: 'a park with a backlog', heard: { contact, receivedMs: NOW_MS - 5, heldSeq: 39 }, behind: 1, ageMs: 5 },
  {
    what: 'a park that fell silent',
    heard: { contact: { ...contact, atMs: hourAgoMs }, receivedMs: hourAgoMs - 1, heldSeq: 40 },
    behind: 1,
    ageMs: 3_600_000,
  },
  {
    what: 'a park whose clock runs ahead',
    heard: { contact, receivedMs: NOW_MS + 9_000, heldSeq: 40 },
    behind: 0,
    ageMs: 0,
  },
  { what: 'a park never heard', heard: { contact: null, receivedMs: null, heldSeq: 0 }, behind: 1, ageMs: NOW_MS },
])('$what: $behind nodes behind', ({ heard, behind, ageMs }) => {
  expect(lagOf({ ...heard, nowMs: NOW_MS })).toEqual({ nodesBehind: behind, asOfMs: NOW_MS - ageMs });
});

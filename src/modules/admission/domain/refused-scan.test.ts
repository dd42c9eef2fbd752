import { expect, test } from 'vitest';
import { firstAnswer } from './first-answer.ts';
import { refusedScan, type ScanRefused } from './refused-scan.ts';

const data: ScanRefused['data'] = {
  scanId: '01936f2e-9a10-7b11-8c2d-5e6f7a8b9c0d',
  ticketId: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  parkId: 'ala-archa',
  outcome: 'not_paid',
  remaining: 4,
  direction: 'in',
  gate: 'main',
  saidAtMs: 1_000,
  scannedAtMs: 2_000,
  nodeId: 'hq',
};
const event: ScanRefused = { type: 'ScanRefused', data };

test('a scan is refused once; told again, nothing happens', () => {
  expect(refusedScan.decide(data, refusedScan.initial)).toEqual({ ok: true, value: [event] });
  const refused = refusedScan.evolve(refusedScan.initial, event);
  expect(refusedScan.decide({ ...data, outcome: 'expired' }, refused)).toEqual({ ok: true, value: [] });
});

test('a refusal is the answer to its scan and lets nobody pass', () => {
  expect(firstAnswer(data.scanId, [event])).toEqual({
    scanId: data.scanId,
    ticketId: data.ticketId,
    outcome: 'not_paid',
    people: 0,
    remaining: 4,
    incidentId: null,
  });
});

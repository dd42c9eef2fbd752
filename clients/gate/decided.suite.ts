import type { Decided } from './log.ts';

/** What a gate device decided alone, for the tests of its log. */

export const NOW = Date.parse('2026-12-05T06:00:00Z');
export const deviceId = '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e';

export const decided = (people: number): Decided => ({
  scanId: `01936f2e-9a10-7b11-8c2d-5e6f7a8b9c0${people}`,
  code: 'AYlBR70Bk28',
  direction: 'in',
  people,
  saidAtMs: NOW,
  gate: 'main',
  ticketId: '01936f2e-1a2b-7c3d-8e4f-5a6b7c8d9e0f',
});

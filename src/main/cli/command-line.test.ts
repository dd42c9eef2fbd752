import { describe, expect, test } from 'vitest';
import { parseCommandLine } from './command-line.ts';

describe('the command line', () => {
  test.each([
    [[], { kind: 'help' }],
    [['--help'], { kind: 'help' }],
    [['check', '-h'], { kind: 'help' }],
    [['check'], { kind: 'check', journal: null, drained: false }],
    [['check', '--journal', 'facts', '--drained'], { kind: 'check', journal: 'facts', drained: true }],
    [['projections', 'rebuild'], { kind: 'rebuild', projection: null }],
    [['projections', 'rebuild', 'park.parks'], { kind: 'rebuild', projection: 'park.parks' }],
    [['parked'], { kind: 'parked' }],
    [
      ['parked', 'retry', 'flow.purchase', '12'],
      { kind: 'settle-parked', how: 'retry', subscription: 'flow.purchase', position: 12 },
    ],
    [
      ['parked', 'skip', 'flow.purchase', '12'],
      { kind: 'settle-parked', how: 'skip', subscription: 'flow.purchase', position: 12 },
    ],
    [['keys', 'rotate', 'admission'], { kind: 'rotate-key' }],
    [['keys', 'retire', 'admission', '0a1b2c3d'], { kind: 'retire-key', keyId: '0a1b2c3d' }],
    [['refunds'], { kind: 'refunds' }],
  ])('%j is understood', (given, command) => {
    expect(parseCommandLine(given)).toEqual({ ok: true, value: command });
  });

  test.each([
    [['chek']],
    [['check', 'twice']],
    [['check', '--jornal', 'facts']],
    [['check', '--journal']],
    [['projections']],
    [['projections', 'rebuild', 'park.parks', 'booking.tickets']],
    [['projections', 'rebuild', '--drained']],
    [['parked', 'retry']],
    [['parked', 'retry', 'flow.purchase', 'twelve']],
    [['parked', 'forget', 'flow.purchase', '12']],
    [['refunds', 'all']],
    [['keys', 'rotate']],
    [['keys', 'rotate', 'master']],
    [['keys', 'retire', 'admission']],
    [['keys', 'retire', 'admission', '../../x']],
  ])('%j is refused in words', (given) => {
    const parsed = parseCommandLine(given);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.refusal.message).not.toBe('');
  });
});

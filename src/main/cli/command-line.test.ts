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
  ])('%j is refused in words', (given) => {
    const parsed = parseCommandLine(given);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.refusal.message).not.toBe('');
  });
});

import { describe, expect, test } from 'vitest';
import { flagOf } from '../settings/flags.ts';
import { settings } from '../settings/table.ts';
import { parseCommandLine, usageOf } from './command.ts';
import { commands } from './commands.ts';

const UUID = '01234567-89ab-cdef-0123-456789abcdef';

/** What a line is understood as: the command's words, its operands and options. */
function understood(line: readonly string[]): unknown {
  const parsed = parseCommandLine(commands, line);
  if (!parsed.ok) return parsed.refusal.message;
  if (parsed.value.kind === 'help') return 'help';
  const { command, call } = parsed.value;
  return [command.words, call.operands, call.options];
}

describe('the command line', () => {
  test.each([
    [['check'], ['check', [], {}]],
    [
      ['check', '--journal', 'facts', '--drained'],
      ['check', [], { journal: 'facts', drained: '' }],
    ],
    [
      ['projections', 'rebuild'],
      ['projections rebuild', [undefined], {}],
    ],
    [
      ['projections', 'rebuild', 'park.parks'],
      ['projections rebuild', ['park.parks'], {}],
    ],
    [['parked'], ['parked', [], {}]],
    [
      ['parked', 'retry', 'flow.purchase', '12'],
      ['parked retry', ['flow.purchase', '12'], {}],
    ],
    [
      ['parked', 'skip', 'flow.purchase', '12'],
      ['parked skip', ['flow.purchase', '12'], {}],
    ],
    [
      ['keys', 'rotate', 'admission'],
      ['keys rotate admission', [], {}],
    ],
    [
      ['keys', 'retire', 'admission', '0a1b2c3d'],
      ['keys retire admission', ['0a1b2c3d'], {}],
    ],
    [['refunds'], ['refunds', [], {}]],
    [
      ['enrol', '--code', '-3CjJF4AYSaMiWnCFcdu'],
      ['enrol', [], { code: '-3CjJF4AYSaMiWnCFcdu' }],
    ],
    [
      ['enrol', '--code', '--CjJF4AYSaMiWnCFcdu'],
      ['enrol', [], { code: '--CjJF4AYSaMiWnCFcdu' }],
    ],
    [
      ['enrol', '--code=-3Cj'],
      ['enrol', [], { code: '-3Cj' }],
    ],
    [['doctor'], ['doctor', [], {}]],
    [
      ['users', 'grant', UUID, 'gate', 'naryn'],
      ['users grant', [UUID, 'gate', 'naryn'], {}],
    ],
    [
      ['dead-letters', 'list'],
      ['dead-letters list', [undefined], {}],
    ],
    [[], 'help'],
    [['--help'], 'help'],
    [['check', '-h'], 'help'],
  ])('%j is understood', (line, wanted) => {
    expect(understood(line)).toEqual(wanted);
  });

  test.each([
    [['chek'], 'is no command'],
    [['check', 'twice'], 'one word too many'],
    [['check', '--jornal', 'facts'], '--jornal'],
    [['check', '--journal'], '--journal'],
    [['projections'], 'projections rebuild [NAME]'],
    [['projections', 'rebuild', 'a', 'b'], 'one word too many'],
    [['projections', 'rebuild', '--drained'], '--drained'],
    [['parked', 'retry'], 'SUBSCRIPTION is missing'],
    [['parked', 'retry', 'flow.purchase', 'twelve'], '"twelve" is no POSITION'],
    [['parked', 'forget', 'flow.purchase', '12'], 'one word too many'],
    [['refunds', 'all'], 'one word too many'],
    [['keys', 'rotate'], 'keys rotate admission'],
    [['keys', 'rotate', 'master'], 'is no command'],
    [['keys', 'retire', 'admission'], 'KEYID is missing'],
    [['keys', 'retire', 'admission', '../../x'], 'is no KEYID'],
    [['events', 'show', 'x'], 'is no AGGREGATE'],
  ])('%j is refused in words', (line, words) => {
    expect(understood(line)).toContain(words);
  });

  test('every command has help of its own, and the help of all names each', () => {
    const all = parseCommandLine(commands, ['--help']);
    for (const command of commands) {
      const own = parseCommandLine(commands, [...command.words.split(' '), '--help']);
      expect(own).toMatchObject({ ok: true, value: { kind: 'help', text: expect.stringContaining(command.meaning) } });
      expect(all).toMatchObject({ value: { text: expect.stringContaining(usageOf(command)) } });
    }
  });

  test('no option of a command is the flag of a setting', () => {
    const flags = settings.map(([name]) => flagOf(name));
    for (const { options = {} } of commands) {
      for (const name of Object.keys(options)) expect(flags).not.toContain(`--${name}`);
    }
  });
});

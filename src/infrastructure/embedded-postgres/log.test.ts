import { describe, expect, test } from 'vitest';
import { forwardServerLine } from './log.ts';

function levelOf(line: string): string | undefined {
  const levels: string[] = [];
  const note = (level: string) => () => void levels.push(level);
  forwardServerLine(line, { debug: note('debug'), info: note('info'), warn: note('warn') });
  return levels[0];
}

describe('messages of the server', () => {
  test('are warnings only when something is wrong with the server itself', () => {
    expect(levelOf('LOG:  database system is ready to accept connections')).toBe('debug');
    expect(levelOf('ERROR:  duplicate key value violates unique constraint')).toBe('debug');
    expect(levelOf('FATAL:  terminating connection due to administrator command')).toBe('debug');
    expect(levelOf('LOG:  server process (PID 7) was terminated by signal 9: Killed')).toBe('warn');
    expect(levelOf('PANIC:  could not write to file')).toBe('warn');
    expect(levelOf('WARNING:  could not open statistics file')).toBe('warn');
  });
});

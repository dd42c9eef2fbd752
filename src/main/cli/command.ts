import { parseArgs } from 'node:util';
import { ok, refuse, type Result } from '../../kernel/result.ts';
import type { Office } from './office.ts';

/** A word of a command line that stands for something of the caller's. */
export type Operand = {
  /** In capitals, as the help shows it. */
  readonly name: string;
  readonly isOptional?: boolean;
  /** Every text when absent. */
  readonly pattern?: RegExp;
};

export type Call = {
  /** As given; an optional one that was left out is undefined. */
  readonly operands: readonly (string | undefined)[];
  /** The value of each option that was given; empty for one that takes none. */
  readonly options: Readonly<Record<string, string>>;
};

export type Command = {
  /** What it is called, such as `parked retry`. */
  readonly words: string;
  readonly operands?: readonly Operand[];
  /** Option → what its value is called; null for one without a value. */
  readonly options?: Readonly<Record<string, string | null>>;
  readonly meaning: string;
  /** @returns the exit code */
  run(call: Call, office: Office): Promise<number>;
};

export type Parsed =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'call'; readonly command: Command; readonly call: Call };

type Refused = { readonly message: string };

export function usageOf({ words, operands = [], options = {} }: Command): string {
  const parts = operands.map(({ name, isOptional }) => (isOptional ? `[${name}]` : name));
  const flags = Object.entries(options).map(([name, value]) => `[--${name}${value === null ? '' : ` ${value}`}]`);
  return [words, ...parts, ...flags].join(' ');
}

export const helpOf = (commands: readonly Command[]): string =>
  commands.map((command) => `  ${usageOf(command)}\n      ${command.meaning}\n`).join('');

/** The command with most words that the line begins with. */
const commandOf = (commands: readonly Command[], words: readonly string[]): Command | undefined =>
  commands
    .filter((command) => command.words.split(' ').every((word, index) => words[index] === word))
    .toSorted((one, other) => other.words.split(' ').length - one.words.split(' ').length)[0];

/** Commands that begin with all the words there are, for a line that says too little. */
const beginningWith = (commands: readonly Command[], words: readonly string[]): readonly Command[] =>
  commands.filter((command) => words.every((word, index) => command.words.split(' ')[index] === word));

/** @returns what to do; refused, in words, when the line makes no command */
export function parseCommandLine(commands: readonly Command[], line: readonly string[]): Result<Parsed, Refused> {
  const wantsHelp = line.some((word) => word === '--help' || word === '-h');
  const words = line.filter((word) => word !== '--help' && word !== '-h');
  const plain = words.filter((word) => !word.startsWith('-'));
  const command = commandOf(commands, plain);
  if (wantsHelp || plain.length === 0) {
    const some = command === undefined ? beginningWith(commands, plain) : [command];
    return ok({ kind: 'help', text: helpOf(some.length === 0 ? commands : some) });
  }
  if (command === undefined) {
    const some = beginningWith(commands, plain);
    const [first = ''] = plain;
    return refuse({
      message: some.length === 0 ? `"${first}" is no command of this program.` : `It may be one of:\n\n${helpOf(some)}`,
    });
  }
  return callOf(command, words);
}

/**
 * The words with each value that begins with a dash tied to the option before it: one code of 64 does. What the command knows as an
 * option of its own is none.
 */
function withValues(words: readonly string[], options: NonNullable<Command['options']>): readonly string[] {
  const nameOf = (word = ''): string => /^--([^=]+)/.exec(word)?.[1] ?? '';
  const takesValue = (word = ''): boolean => !word.includes('=') && typeof options[nameOf(word)] === 'string';
  return words.flatMap((word, index) => {
    const isValue = word.startsWith('-') && !(nameOf(word) in options);
    if (isValue && takesValue(words[index - 1])) return [];
    const value = words[index + 1] ?? '';
    return takesValue(word) && value.startsWith('-') && !(nameOf(value) in options) ? `${word}=${value}` : word;
  });
}

function callOf(command: Command, words: readonly string[]): Result<Parsed, Refused> {
  const { operands = [], options = {} } = command;
  const wrong = (why: string): Result<Parsed, Refused> =>
    refuse({ message: `${why}\n\nUsage: npm run cli -- ${usageOf(command)}` });
  try {
    const { values, positionals } = parseArgs({
      args: [...withValues(words, options)],
      allowPositionals: true,
      options: Object.fromEntries(
        Object.entries(options).map(([name, value]) => [
          name,
          { type: value === null ? 'boolean' : 'string' } as const,
        ]),
      ),
    });
    const given = positionals.slice(command.words.split(' ').length);
    if (given.length > operands.length) return wrong(`"${given[operands.length]}" is one word too many.`);
    for (const [index, { name, isOptional = false, pattern = /./s }] of operands.entries()) {
      const word = given[index];
      if (word === undefined && !isOptional) return wrong(`${name} is missing.`);
      if (word !== undefined && !pattern.test(word)) return wrong(`"${word}" is no ${name}.`);
    }
    const texts = Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : '']);
    return ok({
      kind: 'call',
      command,
      call: {
        operands: operands.map((_, index) => given[index]),
        options: Object.fromEntries(texts) as Call['options'],
      },
    });
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}

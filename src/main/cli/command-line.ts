import { parseArgs } from 'node:util';
import { ok, refuse, type Result } from '../../kernel/result.ts';

export type CliCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'check'; readonly journal: string | null; readonly drained: boolean }
  | { readonly kind: 'rebuild'; readonly projection: string | null }
  | { readonly kind: 'parked' }
  | {
      readonly kind: 'settle-parked';
      readonly how: 'retry' | 'skip';
      readonly subscription: string;
      readonly position: number;
    }
  | { readonly kind: 'refunds' }
  | { readonly kind: 'rotate-key' }
  | { readonly kind: 'retire-key'; readonly keyId: string };

export const HELP = `Usage: npm run cli -- <command> [options]

  check [--journal FILE] [--drained]   looks whether the rules hold, in figures; exit code 1 when one is broken
      --journal FILE                   also that every fact of this journal of a demo is there
      --drained                        nothing may be in progress any more
  projections rebuild [NAME]           fills a read model anew from the log beside the live one and swaps them; all without NAME
  parked                               events that a subscription could not handle, and why
  parked retry|skip SUBSCRIPTION POSITION   asks for another try of it, or gives it up; what waits behind it is tried
  keys rotate admission                another key signs admission codes from the next start on; the codes of this one stay good
  keys retire admission KEYID          the codes of that old key are refused from the next start on
  refunds                              money that must go back and waits for a person to pay it out

Works on the database of DATABASE_URL or DB_*, else on the embedded one of SKYPARK_DATA_DIR while the product is stopped.
`;

/** @returns what to do; refused, in words, when the arguments make no command */
export function parseCommandLine(
  commandArguments: readonly string[],
): Result<CliCommand, { readonly message: string }> {
  try {
    const { values, positionals } = parseArgs({
      args: [...commandArguments],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        journal: { type: 'string' },
        drained: { type: 'boolean', default: false },
      },
    });
    return toCommand(values, positionals);
  } catch (error) {
    return refuse({ message: error instanceof Error ? error.message : String(error) });
  }
}

type Values = { readonly help: boolean; readonly journal?: string | undefined; readonly drained: boolean };

function toCommand(
  { help, journal, drained }: Values,
  [command, ...rest]: readonly string[],
): Result<CliCommand, { readonly message: string }> {
  if (help || command === undefined) return ok({ kind: 'help' });
  const ofCheck = journal !== undefined || drained;
  if (command === 'check' && rest.length === 0) return ok({ kind: 'check', journal: journal ?? null, drained });
  if (command === 'projections' && rest[0] === 'rebuild' && rest.length <= 2 && !ofCheck) {
    return ok({ kind: 'rebuild', projection: rest[1] ?? null });
  }
  if (command === 'refunds' && rest.length === 0 && !ofCheck) return ok({ kind: 'refunds' });
  if (command === 'keys' && rest[1] === 'admission' && !ofCheck) return toKeys(rest);
  if (command === 'parked' && !ofCheck) return toParked(rest);
  return refuse({ message: `"${[command, ...rest].join(' ')}" is no command of this program.` });
}

function toKeys([how, , keyId, ...more]: readonly string[]): Result<CliCommand, { readonly message: string }> {
  if (how === 'rotate' && keyId === undefined) return ok({ kind: 'rotate-key' });
  const isRetiring = how === 'retire' && keyId !== undefined && /^[0-9a-f]{8}$/.test(keyId) && more.length === 0;
  if (!isRetiring) return refuse({ message: 'keys takes: rotate admission, or retire admission with a key id.' });
  return ok({ kind: 'retire-key', keyId });
}

function toParked(rest: readonly string[]): Result<CliCommand, { readonly message: string }> {
  const [how, subscription, position = '', ...more] = rest;
  if (how === undefined) return ok({ kind: 'parked' });
  const isSettling = (how === 'retry' || how === 'skip') && subscription !== undefined && more.length === 0;
  if (!isSettling)
    return refuse({ message: 'parked takes nothing, or retry|skip with a subscription and a position.' });
  if (!/^[1-9]\d{0,14}$/.test(position)) return refuse({ message: `"${position}" is no position.` });
  return ok({ kind: 'settle-parked', how, subscription, position: Number(position) });
}

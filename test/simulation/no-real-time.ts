import { syncBuiltinESMExports } from 'node:module';
import timersByPromise from 'node:timers/promises';

/**
 * The program that is simulated, and not the libraries that it stands on: they keep their own time limits. A queue looks after half a
 * second what else became due; nothing does while the clock of the world stands still.
 */
const PROGRAM = /^(?!.*[/\\]node_modules[/\\])(?!.*table-queue\.[jt]s).*[/\\](?:src|clients)[/\\]/m;

/** The file of whoever called what asks this; empty where it is unknown. Asked often: no text is made of what is not shown. */
function callerOf(asked: (...args: never[]) => unknown): string {
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = 1;
  Error.prepareStackTrace = (_error, [site]) => site?.getFileName() ?? '';
  const at: { stack?: string } = {};
  Error.captureStackTrace(at, asked);
  const file = at.stack ?? '';
  Error.stackTraceLimit = stackTraceLimit;
  Error.prepareStackTrace = prepareStackTrace;
  return file;
}

/** What was refused since real time was forbidden: the program may have caught the error and gone on. */
let refused: string[] = [];

const refuse = (what: string, caller: string): never => {
  const words = `the program asked for ${what} of the machine in ${caller}`;
  refused.push(words);
  throw new Error(words);
};

type Named<Name extends string> = { [name in Name]: (...args: never[]) => unknown };

/** Puts a function in the place of another one that fails whatever of the program calls it. @returns puts the other one back */
function guard<Name extends string>(owner: Named<Name>, name: Name, what: string): () => void {
  const real = owner[name];
  const guarded = function (this: unknown, ...args: never[]): unknown {
    const caller = callerOf(guarded);
    return PROGRAM.test(caller) ? refuse(what, caller) : Reflect.apply(real, this, args);
  };
  // What a function of the system is known by besides, such as how it makes a promise.
  owner[name] = Object.assign(guarded, real);
  return () => {
    owner[name] = real;
  };
}

/** `new Date()` and `Date()` read the clock, `new Date(instant)` does not. */
function guardDate(): () => void {
  const Real = globalThis.Date;
  const apply = (target: typeof Real): string => {
    const caller = callerOf(apply);
    return PROGRAM.test(caller) ? refuse('the time', caller) : target();
  };
  const construct = (target: typeof Real, args: never[], as: NewableFunction): object => {
    const caller = args.length === 0 ? callerOf(construct) : '';
    return PROGRAM.test(caller) ? refuse('the time', caller) : (Reflect.construct(target, args, as) as object);
  };
  globalThis.Date = new Proxy(Real, { construct, apply });
  return () => {
    globalThis.Date = Real;
  };
}

/**
 * Real time and real chance decide nothing in a simulation: from now on whatever of the program asks the machine for its clock, a timer
 * or a random number fails. Keys and nonces are still drawn: nothing is decided by them.
 *
 * @returns ends it, and answers what was refused meanwhile
 */
export function forbidRealTime(): () => readonly string[] {
  refused = [];
  const ends = [
    guard(globalThis.Date, 'now', 'the time'),
    guardDate(),
    guard(globalThis, 'setTimeout', 'a timer'),
    guard(globalThis, 'setInterval', 'a timer'),
    guard(timersByPromise, 'setTimeout', 'a timer'),
    guard(timersByPromise, 'setInterval', 'a timer'),
    guard(Math, 'random', 'chance'),
  ];
  syncBuiltinESMExports();
  return () => {
    for (const end of ends.toReversed()) end();
    syncBuiltinESMExports();
    return refused;
  };
}

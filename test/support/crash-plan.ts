/** Where a process dies: as its n-th call to the world leaves, or once it was answered. */
export type CrashPoint = { readonly call: number; readonly side: 'before' | 'after' };

export const CRASHED = Symbol('crashed');

/** One life of a process. From its death on no call is made and no answer comes, as after `kill -9`. */
export type Life = {
  /** The port with every call of its asynchronous methods seen, and counted where it counts; others and plain members pass. */
  wrap<Port extends object>(name: string, port: Port, isSync?: (method: string) => boolean): Port;
  /** What `work` answers, or that the process died before it could. */
  live<Answer>(work: Promise<Answer>): Promise<Answer | typeof CRASHED>;
  isDead(): boolean;
  /** Calls made so far, and the newest of them. */
  calls(): number;
  lastCall(): string;
};

const never = new Promise<never>(() => undefined);

/**
 * @param point null: it lives on
 * @param counts which calls count, by `port.method`
 */
export function createLife(point: CrashPoint | null, counts: (call: string) => boolean = () => true): Life {
  let calls = 0;
  let last = 'none';
  let die: (told: typeof CRASHED) => void = () => undefined;
  const death = new Promise<typeof CRASHED>((resolve) => (die = resolve));
  let isDead = false;

  function dieIf(side: CrashPoint['side'], call: number): boolean {
    if (!isDead && point?.call === call && point.side === side) {
      isDead = true;
      die(CRASHED);
    }
    return isDead;
  }

  async function through(name: string, call: () => unknown): Promise<unknown> {
    if (isDead) return never;
    const mine = counts(name) ? (calls += 1) : 0;
    last = name;
    if (dieIf('before', mine)) return never;
    try {
      const answer = await call();
      return dieIf('after', mine) ? await never : answer;
    } catch (error) {
      if (dieIf('after', mine)) return never;
      throw error;
    }
  }

  return {
    wrap: (name, port, isSync = () => false) =>
      new Proxy(port, {
        get(target, member) {
          // A getter reads what is private to the port itself, which a proxy is not.
          const found: unknown = Reflect.get(target, member, target);
          if (typeof found !== 'function' || isSync(String(member))) return found;
          return (...given: unknown[]) =>
            through(`${name}.${String(member)}`, () => Reflect.apply(found, target, given));
        },
      }),
    live: (work) => Promise.race([work, death]),
    isDead: () => isDead,
    calls: () => calls,
    lastCall: () => last,
  };
}

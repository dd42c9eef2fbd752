import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { PARKS_TIME_ZONE, type Clock, type Zone } from '../../../kernel/time.ts';
import type { FiscalRegister } from '../contract.ts';
import type { KnownShift, Registers, Shifts } from './ports.ts';

/** Longer than closing one shift and opening another can take. */
const BUSY_MS = 60_000;

const NONE_OPEN: KnownShift = { openedOn: null, isDoubted: false };

type Dependencies = {
  readonly shifts: Shifts;
  readonly registers: Pick<Registers, 'of'>;
  readonly clock: Clock;
  readonly zone: Pick<Zone, 'dateAt'>;
};

type Ready = Result<null, { readonly reason: string }>;

export type KeepShifts = {
  /** Sees to it that a register has a shift of today. */
  ensureOpen(register: string): Promise<Ready>;
  /** A receipt was refused: whether the shift is still open is to be looked at before the next one. */
  doubt(register: string): Promise<void>;
  /** Closes the shifts of days that are over. */
  closeEnded(): Promise<void>;
};

async function openAnew(register: FiscalRegister, number: string): Promise<Ready> {
  let opened = await register.openShift(number);
  if (opened.kind === 'refused') {
    // One is open that we know nothing of; how old it is, nobody says. A shift that is closed too early harms nobody.
    await register.closeShift(number);
    opened = await register.openShift(number);
  }
  return opened.kind === 'done' ? ok(null) : refuse({ reason: `no shift could be opened: ${opened.reason}` });
}

/**
 * A register issues nothing without a shift, and none may last longer than a day. What we opened we remember; the numbers of a
 * register's refusals are not told apart, because they are not published.
 */
export function createKeepShifts({ shifts, registers, clock, zone }: Dependencies): KeepShifts {
  const today = () => zone.dateAt(clock.now(), PARKS_TIME_ZONE);
  const take = (number: string) => shifts.take(number, clock.now(), clock.now() + BUSY_MS);

  return {
    async ensureOpen(number) {
      const day = today();
      const seen = await shifts.known(number);
      if (seen?.openedOn === day && !seen.isDoubted) return ok(null);
      const known = await take(number);
      if (known === null) return refuse({ reason: 'a shift is being opened' });
      const register = registers.of(number);
      const release = (shift: KnownShift) => shifts.release(number, shift);
      if (known.openedOn === day) {
        // A refusal says that it is still open, which is all we want to know.
        const looked = known.isDoubted ? await register.openShift(number) : null;
        await release(looked?.kind === 'failed' ? known : { openedOn: day, isDoubted: false });
        return looked?.kind === 'failed' ? refuse({ reason: looked.reason }) : ok(null);
      }
      const closed = known.openedOn === null ? null : await register.closeShift(number);
      if (closed?.kind === 'failed') {
        await release(known);
        return refuse({ reason: closed.reason });
      }
      const opened = await openAnew(register, number);
      await release(opened.ok ? { openedOn: day, isDoubted: false } : NONE_OPEN);
      return opened;
    },
    doubt: (number) => shifts.doubt(number),
    async closeEnded() {
      for (const number of await shifts.openedBefore(today())) {
        const known = await take(number);
        if (known === null) continue;
        const isEnded = known.openedOn !== null && known.openedOn < today();
        const closed = isEnded ? await registers.of(number).closeShift(number) : null;
        await shifts.release(number, !isEnded || closed?.kind === 'failed' ? known : NONE_OPEN);
      }
    },
  };
}

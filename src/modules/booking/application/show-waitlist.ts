import { PARKS_TIME_ZONE, type Clock, type Zone } from '../../../kernel/time.ts';
import type { Waitlist, WaitlistView } from './waitlist.ts';

/** What a guest waits for. */
export type ShowWaitlist = {
  /** Null when the entry is somebody else's, like one that does not exist. */
  one(userId: string, entryId: string): Promise<WaitlistView | null>;
  all(userId: string, before: string | null, limit: number): Promise<readonly WaitlistView[]>;
};

type Dependencies = { readonly waitlist: Waitlist; readonly clock: Clock; readonly zone: Zone };

export function createShowWaitlist({ waitlist, clock, zone }: Dependencies): ShowWaitlist {
  const today = (): string => zone.dateAt(clock.now(), PARKS_TIME_ZONE);
  return {
    async one(userId, entryId) {
      const found = await waitlist.find(entryId, today());
      return found?.userId === userId ? found : null;
    },
    all: (userId, before, limit) => waitlist.ofUser(userId, today(), before, limit),
  };
}

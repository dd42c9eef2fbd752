import type { TestNode } from '../../../test/support/module-database.ts';
import { serve, type TestServer } from '../../../test/support/module-server.ts';
import { createMemorySubjectKeys } from '../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../infrastructure/event-store/vault.ts';
import type { TokenVerifier } from '../../infrastructure/http/access.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createZone } from '../../infrastructure/zone.ts';
import { createCommandRunner, step } from '../../kernel/command-runner.ts';
import { createEventCodec } from '../../kernel/event-codec.ts';
import { ok, refuse } from '../../kernel/result.ts';
import type { Clock } from '../../kernel/time.ts';
import { bookingManifest, createBookingModule, type BookingModule } from './module.ts';
import { emptyGates, onlyNode } from './sales.suite.ts';

export type Office = { readonly booking: BookingModule; readonly server: TestServer };

/** The token is the guest. */
const guestTokens: TokenVerifier = {
  verify: async (userId) => ({
    kind: 'user',
    userId,
    sessionId: 's',
    roles: [{ role: 'guest', parkId: null }],
    actor: `user:${userId}`,
  }),
};

/** All offices of a test file share their keys. */
export const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1), cachedForMs: 1 });

type Booking = Parameters<typeof createBookingModule>[0];

/** A process of the whole module, on whatever log it is given; it hears little from others unless a test says more. */
export async function openOffice(
  { store, database }: TestNode,
  clock: Clock,
  outside: Pick<Booking, 'parkDays'> &
    Partial<Pick<Booking, 'numberProven' | 'voidAdmission' | 'homeOf' | 'gateDayOver'>>,
  tokens = guestTokens,
): Promise<Office> {
  const runner = createCommandRunner({ store, codec: createEventCodec(bookingManifest.events, vault), ids, clock });
  const booking = createBookingModule({
    ...onlyNode,
    runner,
    store,
    database,
    vault,
    ids,
    clock,
    zone: createZone(),
    childrenOf: async () => [],
    findGuest: async () => refuse({ code: 'user_not_found' }),
    numberProven: async () => true,
    lookUpGuest: async () => ok(null),
    moneyOfTicket: async () => [],
    fiscalReceiptsOf: async () => [],
    parkNames: async () => null,
    signAdmissionCode: ({ ticketId }) => `code of ${ticketId}`,
    voidAdmission: async ({ ticketId }) => [step(emptyGates, ids.derive(`gates of ${ticketId}`), null)],
    standings: async () => ({ points: 0, tierName: 'none', tierPercent: 0, pointTyiyn: 100n, spendablePercent: 50 }),
    reservePoints: () => {
      throw new Error('nobody spends points here');
    },
    qrImages: { svg: () => '', png: () => new Uint8Array() },
    ...outside,
  });
  return { booking, server: await serve(booking.routes, tokens, clock) };
}

import { createLinkSigner } from '../../infrastructure/keys/link-signer.ts';
import { photoFolder } from '../../modules/user/application/photos.ts';
import { createUserModule, type UserModule } from '../../modules/user/module.ts';
import { createHeldElsewhere, unfinishedOf } from './held-about-guests.ts';
import type { DomainModules, Tools, Wiring } from './tools.ts';

/** What people are asked to agree to, each document in the version now shown. */
const DOCUMENTS = [
  { document: 'terms', version: '2026-01', required: true },
  { document: 'privacy', version: '2026-01', required: true },
  { document: 'marketing', version: '2026-01', required: false },
] as const;

/** Ends what an erased account still has: first what lets anybody in, at last the key. Harmless to repeat. */
const finishErasureWith =
  ({ files, vault }: Tools, all: () => DomainModules) =>
  async (userId: string): Promise<void> => {
    await all().auth.closeAccount(userId);
    await files.deleteFolder(photoFolder(userId));
    await vault.destroy(userId);
  };

export function wireUser(wiring: Wiring): UserModule {
  const { tools, all } = wiring;
  const counts = () => all().booking.guestRecords.counts;
  return createUserModule({
    ...tools,
    documents: DOCUMENTS,
    links: createLinkSigner(tools.secrets.masterKey),
    confirmPassword: (userId, password) => all().auth.confirmPassword(userId, password),
    finishErasure: finishErasureWith(tools, all),
    countTickets: (userId) => counts().tickets(userId),
    // Money for places that were held and given up again is somebody's, too.
    hasTickets: async (userId) =>
      (await counts().hasVisits(userId)) ||
      all().payment.paymentRecords.payments.hasAnyOf(await counts().ticketIds(userId)),
    giveUpStep: (userId) => all().auth.giveUpStep(userId),
    unfinishedOf: (userId, nowMs) => unfinishedOf(wiring, userId, nowMs),
    heldElsewhere: createHeldElsewhere(wiring),
  });
}

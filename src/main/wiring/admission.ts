import { createHash } from 'node:crypto';
import {
  createEd25519Signer,
  createEd25519Verifier,
  gateKeyOf,
  verifyEd25519,
} from '../../infrastructure/keys/ed25519-signer.ts';
import { createPublishedVerifier } from '../../infrastructure/keys/published-keys.ts';
import { PARKS_TIME_ZONE } from '../../kernel/time.ts';
import { createAdmissionModule, type AdmissionModule } from '../../modules/admission/module.ts';
import type { Tools, Wiring } from './tools.ts';

/** The one peer of a park is headquarters. */
async function heardHeadquartersAtMs({ role, clock, replication }: Tools): Promise<number | null> {
  if (role === 'hq') return clock.now();
  const heard = (await replication.peers()).map(({ lastContactMs }) => lastContactMs);
  return heard.length === 0 ? null : Math.max(...heard);
}

/** How long after closing gates let people in: admission codes say so. */
const LATE_MS = 30 * 60_000;

export const wireAdmission = ({ tools, all }: Wiring): AdmissionModule =>
  createAdmissionModule({
    ...tools,
    homeOf: (parkId, date) => all().nodes.homeOf(parkId, date),
    gatesOf: (parkId, date) => all().nodes.gatesOf(parkId, date),
    homesOf: (parkId) => all().nodes.homesOf(parkId),
    parkIds: async () => (await all().park.catalogue.all()).map(({ parkId }) => parkId),
    async closingOf(parkId, date) {
      const day = await all().park.findDay(parkId, date);
      if (day === null) return null;
      // Of a closed day, when it is over on the calendar.
      return tools.zone.instantOf(date, day.hours?.closeTime ?? '23:59', day.timeZone) + LATE_MS;
    },
    signer: createEd25519Signer(tools.secrets.admissionKey),
    verifier: createPublishedVerifier({
      own: createEd25519Verifier(tools.secrets.admissionKeys.map(({ publicKey }) => publicKey)),
      published: () => all().nodes.publishedKeys(),
      clock: tools.clock,
    }),
    async gateKeys(goodAt) {
      const published = (await all().nodes.publishedKeys()).filter(
        ({ parkId }) => parkId === null || parkId === goodAt,
      );
      const own = tools.secrets.admissionKeys.map(({ publicKey }) => gateKeyOf(publicKey));
      const keys = [...own, ...published.map(({ keyId, x }) => ({ keyId, x }))];
      return [...new Map(keys.map((key) => [key.x, key])).values()];
    },
    tickets: {
      byId: (ticketId) => all().booking.ticketFacts.byId(ticketId),
      byQrCode: (qrCode) => all().booking.ticketFacts.byQrCode(qrCode),
    },
    hashSecret: (secret) => createHash('sha256').update(secret, 'utf8').digest('hex'),
    digest: (bytes) => Promise.resolve(createHash('sha256').update(bytes).digest()),
    verifyDevice: verifyEd25519,
    nodeHead: () => tools.replication.head(),
    heardAtMs: () => heardHeadquartersAtMs(tools),
    gateRules: async (parkId) => {
      const card = await all().park.catalogue.find(parkId);
      return {
        timeZone: card?.timeZone ?? PARKS_TIME_ZONE,
        reEntry: card?.reEntry ?? 'none',
        capacity: card?.capacity ?? 0,
      };
    },
  });

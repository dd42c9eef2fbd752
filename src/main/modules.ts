import { createHash } from 'node:crypto';
import { createCommandRunner, type CommandRunner } from '../kernel/command-runner.ts';
import { createEventCodec, type EventCodec } from '../kernel/event-codec.ts';
import type { EventStore } from '../kernel/event-store.ts';
import type { Flow } from '../kernel/flow.ts';
import type { Clock } from '../kernel/time.ts';
import type { Vault } from '../kernel/vault.ts';
import { createEarnPointsFlow } from '../flows/earn-points.ts';
import { createPurchaseFlow } from '../flows/purchase.ts';
import type { Route } from '../infrastructure/http/route.ts';
import type { TokenVerifier } from '../infrastructure/http/access.ts';
import { systemIds } from '../infrastructure/ids.ts';
import { createEd25519Signer, createEd25519Verifier } from '../infrastructure/keys/ed25519-signer.ts';
import type { Database } from '../infrastructure/postgres/database.ts';
import { qrPng } from '../infrastructure/qr/qr-png.ts';
import { qrSvg } from '../infrastructure/qr/qr-svg.ts';
import { createZone } from '../infrastructure/zone.ts';
import { createAdmissionModule, type AdmissionModule } from '../modules/admission/module.ts';
import { createAuthModule, type AuthModule } from '../modules/auth/module.ts';
import { createBookingModule, type BookingModule } from '../modules/booking/module.ts';
import { createLoyaltyModule } from '../modules/loyalty/module.ts';
import { createParkModule, type ParkModule } from '../modules/park/module.ts';
import type { PaymentProvider } from '../modules/payment/contract.ts';
import { createPaymentModule, type PaymentModule } from '../modules/payment/module.ts';
import { createUserModule, type UserModule } from '../modules/user/module.ts';
import { manifests } from './migration-sources.ts';
import type { Secrets } from './secrets.ts';

/** What registering agrees to, each document in the version now shown. */
const CONSENTS = [
  { document: 'terms', version: '2026-01' },
  { document: 'privacy', version: '2026-01' },
] as const;

const sha256 = (text: string): Uint8Array => createHash('sha256').update(text, 'utf8').digest();

const PARK_TIME_ZONE = 'Asia/Bishkek';

export type Ground = {
  readonly store: EventStore;
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly providers: ReadonlyMap<'elqr' | 'elcard', PaymentProvider>;
  readonly nodeId: string;
  readonly publicUrl: string;
  /** Told of failures that are repeated later by themselves. */
  readonly onError: (error: unknown) => void;
};

export type Modules = {
  readonly auth: AuthModule;
  readonly user: UserModule;
  readonly park: ParkModule;
  readonly booking: BookingModule;
  readonly admission: AdmissionModule;
  readonly payment: PaymentModule;
  readonly routes: readonly Route[];
  readonly flows: readonly Flow[];
  readonly codec: EventCodec;
  readonly runner: CommandRunner;
  readonly tokens: TokenVerifier;
};

/** Makes every module and answers the questions they have for each other. Touches no network and no disk. */
export function createModules(ground: Ground): Modules {
  const { store, vault, clock, secrets } = ground;
  const ids = systemIds;
  const zone = createZone();
  const codec = createEventCodec(
    manifests.flatMap(({ events }) => events),
    vault,
  );
  const runner = createCommandRunner({ store, codec, ids, clock });
  const tools = { ...ground, ids, zone, codec, runner };

  const user = createUserModule({ ...tools, consents: CONSENTS });
  const auth = createAuthModule({
    ...tools,
    accounts: { register: user.register, userIdByPhone: user.userIdByPhone, profile: user.profile },
    signingKey: secrets.accessTokenKey,
    issuer: ground.publicUrl,
    audience: ground.nodeId,
    sha256,
    otherKeys: () => [{ publicJwk: secrets.admissionKey.publicJwk, use: 'admission-code' }],
  });
  // Three modules ask each other in a ring; each question is asked when a request comes, long after all are made.
  const park: ParkModule = createParkModule({
    ...tools,
    occupancy: (parkIds) => admission.occupancy(parkIds),
    remainingPlaces: (parkId, dates) => booking.remainingPlaces(parkId, dates),
  });
  const booking: BookingModule = createBookingModule({
    ...tools,
    parkDays: park.findDay,
    childrenOf: user.childrenOf,
    signAdmissionCode: (facts) => admission.issueCode(facts),
    qrImages: { svg: qrSvg, png: qrPng },
  });
  const admission: AdmissionModule = createAdmissionModule({
    ...tools,
    signer: createEd25519Signer(secrets.admissionKey),
    verifier: createEd25519Verifier([secrets.admissionKey.publicKey]),
    tickets: booking.ticketFacts,
    gateRules: async (parkId) => {
      const card = await park.catalogue.find(parkId);
      return { timeZone: card?.timeZone ?? PARK_TIME_ZONE, reEntry: 'none' };
    },
  });
  const payment = createPaymentModule({
    ...tools,
    keepTicket: booking.keepHold,
    defaultReturnUrl: `${ground.publicUrl}/`,
  });
  const loyalty = createLoyaltyModule(tools);

  const flows: readonly Flow[] = [
    createPurchaseFlow({ ids, settleTicket: booking.settleTicket, requestRefund: payment.requestRefund }),
    createEarnPointsFlow({
      ids,
      paidFor: async (ticketId) => (await booking.ticketFacts.byId(ticketId))?.paidTyiyn ?? null,
      earnPoints: loyalty.earnPoints,
    }),
  ];
  const routes = [auth, user, park, booking, admission, payment, loyalty].flatMap((module) => module.routes);
  return { auth, user, park, booking, admission, payment, routes, flows, codec, runner, tokens: auth.tokens };
}

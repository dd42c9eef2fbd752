import { createHash } from 'node:crypto';
import {
  createEd25519Signer,
  createEd25519Verifier,
  gateKeyOf,
  verifyEd25519,
} from '../../infrastructure/keys/ed25519-signer.ts';
import { PARKS_TIME_ZONE } from '../../kernel/time.ts';
import { createAdmissionModule, type AdmissionModule } from '../../modules/admission/module.ts';
import type { Wiring } from './tools.ts';

export const wireAdmission = ({ tools, all }: Wiring): AdmissionModule =>
  createAdmissionModule({
    ...tools,
    signer: createEd25519Signer(tools.secrets.admissionKey),
    verifier: createEd25519Verifier(tools.secrets.admissionKeys.map(({ publicKey }) => publicKey)),
    gateKeys: tools.secrets.admissionKeys.map(({ publicKey }) => gateKeyOf(publicKey)),
    tickets: {
      byId: (ticketId) => all().booking.ticketFacts.byId(ticketId),
      byQrCode: (qrCode) => all().booking.ticketFacts.byQrCode(qrCode),
    },
    hashSecret: (secret) => createHash('sha256').update(secret, 'utf8').digest('hex'),
    digest: (bytes) => Promise.resolve(createHash('sha256').update(bytes).digest()),
    verifyDevice: verifyEd25519,
    heardAtMs: () => Promise.resolve(tools.role === 'hq' ? tools.clock.now() : null),
    gateRules: async (parkId) => {
      const card = await all().park.catalogue.find(parkId);
      return {
        timeZone: card?.timeZone ?? PARKS_TIME_ZONE,
        reEntry: card?.reEntry ?? 'none',
        capacity: card?.capacity ?? 0,
      };
    },
  });

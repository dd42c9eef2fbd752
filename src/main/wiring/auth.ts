import { createHash } from 'node:crypto';
import { createAuthModule, type AuthModule } from '../../modules/auth/module.ts';
import type { Wiring } from './tools.ts';

const sha256 = (text: string): Uint8Array => createHash('sha256').update(text, 'utf8').digest();

export const wireAuth = ({ tools, all }: Wiring): AuthModule =>
  createAuthModule({
    ...tools,
    accounts: {
      register: (account, meta) => all().user.register(account, meta),
      userIdByPhone: (phone) => all().user.userIdByPhone(phone),
      profile: (userId) => all().user.profile(userId),
    },
    parkExists: async (parkId) => (await all().park.catalogue.find(parkId)) !== null,
    signingKey: tools.secrets.accessTokenKey,
    issuer: tools.publicUrl,
    audience: tools.nodeId,
    sha256,
    otherKeys: () => tools.secrets.admissionKeys.map(({ publicJwk }) => ({ publicJwk, use: 'admission-code' })),
  });

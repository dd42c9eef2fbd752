import { createHash } from 'node:crypto';
import { createAuthModule, type AuthModule } from '../../modules/auth/module.ts';
import { mobilePhoneNumbers } from '../../modules/user/persistence/mobile-phone-numbers.ts';
import type { CodeSender } from '../../modules/auth/application/code-sender.ts';
import type { Tools, Wiring } from './tools.ts';

const sha256 = (text: string): Uint8Array => createHash('sha256').update(text, 'utf8').digest();

/** In a demonstration the log is the telephone. It shows the end of the number only, which tells tries apart. */
const demoCodes = ({ announce }: Tools): CodeSender => ({
  async send({ phone, code, purpose }) {
    announce?.(`demo mode: the code for ${purpose} of the number that ends in ${phone.slice(-2)} is ${code}`);
  },
});

export const wireAuth = ({ tools, all }: Wiring): AuthModule =>
  createAuthModule({
    ...tools,
    accounts: {
      register: (account, meta) => all().user.register(account, meta),
      userIdByPhone: (phone) => all().user.userIdByPhone(phone),
      yieldNumber: (userId, meta) => all().user.yieldNumber(userId, meta),
      profile: (userId) => all().user.profile(userId),
    },
    notifyOwner: (userId, kind, noticeId) => all().notify.notifyGuest({ noticeId, userId, notice: { kind } }),
    parkExists: async (parkId) => (await all().park.catalogue.find(parkId)) !== null,
    parsePhone: (text) => mobilePhoneNumbers.parse(text),
    codeSender: tools.mode === 'demo' ? demoCodes(tools) : null,
    demoCode: tools.mode === 'demo' ? '000000' : null,
    signingKey: tools.secrets.accessTokenKey,
    issuer: tools.publicUrl,
    audience: tools.nodeId,
    sha256,
    otherKeys: () => tools.secrets.admissionKeys.map(({ publicJwk }) => ({ publicJwk, use: 'admission-code' })),
  });

import { createHash, createHmac } from 'node:crypto';
import type { SmsChannel } from '../../infrastructure/messaging/nikita-sms.ts';
import type { Ids } from '../../kernel/ids.ts';
import { codeText } from '../../modules/auth/domain/code-text.ts';
import { createAuthModule, type AuthModule } from '../../modules/auth/module.ts';
import { mobilePhoneNumbers } from '../../modules/user/persistence/mobile-phone-numbers.ts';
import type { CodeSender } from '../../modules/auth/application/code-sender.ts';
import type { Tools, Wiring } from './tools.ts';

const hmacSha1 = (key: Uint8Array, message: Uint8Array): Uint8Array => createHmac('sha1', key).update(message).digest();
const sha256 = (text: string): Uint8Array => createHash('sha256').update(text, 'utf8').digest();

/** In a demonstration the log is the telephone. It shows the end of the number only, which tells tries apart. */
const demoCodes = ({ announce }: Tools): CodeSender => ({
  async send({ phone, code, purpose }) {
    announce?.(`demo mode: the code for ${purpose} of the number that ends in ${phone.slice(-2)} is ${code}`);
  },
});

/** A code that did not get out is not tried again: whoever waits for it asks for another. */
const smsCodes = (sms: SmsChannel, ids: Ids): CodeSender => ({
  async send(message) {
    const letter = { to: message.phone, text: codeText(message) };
    const outcome = await sms.send({ messageId: ids.next(), letter });
    if (outcome.kind !== 'sent') throw new Error(`a one-time code was not sent: ${outcome.reason}`);
  },
});

/** By SMS where that is configured, else by the log of a demonstration, else not at all. */
function codesOf(tools: Tools): { readonly codeSender: CodeSender | null; readonly demoCode: string | null } {
  const { mode, channels, ids } = tools;
  if (channels.sms !== null) return { codeSender: smsCodes(channels.sms, ids), demoCode: null };
  return mode === 'demo' ? { codeSender: demoCodes(tools), demoCode: '000000' } : { codeSender: null, demoCode: null };
}

export const wireAuth = ({ tools, all }: Wiring): AuthModule =>
  createAuthModule({
    ...tools,
    accounts: {
      register: (account, meta) => all().user.register(account, meta),
      userIdByPhone: (phone) => all().user.userIdByPhone(phone),
      yieldNumber: (userId, meta) => all().user.yieldNumber(userId, meta),
      profile: (userId) => all().user.profile(userId),
    },
    lookUpAccount: (staffId, userId, meta) => all().user.lookUpAccount(staffId, userId, meta),
    // A park sends no messages.
    notifyOwner: async (userId, kind, noticeId) => {
      if (tools.role === 'hq') await all().notify.notifyGuest({ noticeId, userId, notice: { kind } });
    },
    parkExists: async (parkId) => (await all().park.catalogue.find(parkId)) !== null,
    parsePhone: (text) => mobilePhoneNumbers.parse(text),
    ...codesOf(tools),
    tokenKeys: tools.secrets.accessTokenKeys,
    issuer: tools.publicUrl,
    audience: tools.nodeId,
    sha256,
    hmacSha1,
    otherKeys: () => tools.secrets.admissionKeys.map(({ publicJwk }) => ({ publicJwk, use: 'admission-code' })),
  });

import { createTransport } from 'nodemailer';
import type { Channel } from './channel.ts';
import { createGuardedCalls, type GuardOptions, type Judged } from './guarded-calls.ts';
import { smtpFault } from './smtp-fault.ts';

export type SmtpOptions = GuardOptions & {
  /** `smtp://user:password@host:port`, or `smtps://` for TLS from the first byte. */
  readonly url: string;
  readonly from: { readonly name: string; readonly address: string };
  /** Whether nothing is sent, least of all the password, to a server that does not offer TLS. */
  readonly requireTls: boolean;
  /** PEM: who is trusted to sign certificates, instead of those whom the system trusts. */
  readonly ca?: string;
};

/** Mails of plain text. */
export type MailChannel = Channel<{ readonly to: string; readonly subject: string; readonly text: string }>;

const MOST_CONNECTIONS = 4;
const CONNECT_MS = 5000;
/** Servers hang up on idle clients after some minutes; this is before that. */
const IDLE_MS = 30_000;

/** One address and nothing else: no list, no name, no comment. */
const ADDRESS = /^[^\s<>()[\]\\,;:"@]{1,64}@[^\s<>()[\]\\,;:"@]{1,253}$/;

/** Keeps connections open, and never reads a file or asks another server for a mail. */
function transportOf({ url, requireTls, ca, timeoutMs = 10_000 }: SmtpOptions) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const auth = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  return createTransport({
    pool: true,
    host: hostname.replaceAll(/[[\]]/g, ''),
    port: Number(port === '' ? (secure ? 465 : 587) : port),
    secure,
    requireTLS: requireTls && !secure,
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    ...(username === '' ? {} : { auth }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    dnsTimeout: CONNECT_MS,
    socketTimeout: timeoutMs,
    maxConnections: MOST_CONNECTIONS,
    // A mail that may be out already is for the outbox to send again, which counts its tries.
    maxRequeues: 0,
    idleTimeout: IDLE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** Mails through a server that speaks SMTP. A mail that is sent again keeps its `Message-ID`, by which receivers know it. */
export function createSmtpMail(options: SmtpOptions): MailChannel & { close(): void } {
  const { from } = options;
  const transport = transportOf(options);
  const { outcomeOf, ready } = createGuardedCalls('the mail server', options);
  const host = from.address.slice(from.address.lastIndexOf('@') + 1);

  return {
    async send({ messageId, letter: { to, subject, text } }) {
      if (!ADDRESS.test(to)) return { kind: 'refused', reason: 'the address is none' };
      const mail = {
        from,
        to: { name: '', address: to },
        subject,
        text,
        messageId: `<${messageId}@${host}>`,
        headers: { 'auto-submitted': 'auto-generated' },
      };
      return outcomeOf((signal) =>
        transport.sendMail({ ...mail, signal }).then((): Judged => ({ kind: 'sent' }), smtpFault),
      );
    },
    ready,
    close: () => transport.close({ force: true }),
  };
}

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer as readAll } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export type TakenMail = {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came over the wire. */
  readonly source: string;
  readonly isEncrypted: boolean;
};

export type MailServerOptions = {
  readonly tls?: { readonly key: string; readonly cert: string };
  /** TLS from the first byte. */
  readonly secure?: boolean;
  readonly offersTls?: boolean;
};

type Reply = { readonly at: 'from' | 'to' | 'data'; readonly code: number };

/** An error that the server answers with; its words name the receiver, as those of real servers do. */
const refusal = ({ code }: Reply, address: string): Error =>
  Object.assign(new Error(`<${address}> is not welcome`), { responseCode: code });

/** A mail server on this machine. It wants the user `us` with the password `p@ss:word`. */
export async function startMailServer({ tls, secure = false, offersTls = tls !== undefined }: MailServerOptions = {}) {
  const taken: TakenMail[] = [];
  /** Users who tried to sign in, and whether over TLS. */
  const signIns: { readonly user: string; readonly isEncrypted: boolean }[] = [];
  const stage: { reply: Reply | null; hangs: boolean; drops: boolean } = { reply: null, hangs: false, drops: false };
  let connections = 0;

  const answer = (at: Reply['at'], address: string, done: (error?: Error | null) => void): void => {
    if (stage.hangs) return;
    done(stage.reply?.at === at ? refusal(stage.reply, address) : null);
  };
  const server = new SMTPServer({
    ...tls,
    secure,
    disabledCommands: offersTls ? [] : ['STARTTLS'],
    hideSTARTTLS: !offersTls,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onConnect(_session, done) {
      connections += 1;
      done();
    },
    onAuth({ username = '', password }, { secure: isEncrypted }, done) {
      signIns.push({ user: username, isEncrypted });
      if (username === 'us' && password === 'p@ss:word') done(null, { user: username });
      else done(Object.assign(new Error('who are you?'), { responseCode: 535 }));
    },
    onMailFrom: ({ address }, _session, done) => answer('from', address, done),
    onRcptTo: ({ address }, _session, done) => answer('to', address, done),
    onData(stream, { envelope, secure: isEncrypted }, done) {
      void readAll(stream).then((bytes) => {
        const to = envelope.rcptTo.map(({ address }) => address);
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        if (stage.reply === null) taken.push({ from, to, source: bytes.toString('utf8'), isEncrypted });
        if (stage.drops) server.connections.forEach((connection) => connection.close());
        else answer('data', to.join(), done);
      });
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    taken,
    signIns,
    stage,
    connections: () => connections,
    close: () => new Promise<void>((done) => server.close(() => done())),
  };
}

/** The value of a header, unfolded. */
export const headerOf = (source: string, name: string): string | undefined =>
  new RegExp(`^${name}: ((?:.*)(?:\\r\\n[ \\t].*)*)`, 'im').exec(source.split('\r\n\r\n')[0] ?? '')?.[1];

/** Encoded words of a header (RFC 2047), read. */
export const readWords = (value: string): string =>
  value
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, encoding: string, word: string) =>
      encoding.toLowerCase() === 'b' ? Buffer.from(word, 'base64').toString() : quoted(word.replaceAll('_', ' ')),
    );

const quoted = (text: string): string => {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  const read = bytes.replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(read, 'latin1').toString('utf8');
};

/** The text of a mail of one part. */
export function textOfMail(source: string): string {
  const body = source.slice(source.indexOf('\r\n\r\n') + 4).replaceAll('\r\n', '\n');
  const encoding = headerOf(source, 'content-transfer-encoding');
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString().trimEnd();
  return (encoding === 'quoted-printable' ? quoted(body.replaceAll('=\n', '')) : body).trimEnd();
}

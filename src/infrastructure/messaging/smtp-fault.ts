import { fault, type Judged } from './guarded-calls.ts';

/** What nodemailer's errors tell: its own code, Node's, the command that failed, and the server's answer to it. */
type Said = Readonly<Partial<Record<'code' | 'originalCode' | 'command' | 'responseCode', unknown>>>;

/** The server wants to know who we are, or does not believe it. */
const UNKNOWN_TO_SERVER = [530, 534, 535, 538];
/** The server hangs up, or lost its way in the session: that says nothing about the mail. */
const OF_SESSION = [421, 503];

/** Codes of certificates that are no good, such as CERT_HAS_EXPIRED. */
const OF_CERTIFICATE = /CERT|SIGNATURE|TLS/;

/** Why a mail was not handed over. The words of the server are not repeated, for they repeat addresses. */
export function smtpFault(error: unknown): Judged {
  const { code, originalCode, command, responseCode } = (error ?? {}) as Said;
  const answer = typeof responseCode === 'number' ? responseCode : 0;
  const reason = `the mail server answered ${answer} to ${typeof command === 'string' ? command : 'us'}`;
  const isTemporary = answer >= 400 && answer < 500;
  if (UNKNOWN_TO_SERVER.includes(answer) || (code === 'EAUTH' && !isTemporary)) {
    return { ...fault('the mail server does not take our user and password'), isAlarm: true };
  }
  if (code === 'ETLS' || (typeof originalCode === 'string' && OF_CERTIFICATE.test(originalCode))) {
    return { ...fault('the mail server offers no TLS that we trust'), isAlarm: true };
  }
  const isOfMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  if (!isOfMail || OF_SESSION.includes(answer)) return fault(answer === 0 ? 'the mail server was not reached' : reason);
  if (answer === 0) return { kind: 'refused', reason: 'the mail server cannot take such an address' };
  if (isTemporary) return { kind: 'failed', reason };
  // Whoever we write to, it does not take mail from us.
  if (command === 'MAIL FROM') return { kind: 'failed', reason, isAlarm: true };
  return { kind: 'refused', reason };
}

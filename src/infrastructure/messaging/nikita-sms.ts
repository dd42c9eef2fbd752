import { boundedText, type HttpFetch } from '../outgoing-http/http-fetch.ts';
import type { Channel } from './channel.ts';
import { createGuardedCalls, fault, type GuardOptions, type Judged } from './guarded-calls.ts';
import { nikitaId, nikitaOutcome, nikitaRequest, nikitaStatus } from './nikita-message.ts';

export type NikitaOptions = GuardOptions & {
  /** Address of the operator, without a slash at the end. */
  readonly baseUrl: string;
  readonly login: string;
  readonly password: string;
  /** The name that telephones show; the operator approves it. */
  readonly sender: string;
  readonly http: HttpFetch;
};

/** Text messages; `to` is E.164. */
export type SmsChannel = Channel<{ readonly to: string; readonly text: string }>;

const E164 = /^\+[1-9]\d{6,14}$/;

/**
 * Text messages through Nikita SMSPRO, wire profile of its XML interface. The operator takes each id once, so a message that is
 * tried again because its answer was lost goes out once. That a request which it did not take leaves its id free is what the
 * meaning of its statuses says; the operator has to confirm it before going live.
 */
export function createNikitaSms(options: NikitaOptions): SmsChannel {
  const { baseUrl, http } = options;
  const { outcomeOf, ready } = createGuardedCalls('the SMS operator', options);

  async function ask(body: string, id: string, signal: AbortSignal): Promise<Judged> {
    const headers = { 'content-type': 'application/xml; charset=utf-8', accept: 'application/xml' };
    const init = { method: 'POST', redirect: 'manual', headers, body, signal } as const;
    const response = await http(`${baseUrl}/api/message`, init);
    if (response.status !== 200) {
      await response.body?.cancel();
      return fault(`the SMS operator answered ${response.status}`);
    }
    const status = nikitaStatus((await boundedText(response)) ?? '', id);
    return status === null ? fault('the SMS operator answered what we do not understand') : nikitaOutcome(status);
  }

  return {
    async send({ messageId, letter: { to, text } }) {
      if (!E164.test(to)) return { kind: 'refused', reason: 'the number is none' };
      const id = nikitaId(messageId);
      const body = nikitaRequest({ ...options, id, text, phone: to.slice(1) });
      return outcomeOf((signal) => ask(body, id, signal));
    },
    ready,
  };
}

import { CircuitState, TimeoutStrategy, handleAll, isBrokenCircuitError, TaskCancelledError, timeout } from 'cockatiel';
import type { FiscalRegister, IssueOutcome } from '../../modules/fiscal/contract.ts';
import { createBreaker, type OnBreaker } from '../breaker.ts';
import { boundedText, type HttpFetch } from '../outgoing-http/http-fetch.ts';
import { issuedIn, readAnswer, toWire } from './wire.ts';

export type VirtualRegisterOptions = {
  /** Address of the cloud register, without a slash at the end. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** What it knows our program by. */
  readonly model: string;
  readonly version: string;
  /** Who sells, by the number of the tax service. */
  readonly tin: string;
  readonly http: HttpFetch;
  /** Longest a call may take; 20 000 unless told otherwise. */
  readonly timeoutMs?: number;
  /** Calls in a row that must fail before further ones are not made for `openMs`; 5 and 10 000. */
  readonly breaker?: { readonly failures: number; readonly openMs: number };
  readonly onBreaker?: OnBreaker;
};

type Judged =
  | { readonly kind: 'acknowledged'; readonly tags: Readonly<Record<string, string>> }
  | { readonly kind: 'refused' | 'failed'; readonly reason: string; readonly isFault?: true };

const fault = (reason: string): Judged => ({ kind: 'failed', reason, isFault: true });

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}

function judge(status: number, text: string | null): Judged {
  if (status >= 500 || status === 429) return fault(`the register answered ${status}`);
  if (status < 200 || status >= 300) return { kind: 'refused', reason: `the register answered ${status}` };
  return readAnswer(parsed(text));
}

/**
 * A software register in the cloud, as the operators of fiscal data in Kyrgyzstan offer it: shifts and receipts of a fiscal module
 * by JSON over HTTP, answers in numbered tags. That a receipt which is sent again under its `uuid` is not issued twice is what
 * programs that use it rely on, and what its sandbox does; the operator has to confirm it before going live.
 */
export function createVirtualRegister(options: VirtualRegisterOptions): FiscalRegister {
  const { baseUrl, apiKey, model, version, tin, http, timeoutMs = 20_000 } = options;
  const { breaker = { failures: 5, openMs: 10_000 }, onBreaker } = options;
  // What it says of one receipt is nothing about the next, so only its own trouble counts.
  const faults = handleAll.orWhenResult((judged) => (judged as Judged & { isFault?: true }).isFault === true);
  const guard = createBreaker(faults, { ...breaker, onBreaker });
  const limit = timeout(timeoutMs, TimeoutStrategy.Aggressive);
  const headers = { 'content-type': 'application/json', CCRModel: model, CCRVersion: version, 'Api-Key': apiKey };

  async function post(path: string, body: object, signal: AbortSignal): Promise<Judged> {
    const init = { method: 'POST', redirect: 'manual', headers, body: JSON.stringify(body), signal } as const;
    const response = await http(`${baseUrl}/api/service-api/cash-register/${path}`, init);
    return judge(response.status, await boundedText(response));
  }

  function reasonOf(error: unknown): string {
    if (isBrokenCircuitError(error)) return 'the register failed too often and is not asked for a while';
    return error instanceof TaskCancelledError ? 'the register did not answer in time' : 'the register was not reached';
  }

  async function ask(path: string, body: object): Promise<Judged> {
    try {
      return await guard.execute(() => limit.execute(({ signal }) => post(path, body, signal)));
    } catch (error) {
      return { kind: 'failed', reason: reasonOf(error) };
    }
  }

  async function shift(change: 'open' | 'close', register: string) {
    const answer = await ask(`shift/${change}`, { fnNumber: register });
    return answer.kind === 'acknowledged' ? ({ kind: 'done' } as const) : { kind: answer.kind, reason: answer.reason };
  }

  return {
    async issue(request): Promise<IssueOutcome> {
      const answer = await ask('receipt', toWire(request));
      if (answer.kind !== 'acknowledged') return { kind: answer.kind, reason: answer.reason };
      const issued = issuedIn(answer.tags, request, tin);
      return issued === null
        ? { kind: 'failed', reason: 'the register answered with a receipt that was not asked for' }
        : { kind: 'issued', issued };
    },
    openShift: (register) => shift('open', register),
    closeShift: (register) => shift('close', register),
    ready: () => guard.state !== CircuitState.Open,
  };
}

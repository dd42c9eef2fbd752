import type { CreateOutcome, CreateRequest } from '../../modules/payment/contract.ts';
import type { Answered } from './http-call.ts';
import type { Called } from './provider-calls.ts';

/** The address of a payer's page; null unless it is a web page, over TLS wherever the API itself is. */
export function pageOf(address: string, baseUrl: string): string | null {
  if (!URL.canParse(address)) return null;
  const page = new URL(address);
  page.hash = '';
  const secure = page.protocol === 'https:' || (page.protocol === 'http:' && baseUrl.startsWith('http:'));
  return secure ? page.href : null;
}

/**
 * What became of a call for a new order. A refusal proves that there is none only when no earlier try may have made one.
 * @param read what an answer below 400 means
 */
export function createOutcome<Answer extends Answered>(
  called: Called<Answer>,
  read: (answer: Answer) => CreateOutcome,
): CreateOutcome {
  if (called.kind === 'not_asked') return { kind: 'failed', reason: called.reason, retryable: true };
  if (called.kind === 'lost') return { kind: 'unknown' };
  const outcome = called.answer.status < 400 ? read(called.answer) : refusalOf(called.answer);
  return outcome.kind === 'failed' && called.mayHaveActed ? { kind: 'unknown' } : outcome;
}

function refusalOf({ status }: Answered): CreateOutcome {
  if (status === 429) return { kind: 'failed', reason: 'provider_overloaded', retryable: true };
  // 408 and 425 leave open what was done; 409 says that an order under our key exists.
  const isDefinite = status < 500 && ![408, 409, 425].includes(status);
  return isDefinite ? { kind: 'failed', reason: `provider_refused_${status}`, retryable: false } : { kind: 'unknown' };
}

export type LinkReading = {
  readonly baseUrl: string;
  /** The fixed amount of an ELQR link in tyiyn, null when the link is damaged or leaves the amount to the payer. */
  readonly amountOfLink: (link: string) => bigint | null;
};

/** A link that carries an ELQR text is only shown when its amount, in tyiyn, is the one we asked for. */
export function elqrAction(address: string | null, request: CreateRequest, reading: LinkReading): CreateOutcome {
  const page = address === null || address.length > 2_048 ? null : pageOf(address, reading.baseUrl);
  if (address === null || page === null) return { kind: 'unknown' };
  const carriesCode = address.includes('#');
  if (carriesCode && reading.amountOfLink(address) !== request.amountTyiyn) {
    return { kind: 'failed', reason: 'provider_link_differs', retryable: false };
  }
  const { expiresAtMs, providerKey } = request;
  const action = { type: carriesCode ? 'qr' : 'redirect', payload: address, url: page, expiresAtMs } as const;
  return { kind: 'requires_action', action, externalId: providerKey };
}

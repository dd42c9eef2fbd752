import { createHash } from 'node:crypto';
import { assert } from '../kernel/assert.ts';
import type { LinkBuilder } from '../infrastructure/provider-sandbox/merchant-routes.ts';
import { buildElqr, elqrLink, parseElqr } from '../modules/payment/domain/elqr.ts';

const sha256Hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** The fixed amount of an ELQR link; null when the link is damaged or leaves the amount to the payer. */
export function amountOfElqrLink(link: string): bigint | null {
  const code = parseElqr(link, sha256Hex);
  return code.ok && !code.value.service.amountEditable ? (code.value.amountTyiyn ?? null) : null;
}

/** The sandbox's orders as true ELQR links under a provider id of its own, which no bank's application knows. */
export const sandboxElqrLink: LinkBuilder = ({ pageUrl, orderId, amountTyiyn, categoryCode, displayName }) => {
  const service = {
    providerId: 'qr.sandbox.skypark',
    code: 'skypark',
    transactionId: orderId.replaceAll('-', ''),
    amountEditable: false,
    recipientEditable: false,
  };
  const code = {
    kind: 'dynamic',
    service,
    merchant: {},
    extras: [],
    categoryCode,
    amountTyiyn,
    providerName: displayName,
  } as const;
  const text = buildElqr(code, sha256Hex);
  assert(text.ok, 'the sandbox checked the order before');
  return elqrLink(pageUrl, text.value);
};

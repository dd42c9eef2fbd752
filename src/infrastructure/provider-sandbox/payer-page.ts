import { createHash } from 'node:crypto';
import { formatSom } from '../../kernel/money.ts';
import type { Order } from './order-book.ts';

const STYLE = [
  'body{font:1rem/1.5 system-ui,sans-serif;margin:0;color:#1c2733;background:#f3f6fa}',
  '.banner{background:#8a1c1c;color:#fff;padding:.75rem 1rem;text-align:center;font-weight:600}',
  'main{max-width:26rem;margin:2rem auto;padding:1.5rem;background:#fff;border-radius:.75rem}',
  'h1{font-size:1.25rem;margin:0}.sum{font-size:2rem;font-weight:700;margin:.5rem 0}',
  'code{display:block;overflow-wrap:anywhere;font-size:.75rem;background:#f3f6fa;padding:.5rem;margin:1rem 0}',
  'form{display:inline}button{font:inherit;padding:.75rem 1.5rem;border:0;border-radius:.5rem;background:#d9dfe7;color:#1c2733}',
  'button.pay{background:#146c43;color:#fff}',
].join('');

/** No script, no foreign content, no frame around it; the style is allowed by its hash. */
export const PAYER_PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;

const TOLD = { paid: 'Paid.', declined: 'Declined.', expired: 'Expired.' } as const;

/** The page on which somebody plays the payer. */
export function payerPage(order: Order): string {
  const { orderId, settlement } = order;
  const decision =
    settlement === null
      ? button(orderId, 'pay', 'Pay') + button(orderId, 'decline', 'Decline')
      : `<p>${TOLD[settlement.outcome]} <a href="${escapeHtml(order.redirectUrl)}">Return to the shop</a></p>`;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>Sandbox payment</title><style>${STYLE}</style></head><body>`,
    '<p class="banner" role="status">Sandbox: no real money moves here.</p>',
    `<main><h1>${escapeHtml(order.displayName)}</h1><p>${escapeHtml(order.description)}</p>`,
    `<p class="sum">${formatSom(BigInt(order.amountTyiyn))} KGS</p>${decision}`,
    `<code>${escapeHtml(order.link)}</code></main></body></html>`,
  ].join('\n');
}

const button = (orderId: string, act: string, text: string): string =>
  `<form method="post" action="/payer/${orderId}/${act}"><button class="${act}">${text}</button></form> `;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

import { createHash } from 'node:crypto';
import { formatSom } from '../../kernel/money.ts';
import { qrSvg } from '../qr/qr-svg.ts';
import { chargedTyiyn, type Order } from './order-book.ts';
import type { PayerTexts } from './payer-texts.ts';

/** What the sandbox's 3-D Secure takes. */
export const RIGHT_CODE = '123456';
/** The wrong code of this number ends the payment. */
export const MOST_WRONG_CODES = 3;

const QR_PX = 264;

const STYLE = [
  '*{box-sizing:border-box}body{font:1rem/1.5 system-ui,sans-serif;margin:0;color:#1c2733;background:#eef2f7}',
  '.banner{background:#7a1f1f;color:#fff;margin:0;padding:.625rem 1rem;text-align:center;font-size:.875rem;font-weight:600}',
  'main{max-width:26rem;margin:0 auto;padding:1.5rem 1.25rem 2rem;background:#fff;min-height:calc(100vh - 2.75rem)}',
  '@media(min-width:30rem){main{min-height:0;margin:2rem auto;border-radius:1rem;box-shadow:0 .5rem 2rem #1c273322}}',
  'h1{font-size:1.125rem;margin:0}p{margin:.25rem 0}.muted{color:#5a6878;font-size:.875rem}',
  '.sum{font-size:2.25rem;line-height:1.2;font-weight:700;margin:1rem 0 1.25rem}',
  '.qr{display:flex;justify-content:center;margin:0 0 .5rem}.qr svg{max-width:100%;height:auto}',
  'button,.back,input{display:block;width:100%;min-height:3rem;font:inherit;border-radius:.75rem;text-align:center}',
  'button,.back{border:0;margin-top:.75rem;padding:.75rem;background:#e3e8ef;color:#1c2733;font-weight:600;text-decoration:none}',
  'button.main,.back{background:#146c43;color:#fff}button.plain{background:none;color:#5a6878;font-weight:400;min-height:2.75rem}',
  'button:focus-visible,input:focus-visible,.back:focus-visible{outline:3px solid #1f6feb;outline-offset:2px}',
  'label{display:block;margin:1rem 0 .375rem;font-weight:600}input{border:1px solid #8a97a6;font-size:1.5rem;letter-spacing:.375rem}',
  '.wrong{color:#a11919;font-weight:600}.told{font-size:1.375rem;font-weight:700;margin-top:1.25rem}.told.paid{color:#146c43}',
  '.link{overflow-wrap:anywhere;font:.6875rem/1.4 ui-monospace,monospace;color:#5a6878;margin-top:1.5rem}',
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
  vary: 'Accept-Language',
} as const;

/** The page on which somebody plays the payer: what to pay, the code of the card's bank, or what became of it. */
export function payerPage(order: Order, texts: PayerTexts): string {
  const { settlement, wrongCodes } = order;
  const body =
    settlement !== null ? outcome(order, texts) : wrongCodes !== null ? code(order, texts) : choice(order, texts);
  return [
    `<!doctype html><html lang="${texts.language}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${texts.title}</title><style>${STYLE}</style></head><body>`,
    `<p class="banner" role="status">${texts.sandbox}</p>`,
    `<main><h1>${escapeHtml(order.displayName)}</h1><p class="muted">${escapeHtml(order.description)}</p>`,
    `<p class="sum">${sum(order, texts)}</p>`,
    body,
    '</main></body></html>',
  ].join('\n');
}

function sum(order: Order, { language }: PayerTexts): string {
  const format = new Intl.NumberFormat(`${language}-KG`, { style: 'currency', currency: 'KGS', useGrouping: 'always' });
  return escapeHtml(format.format(Number(formatSom(chargedTyiyn(order)))));
}

function choice(order: Order, texts: PayerTexts): string {
  const isQr = order.link.includes('#');
  return [
    isQr ? `<div class="qr">${qrSvg(order.link, QR_PX)}</div>` : '',
    `<p class="muted">${isQr ? texts.scan : texts.byCard}</p>`,
    button(order, 'pay', 'main', texts.pay),
    button(order, 'decline', '', texts.decline),
    button(order, 'expire', 'plain', texts.expire),
    isQr ? `<p class="link">${escapeHtml(order.link)}</p>` : '',
  ].join('\n');
}

function code(order: Order, texts: PayerTexts): string {
  const wrong = order.wrongCodes ?? 0;
  return [
    `<p class="told">${texts.codeTitle}</p><p class="muted">${texts.codeHint(RIGHT_CODE)}</p>`,
    `<form method="post" action="/payer/${order.orderId}/code"><label for="code">${texts.codeLabel}</label>`,
    '<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9]*" maxlength="6" required autofocus>',
    wrong > 0 ? `<p class="wrong" role="alert">${texts.wrongCode(MOST_WRONG_CODES - wrong)}</p>` : '',
    `<button class="main">${texts.confirm}</button></form>`,
    button(order, 'decline', '', texts.decline),
  ].join('\n');
}

function outcome({ settlement, redirectUrl }: Order, texts: PayerTexts): string {
  const told = settlement?.outcome ?? 'expired';
  return [
    `<p class="told ${told}">${texts[told]}</p>`,
    `<a class="back" href="${escapeHtml(redirectUrl)}">${texts.back}</a>`,
  ].join('\n');
}

const button = ({ orderId }: Order, act: string, look: string, text: string): string =>
  `<form method="post" action="/payer/${orderId}/${act}"><button class="${look}">${text}</button></form>`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

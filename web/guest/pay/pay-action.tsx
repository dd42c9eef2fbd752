import { ExternalLink } from 'lucide';
import { Icon } from '../../shared/ui/icon.tsx';
import { texts } from '../texts/texts.ts';
import { QrCode } from '../../shared/ui/qr-code.tsx';
import type { Payment } from './pay-ticket.tsx';
import { TimeLeft } from './time-left.tsx';

type Action = NonNullable<Payment['action']>;

/** A phone opens its bank's app; a QR code on it could be scanned by another phone only. */
const isPhone = matchMedia('(pointer: coarse)').matches;

function wordsOf({ type }: Action): string {
  const words = texts().pay;
  if (type === 'redirect') return words.openCard;
  return isPhone ? words.openBank : words.openPage;
}

const BankLink = ({ action }: { readonly action: Action }) => (
  <a class={isPhone || action.type === 'redirect' ? 'action' : 'action second'} href={action.url}>
    <Icon of={ExternalLink} /> {wordsOf(action)}
  </a>
);

/** A code for the camera of the bank's app, with its steps. */
const Scan = ({ action }: { readonly action: Action }) => (
  <div class="admission">
    <QrCode class="qr" text={action.payload} label={texts().pay.qr} />
    <ol class="steps">
      {texts().pay.steps.map((step) => (
        <li key={step}>{step}</li>
      ))}
    </ol>
  </div>
);

/** What the payer does next. */
export const PayAction = ({ action, onOver }: { readonly action: Action; readonly onOver: () => unknown }) => (
  <section class="card stack">
    <div class="row spread">
      <span class="waiting" role="status">
        <span class="dot" aria-hidden="true" /> {texts().pay.waiting}
      </span>
      <TimeLeft until={action.expires_at} onOver={onOver} />
    </div>
    {action.type === 'redirect' && <BankLink action={action} />}
    {action.type === 'qr' && isPhone && (
      <>
        <BankLink action={action} />
        <details>
          <summary>{texts().pay.otherPhone}</summary>
          <Scan action={action} />
        </details>
      </>
    )}
    {action.type === 'qr' && !isPhone && (
      <>
        <Scan action={action} />
        <BankLink action={action} />
      </>
    )}
  </section>
);

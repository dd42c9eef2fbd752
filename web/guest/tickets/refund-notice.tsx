import { Undo2 } from 'lucide';
import { money } from '../../shared/format/money.ts';
import { Icon } from '../../shared/ui/icon.tsx';
import { texts } from '../texts/texts.ts';
import type { Ticket } from './tickets.ts';

/** Where the money of a cancelled ticket is. */
export function RefundNotice({ ticket: { refund, cancelled } }: { readonly ticket: Ticket }) {
  if (refund === null && cancelled === null) return null;
  const words = texts().refund;
  const look = refund?.status === 'succeeded' ? 'good' : refund?.status === 'denied_used' ? 'bad' : 'warn';
  return (
    <div class={`notice ${look}`} role="status">
      <Icon of={Undo2} />
      <div class="words">
        {cancelled !== null && (
          <p>
            <strong>{words.cancelled[cancelled.by]}</strong>
          </p>
        )}
        {refund !== null && <p>{words[refund.status](money(refund.amount))}</p>}
      </div>
    </div>
  );
}

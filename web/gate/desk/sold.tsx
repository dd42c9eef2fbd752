import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { shownDay } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { QrCode } from '../../shared/ui/qr-code.tsx';
import type { Gate } from '../device/gate.ts';
import type { Passage } from '../device/passage.ts';
import { signalLight } from '../scan/feedback.ts';
import { Verdict } from '../ui/verdict.tsx';
import { texts } from '../texts/texts.ts';
import { saleNow, type DeskTicket } from './sale.ts';

const LOOK_MS = 2_000;

/** The sale as it is now: one that waits for its payment is looked at again and again. */
function useSale(first: DeskTicket): DeskTicket {
  const sale = useSignal(first);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const later = (): void => {
      if (!isOver && sale.value.status === 'pending_payment') timer = setTimeout(() => void look(), LOOK_MS);
    };
    // One look after the other: an older answer never takes the place of a newer one.
    const look = async (): Promise<void> => {
      const now = await saleNow(first.id);
      if (now.ok && !isOver) sale.value = now.value;
      later();
    };
    later();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, []);
  return sale.value;
}

function Receipt({ sale, park }: { readonly sale: DeskTicket; readonly park: string }) {
  const words = texts().sell;
  return (
    <div class="card stack">
      <h2>{words.receipt}</h2>
      {sale.admission_code !== null && <QrCode class="sold-code" text={sale.admission_code} label={words.receipt} />}
      <dl class="facts">
        <dt>{texts().device.park}</dt>
        <dd>{park}</dd>
        <dt>{shownDay(sale.visit_date)}</dt>
        <dd>{words.people(sale.people)}</dd>
        <dt>{words.total}</dt>
        <dd>{money(sale.price)}</dd>
      </dl>
    </div>
  );
}

type Props = { readonly sale: DeskTicket; readonly gate: Gate; readonly onNext: () => unknown };

/** What was sold: the code for the guest, on paper or on the screen, and the way in. */
export function Sold({ sale: first, gate, onNext }: Props) {
  const sale = useSale(first);
  const passage = useSignal<Passage | null>(null);
  const words = texts().sell;
  const code = sale.admission_code;
  const action = sale.payment?.action ?? null;
  return (
    <div class="stack">
      {sale.status === 'pending_payment' && action !== null && (
        <div class="card stack">
          <h2 aria-live="polite">{words.waitForElqr}</h2>
          <p>{words.payInApp}</p>
          <QrCode class="sold-code" text={action.payload} label={words.payInApp} />
          <p class="big-total">{money(sale.price)}</p>
        </div>
      )}
      {code !== null && (
        <>
          <p class="notice good no-print" role="status">
            {words.sold}
          </p>
          <Receipt sale={sale} park={gate.enrolled.parkId} />
          <div class="row no-print">
            <BusyButton
              onPress={async () => {
                passage.value = await gate.scan(code, 'in', null);
                signalLight(passage.value.light);
              }}
            >
              {words.letInNow}
            </BusyButton>
            <button type="button" class="secondary" onClick={() => print()}>
              {words.print}
            </button>
          </div>
        </>
      )}
      <button type="button" class="no-print" onClick={() => void onNext()}>
        {words.next}
      </button>
      {passage.value !== null && <Verdict passage={passage.value} onNext={() => (passage.value = null)} />}
    </div>
  );
}

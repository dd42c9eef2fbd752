import { useSignal } from '@preact/signals';
import { accountId } from '../../shared/api/session.ts';
import { signOut } from '../../shared/api/sign-in.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { AtDesk } from '../desk/at-desk.tsx';
import { openShiftOf, type DeskTicket } from '../desk/sale.ts';
import { SaleForm } from '../desk/sale-form.tsx';
import { CloseShift, OpenShift } from '../desk/shift-card.tsx';
import { Sold } from '../desk/sold.tsx';
import type { Gate } from '../device/gate.ts';
import { texts } from '../texts/texts.ts';

function Desk({ gate }: { readonly gate: Gate }) {
  const { parkId } = gate.enrolled;
  const shift = useLoad(() => openShiftOf(parkId, accountId.value), [parkId, accountId.value]);
  const sold = useSignal<DeskTicket | null>(null);
  if (sold.value !== null) return <Sold sale={sold.value} gate={gate} onNext={() => (sold.value = null)} />;
  return (
    <Loaded of={shift}>
      {({ shift: open }) => (
        <div class="stack">
          {open === null && <OpenShift parkId={parkId} onOpened={shift.reload} />}
          <SaleForm
            key={String(open?.id)}
            parkId={parkId}
            canTakeCash={open !== null}
            onSold={(ticket) => (sold.value = ticket)}
          />
          <div class="row spread">
            {open !== null && <CloseShift shift={open} onClosed={shift.reload} />}
            <button type="button" class="secondary outline" onClick={() => void signOut()}>
              {texts().sell.signOut}
            </button>
          </div>
          <a href="/gate/refunds">{texts().refunds.title}</a>
        </div>
      )}
    </Loaded>
  );
}

/** The desk: somebody who sells here signs in, and takes cash within a shift. */
export const SellPage = ({ gate }: { readonly gate: Gate }) => (
  <AtDesk gate={gate} title={texts().sell.title}>
    <Desk gate={gate} />
  </AtDesk>
);

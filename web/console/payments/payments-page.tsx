import { useSignal } from '@preact/signals';
import { parkInView } from '../session/parks.ts';
import { FINANCE, may, mayAnywhere, OFFICE } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { NeedsPark } from '../ui/needs-park.tsx';
import { Page } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { PaymentList } from './payment-list.tsx';
import { RefundList } from './refund-list.tsx';

type View = 'payments' | 'refunds';

/** Money that came and money that goes back. */
export function PaymentsPage() {
  const { payments: words, sections } = texts();
  const view = useSignal<View>('payments');
  const here = parkInView.value;
  const roles = view.value === 'payments' ? OFFICE : FINANCE;
  const list = (parkId: string | null) =>
    view.value === 'payments' ? <PaymentList parkId={parkId} /> : <RefundList parkId={parkId} />;
  return (
    <Page title={sections.payments}>
      {mayAnywhere(FINANCE) && (
        <Tabs<View>
          label={words.show}
          tabs={[
            { key: 'payments', label: words.payments },
            { key: 'refunds', label: words.refunds },
          ]}
          chosen={view.value}
          onChoose={(key) => (view.value = key)}
        />
      )}
      {may(roles, here) ? list(here) : <NeedsPark roles={roles}>{list}</NeedsPark>}
    </Page>
  );
}

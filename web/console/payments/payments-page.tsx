import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { parkInView } from '../session/parks.ts';
import { FINANCE, may, mayAnywhere, OFFICE, type Role } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { NeedsPark } from '../ui/needs-park.tsx';
import { Page } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { PaymentList } from './payment-list.tsx';
import { ReceiptList } from './receipt-list.tsx';
import { RefundList } from './refund-list.tsx';
import { ShiftList } from './shift-list.tsx';

type View = 'payments' | 'refunds' | 'shifts' | 'receipts';

const VIEWS: readonly { readonly key: View; readonly roles: readonly Role[] }[] = [
  { key: 'payments', roles: OFFICE },
  { key: 'refunds', roles: FINANCE },
  { key: 'shifts', roles: OFFICE },
  { key: 'receipts', roles: FINANCE },
];

const LISTS: Readonly<Record<Exclude<View, 'shifts'>, (parkId: string | null) => ComponentChildren>> = {
  payments: (parkId) => <PaymentList parkId={parkId} />,
  refunds: (parkId) => <RefundList parkId={parkId} />,
  receipts: (parkId) => <ReceiptList parkId={parkId} />,
};

function Shown({ view, roles }: { readonly view: View; readonly roles: readonly Role[] }) {
  // Shifts are those of one till, so of one park.
  if (view === 'shifts') return <NeedsPark roles={roles}>{(parkId) => <ShiftList parkId={parkId} />}</NeedsPark>;
  const list = LISTS[view];
  const here = parkInView.value;
  return may(roles, here) ? <>{list(here)}</> : <NeedsPark roles={roles}>{list}</NeedsPark>;
}

/** Money that came and money that goes back, tills, and what the tax service is told. */
export function PaymentsPage() {
  const { payments: words, sections } = texts();
  const view = useSignal<View>('payments');
  const open = VIEWS.filter(({ roles }) => mayAnywhere(roles));
  const roles = open.find(({ key }) => key === view.value)?.roles ?? OFFICE;
  return (
    <Page title={sections.payments}>
      <Tabs<View>
        label={words.show}
        tabs={open.map(({ key }) => ({ key, label: words.views[key] }))}
        chosen={view.value}
        onChoose={(key) => (view.value = key)}
      />
      <Shown key={view.value} view={view.value} roles={roles} />
    </Page>
  );
}

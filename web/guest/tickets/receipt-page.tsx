import { Printer } from 'lucide';
import { useRoute } from 'preact-iso';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { Icon } from '../../shared/ui/icon.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { QrCode } from '../../shared/ui/qr-code.tsx';
import { SignedIn } from '../account/signed-in.tsx';
import { texts } from '../texts/texts.ts';
import { Page } from '../ui/page.tsx';

type Receipt = components['schemas']['Receipt'];
type Fiscal = Receipt['fiscal']['receipts'][number];

/** The receipt of the tax service, with the code by which anybody can look it up there. */
const FiscalReceipt = ({ of: receipt }: { readonly of: Fiscal }) => (
  <section class="card stack fiscal">
    <h2>{texts().receipt[receipt.kind]}</h2>
    <p>{receipt.amount_text}</p>
    {receipt.is_test && <p class="notice warn">{texts().receipt.test}</p>}
    {receipt.url === null ? (
      <p class="muted">{texts().receipt.fiscalStatus[receipt.status]}</p>
    ) : (
      <>
        <QrCode class="qr small" text={receipt.url} label={texts().receipt.qr} />
        <dl class="price-lines">
          {(
            [
              [texts().receipt.fn, receipt.fn_number],
              [texts().receipt.fd, receipt.fd_number],
              [texts().receipt.sign, receipt.fiscal_sign],
              [texts().receipt.register, receipt.register_number],
            ] as const
          ).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <a class="action second" href={receipt.url} target="_blank" rel="noreferrer">
          {texts().receipt.atTaxService}
        </a>
      </>
    )}
  </section>
);

const Lines = ({ receipt: { lines, sums } }: { readonly receipt: Receipt }) => (
  <dl class="price-lines">
    {lines.map(({ kind, text, quantity, unit_price_text: unit, amount_text: amount }) => (
      <div key={kind}>
        <dt>
          {text}
          {quantity > 1 && <span class="muted">{` ${quantity} × ${unit}`}</span>}
        </dt>
        <dd>{amount}</dd>
      </div>
    ))}
    {sums
      .filter(({ kind, amount }) => kind === 'price' || kind === 'received' || Number(amount) !== 0)
      .map(({ kind, text, amount_text: amount }) => (
        <div key={kind} class={kind === 'price' ? 'total' : undefined}>
          <dt>{text}</dt>
          <dd>{amount}</dd>
        </div>
      ))}
  </dl>
);

/** Money that came, and money that went back: when, how, and by which name the bank knows it. */
const Movements = ({ receipt: { payments, refunds } }: { readonly receipt: Receipt }) => (
  <dl class="price-lines">
    {payments.map((payment) => (
      <div key={payment.id}>
        <dt>
          {payment.method_text}
          <small>{payment.received_at_text}</small>
          <small>{payment.reference}</small>
        </dt>
        <dd>{payment.amount_text}</dd>
      </div>
    ))}
    {refunds.map((refund) => (
      <div key={refund.id}>
        <dt>
          {refund.status_text}
          <small>{refund.requested_at_text}</small>
          {refund.reference !== null && <small>{refund.reference}</small>}
        </dt>
        <dd>{refund.amount_text}</dd>
      </div>
    ))}
  </dl>
);

const ReceiptBody = ({ receipt }: { readonly receipt: Receipt }) => (
  <div class="stack">
    <section class="card stack">
      <div>
        <h2>{receipt.park.name}</h2>
        <p class="muted">{receipt.park.address}</p>
      </div>
      <p>
        {receipt.visit_day} · {texts().people(receipt.people)}
      </p>
      <Lines receipt={receipt} />
      <Movements receipt={receipt} />
      <p class="muted">
        {texts().ticket.number} <code>{receipt.number}</code>
      </p>
    </section>
    {receipt.fiscal.receipts.length === 0 && <p class="card muted">{receipt.fiscal.text}</p>}
    {receipt.fiscal.receipts.map((fiscal) => (
      <FiscalReceipt key={`${fiscal.payment_id} ${fiscal.refund_id ?? ''}`} of={fiscal} />
    ))}
    <button type="button" class="secondary outline on-screen" onClick={() => print()}>
      <Icon of={Printer} /> {texts().receipt.print}
    </button>
  </div>
);

function ReceiptOf({ id }: { readonly id: string }) {
  const params = { path: { id } };
  const receipt = useLoad(() => outcomeOf(api.GET('/api/v1/tickets/{id}/receipt', { params })), [id]);
  return <Loaded of={receipt}>{(found) => <ReceiptBody receipt={found} />}</Loaded>;
}

/** What was paid for a ticket, for whoever has to account for it; made to be printed too. */
export function ReceiptPage() {
  const { params } = useRoute();
  const id = params['id'] ?? '';
  return (
    <Page title={texts().receipt.title} back={{ href: `/tickets/${id}`, label: texts().pay.toTicket }} narrow>
      <SignedIn>{() => <ReceiptOf id={id} />}</SignedIn>
    </Page>
  );
}

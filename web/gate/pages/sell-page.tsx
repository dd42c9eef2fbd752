import { useSignal } from '@preact/signals';
import { hasDutyAt } from '../../shared/api/duties.ts';
import type { Outcome } from '../../shared/api/outcome.ts';
import { accountId, duties, isSignedIn } from '../../shared/api/session.ts';
import { restoreSession, signIn, signOut } from '../../shared/api/sign-in.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { fieldText } from '../../shared/ui/field-text.ts';
import { Field, Form } from '../../shared/ui/form.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { openShiftOf, type DeskTicket } from '../desk/sale.ts';
import { SaleForm } from '../desk/sale-form.tsx';
import { CloseShift, OpenShift } from '../desk/shift-card.tsx';
import { Sold } from '../desk/sold.tsx';
import type { Gate } from '../device/gate.ts';
import { texts } from '../texts/texts.ts';

const SELLERS = ['gate', 'manager', 'admin'] as const;

function SignIn() {
  const words = texts().sell;
  return (
    <div class="card">
      <h2>{words.signIn}</h2>
      <Form
        submit={words.signIn}
        onSubmit={(fields) => signIn(fieldText(fields, 'phone'), fieldText(fields, 'password'))}
      >
        <Field
          label={words.phone}
          name="phone"
          type="tel"
          inputMode="tel"
          autocomplete="username"
          required
          maxLength={30}
        />
        <Field
          label={words.password}
          name="password"
          type="password"
          autocomplete="current-password"
          required
          maxLength={200}
        />
      </Form>
    </div>
  );
}

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
        </div>
      )}
    </Loaded>
  );
}

/** The desk: somebody who sells here signs in, and takes cash within a shift. */
export function SellPage({ gate }: { readonly gate: Gate }) {
  const words = texts().sell;
  const restored = useLoad(async (): Promise<Outcome<true>> => {
    const problem = isSignedIn.peek() === undefined ? await restoreSession() : null;
    return problem === null ? { ok: true, value: true } : { ok: false, problem };
  }, []);
  const maySell = hasDutyAt(duties.value, SELLERS, gate.enrolled.parkId);
  return (
    <div class="stack">
      <h1>{words.title}</h1>
      {isSignedIn.value === true && maySell && <Desk gate={gate} />}
      {isSignedIn.value === true && !maySell && (
        <>
          <p class="notice warn">{words.noRole}</p>
          <button type="button" class="secondary" onClick={() => void signOut()}>
            {words.signOut}
          </button>
        </>
      )}
      {isSignedIn.value === undefined && <Loaded of={{ ...restored, value: null }}>{() => null}</Loaded>}
      {(isSignedIn.value === false || (isSignedIn.value === undefined && restored.problem !== null)) && <SignIn />}
    </div>
  );
}

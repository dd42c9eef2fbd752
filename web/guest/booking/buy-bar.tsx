import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import { api } from '../../shared/api/client.ts';
import { intentOf } from '../../shared/api/intent.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { user } from '../../shared/api/session.ts';
import { money } from '../../shared/format/money.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { signInAddress } from '../account/signed-in.tsx';
import { VerifyPhone } from '../account/verify-phone.tsx';
import { texts } from '../texts/texts.ts';
import type { Visit } from './draft.ts';
import { dropDraft } from './keep-draft.ts';
import type { Quoted } from './quote.ts';

type Props = {
  readonly visit: Visit | null;
  readonly quoted: Quoted | null;
  /** Not enough places for the party: it can wait for them. */
  readonly isFull: boolean;
  /** Why there is nothing to buy yet. */
  readonly missing: string;
  readonly onRefused: () => unknown;
};

/** The last step of a visit: buy it, or wait for places; whoever is not signed in does that first. */
export function BuyBar({ visit, quoted, isFull, missing, onRefused }: Props) {
  const { route, path } = useLocation();
  const problem = useSignal<Problem | null>(null);
  const buyOnce = intentOf('buyTicket');
  const joinOnce = intentOf('joinWaitlist');

  const buy = async (wanted: Visit, points: number): Promise<void> => {
    const body = points === 0 ? wanted : { ...wanted, points };
    const bought = await buyOnce(JSON.stringify(body), (header) =>
      outcomeOf(api.POST('/api/v1/tickets', { params: { header }, body })),
    );
    if (!bought.ok) return refused(bought.problem);
    dropDraft(wanted.park_id);
    route(`/tickets/${bought.value.id}`);
  };

  const wait = async ({ park_id, visit_date, children, adults = 0 }: Visit): Promise<void> => {
    const body = { park_id, visit_date, children, adults };
    const joined = await joinOnce(JSON.stringify(body), (header) =>
      outcomeOf(api.POST('/api/v1/waitlist', { params: { header }, body })),
    );
    if (!joined.ok) return refused(joined.problem);
    dropDraft(park_id);
    say(texts().waitlist.joined);
    route('/waitlist');
  };

  const refused = (why: Problem): void => {
    problem.value = why;
    onRefused();
  };

  const act = async (): Promise<void> => {
    problem.value = null;
    if (user.value === null) return route(signInAddress(path));
    if (visit !== null) await (isFull ? wait(visit) : buy(visit, quoted?.points ?? 0));
  };

  const isReady = visit !== null && quoted !== null;
  return (
    <div class="buy-bar card">
      {problem.value?.code === 'phone_not_verified' ? (
        <VerifyPhone phone={user.value?.phone ?? ''} onVerified={act} />
      ) : (
        problem.value !== null && <ProblemNotice problem={problem.value} />
      )}
      <div class="row spread">
        <span class="sum" aria-live="polite">
          {isReady ? money(quoted.price) : <span class="muted">{missing}</span>}
        </span>
        <BusyButton onPress={act} disabled={!isReady}>
          {user.value === null ? texts().buy.signInFirst : isFull ? texts().buy.wait : texts().buy.buy}
        </BusyButton>
      </div>
    </div>
  );
}

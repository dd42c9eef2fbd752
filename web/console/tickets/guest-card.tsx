import { UserRound } from 'lucide';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { Icon } from '../../shared/ui/icon.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { texts } from '../texts/texts.ts';
import { GuestPasses } from './guest-passes.tsx';

type Props = {
  readonly phone: string;
  /** Counts the searches: each is a question of its own. */
  readonly turn: number;
};

/** The guest with exactly this phone. */
export function GuestCard({ phone, turn }: Props) {
  const { tickets: words } = texts();
  const found = useLoad(
    () => outcomeOf(api.GET('/api/v1/admin/guests', { params: { query: { phone } } })),
    [phone, turn],
  );
  return (
    <Loaded of={found}>
      {({ items: [guest] }) => (
        <section class="card stack" aria-label={words.guest}>
          {guest === undefined ? (
            <p>{words.noGuest}</p>
          ) : (
            <>
              <p class="row">
                <Icon of={UserRound} /> <strong>{guest.name}</strong>
                <span class={`badge ${guest.phone_verified ? 'good' : 'warn'}`}>
                  {guest.phone_verified ? words.verified : words.unverified}
                </span>
                <span class="muted">{words.ticketsEver(guest.tickets)}</span>
              </p>
              <GuestPasses userId={guest.id} name={guest.name} />
            </>
          )}
        </section>
      )}
    </Loaded>
  );
}

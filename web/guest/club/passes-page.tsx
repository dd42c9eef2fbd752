import { shownDate, today } from '../../shared/format/day.ts';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { SignedIn } from '../account/signed-in.tsx';
import { useParks } from '../parks/parks.ts';
import { texts } from '../texts/texts.ts';
import { Page } from '../ui/page.tsx';
import { isGoodFor, type Pass } from './pass.ts';
import { usePasses } from './passes.ts';

function stateOf({ cancelled, visits_left: left, valid_to: to, valid_from: from }: Pass) {
  if (cancelled !== null) return 'cancelled';
  if (to < today()) return 'over';
  if (left === 0) return 'usedUp';
  return from > today() ? 'later' : 'good';
}

const LOOKS = { good: 'good', later: 'good', usedUp: '', over: '', cancelled: 'bad' } as const;

function PassCard({ pass }: { readonly pass: Pass }) {
  const words = texts().passes;
  const parks = useParks();
  const state = stateOf(pass);
  const soonest = pass.valid_from > today() ? pass.valid_from : today();
  return (
    <li class="card stack">
      <div class="row spread">
        <h2>{pass.name ?? words.one}</h2>
        <span class={`badge ${LOOKS[state]}`}>{words.state[state]}</span>
      </div>
      <p>
        {words.between(shownDate(pass.valid_from), shownDate(pass.valid_to))}
        <br />
        {pass.visits_left === null ? words.unlimited : words.left(pass.visits_left)} · {words.upTo(pass.people)}
      </p>
      <ul class="plain-list">
        {pass.park_ids.map((parkId) => {
          const name = parks.value?.find(({ id }) => id === parkId)?.name ?? texts().park.one;
          return (
            <li key={parkId}>
              {isGoodFor(pass, parkId, soonest) ? (
                <a class="action second" href={`/parks/${parkId}?pass=${pass.id}`}>
                  {words.book(name)}
                </a>
              ) : (
                name
              )}
            </li>
          );
        })}
      </ul>
    </li>
  );
}

function Passes() {
  const passes = usePasses();
  return (
    <Loaded of={passes}>
      {(items) =>
        items.length === 0 ? (
          <p class="card empty">{texts().passes.none}</p>
        ) : (
          <ul class="plain-list">
            {items.map((pass) => (
              <PassCard key={pass.id} pass={pass} />
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

/** Passes of a guest: where they are good, and what is left of them. */
export const PassesPage = () => (
  <Page title={texts().passes.title} back={{ href: '/account', label: texts().nav.account }} narrow>
    <p class="muted">{texts().passes.lead}</p>
    <SignedIn>{() => <Passes />}</SignedIn>
  </Page>
);

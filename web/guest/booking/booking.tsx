import { Info } from 'lucide';
import { useLocation } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { user } from '../../shared/api/session.ts';
import { shownDay, today } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { Icon } from '../../shared/ui/icon.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { useChildren } from '../account/children.ts';
import { isGoodFor } from '../club/pass.ts';
import { usePasses } from '../club/passes.ts';
import type { Day, Park } from '../parks/parks.ts';
import { texts } from '../texts/texts.ts';
import { BuyBar } from './buy-bar.tsx';
import { Calendar, dayInWords } from './calendar.tsx';
import { useDays } from './days.ts';
import { Extras } from './extras.tsx';
import { peopleOf, typedOf, visitOf, type Draft } from './draft.ts';
import { change as changeDraft, draftOf } from './keep-draft.ts';
import { Party } from './party.tsx';
import { PriceLines } from './price-lines.tsx';
import { useQuote } from './quote.ts';

const whyPrice = (day: Day, park: Park): string | null => {
  if (day.price_over_3 === park.price_over_3 && day.price_under_3 === park.price_under_3) return null;
  return day.holiday === null ? texts().calendar.otherPrice : texts().calendar.holidayPrice(day.holiday);
};

const ChosenDay = ({ day, park }: { readonly day: Day; readonly park: Park }) => (
  <div class={`notice ${day.remaining === 0 ? 'warn' : ''}`} role="status">
    <Icon of={Info} />
    <div class="words">
      <p>
        <strong>{shownDay(day.date)}</strong>
        {day.open_time !== null && ` · ${day.open_time}–${day.close_time}`}
      </p>
      <p>{dayInWords(day)}</p>
      <p>{texts().calendar.prices(money(day.price_under_3), money(day.price_over_3))}</p>
      {whyPrice(day, park) !== null && <p>{whyPrice(day, park)}</p>}
    </div>
  </div>
);

function missingOf(draft: Draft): string {
  const words = texts().buy;
  if (draft.date === null) return words.chooseDay;
  return draft.childIds.length + typedOf(draft).length === 0 ? words.chooseChildren : words.sayAges;
}

function PartyAndPrice({ park, day, onRefused }: { park: Park; day: Day | undefined; onRefused: () => unknown }) {
  const draft = draftOf(park.id).value;
  const children = useChildren();
  const passes = usePasses();
  const known = new Set(children.value?.map(({ id }) => id));
  const good = (passes.value ?? []).filter((pass) => isGoodFor(pass, park.id, draft.date ?? today()));
  const mine = {
    ...draft,
    childIds: draft.childIds.filter((id) => known.has(id)),
    passId: good.some(({ id }) => id === draft.passId) ? draft.passId : null,
  };
  const visit = visitOf(park.id, mine, texts().party.child);
  const quoted = useQuote(visit, draft.spendsPoints);
  const change = (changes: Partial<Draft>): void => changeDraft(park.id, changes);
  const isFull = day !== undefined && day.remaining < peopleOf(mine);
  // Nobody is listed yet: the first child has its line already.
  useEffect(() => {
    const isKnown = user.value !== undefined && children.value !== null && !children.isLoading;
    if (!isKnown || known.size > 0 || draft.others.length > 0) return;
    change({ others: [{ key: 'first', name: '', age: null }] });
  }, [children.isLoading, user.value?.id]);
  return (
    <>
      <section class="card stack">
        <h2>{texts().party.title}</h2>
        <Party draft={mine} children={children} onChange={change} />
      </section>
      <section class="card stack" aria-busy={quoted.isLoading}>
        <h2>{texts().buy.price}</h2>
        {quoted.problem !== null && <ProblemNotice problem={quoted.problem} onRetry={quoted.reload} />}
        {quoted.problem === null && quoted.value !== null && visit !== null && (
          <PriceLines lines={quoted.value.lines} price={quoted.value.price} />
        )}
        {visit === null && <p class="muted">{missingOf(mine)}</p>}
        <Extras draft={mine} quoted={quoted.value} passes={good} onChange={change} />
        <p class="muted">{isFull ? texts().buy.fullHint : texts().buy.cancelHint}</p>
      </section>
      <BuyBar
        visit={visit}
        quoted={quoted.problem === null ? quoted.value : null}
        isFull={isFull}
        missing={missingOf(mine)}
        onRefused={onRefused}
      />
    </>
  );
}

/** A visit, put together: the day, who comes, what it costs. */
export function Booking({ park }: { readonly park: Park }) {
  const days = useDays(park.id);
  const { date } = draftOf(park.id).value;
  const day = days.value?.find((one) => one.date === date);
  const { pass } = useLocation().query;
  useEffect(() => {
    if (pass !== undefined) changeDraft(park.id, { passId: pass });
  }, [pass]);
  return (
    <div class="booking">
      <section class="card stack">
        <h2>{texts().calendar.title}</h2>
        <Loaded of={days} skeletons={2}>
          {(items) => (
            <>
              <Calendar
                days={items}
                chosen={date}
                onChoose={(chosen) => {
                  changeDraft(park.id, { date: chosen });
                }}
              />
              {day !== undefined && <ChosenDay day={day} park={park} />}
            </>
          )}
        </Loaded>
      </section>
      <div class="stack">
        <PartyAndPrice park={park} day={day} onRefused={days.reload} />
      </div>
    </div>
  );
}

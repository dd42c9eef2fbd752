import { money } from '../../shared/format/money.ts';
import { Icon } from '../../shared/ui/icon.tsx';
import { ChevronRight } from 'lucide';
import { whole } from '../format/number.ts';
import { lookAt, parks, type Park } from '../session/parks.ts';
import { mayAnywhere, MANAGERS } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { Figure, figureOf } from '../ui/figure.tsx';
import { Meter } from '../ui/meter.tsx';
import { ProblemOf } from '../ui/problem-of.tsx';
import { NodeBadge } from './node-badge.tsx';
import { admittedOf, ofPark, soldOf, type TodayFigures } from './today-figures.ts';

/** Today at all parks: the sums, and a card a park that leads to it. */
export function ParksToday({ sales, admissions, incidents, nodes }: TodayFigures) {
  const { today: words } = texts();
  const sold = soldOf(sales.value ?? []);
  const inside = parks.value.reduce((total, park) => total + park.current_occupancy, 0);
  return (
    <>
      <ProblemOf of={sales} />
      <div class="figures">
        <Figure label={words.inside} value={whole(inside)} />
        <Figure label={words.sold} value={figureOf(sales, () => money(sold.revenue))}>
          <p class="muted">{figureOf(sales, () => words.peopleSold(sold.people))}</p>
        </Figure>
        <Figure label={words.admitted} value={figureOf(admissions, (lines) => whole(admittedOf(lines)))} />
        <Figure label={words.openIncidents} value={figureOf(incidents, ({ length }) => whole(length))} />
      </div>
      <ul class="tiles plain-list">
        {parks.value.map((park) => (
          <li key={park.id}>
            <ParkCard park={park} sales={sales} admissions={admissions} incidents={incidents} nodes={nodes} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** The card is gone then: whoever came by the keyboard goes on at the heading. */
function goTo(parkId: string): void {
  lookAt(parkId);
  document.querySelector<HTMLElement>('h1')?.focus();
}

type CardProps = Omit<TodayFigures, 'hours'> & { readonly park: Park };

function ParkCard({
  park: { id, name, current_occupancy: inside, capacity },
  sales,
  admissions,
  incidents,
  nodes,
}: CardProps) {
  const { today: words } = texts();
  const sold = soldOf(ofPark(sales.value, id));
  const node = nodes.value?.find(({ park_id: at }) => at === id);
  const open = ofPark(incidents.value, id).length;
  return (
    <button type="button" class="card park-card" onClick={() => goTo(id)}>
      <span class="row spread">
        <strong>{name}</strong>
        <Icon of={ChevronRight} />
      </span>
      <span>{words.insideOf(inside, capacity)}</span>
      <Meter value={inside} most={capacity} label={words.inside} />
      <span class="row spread">
        <span class="muted">{words.sold}</span>
        <span>{figureOf(sales, () => money(sold.revenue))}</span>
      </span>
      <span class="row spread">
        <span class="muted">{words.admitted}</span>
        <span>{figureOf(admissions, (lines) => whole(admittedOf(ofPark(lines, id))))}</span>
      </span>
      <span class="row">
        {open > 0 && <span class="badge warn">{words.incidents(open)}</span>}
        {mayAnywhere(MANAGERS) && nodes.value !== null && <NodeBadge node={node} />}
      </span>
    </button>
  );
}

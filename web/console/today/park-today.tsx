import { money } from '../../shared/format/money.ts';
import { shownTime } from '../../shared/format/day.ts';
import { whole } from '../format/number.ts';
import { may, MANAGERS } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { COMING, Figure, figureOf } from '../ui/figure.tsx';
import { Meter } from '../ui/meter.tsx';
import { ProblemOf } from '../ui/problem-of.tsx';
import { HoursPlot } from './hours-plot.tsx';
import { NodeBadge } from './node-badge.tsx';
import { admittedOf, soldOf, type TodayFigures } from './today-figures.ts';
import { useOccupancy } from '../../shared/api/use-occupancy.ts';

/** How full the park is at this moment. */
function Inside({ parkId }: { readonly parkId: string }) {
  const { today: words } = texts();
  const { now, isLive } = useOccupancy(parkId);
  return (
    <Figure label={words.inside} value={now === null ? COMING : words.insideOf(now.current, now.capacity)}>
      <Meter value={now?.current ?? 0} most={now?.capacity ?? 1} label={words.inside} />
      <p class="row">
        {isLive ? <span class="badge good">{words.live}</span> : <span class="badge warn">{words.notLive}</span>}
        <span class="muted">{now === null ? COMING : words.asOf(shownTime(now.as_of))}</span>
      </p>
      {now !== null && now.nodes_behind > 0 && <p class="badge warn">{words.nodesBehind}</p>}
    </Figure>
  );
}

/** Today at one park. */
export function ParkToday({
  parkId,
  sales,
  admissions,
  hours,
  incidents,
  nodes,
}: TodayFigures & { readonly parkId: string }) {
  const { today: words } = texts();
  const sold = soldOf(sales.value ?? []);
  const isManager = may(MANAGERS, parkId);
  return (
    <>
      <div class="figures">
        <Inside parkId={parkId} />
        <Figure label={words.sold} value={figureOf(sales, () => money(sold.revenue))}>
          <p class="muted">{figureOf(sales, () => words.peopleSold(sold.people))}</p>
        </Figure>
        <Figure label={words.admitted} value={figureOf(admissions, (lines) => whole(admittedOf(lines)))}>
          <p class="muted">{words.admittedHint}</p>
        </Figure>
        {isManager && (
          <Figure label={words.openIncidents} value={figureOf(incidents, ({ length }) => whole(length))}>
            <a href="/console/incidents">{incidents.value?.length === 0 ? words.allIncidents : words.resolveThem}</a>
          </Figure>
        )}
        {isManager && (
          <Figure
            label={words.node}
            value={figureOf(nodes, (all) => (
              <NodeBadge node={all.find(({ park_id: at }) => at === parkId)} />
            ))}
          >
            <p class="muted">{words.nodeHint}</p>
          </Figure>
        )}
      </div>
      <ProblemOf of={sales} />
      {hours.value !== null && <HoursPlot lines={hours.value} />}
    </>
  );
}

import { money } from '../../shared/format/money.ts';
import { shownTime } from '../../shared/format/day.ts';
import { whole } from '../format/number.ts';
import { may, MANAGERS } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { Figure } from '../ui/figure.tsx';
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
    <Figure label={words.inside} value={now === null ? '…' : words.insideOf(now.current, now.capacity)}>
      {now !== null && <Meter value={now.current} most={now.capacity} label={words.inside} />}
      <p class="row">
        {isLive ? <span class="badge good">{words.live}</span> : <span class="badge warn">{words.notLive}</span>}
        {now !== null && <span class="muted">{words.asOf(shownTime(now.as_of))}</span>}
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
        {sales.value !== null && (
          <Figure label={words.sold} value={money(sold.revenue)}>
            <p class="muted">{words.peopleSold(sold.people)}</p>
          </Figure>
        )}
        {admissions.value !== null && (
          <Figure label={words.admitted} value={whole(admittedOf(admissions.value))}>
            <p class="muted">{words.admittedHint}</p>
          </Figure>
        )}
        {isManager && incidents.value !== null && (
          <Figure label={words.openIncidents} value={whole(incidents.value.length)}>
            <a href="/console/incidents">{incidents.value.length === 0 ? words.allIncidents : words.resolveThem}</a>
          </Figure>
        )}
        {isManager && nodes.value !== null && (
          <Figure label={words.node} value={<NodeBadge node={nodes.value.find(({ park_id: at }) => at === parkId)} />}>
            <p class="muted">{words.nodeHint}</p>
          </Figure>
        )}
      </div>
      <ProblemOf of={sales} />
      {hours.value !== null && <HoursPlot lines={hours.value} />}
    </>
  );
}

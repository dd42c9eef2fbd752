import { useLoad } from '../../shared/api/use-load.ts';
import { shownDay, today } from '../../shared/format/day.ts';
import { loadParks, parkInView } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';
import { Page } from '../ui/page.tsx';
import { loadAdmissions, loadHours, loadNodes, loadOpenIncidents, loadSales } from './load-today.ts';
import { ParkToday } from './park-today.tsx';
import { ParksToday } from './parks-today.tsx';
import type { TodayFigures } from './today-figures.ts';
import { usePoll } from '../../shared/api/use-poll.ts';

const POLL_MS = 20_000;

/** Everything about today that is not told live, of one park or of all. */
function useToday(parkId: string | null): TodayFigures {
  const figures: TodayFigures = {
    sales: useLoad(() => loadSales(parkId), [parkId]),
    admissions: useLoad(() => loadAdmissions(parkId), [parkId]),
    hours: useLoad(() => loadHours(parkId), [parkId]),
    incidents: useLoad(() => loadOpenIncidents(parkId), [parkId]),
    nodes: useLoad(loadNodes, []),
  };
  usePoll(() => {
    for (const { reload } of Object.values(figures)) void reload();
    if (parkId === null) void loadParks();
  }, POLL_MS);
  return figures;
}

function Figures({ parkId }: { readonly parkId: string | null }) {
  const figures = useToday(parkId);
  return parkId === null ? <ParksToday {...figures} /> : <ParkToday parkId={parkId} {...figures} />;
}

/** What goes on today at the park in view, or at all of them. */
export const TodayPage = () => (
  <Page title={texts().sections.today}>
    <p class="muted">{shownDay(today())}</p>
    <Figures key={parkInView.value ?? ''} parkId={parkInView.value} />
  </Page>
);

import { texts } from '../texts/texts.ts';
import { Empty } from '../ui/empty.tsx';
import { Plot } from '../ui/plot.tsx';
import { everyHour } from './every-hour.ts';
import type { HourLine } from './load-today.ts';

const clockOf = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/** How full the park was, hour by hour, and how many came in. */
export function HoursPlot({ lines }: { readonly lines: readonly HourLine[] }) {
  const { today: words } = texts();
  if (lines.length === 0) return <Empty>{words.nobodyYet}</Empty>;
  const hours = everyHour(lines);
  return (
    <Plot
      caption={words.byHour}
      places={hours.map(({ hour }) => clockOf(hour))}
      lines={[
        { label: words.peak, values: hours.map(({ peak }) => peak) },
        { label: words.entered, values: hours.map(({ entered }) => entered), as: 'bars' },
      ]}
    />
  );
}

import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { shownTheme } from '../../shared/look/theme.ts';
import { whole } from '../format/number.ts';
import { texts } from '../texts/texts.ts';
import { DataTable } from './data-table.tsx';

export type Line = {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** How a value is written, in the legend and in the table. */
  readonly shown?: (value: number) => string;
  readonly as?: 'line' | 'bars';
};

type Props = {
  /** What the plot shows. */
  readonly caption: string;
  /** What the places along the axis are called. */
  readonly places: readonly string[];
  /** What each place is called in the table where the axis has no room for it. */
  readonly longPlaces?: readonly string[];
  readonly lines: readonly Line[];
};

const HEIGHT = 260;
const COLOURS = ['--sp-plot-1', '--sp-plot-2', '--sp-plot-3'] as const;
const bars = uPlot.paths.bars?.({ size: [0.6, 48] });

function seriesOf({ label, shown = whole, as = 'line' }: Line, colour: string): uPlot.Series {
  return {
    label,
    stroke: colour,
    width: 2,
    points: { show: as === 'line' },
    value: (_plot, value: number | null) => (value === null ? '–' : shown(value)),
    ...(as === 'bars' && bars !== undefined ? { paths: bars, fill: `${colour}55` } : {}),
  };
}

function optionsOf({ places, lines }: Props, width: number, colourOf: (name: string) => string): uPlot.Options {
  const axis = {
    stroke: colourOf('--pico-muted-color'),
    grid: { stroke: colourOf('--pico-muted-border-color'), width: 1 },
    ticks: { show: false },
  };
  const nameOf = (index: number): string => (Number.isInteger(index) ? (places[index] ?? '') : '');
  return {
    width,
    height: HEIGHT,
    scales: {
      x: { time: false, range: [-0.5, Math.max(0.5, places.length - 0.5)] },
      y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.1 : 1] },
    },
    series: [
      { value: (_plot, index: number | null) => (index === null ? '' : nameOf(index)), label: texts().table.when },
      ...lines.map((line, index) => seriesOf(line, colourOf(COLOURS[index % COLOURS.length] ?? COLOURS[0]))),
    ],
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 56,
        incrs: [1, 2, 3, 6, 7, 14, 28, 56],
        values: (_plot, splits) => splits.map(nameOf),
      },
      { ...axis, size: 64, values: (_plot, splits) => splits.map(whole) },
    ],
    cursor: { y: false, drag: { x: false, y: false } },
  };
}

/** A plot that fits its place and the theme, with the same figures as a table below it. */
export function Plot(props: Props) {
  const place = useRef<HTMLDivElement>(null);
  const content = JSON.stringify([props.places, props.lines]);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const style = getComputedStyle(element);
    const data: uPlot.AlignedData = [
      props.places.map((_, index) => index),
      ...props.lines.map(({ values }) => [...values]),
    ];
    const plot = new uPlot(
      optionsOf(props, element.clientWidth, (name) => style.getPropertyValue(name).trim()),
      data,
      element,
    );
    const fit = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    fit.observe(element);
    return () => {
      fit.disconnect();
      plot.destroy();
    };
  }, [content, shownTheme.value]);
  return (
    <figure class="card plot">
      <figcaption>{props.caption}</figcaption>
      <div ref={place} aria-hidden="true" />
      <PlotTable {...props} />
    </figure>
  );
}

function PlotTable({ caption, places, longPlaces = places, lines }: Props) {
  const rows = longPlaces.map((name, index) => ({ name, index }));
  return (
    <details>
      <summary>{texts().table.asTable}</summary>
      <DataTable
        caption={caption}
        rows={rows}
        keyOf={({ index }) => String(index)}
        columns={[
          { title: texts().table.when, cell: ({ name }) => name },
          ...lines.map(({ label, values, shown = whole }) => ({
            title: label,
            isNumber: true,
            cell: ({ index }: { readonly index: number }) => {
              const value = values[index] ?? null;
              return value === null ? '–' : shown(value);
            },
          })),
        ]}
      />
    </details>
  );
}

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readProjectFile } from '../support/project-files.ts';
import { ALERTS } from './files.ts';
import { expectSounding, hasPromtool } from './promtool.ts';

type Rules = {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly { readonly alert: string; readonly annotations: { readonly runbook: string } }[];
  }[];
};

const { groups } = parse(readProjectFile(ALERTS)) as Rules;
const rules = groups.find(({ name }) => name === 'nodes')?.rules ?? [];
const MEANT = `alertname=~"${rules.map(({ alert }) => alert).join('|')}"`;

const ofNode = (metric: string, values: string) => ({
  series: `skypark_node_${metric}{node="ala",park="ala"}`,
  values,
});
const program = (same: 'yes' | 'no', values: string) => ({
  series: `skypark_node_program{node="ala",park="ala",version="0.1.0",protocol="2",same_events="${same}"}`,
  values,
});
const calls = (verdict: string, values: string) => ({
  series: `skypark_sync_calls_total{node="ala",step="hello",verdict="${verdict}"}`,
  values,
});
const atPark = (metric: string, values: string) => ({
  series: `skypark_headquarters_${metric}{instance="ala:8443"}`,
  values,
});

describe('alarms about nodes of parks', () => {
  test('are each named in the runbook that they point to', () => {
    expect(rules.length).toBeGreaterThan(7);
    for (const { alert, annotations } of rules) {
      expect([alert, readProjectFile(annotations.runbook).includes(`\`${alert}\``)]).toEqual([alert, true]);
    }
  });

  test('sound for what lasts: silence, trouble, segments that are kept, a key that is not ended, events that are parked, a node that is behind, a clock that is off', (context) => {
    if (!hasPromtool) return context.skip('promtool is not installed (Debian: prometheus)');
    const well = [
      ofNode('silent_seconds', '30x100'),
      ofNode('trouble', '0x100'),
      ofNode('quarantined_segments', '0x100'),
      ofNode('parked_events', '0x100'),
      ofNode('quarantine_full', '0x100'),
      ofNode('keys', '1x10 2x30 1x100'),
      ofNode('backlog_events', '40x100'),
      ofNode('feed_lag_events', '300x100'),
      ofNode('clock_offset_seconds', '-2x100'),
    ];
    const but = (metric: string, values: string) => [
      ...well.filter(({ series }) => !series.startsWith(`skypark_node_${metric}{`)),
      ofNode(metric, values),
    ];
    expectSounding(MEANT, [
      { series: well, atMinute: 60, sounding: [] },
      { series: but('silent_seconds', '0+60x100'), atMinute: 34, sounding: [] },
      { series: but('silent_seconds', '0+60x100'), atMinute: 40, sounding: ['ParkNodeSilent'] },
      // One hello that was answered so, and the next one well.
      { series: but('trouble', '0x10 1 0x80'), atMinute: 16, sounding: [] },
      { series: but('trouble', '0x10 1x80'), atMinute: 20, sounding: ['ParkNodeInTrouble'] },
      { series: but('quarantined_segments', '0x10 1x80'), atMinute: 12, sounding: ['ParkSegmentsKept'] },
      { series: but('quarantine_full', '0x10 1x80'), atMinute: 12, sounding: ['ParkQuarantineFull'] },
      { series: but('keys', '1x10 2x90'), atMinute: 90, sounding: ['ParkKeyChangeOpen'] },
      { series: but('parked_events', '0x10 2x80'), atMinute: 14, sounding: [] },
      { series: but('parked_events', '0x10 2x80'), atMinute: 16, sounding: ['ParkEventsParked'] },
      { series: [...well, program('no', '1x10 _x100'), program('yes', '_x10 1x100')], atMinute: 90, sounding: [] },
      { series: [...well, program('no', '1x200')], atMinute: 110, sounding: [] },
      { series: [...well, program('no', '1x200')], atMinute: 130, sounding: ['ParkProgramDiffers'] },
      // What a week without a line left is handed over in the end.
      { series: but('backlog_events', '90000-9000x10 0x80'), atMinute: 30, sounding: [] },
      { series: but('backlog_events', '0+1000x100'), atMinute: 30, sounding: ['ParkNodeBehind'] },
      { series: but('feed_lag_events', '25000x100'), atMinute: 30, sounding: ['ParkNodeBehind'] },
      { series: but('clock_offset_seconds', '-75x100'), atMinute: 10, sounding: ['ParkClockOff'] },
    ]);
  });

  test('sound once for what is told by a single call: a log that was set back, a copy that writes, and a word that is not proven', (context) => {
    if (!hasPromtool) return context.skip('promtool is not installed (Debian: prometheus)');
    const served = calls('ok', '0+2x200');
    expectSounding(MEANT, [
      { series: [served], atMinute: 90, sounding: [] },
      // Of a node that never had it before, and of one that had.
      { series: [served, calls('rollback', '_x20 1x180')], atMinute: 25, sounding: ['ParkNodeSetBack'] },
      { series: [served, calls('rollback', '_x20 1x180')], atMinute: 90, sounding: [] },
      { series: [served, calls('rollback', '1x100 2x100')], atMinute: 105, sounding: ['ParkNodeSetBack'] },
      { series: [served, calls('unproven', '_x20 1x180')], atMinute: 25, sounding: ['ParkPlaceUnproven'] },
      { series: [served, calls('fork', '_x20 1x180')], atMinute: 25, sounding: ['ParkNodeCopied'] },
      { series: [served, calls('closed', '_x20 1+2x180')], atMinute: 120, sounding: ['ParkNodeCopied'] },
    ]);
  });

  test('sound as long as headquarters, which was set back, is held back', (context) => {
    if (!hasPromtool) return context.skip('promtool is not installed (Debian: prometheus)');
    const setBack = [{ series: 'skypark_headquarters_set_back', values: '0x10 1x20 0x70' }];
    expectSounding(MEANT, [
      { series: setBack, atMinute: 5, sounding: [] },
      { series: setBack, atMinute: 20, sounding: ['HeadquartersSetBack'] },
      { series: setBack, atMinute: 60, sounding: [] },
    ]);
  });

  test('tell a park that headquarters is away only where it is that park which does not reach it', (context) => {
    if (!hasPromtool) return context.skip('promtool is not installed (Debian: prometheus)');
    const contact = (values: string) => atPark('contact_timestamp_seconds', values);
    const other = [
      { series: 'skypark_headquarters_trouble{instance="osh:8443"}', values: '0x200' },
      { series: 'skypark_headquarters_contact_timestamp_seconds{instance="osh:8443"}', values: '0+60x200' },
    ];
    expectSounding(MEANT, [
      { series: [...other, atPark('trouble', '0x200'), contact('0+60x200')], atMinute: 60, sounding: [] },
      { series: [...other, atPark('trouble', '1x200'), contact('600x200')], atMinute: 20, sounding: [] },
      {
        series: [...other, atPark('trouble', '1x200'), contact('600x200')],
        atMinute: 60,
        sounding: ['HeadquartersTakesNothing'],
      },
    ]);
  });
});

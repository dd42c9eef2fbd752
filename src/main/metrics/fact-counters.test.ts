import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { manifests } from '../migration-sources.ts';
import { createFactCounters } from './fact-counters.ts';

async function linesAfter(events: readonly { type: string; data: Record<string, string> }[]): Promise<string> {
  const metrics = new Registry();
  const count = createFactCounters(metrics);
  for (const event of events) count(event);
  return metrics.metrics();
}

describe('counters of what happens', () => {
  test('tell sales, payments by method, refunds and scans by outcome', async () => {
    const text = await linesAfter([
      { type: 'TicketHeld', data: {} },
      { type: 'PaymentIntended', data: { method: 'elqr' } },
      { type: 'PaymentSucceeded', data: {} },
      { type: 'RefundFailed', data: {} },
      { type: 'PeopleAdmitted', data: {} },
      { type: 'ScanRefused', data: { outcome: 'wrong_park' } },
      { type: 'ScanRefused', data: { outcome: 'wrong_park' } },
    ]);
    for (const line of [
      'skypark_tickets_total{outcome="held"} 1',
      'skypark_payments_begun_total{method="elqr"} 1',
      'skypark_payments_total{outcome="succeeded"} 1',
      'skypark_refunds_total{outcome="failed"} 1',
      'skypark_scans_total{outcome="admitted"} 1',
      'skypark_scans_total{outcome="wrong_park"} 2',
      'skypark_events_stored_total{type="ScanRefused"} 2',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  test('make no label of a text, and never more than a few labels', async () => {
    const words = [...'abcdefghij'].flatMap((a) => [...'abcdefghij'].map((b) => `word_${a}${b}`));
    const scans = [...words, 'Айжан +996555123456'].map((outcome) => ({ type: 'ScanRefused', data: { outcome } }));
    const text = await linesAfter(scans);
    expect(text).not.toContain('996');
    expect(text.match(/skypark_scans_total\{/g)?.length).toBeLessThan(60);
    expect(text).toContain('skypark_scans_total{outcome="other"}');
  });

  test('know only events that modules write', () => {
    const types = new Set(manifests.flatMap(({ events }) => events.map(({ type }) => type)));
    expect([...types]).toEqual(
      expect.arrayContaining(['TicketHeld', 'PaymentIntended', 'RefundRequested', 'ScanRefused']),
    );
  });
});

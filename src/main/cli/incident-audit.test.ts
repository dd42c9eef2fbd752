import { expect, test } from 'vitest';
import { systemIds } from '../../infrastructure/ids.ts';
import type { Session } from '../../infrastructure/postgres/session.ts';
import type { NodeRole } from '../../kernel/node-role.ts';
import { logOf, ownAuthor, type Told } from './audit.suite.ts';
import { createIncidentAudit, type LookedAtIncident } from './incident-audit.ts';

const [PARK, NODE] = ['ala-archa', 'park-ala-archa'];
const ticketId = systemIds.next();
/** Of a ticket that is nowhere, told of after whatever the log has. */
const UNKNOWN: LookedAtIncident = {
  id: systemIds.derive(`incident:${ticketId}/1`),
  ticketId,
  parkId: PARK,
  place: 1,
  position: 10,
  isOpen: true,
  parkOfTicket: null,
  isTold: false,
};
const KNOWN: LookedAtIncident = { ...UNKNOWN, parkOfTicket: PARK };

const invited: Told = { type: 'NodeInvited', data: { nodeId: NODE, parkId: PARK } };
const closed: Told = { type: 'IncarnationClosed', data: { nodeId: NODE } };
const revoked: Told = { type: 'NodeRevoked', data: { nodeId: NODE } };
const opened = (nodeId: string): Told => ({ type: 'IncarnationOpened', data: { nodeId } });

async function findingOf(incident: LookedAtIncident, events: readonly Told[] = [], role: NodeRole = 'hq') {
  const audit = createIncidentAudit(role);
  for (const event of logOf(events)) audit.see(event, ownAuthor);
  const answers: Readonly<Record<string, readonly object[]>> = {
    'check.incidents': [incident],
    'check.loose-ends-of-incidents': [],
  };
  const session = { rows: async ({ name }: { readonly name: string }) => answers[name] };
  const [finding] = await audit.findings(session as unknown as Session);
  return finding;
}

test('an incident of a ticket of its park holds', async () => {
  expect(await findingOf(KNOWN)).toEqual({
    subject: 'gates',
    holds: true,
    inProgress: false,
    text: '1 incident with their tickets and scans, 1 open',
  });
});

test.each<[string, LookedAtIncident, readonly Told[]]>([
  ['of a ticket of another park', { ...UNKNOWN, parkOfTicket: 'osh' }, [invited, closed]],
  ['that is not the one of its place', { ...KNOWN, place: 2 }, []],
  ['of no ticket, where no life has ended', UNKNOWN, [invited]],
  [
    'of no ticket, where another park began anew',
    UNKNOWN,
    [
      invited,
      { ...closed, data: { nodeId: 'park-osh' } },
      { type: 'NodeInvited', data: { nodeId: 'park-osh', parkId: 'osh' } },
    ],
  ],
  ['of no ticket, told of before the life of its park ended', { ...UNKNOWN, position: 2 }, [invited, closed]],
  ['of a ticket that the log tells of', { ...UNKNOWN, isTold: true }, [invited, closed]],
])('an incident %s is a fault', async (_what, incident, events) => {
  for (const role of ['hq', 'park'] as const) {
    // A park may not have heard of what headquarters sold.
    const isUnheard = role === 'park' && incident.parkOfTicket === null && !incident.isTold;
    const finding = await findingOf(incident, events, role);
    expect(finding).toMatchObject({ holds: isUnheard, inProgress: isUnheard });
    expect(finding?.text).toContain(
      isUnheard ? ', 1 of tickets that are not known here yet' : `incident ${incident.id} is of no ticket of its park`,
    );
  }
});

test.each<[string, readonly Told[]]>([
  ['a node of its park closed', [invited, closed]],
  ['a node of its park tells of', [opened(NODE), invited]],
  ['of a park that was revoked had', [invited, revoked]],
])('a ticket may have gone with a life that %s', async (_what, events) => {
  expect(await findingOf(UNKNOWN, events)).toEqual({
    subject: 'gates',
    holds: true,
    inProgress: false,
    text: '1 incident with their tickets and scans, 1 open, 1 of tickets that went with an ended life of a log',
  });
});

test('what headquarters forgot parks may have told before', async () => {
  expect(await findingOf({ ...UNKNOWN, position: 1 }, [invited, opened('hq')])).toMatchObject({ holds: true });
});

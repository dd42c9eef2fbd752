import { DatabaseError } from 'pg';
import { compareProjection } from '../../infrastructure/event-store/compare-projection.ts';
import type { Projection } from '../../infrastructure/module.ts';
import { connectDatabase, type Connection, type Database } from '../../infrastructure/postgres/database.ts';
import type { SslMode } from '../../infrastructure/postgres/connection-settings.ts';
import { statement, type Session } from '../../infrastructure/postgres/session.ts';
import type { NodeRole } from '../../kernel/node-role.ts';
import { projections } from '../migration-sources.ts';
import { createCapacityAudit } from './capacity-audit.ts';
import { createEndingAudit } from './ending-audit.ts';
import { createEntryAudit } from './entry-audit.ts';
import { count, findingOf, type Audit, type Finding } from './finding.ts';
import { createIncidentAudit } from './incident-audit.ts';
import { createJournalAudit } from './journal-audit.ts';
import type { Fact } from './journal-facts.ts';
import { logFindings, readLog } from './log-audit.ts';
import { createLedgerAudit } from './ledger-audit.ts';
import { createPassAudit } from './pass-audit.ts';
import { createPaymentAudit } from './payment-audit.ts';
import { createPointsAudit } from './points-audit.ts';
import { createReceiptAudit } from './receipt-audit.ts';
import { createReportAudit } from './report-audit.ts';
import { createShiftAudit } from './shift-audit.ts';
import { createVoidAudit } from './void-audit.ts';

async function projectionFinding(database: Database, projection: Projection): Promise<Finding> {
  try {
    const { rows, differing } = await compareProjection(database, projection);
    const text = `${projection.name}: ${count(rows, 'row')}, rebuilt from the log`;
    return findingOf('rule 7', text, differing === 0 ? [] : [`${count(differing, 'row')} would differ`]);
  } catch (error) {
    // The tables do not take what the log says.
    if (!(error instanceof DatabaseError)) throw error;
    return findingOf('rule 7', `${projection.name}: rebuilt from the log`, [`it cannot be: ${error.message}`]);
  }
}

/** Rule 7, state is derived: every read model, rebuilt from the log, has the same rows. */
async function projectionFindings(database: Database): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const projection of projections) {
    findings.push(await projectionFinding(database, projection));
  }
  return findings;
}

const ROLE = statement('check.role', 'select role from store.head');

/** What every node answers for, and what headquarters alone does: a park hears nothing of the money for tickets that it did not sell. */
async function auditsFor(session: Session): Promise<readonly Audit[]> {
  const [head] = await session.rows<{ readonly role: NodeRole }>(ROLE, []);
  const role = head?.role ?? 'hq';
  const everywhere = [
    createCapacityAudit(),
    createEntryAudit(),
    createPaymentAudit(),
    createShiftAudit(),
    createEndingAudit(),
    createIncidentAudit(role),
    createVoidAudit(),
  ];
  if (role === 'park') return everywhere;
  return [
    ...everywhere,
    createLedgerAudit(),
    createReceiptAudit(),
    createPointsAudit(),
    createPassAudit(),
    createReportAudit(),
  ];
}

type Options = {
  /** What clients were told, or null. */
  readonly facts: readonly Fact[] | null;
  readonly ssl?: SslMode | undefined;
};

/** Everything but the read models' own rows, as it was at one moment. The connection is the owner's. */
export function auditFindings(
  connection: Pick<Connection, 'transaction'>,
  { facts }: Pick<Options, 'facts'>,
): Promise<readonly Finding[]> {
  return connection.transaction(async (session) => {
    await session.run('set transaction isolation level repeatable read, read only');
    const audits = [...(await auditsFor(session)), ...(facts === null ? [] : [createJournalAudit(facts)])];
    const findings = [...(await logFindings(session)), await readLog(session, audits)];
    for (const audit of audits) findings.push(...(await audit.findings(session)));
    return findings;
  });
}

async function look(
  url: string,
  ssl: SslMode | undefined,
  findingsOf: (database: Database) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const database = connectDatabase({
    url,
    ssl,
    poolSize: 1,
    applicationName: 'skypark-check',
    onError: () => undefined,
  });
  try {
    const findings = await findingsOf(database);
    return findings.toSorted((one, other) => (one.subject < other.subject ? -1 : one.subject > other.subject ? 1 : 0));
  } finally {
    await database.close();
  }
}

/** Looks whether the rules hold in a database, also while it is in use. Needs the rights of its owner, and no key. */
export const checkRules = (url: string, { facts, ssl }: Options): Promise<readonly Finding[]> =>
  look(url, ssl, async (database) => [
    ...(await database.exclusive((connection) => auditFindings(connection, { facts }))),
    ...(await projectionFindings(database)),
  ]);

/** The same without making every read model anew, which takes most of the time. */
export const auditRules = (url: string, { facts, ssl }: Options): Promise<readonly Finding[]> =>
  look(url, ssl, (database) => database.exclusive((connection) => auditFindings(connection, { facts })));

/** A line a finding, and the verdict. */
export function renderFindings(
  findings: readonly Finding[],
  drained: boolean,
): { readonly text: string; readonly holds: boolean } {
  const isBroken = ({ holds, inProgress }: Finding): boolean => !holds || (drained && inProgress === true);
  const lines = findings.map(
    (finding) => `${isBroken(finding) ? 'BROKEN' : 'ok    '}  ${finding.subject.padEnd(7)} ${finding.text}`,
  );
  const broken = findings.filter(isBroken).length;
  const verdict = broken === 0 ? 'All rules hold.' : `${count(broken, 'finding')} of ${findings.length} broken.`;
  return { text: [...lines, verdict, ''].join('\n'), holds: broken === 0 };
}

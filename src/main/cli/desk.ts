import { createParkedEvents } from '../../infrastructure/event-store/parked-events.ts';
import { connectDatabase, type Database } from '../../infrastructure/postgres/database.ts';
import type { SslMode } from '../../infrastructure/postgres/connection-settings.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import type { CliCommand } from './command-line.ts';

type DeskCommand = Extract<CliCommand, { readonly kind: 'parked' | 'settle-parked' | 'refunds' }>;
type Setting = { readonly ssl?: SslMode | undefined; readonly say: (line: string) => void };

const REFUNDS = statement(
  'cli.manual-refunds',
  `select r.id, r.payment_id, r.amount, r.reason, to_char(r.requested_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since
   from payment.refunds r where r.status <> 'succeeded' order by r.requested_at, r.id`,
);

type RefundRow = {
  readonly id: string;
  readonly payment_id: string;
  readonly amount: string;
  readonly reason: string;
  readonly since: string;
};

/** What waits for a person. @returns the exit code: 1 when what was asked for is not there */
export async function runDesk(url: string, command: DeskCommand, { ssl, say }: Setting): Promise<number> {
  const database = connectDatabase({
    url,
    ssl,
    poolSize: 1,
    applicationName: 'skypark-desk',
    onError: () => undefined,
  });
  try {
    return command.kind === 'refunds' ? await listRefunds(database, say) : await settleParked(database, command, say);
  } finally {
    await database.close();
  }
}

async function listRefunds(database: Database, say: Setting['say']): Promise<number> {
  const refunds = await database.rows<RefundRow>(REFUNDS, []);
  for (const { id, payment_id: payment, amount, reason, since } of refunds) {
    say(`${amount.padStart(12)} KGS  since ${since}  payment ${payment}  refund ${id}  ${reason}`);
  }
  say(refunds.length === 0 ? 'No money waits to be paid out.' : `${refunds.length} to be paid out`);
  return 0;
}

async function settleParked(
  database: Database,
  command: Exclude<DeskCommand, { readonly kind: 'refunds' }>,
  say: Setting['say'],
): Promise<number> {
  const parked = createParkedEvents(database);
  if (command.kind === 'settle-parked') {
    const { how, subscription, position } = command;
    const found = await parked[how](subscription, position);
    say(found ? `${how === 'retry' ? 'asked for another try of' : 'gave up'} ${position}` : 'No such event is parked.');
    return found ? 0 : 1;
  }
  const events = await parked.list();
  for (const { subscription, position, aggregateId, attempts, error } of events) {
    say(`${subscription}  position ${position}  aggregate ${aggregateId}  tries ${attempts}  ${error}`);
  }
  say(events.length === 0 ? 'Nothing is parked.' : `${events.length} parked`);
  return 0;
}

import { statement } from '../../infrastructure/postgres/session.ts';
import type { Command } from './command.ts';

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

export const refundsCommand: Command = {
  words: 'refunds',
  meaning: 'money that must go back and waits for a person to pay it out',
  run: (_call, { say, withDatabase }) =>
    withDatabase(async (database) => {
      const refunds = await database.rows<RefundRow>(REFUNDS, []);
      for (const { id, payment_id: payment, amount, reason, since } of refunds) {
        say(`${amount.padStart(12)} KGS  since ${since}  payment ${payment}  refund ${id}  ${reason}`);
      }
      say(refunds.length === 0 ? 'No money waits to be paid out.' : `${refunds.length} to be paid out`);
      return 0;
    }),
};

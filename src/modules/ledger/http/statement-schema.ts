import { Type } from 'typebox';
import { formatSom } from '../../../kernel/money.ts';
import { hasRoleAt, type Principal } from '../../../infrastructure/http/access.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { date, instant, nullable, oneOf, uuid } from '../../../infrastructure/http/schemas.ts';
import type { CommandMeta } from '../../../kernel/command-runner.ts';
import type {
  ChangeStatement,
  ComparedStatement,
  MoneyOfStatement,
  StatementTools,
  StatementView,
} from '../application/statements.ts';
import { FINANCE, METHODS, movement } from './difference-schema.ts';

const whole = (description: string) => Type.Integer({ description });

const Money = Type.Object({
  fees: movement('What the provider kept'),
  payouts: movement('What it sent to our bank'),
  unexplained: movement('What it has beyond what is booked; `suspense` in the ledger'),
  written_off: movement('What was given up, below zero; above zero what nobody asks for'),
});

export const Statement = Type.Object(
  {
    id: uuid(),
    method: oneOf(METHODS),
    park_id: nullable(Type.String()),
    from: date(),
    to: date(),
    imported_at: instant('When this file was imported first'),
    lines: whole('That could be read'),
    matched: whole('Lines that the ledger says as well'),
    amount_differs: whole('Lines with another amount than is booked'),
    missing_here: whole('Lines of which nothing is booked'),
    missing_there: whole('What is booked on these days and no statement tells'),
    duplicate: whole('Lines that an earlier line has told already'),
    fee_differs: whole('Lines with another fee than was agreed'),
    open: whole('Of these, what nobody has resolved'),
    faults: whole('Lines that could not be read'),
    first_faults: Type.Array(
      Type.Object(
        { line: whole('Of the file, the head is 1'), message: Type.String() },
        { description: 'At most 100' },
      ),
    ),
    told: Type.Object(Money.properties, { description: 'The money that it tells and no event of ours knows' }),
    booked: Type.Object(Money.properties, { description: 'How much of that is in the ledger' }),
  },
  { $id: 'Statement' },
);

const money = { fees: '1674.75', payouts: '109975.25', unexplained: '350.00', written_off: '0.00' } as const;
export const statementExample = {
  id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  method: 'elqr',
  park_id: null,
  from: '2026-12-05',
  to: '2026-12-05',
  imported_at: '2026-12-06T04:00:00.000Z',
  lines: 320,
  matched: 317,
  amount_differs: 1,
  missing_here: 1,
  missing_there: 1,
  duplicate: 1,
  fee_differs: 0,
  open: 4,
  faults: 1,
  first_faults: [{ line: 14, message: 'its amount cannot be read' }],
  told: money,
  booked: { ...money, unexplained: '0.00' },
} as const;

const toMoney = ({ fee, payout, unexplained, written_off: writtenOff }: MoneyOfStatement) => ({
  fees: formatSom(fee),
  payouts: formatSom(payout),
  unexplained: formatSom(unexplained),
  written_off: formatSom(writtenOff),
});

export const toStatement = ({ differences, firstFaults, told, booked, ...summary }: StatementView) => ({
  id: summary.statementId,
  method: summary.method,
  park_id: summary.parkId,
  from: summary.from,
  to: summary.to,
  imported_at: toInstant(summary.importedAtMs),
  lines: summary.lines,
  matched: summary.matched,
  ...differences,
  open: summary.open,
  faults: summary.faults,
  first_faults: firstFaults.map(({ number, fault }) => ({ line: number, message: fault })),
  told: toMoney(told),
  booked: toMoney(booked),
});

/** The statement of an address, for whoever may work on it; nobody else learns that there is one. */
export async function statementFor(
  { find }: Pick<StatementTools, 'find'>,
  statementId: string,
  principal: Principal,
): Promise<ComparedStatement | null> {
  const found = await find(statementId);
  return found.ok && hasRoleAt(principal, FINANCE, found.value.parkId) ? found.value : null;
}

type Asked = {
  readonly params: { readonly id: string };
  readonly principal: Principal;
  readonly correlationId: string;
};

/** Does something with a statement and answers what it is then. */
export const changing =
  (tools: Pick<StatementTools, 'find'>, change: ChangeStatement) =>
  async ({ params, principal, correlationId }: Asked) => {
    const found = await statementFor(tools, params.id, principal);
    if (found === null) return problem('statement_not_found');
    const meta: CommandMeta = { actor: principal.actor, correlationId };
    return { status: 200 as const, body: toStatement(await change(found, meta)) };
  };

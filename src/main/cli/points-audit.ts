import type { Recorded } from '../../kernel/event-codec.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { pointsIn } from '../../modules/loyalty/domain/lots.ts';
import { points } from '../../modules/loyalty/domain/points.ts';
import type { PointsEvent, PointsState } from '../../modules/loyalty/domain/points-messages.ts';
import { count, findingOf, type Audit } from './finding.ts';

const ACCOUNTS = statement(
  'check.points',
  `select coalesce(a.user_id, m.user_id, l.user_id) as "userId", coalesce(a.points, 0) as points, coalesce(a.spent, 0) as spent,
     coalesce(a.lapsed, 0) as lapsed, coalesce(a.debt, 0) as debt, coalesce(a.issued, 0) as issued,
     coalesce(m.moved, 0)::integer as moved, coalesce(l.points, 0)::integer as "inLots"
   from loyalty.accounts a
   full join (select user_id, sum(points + debt) as moved from loyalty.movements group by user_id) m on m.user_id = a.user_id
   full join (select user_id, sum(points) as points from loyalty.lots group by user_id) l on l.user_id = coalesce(a.user_id, m.user_id)`,
);

/** Where the points of a guest are. `issued` is what came from us: earned less reversed. */
type Places = {
  readonly points: number;
  readonly spent: number;
  readonly lapsed: number;
  readonly debt: number;
  readonly issued: number;
};

type Account = Places & { readonly userId: string; readonly moved: number; readonly inLots: number };

const isOfPoints = (event: Recorded): event is Recorded<PointsEvent> =>
  event.meta.aggregateType === points.aggregateType;

function placesOf({ available, lapsed, debt, tickets }: PointsState): Places {
  const all = Object.values(tickets);
  const issued = all.reduce((sum, { earned, reversed }) => sum + (earned?.points ?? 0) - reversed, 0);
  const spent = all.reduce((sum, ticket) => sum + pointsIn(ticket.spent), 0);
  return { points: pointsIn(available), spent, lapsed, debt, issued };
}

const nameOf = ({ points: balance, spent, lapsed, debt, issued }: Places): string =>
  `${balance} to spend + ${spent} spent + ${lapsed} lapsed - ${debt} owed of ${issued} issued`;

/** Every point is somewhere, and nowhere are fewer than none. */
const isBalanced = ({ points: balance, spent, lapsed, debt, issued }: Places): boolean =>
  balance + spent + lapsed - debt === issued && Math.min(balance, spent, lapsed, debt) >= 0;

/**
 * Rule 6 for points: folded from the log, each guest's points balance after every movement, and the tables say the same.
 */
export function createPointsAudit(): Audit {
  const states = new Map<string, PointsState>();
  const faults: string[] = [];
  return {
    see(event) {
      if (!isOfPoints(event)) return;
      const { userId } = event.data;
      const state = points.evolve(states.get(userId) ?? points.initial, event);
      const places = placesOf(state);
      if (!isBalanced(places)) faults.push(`${userId} had ${nameOf(places)} at position ${event.meta.position}`);
      states.set(userId, state);
    },
    async findings(session) {
      const accounts = await session.rows<Account>(ACCOUNTS);
      const known = new Map(accounts.map((account) => [account.userId, account]));
      let sum = 0;
      for (const account of accounts) {
        const { userId, points: balance, moved, inLots } = account;
        sum += balance;
        const folded = nameOf(placesOf(states.get(userId) ?? points.initial));
        if (nameOf(account) !== folded) faults.push(`${userId} has ${nameOf(account)}, events say ${folded}`);
        if (balance !== moved || balance !== inLots) {
          faults.push(`${userId} has ${balance} points, movements say ${moved}, lots ${inLots}`);
        }
      }
      for (const [userId, state] of states) {
        // A refund may be counted for a guest who never earned.
        if (!known.has(userId) && placesOf(state).issued > 0) faults.push(`${userId} has no account`);
      }
      const text = `points: ${count(accounts.length, 'account')} with ${count(sum, 'point')}, equal to movements, lots and events`;
      return [findingOf('rule 6', text, faults)];
    },
  };
}

import { statement } from '../../infrastructure/postgres/session.ts';
import { points, type PointsEarned, type PointsState } from '../../modules/loyalty/domain/points.ts';
import { count, findingOf, isOf, type Audit } from './finding.ts';

const ACCOUNTS = statement(
  'check.points',
  `select coalesce(a.user_id, m.user_id) as "userId", coalesce(a.points, 0) as points, coalesce(m.points, 0)::integer as moved
   from loyalty.accounts a
   full join (select user_id, sum(points) as points from loyalty.movements group by user_id) m on m.user_id = a.user_id`,
);

type Account = { readonly userId: string; readonly points: number; readonly moved: number };

/** Rule 6 for points: a balance is the sum of its movements and what the events say, and never below zero. */
export function createPointsAudit(): Audit {
  const states = new Map<string, PointsState>();
  const faults: string[] = [];
  return {
    see(event) {
      if (!isOf<PointsEarned>(event, 'PointsEarned')) return;
      const { userId } = event.data;
      const state = points.evolve(states.get(userId) ?? points.initial, event);
      if (state.balance < 0) faults.push(`${userId} had ${state.balance} points at position ${event.meta.position}`);
      states.set(userId, state);
    },
    async findings(session) {
      const accounts = await session.rows<Account>(ACCOUNTS);
      const known = new Set(accounts.map(({ userId }) => userId));
      let sum = 0;
      for (const { userId, points: balance, moved } of accounts) {
        sum += balance;
        const folded = states.get(userId)?.balance ?? 0;
        if (balance !== moved || balance !== folded) {
          faults.push(`${userId} has ${balance} points, movements say ${moved}, events say ${folded}`);
        }
      }
      faults.push(
        ...[...states.keys()].filter((userId) => !known.has(userId)).map((userId) => `${userId} has no account`),
      );
      const text = `points: ${count(accounts.length, 'account')} with ${count(sum, 'point')}, equal to movements and events`;
      return [findingOf('rule 6', text, faults)];
    },
  };
}

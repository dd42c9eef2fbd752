import { STATUS_MEANINGS, type StatusTable } from '../../infrastructure/payment-providers/elcard/status-table.ts';
import type { Kind } from './kinds.ts';

/** Numbers of `orderStatus` with what they mean at one bank. */
export const orderStatuses: Kind<StatusTable> = {
  form: `pairs such as 7=partly_refunded between commas, of ${STATUS_MEANINGS.join(', ')}`,
  read(given) {
    const table: Record<number, (typeof STATUS_MEANINGS)[number]> = {};
    for (const pair of given.split(',').map((word) => word.trim())) {
      if (pair === '') continue;
      const [, number, word] = /^(\d{1,3})=([a-z_]+)$/.exec(pair) ?? [];
      const meaning = STATUS_MEANINGS.find((one) => one === word);
      if (number === undefined || meaning === undefined) return null;
      table[Number(number)] = meaning;
    }
    return table;
  },
};

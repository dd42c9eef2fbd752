/** How long places wait for their money. */
export const HOLD_MS = 15 * 60_000;
/** How much longer than its hold a payment may keep the places. */
export const KEPT_MOST_MS = 10 * 60_000;

import type { ReadCache } from '../../kernel/read-cache.ts';

/** Keeps nothing. */
export const noCache: ReadCache = { through: (_topic, _parkId, _key, load) => load() };

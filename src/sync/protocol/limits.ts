/**
 * Versions of the protocol that this program speaks: its own and the one before. Headquarters is upgraded first, and a park may
 * still be one version behind it.
 *
 * 2: places in headquarters' feed come with a proof, and a place that cannot be proven is answered `unproven`.
 */
export const PROTOCOL = { min: 1, max: 2 } as const;

/** How much may be under way unanswered, in full segments: of smaller ones as many more as have as many events. */
export const CREDIT = 4;

/** Segments that a push has at most. A park that is away seals what it writes every second, so its segments are small. */
export const MOST_SEGMENTS = 64;

/** Most bytes of a message as it travels, and unpacked. A segment has half a mebibyte unless one append alone is larger. */
export const MOST_PACKED_BYTES = 8 * 1024 * 1024;
export const MOST_BYTES = 32 * 1024 * 1024;

/** Most bytes of a request, as it travels and unpacked, that hands over no log: whoever sends it has often proven nothing yet. */
export const SMALL_BYTES = 64 * 1024;

/** Most values in a request, each element and member counted: an event has about fifty, and one append at most ten thousand. */
export const MOST_VALUES = 1_000_000;

/** The header in which a node that said hello shows its session. */
export const SESSION_HEADER = 'sync-session';

/** Most lives of a log that a hello tells of; what there are more is told in the next. */
export const MOST_OPENED = 50;

/** Most lives of a node of which what it lost is asked for at a time. */
export const MOST_REBUILT = 50;

/** A push or a page of the feed is filled up to about so many bytes. */
export const FULL_BYTES = 2 * 1024 * 1024;

/** Most events of a page of the feed. */
export const FEED_EVENTS = 500;

/** Keys of headquarters that a park may have missed and still follow; whoever missed more is enrolled anew. */
export const MOST_CERTIFICATES = 100;

/** How long a challenge may be answered, and how long a session lasts, in ms. */
export const CHALLENGE_MS = 30_000;
export const SESSION_MS = 10 * 60_000;

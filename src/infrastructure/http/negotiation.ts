type Range = { readonly type: string; readonly subtype: string; readonly weight: number };

const RANGE = /^\s*([a-z0-9!#$&^_.+-]+|\*)\/([a-z0-9!#$&^_.+-]+|\*)\s*((?:;[^;]*)*)$/i;
const WEIGHT = /;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*(?:;|$)/i;

function parseRanges(header: string): Range[] {
  const ranges: Range[] = [];
  for (const part of header.slice(0, 1_000).split(',')) {
    const match = RANGE.exec(part);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    const weight = Number(WEIGHT.exec(match[3] ?? '')?.[1] ?? 1);
    ranges.push({ type: match[1].toLowerCase(), subtype: match[2].toLowerCase(), weight });
  }
  return ranges;
}

/** The weight of the most specific range that matches, 0 when none does. */
function weightOf(mediaType: string, ranges: readonly Range[]): number {
  const [type = '', subtype = ''] = mediaType.split('/');
  const exact = ranges.find((range) => range.type === type && range.subtype === subtype);
  const family = ranges.find((range) => range.type === type && range.subtype === '*');
  const any = ranges.find((range) => range.type === '*');
  return (exact ?? family ?? any)?.weight ?? 0;
}

/**
 * Proactive negotiation (RFC 9110, 12.5.1): the offered media type with the highest weight, the earlier offer when equal.
 * Null when the client accepts none of them. Without a header the first offer is taken.
 */
export function chooseMediaType<Offer extends string>(
  header: string | undefined,
  offers: readonly Offer[],
): Offer | null {
  const [first] = offers;
  if (first === undefined) return null;
  if (header === undefined || header === '' || header === '*/*' || header === first) return first;
  const ranges = parseRanges(header);
  let best: Offer | null = null;
  let bestWeight = 0;
  for (const offer of offers) {
    const weight = weightOf(offer, ranges);
    if (weight > bestWeight) [best, bestWeight] = [offer, weight];
  }
  return best;
}

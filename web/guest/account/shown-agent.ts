/** Browsers and systems that say what they are; more particular names stand first, since most also call themselves Chrome. */
const BROWSERS = {
  YaBrowser: 'Yandex',
  SamsungBrowser: 'Samsung',
  Edg: 'Edge',
  OPR: 'Opera',
  Firefox: 'Firefox',
  Chrome: 'Chrome',
  Safari: 'Safari',
};
const SYSTEMS = {
  Android: 'Android',
  iPhone: 'iPhone',
  iPad: 'iPad',
  Windows: 'Windows',
  'Mac OS': 'Mac',
  Linux: 'Linux',
};

const wordIn = (agent: string, words: Readonly<Record<string, string>>): string | undefined =>
  Object.entries(words).find(([sign]) => agent.includes(sign))?.[1];

/** What a browser calls itself, so that its owner knows it again: `Chrome, Android`; null for one that says nothing. */
export function shownAgent(agent: string | null): string | null {
  const known = [wordIn(agent ?? '', BROWSERS), wordIn(agent ?? '', SYSTEMS)].filter((word) => word !== undefined);
  if (known.length > 0) return known.join(', ');
  return agent === null || agent.trim() === '' ? null : agent.slice(0, 40);
}

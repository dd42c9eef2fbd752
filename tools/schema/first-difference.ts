const CONTEXT_LINES = 3;

/** Where two texts first differ, with a few lines before it, or null when they are equal. */
export function firstDifference(committed: string, actual: string): string | null {
  if (committed === actual) return null;
  const [old, now] = [committed.split('\n'), actual.split('\n')];
  const at = now.findIndex((line, index) => line !== old[index]);
  const line = at === -1 ? now.length : at;
  const before = now.slice(Math.max(0, line - CONTEXT_LINES), line).map((text) => `  ${text}`);
  return [`line ${line + 1}:`, ...before, `- ${old[line] ?? '(end)'}`, `+ ${now[line] ?? '(end)'}`].join('\n');
}

const NEVER_LEFT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Whether no connection was made, so that the provider cannot have heard of what was asked. */
export function neverLeft(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && NEVER_LEFT.some((code) => code === cause.code);
}

/** The address of a payer's page; null unless it is a web page, over TLS wherever the API itself is. */
export function pageOf(address: string, baseUrl: string): string | null {
  if (!URL.canParse(address)) return null;
  const page = new URL(address);
  page.hash = '';
  const secure = page.protocol === 'https:' || (page.protocol === 'http:' && baseUrl.startsWith('http:'));
  return secure ? page.href : null;
}

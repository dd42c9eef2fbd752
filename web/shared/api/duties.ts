/** What somebody may do at a park, or at all of them when `parkId` is null. */
export type Duty = { readonly role: string; readonly parkId: string | null };

/** The middle of a JWT; null for anything else. */
function claimsOf(token: string): unknown {
  const [, middle = ''] = token.split('.');
  try {
    const bytes = Uint8Array.from(atob(middle.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return null;
  }
}

/** The duties that a token tells of: `admin` for all parks, `manager@osh` for one. A token that cannot be read tells of none. */
export function dutiesOf(token: string): readonly Duty[] {
  const claims = claimsOf(token);
  const told: unknown = typeof claims === 'object' && claims !== null && 'roles' in claims ? claims.roles : null;
  if (!Array.isArray(told)) return [];
  return told
    .filter((one): one is string => typeof one === 'string')
    .map((text) => {
      const [role = '', parkId = null] = text.split('@');
      return { role, parkId };
    });
}

/** The account that a token is for; null for a token that cannot be read. */
export function accountOf(token: string): string | null {
  const claims = claimsOf(token);
  const subject: unknown = typeof claims === 'object' && claims !== null && 'sub' in claims ? claims.sub : null;
  return typeof subject === 'string' ? subject : null;
}

/** Whether somebody has one of the roles at a park, or at all parks; `parkId` null asks for all parks. */
export const hasDutyAt = (duties: readonly Duty[], roles: readonly string[], parkId: string | null): boolean =>
  duties.some((duty) => roles.includes(duty.role) && (duty.parkId === null || duty.parkId === parkId));

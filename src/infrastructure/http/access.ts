export type Role = 'guest' | 'gate' | 'manager' | 'finance' | 'admin';

/** A role at one park, or at all parks when `parkId` is null. */
export type RoleAtPark = { readonly role: Role; readonly parkId: string | null };

/** Who is asking, as proven by an access token. */
export type Principal = {
  /** A person, or a gate device with a credential of its own. */
  readonly kind: 'user' | 'device';
  /** Id of the account, or of the device. */
  readonly userId: string;
  readonly sessionId: string;
  readonly roles: readonly RoleAtPark[];
  /** How the event log names them: `user:<id>` or `device:<id>`. */
  readonly actor: string;
  /** How and when a person last proved who they are; absent of devices. */
  readonly authentication?: { readonly atMs: number; readonly isTwoFactor: boolean };
  /** Why duties that somebody has are not among the roles; absent when they are. */
  readonly withheld?: 'until_second_factor';
};

/** Checks an access token or a device's credential: signature, audience, expiry, revocation. Null for a token that is not good; throws when it cannot tell. */
export type TokenVerifier = { verify(token: string): Promise<Principal | null> };

/** Whether a person proved lately enough who they are, by all that their account asks for. */
export type IsFresh = (principal: Principal) => Promise<boolean>;

/** Where the park of a role check stands in the request: a field of the params, the query or the body. */
export type ParkFrom = `params.${string}` | `query.${string}` | `body.${string}` | 'resource';

/**
 * Who may call a route. `public` never looks at a token, unless `token` is `optional`: then a token is checked when sent and
 * a bad one is 401. `user` is any person who is signed in; devices are none. `roles` needs one of the roles, held by a person
 * or, with `devices`, by a device, or by a device alone; with `parkFrom` it must hold at the park that the request names. Where the park stands in
 * what is asked for, `parkFrom` is `resource` and the handler itself looks at it with `hasRoleAt`.
 */
export type Access =
  | { readonly kind: 'public'; readonly token?: 'optional' }
  | { readonly kind: 'user' }
  | {
      readonly kind: 'roles';
      readonly roles: readonly Role[];
      readonly parkFrom?: ParkFrom;
      readonly devices?: true | 'only';
    };

/** What a handler knows about the caller, given the access of its route. */
export type PrincipalOf<A extends Access> = A extends { kind: 'public' }
  ? A extends { token: 'optional' }
    ? Principal | null
    : null
  : Principal;

/** RFC 6750 b64token behind exactly one space; the scheme in any case. Tokens of ours stay far below 4096 characters. */
const BEARER = /^bearer ([A-Za-z0-9\-._~+/]{1,4096}=*)$/i;

/** The token of an `Authorization` header, or null when it is not a well-formed Bearer credential. */
export const bearerToken = (header: string): string | null => BEARER.exec(header)?.[1] ?? null;

/** Whether somebody has one of the roles anywhere. */
export const hasRole = (principal: Principal, roles: readonly Role[]): boolean =>
  principal.roles.some((held) => roles.includes(held.role));

/** Whether somebody has one of the roles at a park, or at all parks; `parkId` null asks for all parks. */
export const hasRoleAt = (principal: Principal, roles: readonly Role[], parkId: string | null): boolean =>
  principal.roles.some((held) => roles.includes(held.role) && (held.parkId === null || held.parkId === parkId));

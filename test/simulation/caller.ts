import type { Principal, TokenVerifier } from '../../src/infrastructure/http/access.ts';

/** A person who asks something of a node: their roles are not looked up, everything else is. */
export type Person = Pick<Principal, 'userId' | 'roles'>;
/** A gate device asks by the credential that its node gave it, and whoever signed in by their access token; nobody else can be asked about those. */
export type Caller = Person | { readonly credential: string };

/** The token of a person in a simulation says who asks; that tokens cannot be forged is shown elsewhere. */
export const tokenOf = (caller: Caller): string =>
  'credential' in caller ? caller.credential : Buffer.from(JSON.stringify(caller)).toString('base64url');

/** @param own the program's: whether a credential or an access token is good is its to say */
export const knownCallers = (own: TokenVerifier): TokenVerifier => ({
  async verify(token) {
    if (token.startsWith('spd_') || token.includes('.')) return own.verify(token);
    const person = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Person;
    return { ...person, kind: 'user', sessionId: person.userId, actor: `user:${person.userId}` };
  },
});

import type { TextSeal } from '../../infrastructure/keys/text-seal.ts';
import type { Clock } from '../../kernel/time.ts';
import { CHALLENGE_MS, SESSION_MS } from '../protocol/limits.ts';

/** Whom a node has proven to be. */
export type Session = {
  readonly nodeId: string;
  readonly parkId: string;
  readonly incarnation: string;
  /** Which start of its program. */
  readonly process: string;
  readonly protocol: number;
  /** Of the key that it proved it by. */
  readonly keyId: string;
};

/** Proofs that need no memory: any process with the same key knows them again. */
export type Sessions = {
  /** Something to be signed within half a minute. */
  challenge(nodeId: string): string;
  isChallenge(challenge: string, nodeId: string): boolean;
  begin(session: Session): string;
  /** Null when it is over, or was never begun here. */
  read(token: string): Session | null;
};

type Dependencies = {
  readonly seal: TextSeal;
  readonly clock: Clock;
  /** Random bytes as base64url. */
  readonly secret: (bytes: number) => string;
};

const coded = (text: string): string => Buffer.from(text).toString('base64url');
const decoded = (text: string): string => Buffer.from(text, 'base64url').toString('utf8');

export function createSessions({ seal, clock, secret }: Dependencies): Sessions {
  const until = (purpose: string, lifeMs: number, text: string): string =>
    seal.seal(purpose, `${clock.now() + lifeMs}.${text}`);

  /** The text within, when it is not over. */
  function current(purpose: string, sealed: string): string | null {
    const [untilMs = '', text = ''] = seal.open(purpose, sealed)?.split('.') ?? [];
    return Number(untilMs) > clock.now() ? text : null;
  }

  return {
    challenge: (nodeId) => coded(until(`challenge ${nodeId}`, CHALLENGE_MS, secret(16))),
    isChallenge: (challenge, nodeId) => current(`challenge ${nodeId}`, decoded(challenge)) !== null,
    begin: (session) => until('session', SESSION_MS, coded(JSON.stringify(session))),
    read(token) {
      const content = current('session', token);
      return content === null ? null : (JSON.parse(decoded(content)) as Session);
    },
  };
}

import { readFile } from 'node:fs/promises';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { publishOnce } from '../key-pair.ts';
import { callHttp } from '../http-call.ts';
import { parseJson } from '../finik/canonical-json.ts';
import type { HttpFetch } from '../../outgoing-http/http-fetch.ts';
import type { Bearer } from './exchange.ts';

const LOGIN_TIMEOUT_MS = 10_000;
const Granted = Compile(Type.Object({ token: Type.String({ minLength: 1, maxLength: 4096 }) }));

/**
 * A token kept in `file` (mode 0600), fetched with a login whose password is good once. Processes that share the file may all
 * try: one gets the token, and the others find it in the file.
 */
export function createKeptBearer(options: {
  readonly file: string;
  readonly baseUrl: string;
  readonly login: string;
  readonly password: string;
  readonly http: HttpFetch;
}): Bearer {
  const { file, baseUrl, login, password, http } = options;
  let asking: Promise<string | null> | null = null;
  let held: string | null = null;

  const kept = (): Promise<string | null> =>
    readFile(file, 'utf8').then(
      (text) => text.trim(),
      () => null,
    );

  async function logIn(): Promise<string | null> {
    const answer = await callHttp(http, `${baseUrl}/Auth/Login`, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ login, password }),
      signal: AbortSignal.timeout(LOGIN_TIMEOUT_MS),
    });
    const body = parseJson(answer.text ?? '');
    if (answer.status !== 200 || !Granted.Check(body)) return null;
    await publishOnce(file, body.token);
    return body.token;
  }

  async function find(): Promise<string | null> {
    held = (await kept()) ?? (await logIn()) ?? (await kept());
    return held;
  }

  return {
    current: async () => held ?? (asking ??= find().finally(() => (asking = null))),
  };
}

import { createSkyParkClient, type SkyParkClient } from '../../clients/typescript/client.ts';
import { admitted, answered, bodyOf, type Answer, type Patience } from './answered.ts';

export type Login = { readonly phone: string; readonly password: string };

/** Somebody signed in: calls that carry their token, and get a new one when it has ended. */
export class Session {
  readonly client: SkyParkClient;
  readonly #login: Login;
  readonly #patience: Patience;
  #token: string | undefined;
  #signingIn: Promise<void> | null = null;

  constructor(baseUrl: string, login: Login, patience: Patience) {
    this.client = createSkyParkClient({ baseUrl, token: () => this.#token });
    this.#login = login;
    this.#patience = patience;
  }

  /** The answer to a sign-in, whatever it is. */
  async trySignIn() {
    const answer = await answered('login', this.#patience, (signal) =>
      this.client.POST('/api/v1/auth/login', { body: this.#login, signal }),
    );
    this.#token = answer.data === undefined ? undefined : admitted(answer.data).access_token;
    return answer;
  }

  /** Signs in, once for all who ask at the same time. */
  signIn(): Promise<void> {
    this.#signingIn ??= this.trySignIn()
      .then((answer) => void bodyOf('login', 200, answer))
      .finally(() => {
        this.#signingIn = null;
      });
    return this.#signingIn;
  }

  /** Makes a call until it is answered; signs in again when the token is not accepted. */
  async call<Good extends Answer>(
    what: string,
    call: (client: SkyParkClient, signal: AbortSignal) => Promise<Good>,
  ): Promise<Good> {
    const first = await answered(what, this.#patience, (signal) => call(this.client, signal));
    if (first.response.status !== 401) return first;
    await this.signIn();
    return answered(what, this.#patience, (signal) => call(this.client, signal));
  }
}

import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of its own that answers one question at a time. */
export type Worker<Question, Answer> = {
  readonly pid: number;
  ask(question: Question): Promise<Answer>;
  stop(): Promise<void>;
};

type Reply<Answer> = { readonly answer: Answer } | { readonly error: string };

/** Starts `file` (TypeScript) beside this process. The other side calls `answerQuestions`. */
export function startWorker<Question, Answer>(
  file: URL,
  nodeArguments: readonly string[] = [],
): Worker<Question, Answer> {
  const child = fork(file, {
    execArgv: [...nodeArguments, '--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) => new Error(`${file.pathname} ended with code ${String(code)}`));
  if (child.pid === undefined) throw new Error(`${file.pathname} did not start`);
  return {
    pid: child.pid,
    async ask(question) {
      const replied = once(child, 'message');
      child.send({ question });
      const reply = await Promise.race([replied, ended]);
      if (reply instanceof Error) throw reply;
      const [message] = reply as [Reply<Answer>];
      if ('error' in message) throw new Error(message.error);
      return message.answer;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** The worker's side. */
export function answerQuestions<Question, Answer>(answer: (question: Question) => Promise<Answer>): void {
  process.on('message', (message: { readonly question: Question }) => {
    answer(message.question).then(
      (value) => process.send?.({ answer: value }),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  // Whoever asked is gone.
  process.on('disconnect', () => process.exit(0));
}

import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastSeconds, profileText, type CpuProfile } from '../harness/cpu-profile.ts';
import type { BenchServer } from '../harness/server.ts';
import { openBenchPark, signIn } from '../harness/bench-park.ts';
import { install } from '../harness/installed.ts';
import { startLoad } from '../harness/load.ts';
import type { LoadAnswer } from '../harness/http-load.ts';
import { datesAhead, visitBody } from './visits.ts';

const WARM_UP_SECONDS = 3;

/** Where the API process spends its time while 32 clients buy on one day. */

export async function profileBuy(server: BenchServer, seconds: number, keyed: boolean): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'skypark-profile-'));
  const database = await server.newDatabase('skypark_bench_profile');
  const load = startLoad();
  const installed = await install(database.url);
  try {
    await installed.inside(openBenchPark);
    const api = await installed.start('api', ['--cpu-prof', `--cpu-prof-dir=${folder}`]);
    let answer: LoadAnswer;
    try {
      const tokens = (await signIn(api.port, 32)).map(({ token }) => token);
      const [warmUpDay = '', day = ''] = datesAhead(2, Date.now()).map(visitBody);
      const what = { ports: [api.port], method: 'POST', paths: ['/api/v1/tickets'], tokens, keyed } as const;
      await load.ask({ ...what, bodies: [warmUpDay], seconds: WARM_UP_SECONDS });
      answer = await load.ask({ ...what, bodies: [day], seconds });
    } finally {
      // Its profile is written when it ends.
      await api.stop();
    }
    const [file] = await readdir(folder);
    if (file === undefined) throw new Error('no profile was written');
    const profile = JSON.parse(await readFile(join(folder, file), 'utf8')) as CpuProfile;
    const rate = (answer.operations / answer.seconds).toFixed(0);
    return `${rate} sales a second while profiled, answers ${JSON.stringify(answer.statuses)}\n\n${profileText(lastSeconds(profile, seconds))}`;
  } finally {
    await load.stop();
    await installed.remove();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }
}

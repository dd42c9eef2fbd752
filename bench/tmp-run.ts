import autocannon from 'autocannon'; import { spawn } from 'node:child_process';
const body = JSON.stringify({ park_id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e', visit_date: '2026-12-05', children: [{ name: 'Алина', birth_date: '2022-03-01' }, { name: 'Бек', birth_date: '2020-03-01' }], adults: 1 });
const modes = process.argv.slice(2);
const servers = modes.map((m, i) => ({ m, port: 19100 + i, p: spawn(process.execPath, [...process.execArgv, 'bench/tmp-server.ts', m, String(19100 + i)], { stdio: ['ignore', 'pipe', 'inherit'] }), cpu: [] }));
for (const s of servers) s.p.stdout.on('data', (d) => String(d).split('\n').filter((l) => l.startsWith('cpu ')).forEach((l) => s.cpu.push(Number(l.slice(4)))));
await new Promise((r) => setTimeout(r, 3500));
const res = {};
for (let round = 0; round < 4; round++) for (const s of servers) {
  s.p.kill('SIGUSR2'); await new Promise((r) => setTimeout(r, 100));
  const r = await autocannon({ url: `http://127.0.0.1:${s.port}/api/v1/t`, method: 'POST', body, headers: { 'content-type': 'application/json', authorization: 'Bearer abc' }, connections: 32, amount: 30000 });
  s.p.kill('SIGUSR2'); await new Promise((r) => setTimeout(r, 150));
  if (r.non2xx) console.log('non2xx', r.non2xx);
  const [a, b] = s.cpu.slice(-2); if (round) (res[s.m] ??= []).push({ rps: 30000 / ((r.finish - r.start) / 1000), cpuUs: (b - a) / 30000 });
}
for (const m of modes) console.log(m, 'best cpu µs', Math.min(...res[m].map((x) => x.cpuUs)).toFixed(1), 'best rps', Math.max(...res[m].map((x) => x.rps)).toFixed(0));
for (const s of servers) s.p.kill();

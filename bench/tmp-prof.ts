import autocannon from 'autocannon'; import { spawn } from 'node:child_process'; import { readFileSync, readdirSync, rmSync } from 'node:fs';
const body = JSON.stringify({ park_id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e', visit_date: '2026-12-05', children: [{ name: 'Алина', birth_date: '2022-03-01' }, { name: 'Бек', birth_date: '2020-03-01' }], adults: 1 });
for (const mode of process.argv.slice(2)) {
rmSync('/tmp/hb/prof', { recursive: true, force: true });
const p = spawn(process.execPath, [...process.execArgv, '--cpu-prof', '--cpu-prof-dir=/tmp/hb/prof', '--import', 'data:text/javascript,process.on("SIGTERM",()=>process.exit(0))', 'bench/tmp-server.ts', mode, '19190'], { stdio: 'inherit' });
await new Promise((r) => setTimeout(r, 3000));
await autocannon({ url: 'http://127.0.0.1:19190/api/v1/t', method: 'POST', body, headers: { 'content-type': 'application/json', authorization: 'Bearer abc' }, connections: 32, amount: 60000 });
p.kill('SIGTERM'); await new Promise((r) => p.on('exit', r));
for (const f of readdirSync('/tmp/hb/prof')) {
  const prof = JSON.parse(readFileSync('/tmp/hb/prof/' + f, 'utf8')); const self = new Map(); const dt = prof.timeDeltas; const byId = new Map(prof.nodes.map((n) => [n.id, n])); let total = 0;
  prof.samples.forEach((id, i) => { const n = byId.get(id); const k = n.callFrame.functionName + ' ' + n.callFrame.url.split('/').slice(-2).join('/') + ':' + n.callFrame.lineNumber; if (k.startsWith('(idle)') ) return; total += dt[i]; self.set(k, (self.get(k) ?? 0) + dt[i]); });
  console.log(mode, f, 'total ms', (total / 1000).toFixed(0)); for (const [k, v] of [...self].sort((a, b) => b[1] - a[1]).slice(0, 32)) console.log(((v / 60000)).toFixed(2), 'µs', k);
}}

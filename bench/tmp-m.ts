import { scrubLine } from '../src/infrastructure/logging/scrub.ts'; import { createLogger } from '../src/infrastructure/logging/logger.ts'; import pino from 'pino';
const line = { route: 'POST /api/v1/tickets', status: 201, ms: 1.23, request_id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e', correlation_id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e' };
const d = pino.destination({ dest: '/dev/null', sync: false, minLength: 4096 });
const l = createLogger({ level: 'info' }, d); const p = pino({}, d);
const time = (n, f) => { for (let i = 0; i < 20000; i++) f(); const t = performance.now(); for (let i = 0; i < 100000; i++) f(); console.log(n, ((performance.now() - t) * 10).toFixed(0), 'ns'); };
time('scrub', () => scrubLine(line)); time('ours', () => l.info(line, 'request')); time('pino', () => p.info(line, 'request'));

import { counted } from '../../../shared/i18n/count.ts';
import type { AppTexts } from '../app-texts.ts';

export const today: AppTexts['today'] = {
  inside: 'Азыр паркта',
  insideOf: (inside, capacity) => `${inside} / ${capacity}`,
  sold: 'Бүгүн сатылды',
  peopleSold: (people) => `${counted('ky', people, { other: 'конок' })} үчүн`,
  admitted: 'Бүгүн киришти',
  admittedHint: 'бүгүнкү билеттер менен',
  openIncidents: 'Ачык окуялар',
  allIncidents: 'Бардык окуялар',
  resolveThem: 'Карап чыгуу',
  incidents: (count) => counted('ky', count, { other: 'окуя' }),
  live: 'түз эфирде',
  notLive: 'туташып жатабыз…',
  asOf: (time) => `саат ${time}`,
  nodesBehind: 'Парктын түйүнү көптөн бери жооп бербеди: акыркы өтүүлөр эсептеле элек',
  byHour: 'Парктагы коноктор, саат боюнча',
  peak: 'Бир учурда эң көп',
  entered: 'Бир саатта киришти',
  nobodyYet: 'Бүгүн азырынча эч ким өткөн жок. График биринчи конок менен пайда болот.',
  node: 'Парктын түйүнү',
  nodeHint: 'Интернетсиз да конокторду киргизет',
  noNode: 'өз түйүнү жок',
  nodeStates: {
    well: 'байланышта',
    silent: 'үн жок',
    troubled: 'жардам керек',
    never_heard: 'азырынча байланышка чыга элек',
    invited: 'туташтыруу күтүлүүдө',
  },
};

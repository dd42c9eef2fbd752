import { counted } from '../../../shared/i18n/count.ts';

export const today = {
  inside: 'Сейчас в парке',
  insideOf: (inside: number, capacity: number) => `${inside} из ${capacity}`,
  sold: 'Продано сегодня',
  peopleSold: (people: number) =>
    `на ${counted('ru', people, { one: 'гостя', few: 'гостей', many: 'гостей', other: 'гостя' })}`,
  admitted: 'Вошли сегодня',
  admittedHint: 'по билетам на сегодня',
  openIncidents: 'Открытые инциденты',
  allIncidents: 'Все инциденты',
  resolveThem: 'Разобрать',
  incidents: (count: number) =>
    counted('ru', count, { one: 'инцидент', few: 'инцидента', many: 'инцидентов', other: 'инцидента' }),
  live: 'в реальном времени',
  notLive: 'соединяемся…',
  asOf: (time: string) => `на ${time}`,
  nodesBehind: 'Узел парка давно не отвечал: последние проходы ещё не учтены',
  byHour: 'Гости в парке по часам',
  peak: 'Больше всего одновременно',
  entered: 'Вошли за час',
  nobodyYet: 'Сегодня ещё никто не проходил. График появится с первым гостем.',
  node: 'Узел парка',
  nodeHint: 'Пускает гостей и без интернета',
  noNode: 'без своего узла',
  nodeStates: {
    well: 'на связи',
    silent: 'молчит',
    troubled: 'нужна помощь',
    never_heard: 'ещё не выходил на связь',
    invited: 'ждёт подключения',
  },
};

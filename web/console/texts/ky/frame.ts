import type { AppTexts } from '../app-texts.ts';

type Frame = Pick<
  AppTexts,
  'sections' | 'shell' | 'signIn' | 'noDuties' | 'needsPark' | 'table' | 'confirm' | 'meanwhile' | 'methods'
>;

export const frame: Frame = {
  sections: {
    today: 'Бүгүн',
    calendar: 'Календарь',
    reports: 'Отчёттор',
    incidents: 'Окуялар',
    tickets: 'Билеттер жана коноктор',
    payments: 'Төлөмдөр',
    reconciliation: 'Салыштыруу',
    parks: 'Парктын жөндөөлөрү',
    nodes: 'Түйүндөр жана түзмөктөр',
    promo: 'Промокоддор',
    loyalty: 'Упайлар жана деңгээлдер',
    staff: 'Кызматкерлер',
    audit: 'Аракеттер журналы',
    webhooks: 'Сырткы системалар',
  },
  shell: {
    title: 'Парктар',
    allSections: 'Бардык бөлүмдөр',
    mainSections: 'Негизги бөлүмдөр',
    more: 'Дагы',
    park: 'Парк',
    allParks: 'Бардык парктар',
    signOut: 'Чыгуу',
    hqOnly: 'кеңседе',
    noPageLead: 'Мындай барак жок же ал сиздин ролуңуз үчүн эмес.',
  },
  signIn: {
    title: 'Кызматкерлер үчүн кирүү',
    lead: 'Башкаруучулар, бухгалтерия жана тармактын администраторлору үчүн.',
    phone: 'Телефон',
    phoneHint: 'Мисалы, 0555 12 34 56',
    password: 'Сырсөз',
    submit: 'Кирүү',
  },
  noDuties: {
    title: 'Бул жерде сиздин милдетиңиз жок',
    lead: 'Консоль башкаруучулар, бухгалтерия жана администраторлор үчүн. Эгер кире бериште иштесеңиз, текшерүү колдонмосун ачыңыз. Ролуңуз болушу керек болсо, администратордон сураныңыз.',
    toGate: 'Текшерүү колдонмосун ачуу',
  },
  needsPark: {
    choose: 'Паркты тандаңыз:',
    notHere: 'Тандалган паркта бул сиздин милдетиңиз эмес. Сиздин парктарыңыз:',
  },
  table: {
    pages: 'Тизменин барактары',
    page: (number) => `${number}-барак`,
    previous: 'Артка',
    next: 'Кийинки',
    asTable: 'Таблица түрүндө көрсөтүү',
    when: 'Качан',
    notSaved: 'Файлды алууга болбоду. Кайра аракет кылыңыз.',
  },
  confirm: {
    reason: 'Себеби',
    reasonHint: 'Аракеттер журналында калат.',
  },
  meanwhile: {
    title: 'Сиз оңдоп жатканда башка бирөө өзгөртүп койду',
    lead: 'Азыр эмне күчүндө экени жогоруда көрсөтүлдү. Кайра сактасаңыз, сиздин маанилериңиз калат.',
    takeNewer: 'Жаңы версияны алуу',
  },
  methods: {
    elqr: 'ELQR',
    elcard: 'Элкарт',
    cash: 'Накталай',
    elcard_terminal: 'Элкарт, терминал',
  },
};

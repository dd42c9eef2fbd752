import { entry, type ErrorEntry } from './entry.ts';

/** Refusals about the nodes of parks. */
export const NODE_ERRORS = {
  node_not_found: entry(404, 'There is no such node', 'Такого узла нет', 'Мындай түйүн жок'),
  node_name_taken: entry(
    409,
    'Another node has this name',
    'Это имя уже носит другой узел',
    'Бул ат башка түйүнгө берилген',
  ),
  node_code_invalid: entry(
    403,
    'The code of the node is not good: it was used, is too old, or is for another one',
    'Код узла недействителен: он использован, устарел или предназначен другому узлу',
    'Түйүндүн коду жараксыз: ал колдонулган, эскирген же башка түйүн үчүн',
  ),
  sync_refused: entry(
    403,
    'The node could not prove who it is, or its session is over',
    'Узел не подтвердил, кто он, или его сеанс закончился',
    'Түйүн ким экенин далилдей алган жок же анын сеансы аяктады',
  ),
  node_revoked: entry(
    409,
    'The node was revoked and does not come back',
    'Узел отозван и больше не вернётся',
    'Түйүн чакыртылып алынган, кайтып келбейт',
  ),
  park_has_node: entry(
    409,
    'The park has another node, which must be revoked first',
    'У парка уже есть узел; сначала отзовите его',
    'Парктын түйүнү бар; адегенде аны чакыртып алыңыз',
  ),
  node_key_change_open: entry(
    403,
    'The key before the one in force is not retired yet: the change before this one goes on',
    'Предыдущий ключ узла ещё действует: прошлая смена ключа не закончена',
    'Түйүндүн мурунку ачкычы дагы күчүндө: ачкычты алмаштыруу бүтө элек',
  ),
  node_key_used_before: entry(
    403,
    'The node had this key before; it does not come back',
    'Этот ключ уже был у узла и больше не принимается',
    'Бул ачкыч түйүндө мурун болгон, кайра кабыл алынбайт',
  ),
  kept_segment_not_found: entry(
    404,
    'No such segment is kept apart',
    'Такой отложенной части журнала нет',
    'Мындай четке коюлган бөлүк жок',
  ),
  kept_segment_settled: entry(
    409,
    'It was decided otherwise about the segment before',
    'Об этой части журнала уже решили иначе',
    'Бул бөлүк боюнча буга чейин башкача чечилген',
  ),
  kept_segment_not_taken: entry(
    409,
    'Something still speaks against the segment',
    'Принять эту часть журнала по-прежнему нельзя',
    'Бул бөлүктү дагы эле кабыл алууга болбойт',
  ),
  kept_segment_awaited: entry(
    409,
    'All that the node wrote after the segment waits for it: revoke the node or enrol it again first',
    'Всё, что узел записал после, ждёт эту часть: сначала отзовите узел или зарегистрируйте его заново',
    'Түйүндүн андан кийинки жазгандары ушул бөлүктү күтөт: адегенде түйүндү чакыртып алыңыз же кайра каттаңыз',
  ),
} satisfies Record<string, ErrorEntry>;

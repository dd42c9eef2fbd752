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
} satisfies Record<string, ErrorEntry>;

import { entry, type ErrorEntry } from './entry.ts';

/** Refusals about parks and their days. */
export const PARK_ERRORS = {
  park_not_found: entry(404, 'There is no such park', 'Такого парка нет', 'Мындай парк жок'),
  park_exists: entry(
    409,
    'There is a park with this id',
    'Парк с таким идентификатором уже есть',
    'Мындай идентификатордогу парк бар',
  ),
  too_many_images: entry(
    409,
    'The park has as many pictures as it can',
    'У парка уже наибольшее число фотографий',
    'Парктын сүрөттөрүнүн саны чегине жетти',
  ),
  park_closed: entry(409, 'The park is closed on this day', 'В этот день парк закрыт', 'Бул күнү парк жабык'),
  date_not_bookable: entry(
    409,
    'No tickets are sold for this day',
    'На этот день билеты не продаются',
    'Бул күнгө билет сатылбайт',
  ),
} satisfies Record<string, ErrorEntry>;

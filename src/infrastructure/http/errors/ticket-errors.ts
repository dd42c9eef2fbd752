import { entry, type ErrorEntry } from './entry.ts';

/** Refusals about tickets, passes, promo codes and waiting lists. */
export const TICKET_ERRORS = {
  ticket_not_found: entry(404, 'There is no such ticket', 'Такого билета нет', 'Мындай билет жок'),
  park_at_capacity: entry(
    409,
    'Not enough places are left on this day',
    'На этот день мест не осталось',
    'Бул күнгө орун калган жок',
  ),
  device_not_found: entry(404, 'There is no such device', 'Такого устройства нет', 'Мындай түзмөк жок'),
  device_code_invalid: entry(
    403,
    'The code is wrong, used or too old',
    'Код неверен, уже использован или устарел',
    'Код туура эмес, колдонулган же эскирген',
  ),
  not_paid: entry(409, 'The ticket is not paid', 'Билет не оплачен', 'Билет төлөнгөн эмес'),
  ticket_not_cancellable: entry(
    409,
    'This ticket cannot be cancelled any more',
    'Этот билет уже нельзя отменить',
    'Бул билетти эми жокко чыгарууга болбойт',
  ),
  only_staff_cancels_today: entry(
    409,
    'On the day of the visit only the park can cancel',
    'В день посещения билет отменяет только парк',
    'Барган күнү билетти парк гана жокко чыгарат',
  ),
  already_admitted: entry(
    409,
    'Somebody of this ticket has already come in',
    'По этому билету уже вошли',
    'Бул билет менен кирип коюшкан',
  ),
  ticket_not_movable: entry(
    409,
    'This ticket cannot be moved',
    'Этот билет нельзя перенести',
    'Бул билетти жылдырууга болбойт',
  ),
  already_moved: entry(
    409,
    'A ticket can be moved once',
    'Билет можно перенести один раз',
    'Билетти бир жолу гана жылдырууга болот',
  ),
  too_late_to_move: entry(
    409,
    'A ticket can be moved until the day before the visit',
    'Билет можно перенести не позднее дня перед посещением',
    'Билетти барардан бир күн мурун гана жылдырууга болот',
  ),
  move_costs_more: entry(409, 'The new day costs more', 'Новый день стоит дороже', 'Жаңы күн кымбатыраак турат'),
  promo_not_found: entry(409, 'There is no such promo code', 'Такого промокода нет', 'Мындай промокод жок'),
  promo_expired: entry(409, 'The promo code has expired', 'Срок промокода истёк', 'Промокоддун мөөнөтү өттү'),
  promo_used_up: entry(409, 'The promo code is used up', 'Промокод уже использован', 'Промокод колдонулуп бүттү'),
  promo_not_applicable: entry(
    409,
    'The promo code does not fit this visit',
    'Промокод не подходит к этому посещению',
    'Промокод бул барууга туура келбейт',
  ),
  points_insufficient: entry(409, 'There are not enough points', 'Недостаточно баллов', 'Упайлар жетишсиз'),
  points_over_limit: entry(
    409,
    'Points can pay half of the price at most',
    'Баллами можно оплатить не больше половины цены',
    'Упайлар менен баанын жарымынан көбүн төлөөгө болбойт',
  ),
  day_not_closed: entry(
    409,
    'The day is still open; close it first',
    'День ещё открыт, сначала закройте его',
    'Күн дагы ачык, адегенде аны жабыңыз',
  ),
  day_closing_not_found: entry(
    404,
    'Nobody cancelled this day',
    'Этот день никто не отменял',
    'Бул күндү эч ким жокко чыгарган эмес',
  ),
  promo_code_taken: entry(
    409,
    'There is a promo code of this name',
    'Промокод с таким названием уже есть',
    'Мындай аталыштагы промокод бар',
  ),
  promo_code_not_found: entry(404, 'There is no such promo code', 'Такого промокода нет', 'Мындай промокод жок'),
} satisfies Record<string, ErrorEntry>;
